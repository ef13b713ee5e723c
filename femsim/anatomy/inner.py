"""The inner surface of the cortex as a user gives it: held to the bone it should lie in, and how thick it leaves it."""

import numpy as np

from femsim.anatomy.femur import DISTAL_CUT
from femsim.errors import SurfaceError
from femsim.mesh.closest import closest_points
from femsim.mesh.repair import closed_outward
from femsim.mesh.signed import signed_distance
from femsim.mesh.surface import Surface

POKES_OUT = 0.05  # of its points may lie outside the bone; segmentations of thin cortices cross here and there; assumed
POKES_FAR = 2.0  # mm, how far; assumed


def inner_surface(inner: Surface, bone: Surface) -> tuple[Surface, tuple[str, ...]]:
    """The inner surface closed and outward-facing, and sentences with the thickness of the cortex [mm].

    Parameters
    ----------
    inner, bone : in the femur frame; `bone` is cut flat, `inner` may reach beyond the cut.

    Raises
    ------
    SurfaceError
        Where it cannot be closed, or does not lie inside the bone.
    """
    closed, mended = closed_outward(inner)
    cut = bone.points[:, 2].min()
    here = closed.points[closed.points[:, 2] > cut + 1.0]
    depth = signed_distance(bone, here) if len(here) else np.zeros(0)
    out = depth > 0
    if not len(here) or out.mean() > POKES_OUT or depth.max() > POKES_FAR:
        worst = f", by up to {depth.max():.1f} mm" if len(here) else ""
        raise SurfaceError(
            f"The inner surface does not lie inside the bone: {100 * out.mean() if len(here) else 100:.0f} % of its "
            f"points lie outside{worst} (limits {100 * POKES_OUT:g} %, {POKES_FAR:g} mm).",
            where="femur.inner_file",
            why="it belongs to another femur, or is in another frame or unit than femur.file",
            remedy="give the inner surface of the same bone in the same frame, or leave femur.inner_file out",
        )
    wall = np.unique(bone.triangles[bone.labels != DISTAL_CUT])
    thickness = closest_points(closed, bone.points[wall]).distance
    low, middle, high = np.percentile(thickness, [5, 50, 95])
    notes = [f"Cortex between the two surfaces: median {middle:.1f} mm, 5th percentile {low:.1f}, 95th {high:.1f} mm."]
    if out.any():
        notes.append(
            f"{int(out.sum())} of {len(here)} points of the inner surface lie up to {depth.max():.2f} mm outside the "
            "bone; there is no cortex there."
        )
    return closed, (*(f"Inner surface: {note}" for note in mended), *notes)
