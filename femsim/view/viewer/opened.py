"""Runs that are open to be looked at: fields read as they are asked for, the skin of any part of a femur."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from femsim.errors import StoreError
from femsim.results import neighbours, summary
from femsim.results.failure import FIELDS as FAILURE
from femsim.results.impact import FIELDS as IMPACT
from femsim.results.pieces import Grid, Pieces
from femsim.view import told_runs
from femsim.view.comparison_page import is_comparison, record_of
from femsim.view.fields import DISPLACEMENT, asked_first, less_intact, size_in_elements
from femsim.view.scene import RESULT, Body, Scene, peak_step

OPERATED, INTACT, DIFFERENCE = "operated", "intact", "difference"
ACTIVITY = "activity"
COURSES = {ACTIVITY: RESULT, "failure": FAILURE, "impact": IMPACT}  # course → its file; {} is the model
BONE = ("bone_kept", "bone_removed")


@dataclass(frozen=True)
class Shape:
    """A body over a course: its mesh, and how to read its fields.

    body : corners and zones as figures know them, unloaded.
    across : (e, 4) the element across each face, -1 where there is none.
    """

    pieces: Pieces
    body: Body
    across: np.ndarray
    instants: np.ndarray

    def fields(self) -> tuple[str, ...]:
        """Names of the fields of one number."""
        return self.pieces.fields(self.body.name)

    def at(self, step: int) -> int:
        """The step of this body where another one may have more."""
        return min(step, len(self.instants) - 1)

    def values(self, field: str, step: int) -> np.ndarray:
        """(e,) at a step, NaN where it is not defined."""
        if field == DISPLACEMENT:
            return size_in_elements(self.body, self.displacement(step))
        return self.pieces.values(self.body.name, field, self.at(step))

    def displacement(self, step: int) -> np.ndarray:
        """(n, 3) [mm] at a step."""
        return self.pieces.displacement(self.body.name, self.at(step))


class OpenedRun:
    """A run that is open.

    missing : sentences on what is not there.

    Parameters
    ----------
    name : by which it is called; that of its scenario when left out.

    Raises
    ------
    StoreError
        Where the folder is no run, one of an older femsim that cannot be read, or nothing of it can be read.
    """

    def __init__(self, folder: Path, name: str = ""):
        self.folder = Path(folder)
        self.told = summary.read(self.folder)
        _refuse_older(self.folder, self.told)
        self.missing: list[str] = []
        if not summary.is_complete(self.folder, self.told):
            self.missing.append("The run is not whole: a file that it lists is missing or has another size.")
        self._pieces: dict[str, Pieces] = {}
        self._shapes: dict[tuple[str, str], Shape] = {}
        self.name = name or str(self.told["name"])
        models = self._models(ACTIVITY)
        lead = self.shape(ACTIVITY, models[0])
        self.has_implant = any(region not in BONE for region in lead.body.regions)
        self.models = models if self.has_implant or OPERATED not in models or INTACT not in models else (INTACT,)
        if self.has_implant and len(models) == 2:
            self.models = (*models, DIFFERENCE)

    @cached_property
    def courses(self) -> tuple[str, ...]:
        """Histories that the run keeps fields of."""
        return tuple(course for course in COURSES if self._models(course))

    @cached_property
    def scene(self) -> Scene:
        """For the figures' planes and views."""
        both = {name: self.shape(ACTIVITY, name).body for name in self._models(ACTIVITY)}
        first = next(iter(both.values()))
        return Scene(self.folder, self.told, both.get(OPERATED, first), both.get(INTACT, first))

    def shape(self, course: str, model: str) -> Shape:
        """The body of a model over a course; that of the operated femur stands for a difference."""
        model = OPERATED if model == DIFFERENCE else model
        key = (course, model)
        if key not in self._shapes:
            pieces = self._opened(course, model)
            grid = pieces.grid(model)
            across = neighbours.read(self.folder, model, grid.corners)
            self._shapes[key] = Shape(pieces, _body(model, grid), across, pieces.instants(model))
        return self._shapes[key]

    def shows(self, course: str, model: str) -> bool:
        """Whether a model has fields over a course."""
        kept = self._models(course)
        return model in kept or (model == DIFFERENCE and len(kept) == 2 and course == ACTIVITY)

    def values(self, course: str, model: str, field: str, step: int) -> np.ndarray:
        """(e,) float32 of the body of a model; a difference is operated less intact where they share bone."""
        shape = self.shape(course, model)
        if model != DIFFERENCE:
            return shape.values(field, step)
        return less_intact(shape.body, shape.values(field, step), self.shape(course, INTACT).values(field, step))

    def fields(self, course: str) -> tuple[str, ...]:
        """Of a course, what people ask for first first."""
        names = dict.fromkeys(name for model in self._models(course) for name in self.shape(course, model).fields())
        return (*asked_first(names), DISPLACEMENT)

    def n_steps(self, course: str) -> int:
        """Of the body that has the most."""
        return max(len(self.shape(course, model).instants) for model in self._models(course))

    @cached_property
    def peak(self) -> int:
        """The step of the activity with the largest hip force."""
        return peak_step(self.told, self.shape(ACTIVITY, self._models(ACTIVITY)[0]).instants)

    @property
    def all_missing(self) -> list[str]:
        """What is not there, each once."""
        told = [*self.missing, *(line for pieces in self._pieces.values() for line in pieces.missing)]
        return list(dict.fromkeys(told))

    def close(self) -> None:
        """Let go of the files."""
        for pieces in self._pieces.values():
            pieces.close()

    def _models(self, course: str) -> tuple[str, ...]:
        if course == ACTIVITY:
            return self._opened(course, OPERATED).bodies
        return tuple(m for m in (OPERATED, INTACT) if (self.folder / COURSES[course].format(m)).is_file())

    def _opened(self, course: str, model: str) -> Pieces:
        name = COURSES[course].format(model)
        if name not in self._pieces:
            self._pieces[name] = Pieces(self.folder / name)
        return self._pieces[name]


