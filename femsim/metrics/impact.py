"""What an impact does to bone: risk factor over time, where it is largest, peak forces, impulses."""

from dataclasses import dataclass

import numpy as np

from femsim.analyses.impact_course import ImpactCourse
from femsim.analyses.outcome import Outcome
from femsim.arrays import freeze, frozen
from femsim.criteria.principal_strain import PrincipalStrain
from femsim.fem.recovery import strain
from femsim.fem.spheres import Spheres
from femsim.metrics.bone_strain import BoneStrain
from femsim.metrics.kept_places import kept_places
from femsim.metrics.measure import Measure
from femsim.metrics.places import AVERAGING_RADIUS, FEMUR, OF_MEAN_STRAIN, bone_mask, solid_spheres


@dataclass(frozen=True)
class ImpactRisk:
    """Risk factor of strain averaged over spheres of 2 mm, at the instants whose fields an impact keeps.

    times : (f,) [s]. places : zones of kept bone, unions of them, the femur last.
    largest : (f, z). field : (f, e), NaN where there is no solid bone.
    """

    times: np.ndarray
    places: tuple[str, ...]
    largest: np.ndarray
    field: np.ndarray

    def __post_init__(self):
        f = len(self.times)
        freeze(
            self,
            times=frozen(self.times, np.float64, (f,)),
            places=tuple(self.places),
            largest=frozen(self.largest, np.float64, (f, len(self.places))),
            field=frozen(self.field, np.float64, (f, None)),
        )

    @property
    def of_femur(self) -> np.ndarray:
        """(f,) largest of the femur, what its support and patches of force feel aside."""
        return self.largest[:, self.places.index(FEMUR)]

    @property
    def worst(self) -> tuple[float, float, str, int]:
        """Largest of the femur, its instant [s], the zone and the element where it is."""
        frame = int(self.of_femur.argmax())
        judged = [row for row, name in enumerate(self.places) if self.largest[frame, row] == self.of_femur[frame]]
        values = np.where(self.field[frame] == self.of_femur[frame], self.field[frame], -np.inf)
        return float(self.of_femur[frame]), float(self.times[frame]), self.places[judged[0]], int(values.argmax())


def impact_risk(
    course: ImpactCourse, outcome: Outcome, operated: Outcome, criterion: PrincipalStrain | None = None
) -> ImpactRisk:
    """Risk over an impact of one model of a pair; outcome, operated : its static answer, and that of the operated."""
    criterion = criterion or PrincipalStrain()
    model, spheres = outcome.model, [solid_spheres(operated)]
    solid = bone_mask(outcome) & ~outcome.marrow
    solid[: outcome.n_kept] = False
    if solid.any():
        spheres.append(Spheres(model.mesh, AVERAGING_RADIUS, np.flatnonzero(solid)))
    rows = np.concatenate([one.rows for one in spheres])
    n_kept, places = len(spheres[0].rows), kept_places(operated)
    places = places.beside(model.pulled_at(model.history), model.patch_radius)
    field = np.full((len(course.frames), model.mesh.n_elements), np.nan)
    largest = np.empty((len(course.frames), len(places.places)))
    for frame, displacement in enumerate(course.displacement):
        felt = strain(model.mesh, displacement) / model.yield_strain_factor[..., None]
        averaged = np.concatenate([one.average(felt[one.rows]) for one in spheres])
        values = BoneStrain(rows, n_kept, averaged[:, None]).risk(np.ones(1), criterion)
        field[frame, rows] = values
        largest[frame] = places.largest(values[:n_kept])
    return ImpactRisk(course.times[course.frames], places.places, largest, field)


def impact_measures(
    courses: tuple[ImpactCourse, ImpactCourse], risks: tuple[ImpactRisk, ImpactRisk]
) -> tuple[Measure, ...]:
    """Peak forces, when, impulses, losses and risks of the operated and the intact model, and the change of each."""
    found = []
    after, before = (_numbers(course, risk) for course, risk in zip(courses, risks))
    for key, (value, unit, note) in after.items():
        name, place = key
        found.append(Measure(name, place, "operated", value, unit, note))
        if key in before:
            found.append(Measure(name, place, "intact", before[key][0], unit, note))
            found.append(Measure(name, place, "change", value - before[key][0], unit, "operated less intact; " + note))
    return tuple(found)


def _numbers(course: ImpactCourse, risk: ImpactRisk) -> dict[tuple[str, str], tuple[float, str, str]]:
    found = {}
    for name, force in course.forces.items():
        peak = int(force.argmax())
        found[f"impact_{name}_force_max", FEMUR] = (float(force[peak]), "N", "largest over the impact")
        found[f"impact_{name}_time_to_peak", FEMUR] = (1e3 * float(course.times[peak]), "ms", "from the first contact")
        impulse = float(np.trapezoid(force, course.times))
        found[f"impact_{name}_impulse", FEMUR] = (impulse, "N.s", "over what was followed")
    for name in ("strain", "surroundings_lost", "damping"):
        found[f"impact_energy_{name}_max", FEMUR] = (float(course.energies[name].max()), "N.mm", "largest there was")
    found["impact_energy_off_balance", FEMUR] = (
        100 * float(np.abs(course.balance).max()), "%", "of the largest energy; stopped above 1",
    )  # fmt: skip
    for column, place in enumerate(risk.places):
        found["impact_risk_factor_max", place] = (
            float(risk.largest[:, column].max()), "-", f"largest over the impact, {OF_MEAN_STRAIN}",
        )  # fmt: skip
    found["impact_risk_time", FEMUR] = (1e3 * risk.worst[1], "ms", "when the femur is nearest to yielding")
    return found
