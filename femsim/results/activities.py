"""What a run tells of each activity: a table of every frame, and the peaks with what it would take to yield."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from femsim.arrays import freeze, frozen
from femsim.durable import write_text
from femsim.results.tables import lines_of

if TYPE_CHECKING:  # reading a run must not load what computes one
    from femsim.metrics.courses import Course

FILE = "activities.csv"
FEMUR = "femur"
COLUMNS = (
    *("activity", "frame", "instant", "instant_unit", "hip_x_N", "hip_y_N", "hip_z_N", "place"),
    *("risk_factor_max_operated", "risk_factor_max_intact", "risk_factor_p99_operated", "risk_factor_p99_intact"),
)

MODELS = ("operated", "intact")

Courses = Mapping[str, "Course"]  # "operated", "intact" → the course of one activity


@dataclass(frozen=True)
class Written:
    """One activity as activities.csv has it.

    hip : (t, 3) [N]
    largest : model → (t,) largest risk factor of the femur in every frame; p99 : model → 99 % of its volume lie below.
    """

    activity: str
    instant_unit: str
    instants: np.ndarray
    hip: np.ndarray
    largest: Mapping[str, np.ndarray]
    p99: Mapping[str, np.ndarray]

    def __post_init__(self):
        t = len(self.instants)
        freeze(
            self,
            instants=frozen(self.instants, np.float64, (None,)),
            hip=frozen(self.hip, np.float64, (t, 3)),
            largest={model: frozen(values, np.float64, (t,)) for model, values in self.largest.items()},
            p99={model: frozen(values, np.float64, (t,)) for model, values in self.p99.items()},
        )


def told(courses: Sequence[Courses], *, body_mass_kg: float, body_weight: float) -> list[dict[str, Any]]:
    """One mapping per activity.

    Parameters
    ----------
    courses : of each activity, by model.
    body_mass_kg, body_weight : of the subject [kg, N].
    """
    return [_of_activity(both, body_mass_kg, body_weight) for both in courses]


def _of_activity(both: Courses, body_mass_kg: float, body_weight: float) -> dict[str, Any]:
    case = both["operated"].case
    history = case.history
    sizes = np.linalg.norm(history.hip, axis=1)
    return {
        "activity": case.activity,
        "cycles_per_day": case.cycles_per_day,
        "n_frames": len(history.instants),
        "instant_unit": history.instant_unit,
        "duration_s": float(history.duration_s),
        "hip_peak_n": float(sizes.max()),
        "hip_peak_percent_bw": float(100.0 * sizes.max() / body_weight),
        "hip_peak_instant": float(history.instants[history.peak]),
        "models": {name: _of_course(course, body_mass_kg) for name, course in both.items()},
        "sources": list(history.sources),
    }


def _of_course(course: "Course", body_mass_kg: float) -> dict[str, Any]:
    value, instant = course.peak_of(FEMUR)
    return {
        "risk_factor_max": value,
        "instant": instant,
        "zone": course.worst_zone,
        "risk_factor_p99": float(course.p99.max()),
        "load_to_yield": course.multiplier if np.isfinite(course.multiplier) else None,
        "body_mass_to_yield_kg": course.mass_at_yield(body_mass_kg) if np.isfinite(course.multiplier) else None,
    }


def write_csv(folder: Path, courses: Sequence[Courses]) -> None:
    """Write activities.csv: a line per activity, frame and place; p99 on the lines of the femur."""
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(COLUMNS)
    for both in courses:
        operated, intact = both["operated"], both["intact"]
        history = operated.case.history
        for frame, (instant, hip) in enumerate(zip(history.instants.tolist(), history.hip.tolist())):
            for row, place in enumerate(operated.places):
                last = [c.p99[frame] for c in (operated, intact)] if place == FEMUR else ("", "")
                numbers = [f"{c.largest[frame, row]:.7g}" for c in (operated, intact)]
                numbers += [f"{value:.7g}" if value != "" else "" for value in last]
                sizes = [f"{component:.7g}" for component in hip]
                table.writerow(
                    [operated.case.activity, frame, f"{instant:.10g}", history.instant_unit, *sizes, place, *numbers]
                )
    write_text(Path(folder) / FILE, text.getvalue())


def read_csv(folder: Path) -> list[Written]:
    """Every activity of a run's activities.csv, in its order: the one under [load], then those of the routine.

    Raises
    ------
    StoreError
        Where there is no such file, or it is damaged.
    """
    with lines_of(folder, FILE, "run the scenario again") as lines:
        return [_written(part) for part in _parts([line for line in lines if line["place"] == FEMUR])]


def _parts(lines: Sequence[Mapping[str, str]]) -> Iterator[Sequence[Mapping[str, str]]]:
    """Lines of one activity after the other: frames begin at 0 anew, also where a name comes twice."""
    starts = [row for row, line in enumerate(lines) if int(line["frame"]) == 0]
    for start, end in zip(starts, [*starts[1:], len(lines)]):
        yield lines[start:end]


def _written(lines: Sequence[Mapping[str, str]]) -> Written:
    def column(name: str) -> list[float]:
        return [float(line[name]) for line in lines]

    return Written(
        lines[0]["activity"],
        lines[0]["instant_unit"],
        column("instant"),
        np.stack([column(f"hip_{axis}_N") for axis in "xyz"], axis=1),
        {model: column(f"risk_factor_max_{model}") for model in MODELS},
        {model: column(f"risk_factor_p99_{model}") for model in MODELS},
    )


def rows_once(told: Sequence[Mapping[str, Any]]) -> list[int]:
    """Rows of summary["activities"] for reading: the one under [load], then the routine's.

    Where the routine has the very activity that is under [load], its row, which knows how often, stands for both.
    """
    if not told:
        return []

    first = next((row for row, one in enumerate(told) if row and _same(one, told[0])), 0)
    return [first, *(row for row in range(1, len(told)) if row != first)]


def _same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    said = ("activity", "n_frames", "instant_unit", "duration_s", "sources")
    numbers = [[row["hip_peak_n"], *(row["models"][m]["risk_factor_max"] for m in MODELS)] for row in (one, other)]
    # Each is its own sum of solved loads: equal but for rounding.
    return all(one[key] == other[key] for key in said) and np.allclose(*numbers, rtol=1e-6, atol=0.0)


def reached(activity: Mapping[str, Any], model: str) -> str:
    """When and where a model of an entry of summary["activities"] comes nearest to yielding."""
    found = activity["models"][model]
    return f"at {found['instant']:.3g} {activity['instant_unit']} in {found['zone']}"