def opened_runs(folders: Sequence[Path]) -> list[OpenedRun]:
    """Runs, and in place of a comparison those of its runs that are still there, by its names.

    Raises
    ------
    StoreError
        Where a folder is neither, or nothing of it is there.
    """
    found = []
    for folder in map(Path, folders):
        if not is_comparison(folder):
            found.append(OpenedRun(folder))
            continue
        named, gone = told_runs.found(record_of(folder), folder.resolve().parent)
        if not named:
            raise StoreError("No run of this comparison is there any more.", where=str(folder), why=gone[0])
        runs = [OpenedRun(place, label.replace("_", " ")) for label, place in named.items()]
        runs[0].missing += gone
        found += runs
    return found


def unit_of(run: OpenedRun, course: str, field: str) -> str:
    """Of a field, from whichever body has it."""
    if field == DISPLACEMENT:
        return "mm"
    bodies = (run.shape(course, model).body for model in run._models(course))
    return next((body.units[field] for body in bodies if field in body.units), "-")


def _body(model: str, grid: Grid) -> Body:
    nothing: Mapping[str, np.ndarray] = {}
    return Body(
        model,
        grid.points,
        grid.corners,
        np.broadcast_to(np.zeros(3, np.float32), grid.points.shape),
        nothing,
        grid.units,
        grid.region_of,
        grid.regions,
        grid.zone_of,
        grid.zones,
    )


def _refuse_older(folder: Path, told: Mapping[str, Any]) -> None:
    """What the viewer rests on; runs of a femsim that did not tell it are refused with words."""
    lacking = [name for name in ("name", "loads", "landmarks", "femur", "models") if name not in told]
    lacking += [f"loads.{n}" for n in ("peak_instant", "instant_unit") if n not in told.get("loads", {})]
    if lacking:
        raise StoreError(
            "This run was written by an older femsim and cannot be shown.",
            where=str(folder),
            why=f"its summary does not tell {', '.join(lacking)}",
            remedy="run its scenario.resolved.toml again",
        )
