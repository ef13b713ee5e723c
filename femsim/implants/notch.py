"""A notch: the groove that a slipping reamer cuts into the superior neck, where the head goes over into it."""

import numpy as np

from femsim.anatomy.femur import Femur
from femsim.errors import GeometryError
from femsim.implants.seat import Seat
from femsim.implants.shapes import Turned
from femsim.implants.solids import BONE, NOTHING, Sheet
from femsim.mesh.sections import radii_around

BURR_RADIUS = 6.0  # mm; assumed: a groove 9 mm wide at 2 mm, 12 mm at 5 mm of depth
HALF_LENGTH = 14.0  # mm along the groove: beyond the superior side of any neck
BESIDE_STEM = 1.5  # mm of bone that must stay between groove and stem
BELOW_SHELF = 1.5  # mm of bone between the reamed shelf and the groove
ON_NECK = 1.0  # mm: the groove lies where the superior neck first comes this near to its narrowest place
SEARCHED = 22.0  # mm below the shelf


def notch_of(femur: Femur, seat: Seat, *, depth: float, shelf: float, stem_radius: float) -> Sheet:
    """The burr, a cylinder with round ends across the neck, that leaves a groove of a given depth.

    Parameters
    ----------
    depth : [mm] below the superior surface of the neck, across the implant's axis.
    shelf : height to which the bone is reamed [mm], in the seat's frame.
    stem_radius : [mm] of the stem, or of its hole, at the shelf.

    Raises
    ------
    GeometryError
        Where the groove would reach the stem, or there is no neck.
    """
    heights = shelf - np.arange(BURR_RADIUS + BELOW_SHELF, SEARCHED, 0.5)
    superior = radii_around(femur.surface, seat.origin, seat.axis, seat.superior, heights, n_around=8)[:, 0]
    if not np.isfinite(superior).any():
        raise GeometryError("There is no neck below the rim to be notched.", where="implant.notch_mm")
    row = int(np.flatnonzero(superior <= np.nanmin(superior) + ON_NECK)[0])
    centre, across = heights[row], superior[row] - depth + BURR_RADIUS
    left = across - BURR_RADIUS - stem_radius
    if left < BESIDE_STEM:
        raise GeometryError(
            f"A notch of {depth:g} mm leaves {left:.1f} mm of bone over the stem; {BESIDE_STEM:g} mm are needed.",
            where="implant.notch_mm",
            remedy=f"take {depth - BESIDE_STEM + left:.1f} mm or less",
        )
    middle = seat.origin + centre * seat.axis + across * seat.superior
    turn = np.linspace(0, np.pi / 2, 9)
    half = HALF_LENGTH - BURR_RADIUS
    cap = np.column_stack([BURR_RADIUS * np.sin(turn), half + BURR_RADIUS * np.cos(turn)])
    profile = np.vstack([cap * (1, -1), cap[::-1]])
    return Sheet("notch", Turned(profile, middle, seat.anterior), NOTHING, BONE)
