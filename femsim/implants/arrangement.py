"""Bone surface and implant as one labelled surface in which every region is closed."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from femsim.anatomy.femur import DISTAL_CUT
from femsim.errors import GeometryError
from femsim.implants.solids import BONE, NOTHING, Sheet, Solids
from femsim.mesh.boolean import Cut, Part, cut
from femsim.mesh.complex import joined, stitched
from femsim.mesh.revolve import revolved, rotation_to
from femsim.mesh.surface import Surface

KEPT_OUTER, KEPT_DISTAL, REMOVED_OUTER = 1, 2, 3  # labels of the bone's own surface
BONE_LABELS = frozenset({KEPT_OUTER, KEPT_DISTAL, REMOVED_OUTER})
IN_BONE, FLAKE, BEYOND, INNER = 100, 200, 300, 400  # + row of the sheet: where a piece of a sheet lies
KEPT, REMOVED = "bone_kept", "bone_removed"
GRAZE = 0.2  # share of the wanted edge length: points of the bone nearer to the tool than this are moved off
GRAZE_ANGLE_DEG = 35.0  # … straight off where it runs nearly parallel to it, along itself where it crosses
LEAST_BED = 0.6  # share of the reamed dome and cylinder that must be bone for a mantle to hold


@dataclass(frozen=True)
class Arrangement:
    """One surface, and which of its labels bound which region.

    around : region → labels, such as {"bone_kept": {1, 2, 100, 101}, …}.
    """

    surface: Surface
    around: dict[str, frozenset[int]]


def arrange(bone: Surface, solids: Solids, *, size: float) -> Arrangement:
    """Cut the bone by the implant's tool and put the implant's own surfaces into the cavity.

    Raises
    ------
    GeometryError
        Where the tool reaches bone it should not, or the implant finds no bed.
    MeshError
        Where the cut cannot be made.
    """
    step = size / 2
    tool = _tool_surface(solids, step)
    parts = cut(_without_grazing(bone, solids, GRAZE * size), tool)
    _refuse_misplaced(parts, tool, solids)
    patches = [*_bone_patches(parts, bone), *_cut_patches(parts, tool, solids)]
    patches += [
        _turned(sheet, INNER + row, solids, step) for row, sheet in enumerate(solids.sheets, start=len(solids.tool))
    ]
    return Arrangement(stitched(joined(patches)), _around(solids))


def onto_sheets(surface: Surface, solids: Solids) -> Surface:
    """The surface with its points on a sheet moved exactly onto the sheet's profile, or onto the ring where it ends.

    A remesher is good to 0.1 mm; a mantle of 1 mm deserves better.
    """
    sheets = (*solids.tool, *solids.sheets)
    on_sheet = np.zeros((surface.n_points, len(sheets)), bool)
    of_sheets = surface.labels >= IN_BONE
    rows = surface.labels[of_sheets] % 100
    on_sheet[surface.triangles[of_sheets].ravel(), np.repeat(rows, 3)] = True
    on_ring = on_sheet.sum(axis=1) > 1
    local = (surface.points - solids.origin) @ rotation_to(solids.axis)
    radius = np.hypot(local[:, 0], local[:, 1])
    flat = np.column_stack([radius, local[:, 2]])
    for row, sheet in enumerate(sheets):
        inside = np.flatnonzero(on_sheet[:, row] & ~on_ring & (radius > 1e-6))
        ring = np.flatnonzero(on_sheet[:, row] & on_ring)
        ends = sheet.profile[[0, -1]]
        nearest = np.linalg.norm(flat[ring, None] - ends, axis=2).argmin(axis=1)
        for mine, target in ((inside, _to_profile(flat[inside], sheet.profile)[1]), (ring, ends[nearest])):
            local[mine, :2] *= (target[:, 0] / np.hypot(local[mine, 0], local[mine, 1]))[:, None]
            local[mine, 2] = target[:, 1]
    return Surface(local @ rotation_to(solids.axis).T + solids.origin, surface.triangles, surface.labels)


def _around(solids: Solids) -> dict[str, frozenset[int]]:
    around = {KEPT: {KEPT_OUTER, KEPT_DISTAL}, REMOVED: {REMOVED_OUTER}}
    for row, sheet in enumerate(solids.tool):
        around[KEPT].add(IN_BONE + row)
        around[REMOVED] |= {IN_BONE + row, FLAKE + row}
        if sheet.left != NOTHING:
            around.setdefault(sheet.left, set()).update({IN_BONE + row, FLAKE + row, BEYOND + row})
    for row, sheet in enumerate(solids.sheets, start=len(solids.tool)):
        for body in {sheet.left, sheet.right} - {NOTHING, BONE}:
            around.setdefault(body, set()).add(INNER + row)
    return {name: frozenset(labels) for name, labels in around.items()}


def _turned(sheet: Sheet, label: int, solids: Solids, step: float) -> Surface:
    labels = np.full(len(sheet.profile) - 1, label)
    return revolved(sheet.profile, labels, origin=solids.origin, axis=solids.axis, step=step)


def _tool_surface(solids: Solids, step: float) -> Surface:
    profile = np.vstack([solids.tool[0].profile[:1], *(sheet.profile[1:] for sheet in solids.tool)])
    labels = np.concatenate([np.full(len(sheet.profile) - 1, row) for row, sheet in enumerate(solids.tool)])
    return revolved(profile, labels, origin=solids.origin, axis=solids.axis, step=step)


def _bone_patches(parts: Cut, bone: Surface) -> list[Surface]:
    kept = parts.kept[0]
    outer = ~kept.from_tool
    distal = bone.labels[kept.source[outer]] == DISTAL_CUT
    patches = [Surface(kept.points, kept.triangles[outer], np.where(distal, KEPT_DISTAL, KEPT_OUTER))]
    for part in parts.removed:
        triangles = part.triangles[~part.from_tool]
        patches.append(Surface(part.points, triangles, np.full(len(triangles), REMOVED_OUTER)))
    for flake in parts.kept[1:]:
        # Crumbs that the tool cuts off go with the bone that is removed.
        triangles = flake.triangles[~flake.from_tool]
        patches.append(Surface(flake.points, triangles, np.full(len(triangles), REMOVED_OUTER)))
    return patches


def _cut_patches(parts: Cut, tool: Surface, solids: Solids) -> list[Surface]:
    patches = [_tool_patch(parts.kept[0], tool, IN_BONE)]
    patches += [_tool_patch(part, tool, FLAKE) for part in parts.kept[1:]]
    useful = [row for row, sheet in enumerate(solids.tool) if sheet.left != NOTHING]
    for part in parts.beyond:
        patch = _tool_patch(part, tool, BEYOND)
        wanted = np.isin(patch.labels, [BEYOND + row for row in useful])
        patches.append(Surface(patch.points, patch.triangles[wanted], patch.labels[wanted]))
    return [patch for patch in patches if patch.n_triangles]


def _tool_patch(part: Part, tool: Surface, place: int) -> Surface:
    labels = place + tool.labels[part.source[part.from_tool]]
    return Surface(part.points, part.triangles[part.from_tool], labels)


def _refuse_misplaced(parts: Cut, tool: Surface, solids: Solids) -> None:
    """Refuse bone beyond the reach of the tool, a stem outside the bone and a cap that hangs in the air."""
    if not parts.kept or not parts.removed:
        raise GeometryError(
            "The implant does not meet the bone.",
            remedy="check the landmarks: the head centre must be the origin of the femur's frame",
        )
    areas = {place: np.zeros(len(solids.tool)) for place in (IN_BONE, BEYOND)}
    for place, pieces in ((IN_BONE, parts.kept), (BEYOND, parts.beyond)):
        for part in pieces:
            patch = _tool_patch(part, tool, place)
            np.add.at(areas[place], patch.labels - place, _areas(patch))
    for row, sheet in enumerate(solids.tool):
        inside, outside = areas[IN_BONE][row], areas[BEYOND][row]
        if sheet.name == "clear" and inside > 0:
            raise GeometryError(
                f"Above the cap's rim there is bone far beside the cap: {inside:.1f} mm² of it at the tool's edge.",
                where="implant",
                why="the rim lies so low, or the stem so tilted, that reaming reaches the trochanter",
                remedy="raise the rim (smaller implant.rim_below_centre_mm) or lower the tilt",
            )
        if sheet.name == "stem" and outside > 0:
            raise GeometryError(
                f"The stem leaves the bone: {outside:.1f} mm² of it lie outside.",
                where="implant",
                remedy="shorten the stem, or bring its tilt nearer to the neck axis",
            )
        if sheet.name == "mantle_bone" and inside < LEAST_BED * (inside + outside):
            raise GeometryError(
                f"Only {100 * inside / (inside + outside):.0f} % of the cement bed is bone; at least "
                f"{100 * LEAST_BED:.0f} % are needed.",
                where="implant.head_diameter_mm",
                why="the cap is larger than this head allows",
                remedy="take a smaller cap; without the key it has the natural head's diameter",
            )


def _areas(surface: Surface) -> np.ndarray:
    a, b, c = (surface.points[surface.triangles[:, k]] for k in range(3))
    return np.linalg.norm(np.cross(b - a, c - a), axis=1) / 2


def _without_grazing(bone: Surface, solids: Solids, film: float) -> Surface:
    """The bone with its points nearer to the tool than `film` [mm] moved off to that distance.

    A bone surface that runs along the tool (at the fovea, say) would leave a film thinner than any element: it is
    either there with a thickness that can be meshed, or it is not. Where bone and tool cross, points slide along the
    bone, so that no facet is cut right beside a corner.
    """
    local = (bone.points - solids.origin) @ rotation_to(solids.axis)
    radius = np.hypot(local[:, 0], local[:, 1])
    flat = np.column_stack([radius, local[:, 2]])
    profile = np.vstack([sheet.profile for sheet in solids.tool[:-1]])
    distance, _, normal = _to_profile(flat, profile)
    near = np.abs(distance) < film
    if not near.any():
        return bone
    ring = np.column_stack([local[:, 0], local[:, 1]]) / np.maximum(radius, 1e-12)[:, None]
    off = np.column_stack([ring * normal[:, :1], normal[:, 1]]) @ rotation_to(solids.axis).T
    surface_normal = _point_normals(bone)
    cosine = np.einsum("ni,ni->n", surface_normal, off)[:, None]
    along = np.abs(cosine) > np.cos(np.radians(GRAZE_ANGLE_DEG))
    slide = (off - cosine * surface_normal) / np.maximum(1 - cosine**2, 1e-12)
    push = np.where(near, np.where(distance < 0, -film, film) - distance, 0.0)
    return Surface(bone.points + push[:, None] * np.where(along, off, slide), bone.triangles, bone.labels)


def _to_profile(points: np.ndarray, profile: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Signed distance (n,) of points to a profile, positive on its left; their feet and left normals there (n, 2)."""
    best = np.full(len(points), np.inf)
    foot, normal = np.zeros_like(points), np.zeros_like(points)
    for begin, end in pairwise(profile):
        along = end - begin
        length = np.hypot(*along)
        if length < 1e-9:
            continue
        fraction = np.clip((points - begin) @ along / length**2, 0, 1)
        at = begin + fraction[:, None] * along
        distance = np.linalg.norm(points - at, axis=1)
        closer = distance < best
        best = np.where(closer, distance, best)
        foot[closer], normal[closer] = at[closer], np.array([-along[1], along[0]]) / length
    side = np.sign(np.einsum("ni,ni->n", points - foot, normal))
    return best * np.where(side < 0, -1, 1), foot, normal


def _point_normals(surface: Surface) -> np.ndarray:
    a, b, c = (surface.points[surface.triangles[:, k]] for k in range(3))
    weighted = np.cross(b - a, c - a)
    normals = np.zeros_like(surface.points)
    for k in range(3):
        np.add.at(normals, surface.triangles[:, k], weighted)
    return normals / np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-300)
