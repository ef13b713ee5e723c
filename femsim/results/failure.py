"""What a run tells of a failure analysis: a table of every state, the fields of some, and where and how bone broke."""

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
    from femsim.analyses.failure_course import FailureCourse
    from femsim.metrics.fracture import Fracture

FILE = "failure.csv"
COLUMNS = (
    *("model", "state", "frame", "factor", "hip_force_N", "travel_mm", "force_N"),
    *("work_J", "stored_J", "dissipated_J", "yielded_mm3", "iterations"),
)
FIELDS = "failure-{}.vtkhdf"  # of a model
UNITS = {"region_id": "-", "zone_id": "-", "displacement": "mm", "damage": "-", "plastic_strain": "-"}


@dataclass(frozen=True)
class Written:
    """One model as failure.csv has it, every array (s,) over the states.

    frames : (f,) states whose fields are kept, in the order of the steps of the model's file of fields.
    work, stored, dissipated : [J]. yielded : [mm³].
    """

    model: str
    factor: np.ndarray
    hip_force: np.ndarray
    travel: np.ndarray
    force: np.ndarray
    work: np.ndarray
    stored: np.ndarray
    dissipated: np.ndarray
    yielded: np.ndarray
    frames: np.ndarray

    def __post_init__(self):
        s = len(self.factor)
        names = ("factor", "hip_force", "travel", "force", "work", "stored", "dissipated", "yielded")
        freeze(self, **{name: frozen(getattr(self, name), np.float64, (s,)) for name in names})
        freeze(self, frames=frozen(self.frames, np.int64, (None,)))

    @property
    def peak(self) -> int:
        """State of the largest load."""
        return int(np.argmax(self.factor))


def told(
    courses: Mapping[str, "FailureCourse"], fractures: Mapping[str, "Fracture"], estimates: Mapping[str, float | None]
) -> dict[str, Any]:
    """The section of summary.json.

    Parameters
    ----------
    courses, fractures : by model; "intact" alone where nothing was put in.
    estimates : model → fracture load by the linear criterion [N], or None.
    """
    models = {name: _of_model(course, fractures[name], estimates[name]) for name, course in courses.items()}
    both = set(models) == {"operated", "intact"} and all(one.is_peak for one in fractures.values())
    return {
        "models": models,
        "operated_over_intact": fractures["operated"].load / fractures["intact"].load if both else None,
        "crack_volume_mm3": float(courses["intact"].crack_volume),
    }


def _of_model(course: "FailureCourse", one: "Fracture", estimate: float | None) -> dict[str, Any]:
    over = 100.0 * (estimate / one.load - 1.0) if estimate is not None and one.is_peak else None
    return {
        "fracture_load_n": one.load,
        "fracture_factor": one.factor,
        "past_peak": one.is_peak,
        "first_crack_load_n": one.crack_load,
        "first_crack_factor": one.crack_factor,
        "first_crack_zone": one.crack_place,
        "energy_to_peak_j": one.energy_to_peak / units.J,
        "dissipated_j": one.dissipated / units.J,
        "stiffness_n_per_mm": one.stiffness if np.isfinite(one.stiffness) else None,
        "site": one.site,
        "side": one.side,
        "pattern": one.pattern,
        "broken_volume_mm3": dict(one.broken),
        "linear_estimate_n": estimate,
        "linear_over_fracture_percent": over,
        "travel_to_peak_mm": float(course.travel[course.peak]),
        "energy_error": energy_error(course),
        "n_states": len(course.factor),
        "ending": course.ending,
        "stored_states": course.frames.tolist(),
    }


def energy_error(course: "FailureCourse") -> float:
    """Largest gap between the work and where it went, over the largest work."""
    largest = float(np.abs(course.work).max(initial=0.0))
    gap = float(np.abs(course.work - course.stored - course.dissipated).max(initial=0.0))
    return gap / largest if largest > 0 else 0.0


def write(folder: Path, courses: Mapping[str, "FailureCourse"]) -> None:
    """Write failure.csv and a file of fields for each model."""
    write_csv(Path(folder) / FILE, courses)
    for model, course in courses.items():
        vtkhdf.write(Path(folder) / FIELDS.format(model), [body(model, course)], course.frames)


def body(name: str, course: "FailureCourse") -> vtkhdf.Body:
    """Mesh and fields of one model; its steps are numbered by the states of failure.csv, as the load may fall back."""
    return course_body(
        name,
        course,
        {"damage": course.damage, "plastic_strain": course.plastic_strain},
        UNITS,
    )


def write_csv(path: Path, courses: Mapping[str, "FailureCourse"]) -> None:
    """One line per model and state; `frame` where the fields of the state are kept."""
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(COLUMNS)
    for model, course in courses.items():
        frame_of = {state: frame for frame, state in enumerate(course.frames.tolist())}
        columns = (
            *(course.factor, course.hip_force, course.travel, course.force),
            *(course.work / units.J, course.stored / units.J, course.dissipated / units.J, course.yielded),
        )
        for state, numbers in enumerate(np.stack(columns, axis=1).tolist()):
            cells = [f"{number:.9g}" for number in numbers]
            table.writerow([model, state, frame_of.get(state, ""), *cells, int(course.iterations[state])])
    write_text(path, text.getvalue())


def read_csv(folder: Path) -> dict[str, Written]:
    """Every model of a run's failure.csv.

    Raises
    ------
    StoreError
        Where there is no such file, or it is damaged.
    """
    with lines_of(folder, FILE, "run a failure analysis") as lines:
        return {model: _written(model, rows) for model, rows in by_model(lines).items()}


def _written(model: str, lines: Sequence[Mapping[str, str]]) -> Written:
    def column(name: str) -> list[float]:
        return [float(line[name]) for line in lines]

    shown = COLUMNS[3:-1]  # in the order of the fields of Written
    frames = [int(line["state"]) for line in lines if line["frame"] != ""]
    return Written(model, *(column(name) for name in shown), frames)
