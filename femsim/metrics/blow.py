"""What an impact did to a femur: its largest forces, and how near bone came to failing in every instant."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from femsim import units
from femsim.analyses.impact_course import ImpactCourse
from femsim.analyses.outcome import Outcome
from femsim.arrays import freeze, frozen
from femsim.criteria.principal_strain import PrincipalStrain
from femsim.metrics.bone_strain import bone_spheres, mean_strain
from femsim.metrics.fracture import BROKEN, broken_volumes
from femsim.metrics.kept_places import kept_places
from femsim.metrics.measure import Measure
from femsim.metrics.places import FEMUR

LEADING = ("floor", "hip")  # which force speaks for the impact, the first that it has


# Bone → what is judged by a severity, which is 1 where it just breaks.
SEVERITY = {
    "linear": "largest risk factor of kept bone, strain averaged over spheres of 2 mm, bone linear: 1 is first yield",
    "breaking": "largest contiguous area of crack over that which counts as a fracture (analysis.fracture_area_mm2)",
}


@dataclass(frozen=True)
class Blow:
    """What became of one model.

    leading : the force that speaks for the impact.
    peak_force, peak_time : force → its largest size [N], and when [s].
    risk : (f, e) risk factor of bone in every frame, NaN elsewhere; risk_over_time : (f,) largest in the femur.
    risk_max, risk_time, risk_zone : the largest of all, when [s] and in which zone.
    broken : place → volume with a damage above one half in the last frame [mm³].
    energy_error : largest error of the balance of energy over the largest energy.
    breaks : what became of bone that may break; None where it was linear.
    """

    leading: str
    peak_force: Mapping[str, float]
    peak_time: Mapping[str, float]
    risk: np.ndarray
    risk_over_time: np.ndarray
    risk_max: float
    risk_time: float
    risk_zone: str
    broken: Mapping[str, float]
    energy_error: float
    breaks: "Breaks | None" = None

    def __post_init__(self):
        freeze(
            self,
            risk=frozen(self.risk, np.float32, (None, None)),
            risk_over_time=frozen(self.risk_over_time, np.float64, (len(self.risk),)),
        )

    @property
    def severity(self) -> float:
        """1 where it just breaks; see SEVERITY."""
        return self.risk_max if self.breaks is None else self.breaks.crack_area / self.breaks.fracture_area


@dataclass(frozen=True)
class Breaks:
    """How far bone cracked.

    crack_time, crack_force : of the first contiguous volume past yield [s], [N]; None where there was none.
    crack_area, fracture_area : [mm²] of the largest crack, and from which on it counts as a fracture.
    time, force : [s], [N] when it counted; None where bone held.
    dissipated : [N·mm] by yielding and cracking.
    """

    crack_time: float | None
    crack_force: float | None
    crack_area: float
    fracture_area: float
    time: float | None
    force: float | None
    dissipated: float

    @property
    def broke(self) -> bool:
        return self.time is not None


def blow(course: ImpactCourse, outcome: Outcome, operated: Outcome, criterion: PrincipalStrain) -> Blow:
    """What a course tells.

    Parameters
    ----------
    outcome : of the same model in linear statics; operated : of the operated model of its pair, for what is kept bone.
    """
    times, model = course.times, course.model
    at = {name: int(np.abs(force).argmax()) for name, force in course.forces.items()}
    leading = next((name for name in LEADING if name in at), next(iter(at)))
    rows = np.concatenate([one.rows for one in bone_spheres(outcome, operated)])
    kept = kept_places(operated).beside(model.pulled_at(model.history), model.patch_radius)
    risk = np.full((len(course.frames), model.mesh.n_elements), np.nan, np.float32)
    highest, zones = [], [row for row, name in enumerate(kept.places) if name in kept.zones]
    for frame, displacement in enumerate(course.displacement):
        values = criterion.ratio(None, mean_strain(outcome, operated, displacement))
        risk[frame, rows] = values
        highest.append(kept.largest(values[: len(kept.volumes)]))
    highest = np.array(highest)
    femur = highest[:, kept.places.index(FEMUR)]
    worst = int(femur.argmax())
    named = [(highest[worst, row], kept.places[row]) for row in zones]
    zone = next((name for value, name in sorted(named, reverse=True) if value <= femur[worst]), FEMUR)
    return Blow(
        leading=leading,
        peak_force={name: float(abs(course.forces[name][row])) for name, row in at.items()},
        peak_time={name: float(times[row]) for name, row in at.items()},
        risk=risk,
        risk_over_time=femur,
        risk_max=float(femur[worst]),
        risk_time=float(times[course.frames[worst]]),
        risk_zone=zone,
        broken=broken_volumes(model, course.damage[-1]),
        energy_error=float(np.abs(course.balance).max(initial=0.0)),
        breaks=None if course.breakage is None else _breaks(course, np.abs(course.forces[leading])),
    )


def _breaks(course: ImpactCourse, force: np.ndarray) -> Breaks:
    found = course.breakage

    def at(row: int | None) -> tuple[float | None, float | None]:
        return (None, None) if row is None else (float(course.times[row]), float(force[row]))

    crack_time, crack_force = at(found.first_crack)
    return Breaks(
        crack_time, crack_force, float(found.crack_area.max()), found.fracture_area, *at(found.fracture),
        float(course.energies["damage"][-1]),
    )  # fmt: skip


def blow_measures(blows: Mapping[str, Blow]) -> tuple[Measure, ...]:
    """Of each model, and operated over intact less 1; the intact one for both where nothing was put in."""
    blows = blows if "operated" in blows else {"operated": blows["intact"], **blows}
    found = [measure for model, one in blows.items() for measure in _of_model(model, one)]
    of = {(measure.name, measure.model): measure.value for measure in found}
    for name in ("impact_peak_force", "impact_risk_factor_max"):
        after, before = of.get((name, "operated")), of.get((name, "intact"))
        if after is not None and before:
            change = 100.0 * (after / before - 1.0)
            found.append(Measure(name, FEMUR, "change", change, "%", "operated over intact less 1"))
    return tuple(found)


def _of_model(model: str, one: Blow) -> list[Measure]:
    force, where = one.leading, "largest over the impact, of strain averaged over spheres of 2 mm, kept bone"
    return [
        Measure("impact_peak_force", FEMUR, model, one.peak_force[force], "N", f"largest force of the {force}"),
        Measure("impact_peak_time", FEMUR, model, 1e3 * one.peak_time[force], "ms", f"of the force of the {force}"),
        Measure("impact_risk_factor_max", FEMUR, model, one.risk_max, "-", where),
        Measure("impact_broken_volume", FEMUR, model, sum(one.broken.values()), "mm3", f"damage above {BROKEN:g}"),
        *_of_breaks(model, one),
        Measure("impact_energy_error", FEMUR, model, 100.0 * one.energy_error, "%", "of the largest energy"),
    ]


def _of_breaks(model: str, one: Blow) -> list[Measure]:
    breaks, force = one.breaks, one.leading
    if breaks is None:
        return []
    found = [
        Measure("impact_crack_area", FEMUR, model, breaks.crack_area, "mm2", "largest crack, damage above 0.5"),
        Measure("impact_dissipated", FEMUR, model, breaks.dissipated / units.J, "J", "by yielding and cracking"),
    ]
    for name, value, when in (
        ("impact_first_crack_force", breaks.crack_force, "at the first contiguous volume past yield"),
        ("impact_fracture_force", breaks.force, "when the crack counted as a fracture"),
    ):
        if value is not None:
            found.append(Measure(name, FEMUR, model, value, "N", f"force of the {force} {when}"))
    return found
