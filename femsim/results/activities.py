"""What a run tells of each activity: a table of every frame, and the peaks with what it would take to yield."""

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from femsim.durable import write_text

if TYPE_CHECKING:  # reading a run must not load what computes one
    from femsim.metrics.courses import Course

FILE = "activities.csv"
FEMUR = "femur"
COLUMNS = (
    *("activity", "frame", "instant", "instant_unit", "hip_x_N", "hip_y_N", "hip_z_N", "place"),
    *("risk_factor_max_operated", "risk_factor_max_intact", "risk_factor_p99_operated", "risk_factor_p99_intact"),
)

Courses = Mapping[str, "Course"]  # "operated", "intact" → the course of one activity


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
