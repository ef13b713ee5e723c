"""How close bone comes to failing over whole activities: every frame, the worst of all, and what it would take."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

import numpy as np

from femsim.analyses.outcome import Outcome
from femsim.arrays import freeze, frozen
from femsim.criteria.principal_strain import PrincipalStrain
from femsim.metrics.bone_strain import BoneStrain, bone_strain
from femsim.metrics.kept_places import APART, KeptPlaces, kept_places
from femsim.metrics.places import FEMUR, UNIONS
from femsim.model import LoadCase


@dataclass(frozen=True)
class Course:
    """The risk factor of kept bone in one model over one activity.

    places : zones of kept bone, unions of them, the femur.
    largest : (t, z) largest average over spheres, per frame and place.
    p99 : (t,) of the femur: 99 % of its volume lies below.
    """

    model: str
    case: LoadCase
    places: tuple[str, ...]
    largest: np.ndarray
    p99: np.ndarray

    def __post_init__(self):
        freeze(
            self,
            largest=frozen(self.largest, np.float64, (None, len(self.places))),
            p99=frozen(self.p99, np.float64, (len(self.largest),)),
        )

    def peak_of(self, place: str) -> tuple[float, float]:
        """Largest value of a place over the activity, and the instant of it."""
        values = self.largest[:, self.places.index(place)]
        frame = int(values.argmax())
        return float(values[frame]), float(self.case.history.instants[frame])

    @property
    def zones(self) -> tuple[str, ...]:
        """The zones of kept bone that make up the femur: support and patches of force aside."""
        return tuple(name for name in self.places if name not in (*UNIONS, FEMUR, *APART))

    def worst_of(self, zones: Collection[str]) -> tuple[float, float, str]:
        """Largest value in any of the zones, its instant, and which of them; nothing and "" where there is none."""
        rows = [row for row, name in enumerate(self.places) if name in zones]
        if not rows:
            return 0.0, float(self.case.history.instants[0]), ""
        frame, column = np.unravel_index(self.largest[:, rows].argmax(), (len(self.largest), len(rows)))
        place = self.places[rows[column]]
        return float(self.largest[frame, rows[column]]), float(self.case.history.instants[frame]), place

    @property
    def worst_zone(self) -> str:
        """The zone that comes nearest to failing."""
        return self.worst_of(self.zones)[2]

    @property
    def multiplier(self) -> float:
        """By how much every force would have to grow until some sphere of kept bone reaches a risk factor of 1."""
        worst = self.peak_of(FEMUR)[0]
        return 1.0 / worst if worst > 0 else np.inf

    def mass_at_yield(self, body_mass: float) -> float | None:
        """Body mass at which that happens, in the unit of the one given; None where it plays no part."""
        return self.mass_at(self.multiplier, body_mass)

    def mass_at(self, multiplier: float, body_mass: float) -> float | None:
        """Body mass whose forces are as many times those of body_mass; None where it plays no part."""
        exponent = self.case.history.mass_exponent
        return body_mass * multiplier ** (1.0 / exponent) if exponent > 0 else None


@dataclass(frozen=True)
class Envelope:
    """The largest risk factor of every element over all frames of all activities.

    risk : (e,) NaN where there is no solid bone.
    instant : (e,) of the first activity, when it is largest over that activity; NaN as above.
    """

    risk: np.ndarray
    instant: np.ndarray


def courses(outcome: Outcome, operated: Outcome, criterion: PrincipalStrain) -> tuple[tuple[Course, ...], Envelope]:
    """Courses of one model of a pair over every activity of its model, and their envelope. One frame lies in memory."""
    return outcome.once(("courses", criterion), lambda: _courses(outcome, operated, criterion))


def _courses(outcome: Outcome, operated: Outcome, criterion: PrincipalStrain):
    model, bone = outcome.model, bone_strain(outcome, operated)
    kept = kept_places(operated)
    envelope = np.zeros(len(bone.rows))
    when, highest = np.zeros(len(bone.rows)), np.full(len(bone.rows), -1.0)
    found = []
    for number, case in enumerate(model.cases):
        instants = case.history.instants

        def seen(values: np.ndarray, frame: int, first: bool = number == 0, instants=instants) -> None:
            np.maximum(envelope, values, out=envelope)
            if first:
                higher = values > highest
                when[higher], highest[higher] = instants[frame], values[higher]

        places = kept.beside(model.pulled_at(case.history), model.patch_radius)
        found.append(course_of(bone, places, case, criterion, model=model.name, seen=seen))
    maps = np.full((2, model.mesh.n_elements), np.nan)
    maps[:, bone.rows] = envelope, when
    return tuple(found), Envelope(*maps)


def course_of(
    bone: BoneStrain,
    kept: KeptPlaces,
    case: LoadCase,
    criterion: PrincipalStrain,
    *,
    model: str,
    seen: Callable[[np.ndarray, int], None] | None = None,
) -> Course:
    """The course of one activity.

    seen : optional; shown the risk factor (k,) of every load of the activity where it is largest, and that frame.
    """
    largest = np.zeros((len(case.factors), len(kept.places)))
    p99 = np.zeros(len(largest))
    for frames, shares, values in bone.risks(case.factors, criterion):
        own = values[: bone.n_kept]
        largest[frames] = np.outer(shares, kept.largest(own))
        p99[frames] = shares * kept.p99(own)
        if seen:
            seen(values, int(frames[0]))
    return Course(model, case, kept.places, largest, p99)
