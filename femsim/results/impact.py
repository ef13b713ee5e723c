"""What a run tells of an impact: a table of forces, travels and energies over time, the fields of some instants."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from femsim import units
from femsim.arrays import freeze, frozen
from femsim.durable import write_text
from femsim.results import vtkhdf
from femsim.results.course_body import course_body
from femsim.results.tables import by_model, lines_of

if TYPE_CHECKING:  # reading a run must not load what computes one
    from femsim.analyses.impact_course import ImpactCourse
    from femsim.metrics.blow import Blow, Breaks
    from femsim.metrics.breaking import Limit

FILE = "impact.csv"
FIELDS = "impact-{}.vtkhdf"  # of a model
UNITS = {"region_id": "-", "zone_id": "-", "displacement": "mm", "damage": "-", "risk_factor": "-"}
FORCE, TRAVEL, ENERGY = ("force_", "_N"), ("travel_", "_mm"), ("energy_", "_J")  # what stands before and after names


@dataclass(frozen=True)
class Written:
    """One model as impact.csv has it, every array (s,) over the times.

    times : [s]. forces : name → [N]. travels : name → [mm]. energies : name → [J].
    balance : error of the balance of energy over the largest energy.
    risk : (f,) largest risk factor of the femur in the frames, which are the states (f,) whose fields are kept.
    """

    model: str
    times: np.ndarray
    forces: Mapping[str, np.ndarray]
    travels: Mapping[str, np.ndarray]
    energies: Mapping[str, np.ndarray]
    balance: np.ndarray
    frames: np.ndarray
    risk: np.ndarray

    def __post_init__(self):
        s = len(self.times)
        for name in ("forces", "travels", "energies"):
            freeze(self, **{name: {k: frozen(v, np.float64, (s,)) for k, v in getattr(self, name).items()}})
        freeze(
            self,
            times=frozen(self.times, np.float64, (s,)),
            balance=frozen(self.balance, np.float64, (s,)),
            frames=frozen(self.frames, np.int64, (None,)),
            risk=frozen(self.risk, np.float64, (len(self.frames),)),
        )


def told(
    courses: Mapping[str, "ImpactCourse"],
    blows: Mapping[str, "Blow"],
    setting: Mapping[str, Any],
    limits: "Mapping[str, Limit] | None" = None,
) -> dict[str, Any]:
    """The section of summary.json.

    Parameters
    ----------
    courses, blows : by model; "intact" alone where nothing was put in.
    setting : what the impact was, as plain data: "blow" in short, "words", and "floor" = {"point", "normal"} where
        there is one.
    limits : what just breaks each model, where that was searched.
    """
    return {
        "models": {
            name: _of_model(course, blows[name]) | ({"breaking": _of_limit(limits[name])} if limits else {})
            for name, course in courses.items()
        },
        "setting": dict(setting),
    }


def _of_model(course: "ImpactCourse", blow: "Blow") -> dict[str, Any]:
    return {
        "leading_force": blow.leading,
        "peak_force_n": dict(blow.peak_force),
        "peak_time_s": dict(blow.peak_time),
        "risk_factor_max": blow.risk_max,
        "risk_time_s": blow.risk_time,
        "risk_zone": blow.risk_zone,
        "broken_volume_mm3": dict(blow.broken),
        **({} if blow.breaks is None else {"fracture": _of_breaks(blow.breaks)}),
        "duration_s": float(course.times[-1]),
        "energy_error": float(np.abs(course.balance).max(initial=0.0)),
        "largest_energy_j": {name: float(np.abs(e).max()) / units.J for name, e in course.energies.items()},
        "scheme": course.scheme,
        "warnings": list(course.warnings),
        "stored_times_s": course.times[course.frames].tolist(),
    }


def _of_breaks(breaks: "Breaks") -> dict[str, Any]:
    return {
        "broke": breaks.broke,
        "time_s": breaks.time,
        "force_n": breaks.force,
        "crack_area_mm2": breaks.crack_area,
        "fracture_area_mm2": breaks.fracture_area,
        "first_crack_time_s": breaks.crack_time,
        "first_crack_force_n": breaks.crack_force,
        "dissipated_j": breaks.dissipated / units.J,
    }


def _of_limit(limit: "Limit") -> dict[str, Any]:
    return {
        "sought": limit.sought,
        "unit": limit.unit,
        "given": limit.given,
        "value": limit.value,
        "factor": limit.factor,
        "severity": limit.severity,
        "why_not": limit.why,
        "tried": [
            {
                "value": limit.at(one.factor), "factor": one.factor, "severity": one.severity,
                "peak_force_n": one.peak_force, "zone": one.zone,
            }
            for one in limit.tried
        ],
    }  # fmt: skip


def write(folder: Path, courses: Mapping[str, "ImpactCourse"], blows: Mapping[str, "Blow"]) -> None:
    """Write impact.csv and a file of fields for each model."""
    write_csv(Path(folder) / FILE, courses, blows)
    for model, course in courses.items():
        one = body(model, course, blows[model])
        vtkhdf.write(Path(folder) / FIELDS.format(model), [one], course.times[course.frames])


def body(name: str, course: "ImpactCourse", blow: "Blow") -> vtkhdf.Body:
    """Mesh and fields of one model."""
    return course_body(
        name,
        course,
        {"damage": course.damage, "risk_factor": blow.risk},
        UNITS,
    )


def write_csv(path: Path, courses: Mapping[str, "ImpactCourse"], blows: Mapping[str, "Blow"]) -> None:
    """One line per model and time; `frame` and the risk factor where the fields of the time are kept."""
    text = io.StringIO()
    first = next(iter(courses.values()))
    groups = [(FORCE, first.forces), (TRAVEL, first.travels), (ENERGY, first.energies)]
    columns = [f"{before}{name}{after}" for (before, after), named in groups for name in named]
    table = csv.writer(text, lineterminator="\n")
    table.writerow(["model", "state", "frame", "time_s", *columns, "balance_error", "risk_factor_max"])
    for model, course in courses.items():
        risk = dict(zip(course.frames.tolist(), blows[model].risk_over_time.tolist()))
        frame_of = {state: frame for frame, state in enumerate(course.frames.tolist())}
        numbers = [course.times]
        numbers += [course.forces[name] for name in first.forces]
        numbers += [course.travels[name] for name in first.travels]
        numbers += [course.energies[name] / units.J for name in first.energies]
        for state, row in enumerate(np.stack([*numbers, course.balance], axis=1).tolist()):
            last = f"{risk[state]:.7g}" if state in risk else ""
            table.writerow([model, state, frame_of.get(state, ""), *(f"{number:.9g}" for number in row), last])
    write_text(path, text.getvalue())


def read_csv(folder: Path) -> dict[str, Written]:
    """Every model of a run's impact.csv.

    Raises
    ------
    StoreError
        Where there is no such file, or it is damaged.
    """
    with lines_of(folder, FILE, "run an impact") as lines:
        return {model: _written(model, rows) for model, rows in by_model(lines).items()}


def _written(model: str, lines: Sequence[Mapping[str, str]]) -> Written:
    def named(around: tuple[str, str]) -> dict[str, list[float]]:
        before, after = around
        names = [name for name in lines[0] if name.startswith(before) and name.endswith(after)]
        return {name[len(before) : -len(after)]: [float(line[name]) for line in lines] for name in names}

    kept = [line for line in lines if line["frame"] != ""]
    return Written(
        model,
        [float(line["time_s"]) for line in lines],
        *(named(around) for around in (FORCE, TRAVEL, ENERGY)),
        [float(line["balance_error"]) for line in lines],
        [int(line["state"]) for line in kept],
        [float(line["risk_factor_max"]) for line in kept],
    )
