"""What the person of a scenario does, as loads on a femur: every activity in the femur's frame."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from femsim.anatomy.attachments import FemurSites
from femsim.anatomy.bergmann import bergmann_rotation
from femsim.anatomy.femur import Femur
from femsim.arrays import freeze, frozen
from femsim.build.attitude import acted_on, in_femur_frame, noted
from femsim.loads import ACTIVITIES, ROUTINES
from femsim.loads.application import load_basis
from femsim.loads.history import LoadHistory
from femsim.loads.poles import Poles, usual_poles
from femsim.loads.subject import Subject
from femsim.loads.traction import LoadApplication
from femsim.mesh.mesh import Mesh
from femsim.model import LoadCase
from femsim.scenario.reading import Scenario


@dataclass(frozen=True)
class Activity:
    """One activity on a femur: its name, its forces in the femur's frame, how often this leg goes through it."""

    name: str
    history: LoadHistory
    cycles_per_day: float | None = None


@dataclass(frozen=True)
class Loading:
    """All that acts on a femur, not yet on a mesh.

    activities : the one under [load] first.
    sites : site → (3,) where its force enters [mm], femur frame; found when asked for.
    turn, from_lab : (3, 3) rotations to the femur frame, from Bergmann's and from that of the rig or floor.
    merged : whether loads that rise and fall together become one.
    """

    activities: tuple[Activity, ...]
    sites: FemurSites
    turn: np.ndarray
    from_lab: np.ndarray
    application: LoadApplication
    merged: bool = True

    def __post_init__(self):
        freeze(
            self,
            activities=tuple(self.activities),
            turn=frozen(self.turn, np.float64, (3, 3)),
            from_lab=frozen(self.from_lab, np.float64, (3, 3)),
        )

    @cached_property
    def poles(self) -> Poles:
        """Directions of the hip force that are solved for, femur frame."""
        return usual_poles().turned(self.turn)

    @property
    def acted_on(self) -> Mapping[str, np.ndarray]:
        """Site → (3,) point of those where some activity's force acts, the head aside."""
        return {name: place for one in self.activities for name, place in acted_on(self.sites, one.history).items()}

    def history_of(self, activity: Any, subject: Subject) -> LoadHistory:
        """Forces of an entry of ACTIVITIES on this femur, in its frame."""
        told = activity.history(subject, self.sites.in_bergmann())
        return in_femur_frame(told, self.turn, self.from_lab)

    def noted(self, femur: Femur) -> Femur:
        """The femur with sentences on how the frame of the forces lies in it."""
        return noted(femur, self.turn, self.sites)

    def on(self, mesh: Mesh, head_centre: np.ndarray) -> tuple[np.ndarray, tuple[LoadCase, ...]]:
        """Nodal loads (b, n, 3) [N] that span all activities on a mesh, and each activity in terms of them."""
        basis, factors = load_basis(
            [activity.history for activity in self.activities],
            mesh,
            self.acted_on,
            self.application,
            head_centre=head_centre,
            poles=self.poles,
            merged=self.merged,
        )
        return basis, tuple(
            LoadCase(activity.name, activity.history, of_it, activity.cycles_per_day)
            for activity, of_it in zip(self.activities, factors)
        )


def loading_of(scenario: Scenario, femur: Femur, *, like: Loading | None = None) -> Loading:
    """What the scenario says that the person does, on this femur.

    like : of a scenario that differs in activity and subject alone; its sites, once found, are not looked for again.

    Raises
    ------
    GeometryError
        Where a muscle's site lies off the bone.
    """
    if like is not None:
        return replace(like, activities=_activities(scenario, like))
    told = scenario.application
    turn = bergmann_rotation(femur, told.shaft_tilt_deg, told.shaft_tilt_frontal_deg)
    empty = Loading((), FemurSites(femur, turn), turn, scenario.support.from_lab, told)
    return replace(empty, activities=_activities(scenario, empty))


def _activities(scenario: Scenario, loading: Loading) -> tuple[Activity, ...]:
    subject = scenario.subject
    return (
        Activity(ACTIVITIES.name_of(scenario.load), loading.history_of(scenario.load, subject)),
        *(
            Activity(ROUTINES.name_of(one), loading.history_of(one, subject), one.cycles_per_day())
            for one in scenario.routine
        ),
    )
