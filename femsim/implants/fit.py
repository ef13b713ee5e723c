"""How a reamed bed and a stem fit the bone: what must be refused, and what a surgeon would see."""

import numpy as np

from femsim.anatomy.femur import Femur
from femsim.errors import GeometryError
from femsim.implants.seat import Seat
from femsim.mesh.sections import radii_around
from femsim.mesh.signed import signed_distance

COVER = 1.0  # mm of bone that must be around a stem
CORTEX = 3.0  # mm: with less bone beside it a stem touches the cortex, which is that thick on the neck
NECK_LENGTH = 15.0  # mm below the rim within which a reamer of the bed's width would meet the neck
DEEPEST_STEP = 6.0  # mm: a reamer that runs deeper into a neck cuts it off
BARE = 0.03  # share of the bed without bone that is worth a word
OVERHANG = 3.0  # mm that a rim may stand out over the bone before it is worth a word
N_HEIGHTS = 16


def refuse_stem_outside(femur: Femur, seat: Seat, heights: np.ndarray, radii: np.ndarray) -> float:
    """Least bone [mm] beside a round stem with radii (k,) at heights (k,) along the seat's axis.

    Raises
    ------
    GeometryError
        Where the stem comes nearer than COVER to the outside of the bone.
    """
    on_axis = seat.origin + heights[:, None] * seat.axis
    room = -signed_distance(femur.surface, on_axis) - radii
    worst = int(room.argmin())
    if room[worst] < COVER:
        raise GeometryError(
            f"The stem leaves the bone: {room[worst]:.1f} mm of bone beside it, {-heights[worst]:.0f} mm from the head "
            f"centre; at least {COVER:g} mm is needed.",
            where="implant",
            remedy="shorten or thin the stem, or bring implant.varus_valgus_deg and implant.version_deg nearer to 0",
        )
    return float(room[worst])


def step_into_neck(femur: Femur, seat: Seat, reamed: float, shelf: float) -> np.ndarray:
    """How deep [mm] a reamer of radius `reamed` runs into the neck below the shelf, in 72 directions from superior.

    Negative where the neck is narrower than the reamer; the narrowest place of each direction counts.
    """
    heights = shelf - np.linspace(0.0, NECK_LENGTH, N_HEIGHTS)
    radii = radii_around(femur.surface, seat.origin, seat.axis, seat.superior, heights)
    return np.nanmin(np.where(np.isfinite(radii), radii, 1e3), axis=0) - reamed


def refuse_cut_neck(steps: np.ndarray, reamed: float, wanted: str) -> None:
    """Refuse a reamer that would run into the neck all around, or too deep on one side.

    wanted : words on the size that would do.

    Raises
    ------
    GeometryError
    """
    if steps.mean() > 0 or steps.max() > DEEPEST_STEP:
        raise GeometryError(
            f"The implant is too small for this neck: reaming to {2 * reamed:.1f} mm would cut into it, on average "
            f"{steps.mean():.1f} mm and up to {steps.max():.1f} mm deep.",
            where="implant.head_diameter_mm",
            why="a notched neck breaks",
            remedy=wanted,
        )


def bed_radii(femur: Femur, seat: Seat, heights: np.ndarray) -> np.ndarray:
    """(k, 72) radius of the bone about the seat's axis at heights (k,); 0 where there is none."""
    radii = radii_around(femur.surface, seat.origin, seat.axis, seat.superior, heights)
    return np.where(np.isfinite(radii), radii, 0.0)


def side_name(direction: int) -> str:
    """Words for one of the 72 directions of `step_into_neck` and `bed_radii`."""
    names = ("superior", "posterior-superior", "posterior", "posterior-inferior")
    names += ("inferior", "anterior-inferior", "anterior", "anterior-superior")
    return names[round(direction / 9) % 8]


def notes_on_fit(*, steps: np.ndarray, bare: float, overhang: np.ndarray, stem_room: float) -> list[str]:
    """Sentences on what a surgeon would see.

    steps : as `step_into_neck` gives them.
    bare : share of the reamed bed without bone.
    overhang : (72,) how far the rim stands out over the bone at its level [mm].
    stem_room : least bone beside the stem [mm].
    """
    notes = []
    if steps.max() > 0:
        where = side_name(int(steps.argmax()))
        notes.append(f"The reamer notches the {where} neck, {steps.max():.1f} mm deep at its narrowest place.")
    if bare > BARE:
        notes.append(
            f"{100 * bare:.0f} % of the bed has no bone to rest on: the implant sits beside or beyond the head."
        )
    if overhang.max() > OVERHANG:
        where = side_name(int(overhang.argmax()))
        notes.append(f"The rim overhangs the bone by up to {overhang.max():.1f} mm, on the {where} side.")
    if stem_room < CORTEX:
        notes.append(f"The stem comes within {stem_room:.1f} mm of the outside of the bone: it touches the cortex.")
    return notes
