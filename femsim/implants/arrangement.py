"""Bone surface and implant as one labelled surface in which every region is closed."""

from dataclasses import dataclass

import numpy as np

from femsim.anatomy.femur import DISTAL_CUT
from femsim.errors import GeometryError
from femsim.implants.solids import BED, BONE, CLEAR, NOTHING, STEM, Solids
from femsim.mesh.boolean import Cut, Part, cut, united
from femsim.mesh.complex import joined, stitched
from femsim.mesh.surface import Surface, areas

KEPT_OUTER, KEPT_DISTAL, REMOVED_OUTER = 1, 2, 3  # labels of the bone's own surface
BONE_LABELS = frozenset({KEPT_OUTER, KEPT_DISTAL, REMOVED_OUTER})
IN_BONE, FLAKE, BEYOND, INNER = 100, 200, 300, 400  # + row of the sheet: where a piece of a sheet lies
KEPT, REMOVED = "bone_kept", "bone_removed"
GRAZE = 0.2  # share of the wanted edge length: points of the bone nearer to the tool than this are moved off
GRAZE_ANGLE_DEG = 35.0  # … straight off where it runs nearly parallel to it, along itself where it crosses
LEAST_BED = 0.6  # share of the reamed bed that must be bone for an implant to hold
STEM_OUTSIDE = 0.03  # share of a stem's surface that may lie outside the bone, at the edge of the neck cut
END_RING = 0.15  # share of the wanted edge length within which a point on two sheets belongs to the ring they share


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
    tool = tool_surface(solids, step)
    parts = cut(_without_grazing(bone, solids, GRAZE * size), tool)
    refuse_misplaced(parts, tool, solids)
    patches = [*_bone_patches(parts, bone), *_cut_patches(parts, tool, solids)]
    patches += [
        sheet.shape.surface(step, INNER + row) for row, sheet in enumerate(solids.sheets, start=len(solids.cutting))
    ]
    return Arrangement(stitched(joined(patches)), _around(solids))


def onto_sheets(surface: Surface, solids: Solids, size: float) -> Surface:
    """The surface with its points on a sheet moved exactly onto the sheet's shape, or onto the ring where it ends.

    A remesher is good to 0.1 mm; a mantle of 1 mm deserves better.
    """
    sheets = solids.all_sheets
    on_sheet = np.zeros((surface.n_points, len(sheets)), bool)
    of_sheets = surface.labels >= IN_BONE
    rows = surface.labels[of_sheets] % 100
    on_sheet[surface.triangles[of_sheets].ravel(), np.repeat(rows, 3)] = True
    on_ring = on_sheet.sum(axis=1) > 1
    points = surface.points.copy()
    for row, sheet in enumerate(sheets):
        inside = np.flatnonzero(on_sheet[:, row] & ~on_ring)
        if len(inside):
            points[inside] = sheet.shape.feet(points[inside]).foot
        ring = np.flatnonzero(on_sheet[:, row] & on_ring)
        if len(ring):
            at, distance = sheet.shape.at_end(points[ring])
            near = distance < END_RING * size  # where a burr crosses the sheet, no ring is
            points[ring[near]] = at[near]
    return Surface(points, surface.triangles, surface.labels)


def tool_surface(solids: Solids, step: float) -> Surface:
    """Closed surface of everything that cuts bone; labels are the rows of `solids.cutting`."""
    tool = joined([sheet.shape.surface(step, row) for row, sheet in enumerate(solids.tool)])
    burrs = [sheet.shape.surface(step, row) for row, sheet in enumerate(solids.burrs, start=len(solids.tool))]
    return united([tool, *burrs]) if burrs else tool


def _around(solids: Solids) -> dict[str, frozenset[int]]:
    around = {KEPT: {KEPT_OUTER, KEPT_DISTAL}, REMOVED: {REMOVED_OUTER}}
    for row, sheet in enumerate(solids.cutting):
        around[KEPT].add(IN_BONE + row)
        around[REMOVED].add(IN_BONE + row)
        if sheet.left != NOTHING:
            around.setdefault(sheet.left, set()).update({IN_BONE + row, FLAKE + row, BEYOND + row})
    for row, sheet in enumerate(solids.sheets, start=len(solids.cutting)):
        for body in {sheet.left, sheet.right} - {NOTHING, BONE}:
            around.setdefault(body, set()).add(INNER + row)
    return {name: frozenset(labels) for name, labels in around.items()}


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
    # Away from kept bone a tool's surface matters only where something is put in: crumbs and head are one removed bone.
    useful = [row for row, sheet in enumerate(solids.cutting) if sheet.left != NOTHING]
    for place, pieces in ((FLAKE, parts.kept[1:]), (BEYOND, parts.beyond)):
        for part in pieces:
            patch = _tool_patch(part, tool, place)
            wanted = np.isin(patch.labels, [place + row for row in useful])
            patches.append(Surface(patch.points, patch.triangles[wanted], patch.labels[wanted]))
    return [patch for patch in patches if patch.n_triangles]


