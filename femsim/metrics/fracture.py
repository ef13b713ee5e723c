"""Where and how a femur broke, and at what load, read from the course of a failure analysis."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from femsim.analyses.failure_course import SEEN, FailureCourse, breakable, judged_bone
from femsim.analyses.outcome import SUPPORT as SUPPORT_ZONE
from femsim.fem.geometry import integration_weights
from femsim.mesh.mesh import Mesh
from femsim.mesh.topology import largest_piece
from femsim.model import Model

BROKEN = 0.5  # damage above which bone counts as broken; a convention of femsim
GROWN = 0.1  # growth of damage past the peak, somewhere, for it to tell of the fracture; a convention of femsim
NECK, TROCHANTERS, SHAFT, SUPPORT, IMPLANT = "neck", "trochanters", "shaft", "support", "implant"
SIDES = {"superior": "upper", "inferior": "lower", "anterior": "front", "posterior": "back"}
# Both must hold this share of the damage of the trochanters for the crack to run between them; a convention of femsim.
_BETWEEN = 0.1
# Shares of the neck, from where the head ends (0) to where the trochanters begin (1), that divide its fractures into
# those of clinicians: thirds, and as much of the head as a third is long. A convention of femsim.
NECK_PATTERNS = (
    (-1 / 3, "in the head"),
    (1 / 3, "subcapital"),
    (2 / 3, "transcervical"),
    (np.inf, "basicervical"),
)


@dataclass(frozen=True)
class Fracture:
    """How one model broke.

    load, factor : size of the hip force at the peak [N], and over that of the activity.
    is_peak : whether the load fell afterwards; else the femur bears at least that.
    crack_load, crack_factor : where the first contiguous volume had yielded; None where none had.
    crack_place : the place that holds most of that volume; "" where there is none.
    crack_elements : how many elements of the size that is usual there make up the volume that counts as a crack.
    energy_to_peak, dissipated : [N·mm] work of the load until the peak; lost in yielding and cracking until the end.
    stiffness : [N/mm] of the first step.
    site : place whose bone lost most strength after the peak, in the part of the femur that lost most; "" where none
        did. Before the peak much bone cracks that does not end it.
    side : "upper", "lower", "front" or "back" of head and neck; "" elsewhere.
    pattern : as clinicians call it.
    broken : place → volume with a damage above BROKEN at the end [mm³], the largest first.
    """

    load: float
    factor: float
    is_peak: bool
    crack_load: float | None
    crack_factor: float | None
    crack_place: str
    crack_elements: float | None
    energy_to_peak: float
    dissipated: float
    stiffness: float
    site: str
    side: str
    pattern: str
    broken: Mapping[str, float]


def fracture(course: FailureCourse, neck_share: np.ndarray) -> Fracture:
    """What a course tells.

    Parameters
    ----------
    course : FailureCourse
        Of at least one step.
    neck_share : (e,) array
        How far along the neck each element lies: 0 where the head ends, 1 where the trochanters begin.
    """
    places = _Places(course.model)
    peak, model = course.peak, course.model
    hip = float(np.linalg.norm(model.history.hip[model.history.peak]))
    lost = _lost_strength(course) * places.volume
    part = places.part_of(lost)
    lost = np.where(places.part == part, lost, 0.0)
    site = places.most(lost)
    known = course.first_yield is not None
    crack = _first_crack(course) if known else np.zeros(model.mesh.n_elements, bool)
    rise, travel = np.diff(course.force[:2]), np.diff(course.travel[:2])
    return Fracture(
        load=float(course.factor[peak] * hip),
        factor=float(course.factor[peak]),
        is_peak=bool(course.past_peak),
        crack_load=course.first_yield * hip if known else None,
        crack_factor=course.first_yield,
        crack_place=places.most(crack * places.volume),
        crack_elements=float(course.crack_volume / places.volume[crack].mean()) if crack.any() else None,
        energy_to_peak=float(course.work[peak]),
        dissipated=float(course.dissipated[-1]),
        stiffness=float(rise[0] / travel[0]) if len(travel) and travel[0] else float("nan"),
        site=site,
        side=_side(site),
        pattern=places.pattern(lost, part, neck_share),
        broken=broken_volumes(model, course.damage[-1]),
    )


def broken_volumes(model: Model, damage: np.ndarray) -> dict[str, float]:
    """Place → volume with a damage (e,) above BROKEN [mm³], the largest first."""
    places = _Places(model)
    return places.sums(places.volume * ((damage > BROKEN) & breakable(model)))


def _lost_strength(course: FailureCourse) -> np.ndarray:
    """(e,) share of strength lost while the load fell, times strength [MPa] where the model knows it.

    Of broken elements; where none is, of those next to the most damaged one. All the damage counts where the load did
    not fall, or nothing was damaged while it did.
    """
    model = course.model
    damage = np.where(breakable(model), course.damage[-1], 0.0)
    highest = float(damage.max(initial=0.0))
    chosen = damage > BROKEN if highest > BROKEN else (damage >= 0.5 * highest) & (damage > 0)
    at_peak = course.damage[int(np.flatnonzero(course.frames == course.peak)[0])]
    grown = np.where(chosen, np.maximum(damage - at_peak, 0.0), 0.0)
    lost = grown if course.past_peak and grown.max(initial=0.0) > GROWN else np.where(chosen, damage, 0.0)
    return lost if model.failing is None else lost * model.failing.tension.mean(axis=1)


def _first_crack(course: FailureCourse) -> np.ndarray:
    """(e,) bool: the largest contiguous piece of bone past yield, away from the support, once it counts."""
    model = course.model
    rows = np.flatnonzero(course.yielded[course.frames] >= course.crack_volume)
    frame = int(rows[0]) if len(rows) else len(course.frames) - 1
    chosen = judged_bone(model) & (course.plastic_strain[frame] > SEEN)
    return largest_piece(model.mesh.elements, _volumes(model.mesh), chosen)


def _volumes(mesh: Mesh) -> np.ndarray:
    return integration_weights(mesh).sum(axis=1)


def _side(site: str) -> str:
    words = site.split("_")
    return next((plain for side, plain in SIDES.items() if side in words), "") if words[0] in ("head", "neck") else ""


class _Places:
    """The places of a model's elements: zones of bone, else the region; and the part of the femur each belongs to."""

    def __init__(self, model: Model):
        mesh = model.mesh
        self.names = (*model.zones, *mesh.regions)
        self.place_of = np.where(model.zone_of >= 0, model.zone_of, len(model.zones) + mesh.region_of)
        self.volume = _volumes(mesh)
        zones = [_part(name) for name in model.zones]
        bone = [name.startswith("bone") for name in mesh.regions]
        self.part = np.array([*zones, *(SHAFT if is_bone else IMPLANT for is_bone in bone)])[self.place_of]

    def sums(self, amount: np.ndarray) -> dict[str, float]:
        """Place → sum of an amount (e,) in it, the largest first."""
        found = np.bincount(self.place_of, amount, len(self.names))
        return {self.names[row]: float(found[row]) for row in np.argsort(-found, kind="stable") if found[row] > 0}

    def most(self, amount: np.ndarray) -> str:
        """The place with most of an amount (e,)."""
        return next(iter(self.sums(amount)), "")

    def part_of(self, amount: np.ndarray) -> str:
        """The part of the femur with most of it; bone goes before what was put into it."""
        bone = np.where(self.part != IMPLANT, amount, 0.0)
        amount = bone if bone.any() else amount
        parts = sorted(set(self.part[amount > 0]))
        return max(parts, key=lambda part: amount[self.part == part].sum(), default="")

    def pattern(self, lost: np.ndarray, part: str, neck_share: np.ndarray) -> str:
        """As clinicians call it; lost (e,) in that part only."""
        if not lost.any():
            return "none"
        if part == NECK:
            share = float(np.average(neck_share, weights=lost))
            return next(words for limit, words in NECK_PATTERNS if share < limit)
        amounts = self.sums(lost)
        if part == TROCHANTERS:
            least = min(amounts.get(name, 0.0) for name in ("greater_trochanter", "calcar"))
            if least >= _BETWEEN * sum(amounts.values()):
                return "intertrochanteric"
            return "of the greater trochanter" if next(iter(amounts)) == "greater_trochanter" else "of the calcar"
        if part == SHAFT:
            below = next(iter(amounts)) in ("shaft_lateral", "shaft_medial")
            return "subtrochanteric" if below else "of the shaft"
        return "beside the support" if part == SUPPORT else f"of the {next(iter(amounts))}"


def _part(zone: str) -> str:
    if zone.startswith(("head", "neck")):
        return NECK
    if zone in ("greater_trochanter", "calcar"):
        return TROCHANTERS
    return SUPPORT if zone == SUPPORT_ZONE else SHAFT
