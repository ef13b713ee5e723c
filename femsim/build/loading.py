"""What the person of a scenario does, as loads on a femur: every activity in the femur's frame."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from femsim.anatomy.attachments import attachments
from femsim.anatomy.femur import Femur
from femsim.arrays import freeze
from femsim.loads import ACTIVITIES
from femsim.loads.application import load_basis
from femsim.loads.history import LoadHistory
from femsim.loads.poles import Poles, usual_poles
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
    sites : site → (3,) where its force enters [mm], femur frame.
    poles : directions of the hip force that are solved for, femur frame.
    merged : whether loads that rise and fall together become one.
    """

    activities: tuple[Activity, ...]
    sites: Mapping[str, np.ndarray]
    poles: Poles
    application: LoadApplication
    merged: bool = True

    def __post_init__(self):
        freeze(self, activities=tuple(self.activities), sites=MappingProxyType(dict(self.sites)))

    def on(self, mesh: Mesh, head_centre: np.ndarray) -> tuple[np.ndarray, tuple[LoadCase, ...]]:
        """Nodal loads (b, n, 3) [N] that span all activities on a mesh, and each activity in terms of them."""
        basis, factors = load_basis(
            [activity.history for activity in self.activities],
            mesh,
            self.sites,
            self.application,
            head_centre=head_centre,
            poles=self.poles,
            merged=self.merged,
        )
        return basis, tuple(
            LoadCase(activity.name, activity.history, of_it, activity.cycles_per_day)
            for activity, of_it in zip(self.activities, factors)
        )


def loading_of(scenario: Scenario, femur: Femur) -> Loading:
    """What the scenario says that the person does, on this femur.

    Raises
    ------
    GeometryError
        Where a muscle's site lies off the bone.
    """
    history = scenario.load.history(scenario.subject)
    activities = [Activity(ACTIVITIES.name_of(scenario.load), history)]
    sites = attachments(femur, history.sites)
    return Loading(tuple(activities), sites, usual_poles(), scenario.application)