def _tool_patch(part: Part, tool: Surface, place: int) -> Surface:
    labels = place + tool.labels[part.source[part.from_tool]]
    return Surface(part.points, part.triangles[part.from_tool], labels)


def refuse_misplaced(parts: Cut, tool: Surface, solids: Solids) -> None:
    """Refuse bone beyond the reach of the tool, a stem outside the bone and an implant that hangs in the air.

    Raises
    ------
    GeometryError
    """
    if not parts.kept or not parts.removed:
        raise GeometryError(
            "The implant does not meet the bone.",
            remedy="check the landmarks: the head centre must be the origin of the femur's frame",
        )
    in_bone, beyond = areas_by_sheet(parts, tool, solids)
    for row, sheet in enumerate(solids.cutting):
        inside, outside = in_bone[row], beyond[row]
        if sheet.role == CLEAR and inside > 0:
            raise GeometryError(
                f"Above the cap's rim there is bone far beside the cap: {inside:.1f} mm² of it at the tool's edge.",
                where="implant",
                why="the rim lies so low, or the stem so tilted, that reaming reaches the trochanter",
                remedy="raise the rim (smaller implant.rim_below_centre_mm) or lower the tilt",
            )
        if sheet.role == STEM and outside > STEM_OUTSIDE * (inside + outside):
            raise GeometryError(
                f"The stem leaves the bone: {outside:.1f} mm² of it lie outside, "
                f"{100 * outside / (inside + outside):.0f} % of its surface; at most {100 * STEM_OUTSIDE:g} % may.",
                where="implant",
                remedy="shorten or thin the stem, or bring its tilt nearer to 0",
            )
    bed = [row for row, sheet in enumerate(solids.cutting) if sheet.role == BED]
    share = in_bone[bed].sum() / max(in_bone[bed].sum() + beyond[bed].sum(), 1e-12)
    if bed and share < LEAST_BED:
        raise GeometryError(
            f"Only {100 * share:.0f} % of the reamed bed is bone; at least {100 * LEAST_BED:.0f} % are needed.",
            where="implant.head_diameter_mm",
            why="the cap is larger than this head allows, or sits beside it",
            remedy="take a smaller cap, or move it nearer to the head centre",
        )


def areas_by_sheet(parts: Cut, tool: Surface, solids: Solids) -> tuple[np.ndarray, np.ndarray]:
    """Area [mm²] of each cutting sheet at kept bone, and beyond the bone; each (rows of `solids.cutting`,)."""
    found = []
    for pieces in (parts.kept, parts.beyond):
        area = np.zeros(len(solids.cutting))
        for part in pieces:
            patch = _tool_patch(part, tool, 0)
            np.add.at(area, patch.labels, areas(patch))
        found.append(area)
    return found[0], found[1]


def _without_grazing(bone: Surface, solids: Solids, film: float) -> Surface:
    """The bone with its points nearer to the tool than `film` [mm] moved off to that distance.

    A bone surface that runs along the tool (at the fovea, say) would leave a film thinner than any element: it is
    either there with a thickness that can be meshed, or it is not. Where bone and tool cross, points slide along the
    bone, so that no facet is cut right beside a corner.
    """
    distance = np.full(bone.n_points, np.inf)
    off = np.zeros((bone.n_points, 3))
    for sheet in solids.cutting:
        if sheet.role == CLEAR:
            continue
        feet = sheet.shape.feet(bone.points, within=2 * film)
        closer = np.abs(feet.distance) < np.abs(distance)
        distance[closer], off[closer] = feet.distance[closer], feet.normal[closer]
    near = np.abs(distance) < film
    if not near.any():
        return bone
    surface_normal = _point_normals(bone)
    cosine = np.einsum("ni,ni->n", surface_normal, off)[:, None]
    along = np.abs(cosine) > np.cos(np.radians(GRAZE_ANGLE_DEG))
    slide = (off - cosine * surface_normal) / np.maximum(1 - cosine**2, 1e-12)
    push = np.where(near, np.where(distance < 0, -film, film) - distance, 0.0)
    return Surface(bone.points + push[:, None] * np.where(along, off, slide), bone.triangles, bone.labels)


def _point_normals(surface: Surface) -> np.ndarray:
    a, b, c = (surface.points[surface.triangles[:, k]] for k in range(3))
    weighted = np.cross(b - a, c - a)
    normals = np.zeros_like(surface.points)
    for k in range(3):
        np.add.at(normals, surface.triangles[:, k], weighted)
    return normals / np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-300)
