"""An activity on the reference femur as plain numbers, for a table or a picture: no femur is meant."""

import csv
import math
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from femsim.errors import ScenarioError, UsageError, near
from femsim.loads import ACTIVITIES
from femsim.loads.activity import Counting, Spread
from femsim.loads.history import BERGMANN, LoadHistory
from femsim.scenario.reading import load
from femsim.scenario.sections import keys_of
from femsim.scenario.shipped import scenario_file

FRAMES = 101  # instants of a course where the overrides say nothing else


@dataclass(frozen=True)
class ActivityCourse:
    """An activity with its keys, on the reference femur.

    forces : of the history, in % body weight, or N where body mass plays no part; `unit` says which.
    """

    name: str
    text: str
    history: LoadHistory
    unit: str
    forces: np.ndarray
    counting: Counting | None
    spread: Spread | None

    @property
    def hip(self) -> np.ndarray:
        """(t, 3)"""
        return self.forces[:, self.history.channels.index("hip")]

    @property
    def is_usual_frame(self) -> bool:
        """Whether forces are told in Bergmann's frame."""
        return self.history.frame == BERGMANN

    @property
    def others(self) -> dict[str, np.ndarray]:
        """Name → size (t,) of every force but the hip's."""
        sizes = np.linalg.norm(self.forces, axis=2)
        return {name: sizes[:, row] for row, name in enumerate(self.history.channels) if name != "hip"}


def names() -> tuple[str, ...]:
    """Every activity."""
    return tuple(ACTIVITIES)


def needs(name: str) -> tuple[str, ...]:
    """Keys of an activity that have no default.

    Raises
    ------
    UsageError
        For an unknown activity, with the nearest.
    """
    if name not in ACTIVITIES:
        raise UsageError(f"There is no activity {name!r}. {near(name, ACTIVITIES)}")
    return tuple(key for key, told in keys_of(ACTIVITIES[name]).items() if told.required)


def course_of(name: str, overrides: Iterable[str] = ()) -> ActivityCourse:
    """An activity as a scenario would have it with these overrides.

    Raises
    ------
    UsageError
        For an unknown activity, or where a key without a default is not given.
    ScenarioError
        Where a key is wrong.
    """
    overrides = tuple(overrides)
    given = {text.partition("=")[0].strip() for text in overrides}
    if missing := [key for key in needs(name) if f"load.{key}" not in given]:
        raise UsageError(
            f"{name} needs {', '.join(missing)}, for which there is no default.",
            why="femsim knows no trustworthy value" if missing == ["peak_percent_bw"] else "",
            remedy=f"give it: {' '.join(f'--set load.{key}=…' for key in missing)}; `femsim list activities` explains",
        )
    smooth = (f"load.frames={FRAMES}",) if "frames" in keys_of(ACTIVITIES[name]) else ()
    try:
        scenario = load(scenario_file("intact"), (f'load.activity="{name}"', *smooth, *overrides))
    except ScenarioError as error:
        # The file is one that the user does not know of: what was asked is said instead.
        raise ScenarioError(f"What is set does not go with {name}.", problems=error.problems) from error
    chosen: Any = scenario.load
    if ACTIVITIES.name_of(chosen) != name:
        raise ScenarioError("load.activity is set to another activity.", remedy="name the activity as an argument")
    history = chosen.history(scenario.subject)
    newtons = history.mass_exponent == 0.0
    forces = history.forces if newtons else 100.0 * history.forces / scenario.subject.body_weight
    text = " ".join((type(chosen).__doc__ or "").split("\n\n")[0].split())
    unit = "N" if newtons else "% body weight"
    return ActivityCourse(name, text, history, unit, forces, chosen.counting, chosen.spread)


# How the table of peaks names activities, and femsim.
IN_VIVO = {"LW": "walking", "OLS": "one_legged_stance", "SU": "standing_up"}


def peaks_in_vivo(path: Path) -> dict[str, np.ndarray]:
    """Activity → (v, 3) peaks [% body weight] of a table with columns activity, Fx_pBW, Fy_pBW, Fz_pBW.

    OrthoLoad's axes: lateral, anterior, proximal. Rows of other activities are passed over.

    Raises
    ------
    UsageError
        Where the file is no such table.
    """
    columns = ("activity", "Fx_pBW", "Fy_pBW", "Fz_pBW")
    found: dict[str, list[list[float]]] = {}
    try:
        with open(path, encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file)
            if missing := [name for name in columns if name not in (rows.fieldnames or ())]:
                raise UsageError(
                    f"The table of peaks has no column {missing[0]!r}.",
                    where=str(path),
                    remedy=f"its first line names the columns {', '.join(columns)}",
                )
            for row in rows:
                if row["activity"] in IN_VIVO:
                    place = f"{path}, line {rows.line_num}"
                    peak = [_number(row[name], name, place) for name in columns[1:]]
                    found.setdefault(IN_VIVO[row["activity"]], []).append(peak)
    except OSError as error:
        why = error.strerror or str(error)
        raise UsageError("The table of peaks cannot be read.", where=str(path), why=why) from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise UsageError("The table of peaks is no text.", where=str(path), why=str(error)) from error
    if not found:
        raise UsageError(
            f"The table of peaks holds none of {', '.join(IN_VIVO)}.",
            where=str(path),
            remedy="check its activity column",
        )
    return {name: np.array(peaks) for name, peaks in found.items()}


def _number(text: str | None, column: str, where: str) -> float:
    try:
        value = float(text or "nothing")
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise UsageError(f"{column} is {text or 'missing'}, which is no number.", where=where)
    return value
