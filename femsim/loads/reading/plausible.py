"""Whether a recorded force can be that of a hip: its size in body weights, and the way it pushes the head."""

import numpy as np

from femsim.errors import ScenarioError
from femsim.loads.frames import BERGMANN, FEMUR, FRAMES, HIP98, ISB, to_bergmann
from femsim.loads.reading.columns import UNITS

# Peaks in vivo reach 8.7 body weights (stumbling; Bergmann 1993, J Biomech 26:969), a leg in swing has 0.2. Beyond
# these a unit or a mass is wrong.
LOWEST_PEAK, HIGHEST_PEAK = 0.05, 20.0  # body weights
USUAL_PEAK = (0.5, 10.0)  # body weights; what a guessed unit must give
# Muscles pull the femur up and inwards, so the socket pushes down and outwards: all 29 peaks of ten instrumented hips
# (OrthoLoad, as in Bergmann 2016) push at least 13 % of their size outwards. Inwards by more than this share is a side
# or a frame mistaken.
MOST_MEDIAL = 0.1


def newtons(unit: str, body_weight: float) -> float:
    """[N] of one N, kN, BW or %BW."""
    return {"N": 1.0, "kN": 1e3, "BW": body_weight, "%BW": body_weight / 100.0}[unit]


def check_size(peak: float, unit: str, body_weight: float, where: str) -> None:
    """peak : in the unit; body_weight [N].

    Raises
    ------
    ScenarioError
        Where the peak is no force of a hip; it guesses the unit.
    """
    share = peak * newtons(unit, body_weight) / body_weight
    if LOWEST_PEAK <= share <= HIGHEST_PEAK:
        return
    low, high = USUAL_PEAK
    guesses = [u for u in UNITS if low <= peak * newtons(u, body_weight) / body_weight <= high and u != unit]
    side = "below" if share < LOWEST_PEAK else "above"
    limit = LOWEST_PEAK if share < LOWEST_PEAK else HIGHEST_PEAK
    shown = f"{peak:.4g} {unit}" + ("" if unit == "BW" else f" ({share:.4g} BW)")
    raise ScenarioError(
        f"The hip force peaks at {shown}, {side} {limit:g} BW.",
        where=where,
        why=f"are these {' or '.join(guesses)}?" if guesses else "the unit, the columns or the mass are not the file's",
        remedy="state load.unit as the file has it, and load.recorded_mass_kg of the person who was recorded",
    )


def check_direction(raw: np.ndarray, frame: str, side: str, acts_on: str, *, where: str) -> None:
    """raw : (3,) the peak force as the file has it.

    Raises
    ------
    ScenarioError
        Where it pulls the head off, or pushes it inwards; it names what would fit.
    """
    lateral, anterior, proximal = turned(raw, frame, side, acts_on)
    if _fits(np.array([lateral, anterior, proximal])):
        return
    what = "pulls the head off the femur" if proximal >= 0 else "pushes the head inwards"
    others = [
        (f, s, a)
        for f in (frame, *(f for f in (BERGMANN, HIP98, ISB) if FRAMES[f].to_bergmann != FRAMES[frame].to_bergmann))
        for s in ("right", "left")
        for a in ("femur", "pelvis")
        if (f, s, a) != (frame, side, acts_on) and _is_usual(turned(raw, f, s, a))
    ]
    # The fewest changes first.
    others.sort(key=lambda o: (o[0] != frame) + (o[1] != side) + (o[2] != acts_on))
    keys = ("frame", "side", "acts_on")
    ways = [
        " and ".join(
            f'load.{key} = "{new}"' for key, new, old in zip(keys, other, (frame, side, acts_on)) if new != old
        )
        for other in others[:2]
    ]
    remedy = f"it would press down and outwards with {', or with '.join(ways)}" if ways else "check load.columns"
    raise ScenarioError(
        f"At its peak the hip force {what}: lateral {lateral:.4g}, anterior {anterior:.4g}, proximal {proximal:.4g}.",
        where=where,
        why=f"read in frame {frame!r} ({FRAMES[frame].axes}), {side} leg, acting on the {acts_on}; the file has "
        + ", ".join(f"{axis} {value:.4g}" for axis, value in zip("xyz", raw)),
        remedy=remedy,
    )


def turned(forces: np.ndarray, frame: str, side: str, acts_on: str) -> np.ndarray:
    """Forces (…, 3) on the femur, in Bergmann's frame; those told in the femur's own frame stay in it."""
    forces = np.asarray(forces, float) * (-1.0 if acts_on == "pelvis" else 1.0)
    return forces if frame == FEMUR else to_bergmann(forces, frame, side)


def _is_usual(force: np.ndarray) -> bool:
    """Mostly downwards and outwards, as at every peak measured: what is advised must be that."""
    return bool(force[2] < -0.8 * np.linalg.norm(force) and force[0] > 0)


def _fits(force: np.ndarray) -> bool:
    return bool(force[2] < 0 and force[0] >= -MOST_MEDIAL * np.linalg.norm(force))
