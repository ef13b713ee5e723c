"""What an implant's cut leaves of the bone: how much of it, what bed and stem touch, how deep it runs into the neck."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from femsim.anatomy.femur import Femur
from femsim.anatomy.neck_frame import neck_frame
from femsim.geometry.alignment import Rim
from femsim.implants.arrangement import areas_by_sheet
from femsim.implants.fit import bed_radii, step_into_neck
from femsim.implants.solids import STEM, Solids
from femsim.implants.stem_surgery import NEAR_CUT
from femsim.mesh.boolean import Cut, cut
from femsim.mesh.revolve import revolved
from femsim.mesh.signed import signed_distance
from femsim.mesh.surface import Surface, areas, centroids, compacted

CORTICAL = 1.0  # g/cm³ apparent; between trabecular and cortical bone, where laws of two ranges switch (1.0–1.2)
SPAN = 1.0  # mm: edge of the cube over which density at the stem is averaged
NECK_REACH = 1.5  # neck radii from its axis that still are neck, as in the zones


def bone_lost(femur: Femur, parts: Cut | None) -> tuple[float, float, float, float]:
    """Bone removed, all bone [cm³], head and neck together, what of them is removed.

    Head and neck: what lies above the neck's base and, beside the neck, within 1.5 of its radii.
    """
    tool = _head_and_neck(femur)
    whole = cut(femur.surface, tool)
    before, total = _volume(whole.removed), _volume(whole.removed) + _volume(whole.kept)
    if parts is None:
        return 0.0, total, before, 0.0
    kept = parts.kept[0]
    after = _volume(cut(Surface(kept.points, kept.triangles), tool).removed)
    return total - kept.volume / 1000.0, total, before, before - after


def _volume(pieces) -> float:
    return sum(piece.volume for piece in pieces) / 1000.0


def _head_and_neck(femur: Femur) -> Surface:
    """A closed surface around head and neck."""
    frame, marks = neck_frame(femur.landmarks), femur.landmarks
    beside, far = NECK_REACH * marks.neck_radius, 2.0 * marks.head_radius
    base, head, top = frame.base_level, frame.head_level, 2.0 * marks.head_radius
    profile = np.array([(0, base), (beside, base), (beside, head), (far, head), (far, top), (0, top)], float)
    origin = frame.centre - (frame.centre @ frame.along) * frame.along
    return revolved(profile, np.zeros(len(profile) - 1), origin=origin, axis=frame.along, step=10.0)


def uncovered(parts: Cut, tool: Surface, solids: Solids, role: str) -> float | None:
    """Share [%] of the sheets of a role that finds no bone; None where the implant has none."""
    in_bone, beyond = areas_by_sheet(parts, tool, solids)
    rows = [row for row, sheet in enumerate(solids.cutting) if sheet.role == role]
    if not rows:
        return None
    outside = beyond[rows].sum()
    return float(100.0 * outside / max(outside + in_bone[rows].sum(), 1e-12))


@dataclass(frozen=True)
class StemContact:
    """A stem, or its cement, in the bone.

    least : least bone beside it [mm], where it is surrounded by bone. cortical : share of its surface at bone that
    touches cortex [%]. to_end : from its tip to the end of the bone [mm], for a stem in the shaft.
    """

    least: float
    cortical: float
    to_end: float | None


def stem_contact(
    femur: Femur,
    parts: Cut,
    tool: Surface,
    solids: Solids,
    rim: Rim | None,
    density: Callable[[np.ndarray, np.ndarray], np.ndarray],
) -> StemContact | None:
    """How a stem lies in the bone; None where there is no stem.

    Parameters
    ----------
    density : (points (k, 3), spans (k,)) → apparent density (k,) [g/cm³]
    """
    rows = [row for row, sheet in enumerate(solids.cutting) if sheet.role == STEM]
    patch = _cut_face(parts, tool, rows)
    if not patch.n_triangles:
        return None
    at, weights = centroids(patch), areas(patch)
    dense = density(at, np.full(len(at), SPAN)) > CORTICAL
    surrounded = _surrounded(patch.points, solids, rows, rim)
    least = float(-signed_distance(femur.surface, patch.points[surrounded]).max())
    tip = None if solids.stem_levels is None else solids.stem_levels[1] - float(femur.surface.points[:, 2].min())
    return StemContact(least, float(100.0 * weights[dense].sum() / weights.sum()), tip)


def _surrounded(points: np.ndarray, solids: Solids, rows: list[int], rim: Rim | None) -> np.ndarray:
    """(k,) bool: below the rim of a cap; deeper than the edge of a neck cut, where a stem may come out."""
    if rim is not None:
        return (points - solids.origin) @ solids.axis < rim.level
    if solids.stem_levels is None:
        return np.ones(len(points), bool)
    ring = solids.cutting[rows[-1]].shape.ends()[1]
    middle = ring.mean(axis=0)
    normal = np.linalg.svd(ring - middle)[2][2]
    normal = normal * (np.sign(normal @ (solids.head_centre - middle)) or 1.0)
    return (middle - points) @ normal > NEAR_CUT


def groove_depth(femur: Femur, parts: Cut, tool: Surface, solids: Solids) -> float:
    """How deep [mm] the burrs run below the surface of the bone; 0 without one."""
    rows = list(range(len(solids.tool), len(solids.cutting)))
    patch = _cut_face(parts, tool, rows)
    return max(float(-signed_distance(femur.surface, patch.points).min()), 0.0) if patch.n_triangles else 0.0


def step_depth(femur: Femur, rim: Rim) -> float:
    """How deep [mm] the reamer runs into the neck below the rim; 0 where it spares it."""
    return max(float(step_into_neck(femur, rim.seat, rim.reamed, rim.level).max()), 0.0)


def overhang(femur: Femur, rim: Rim) -> float:
    """How far [mm] the rim stands out over the bone at most; negative where bone stands out all around."""
    return float((rim.outer - bed_radii(femur, rim.seat, np.array([rim.level]))[0]).max())


def _cut_face(parts: Cut, tool: Surface, rows: list[int]) -> Surface:
    """The face of the kept bone that some of the cutting sheets made."""
    kept = parts.kept[0]
    labels = tool.labels[kept.source[kept.from_tool]]
    chosen = np.isin(labels, rows)
    return compacted(Surface(kept.points, kept.triangles[kept.from_tool][chosen], labels[chosen]))
