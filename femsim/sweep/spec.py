"""What a [sweep] table asks for, judged and frozen: axes, design, what is kept."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from femsim.arrays import freeze
from femsim.metrics import METRICS
from femsim.registry import parameter
from femsim.scenario.reading import Scenario, Written
from femsim.sweep.axis import Axis, Level
from femsim.sweep.filters import Filter


@dataclass(frozen=True)
class Settings:
    """Keys of [sweep] that any design has."""

    metrics: tuple[str, ...] = parameter(
        tuple(METRICS), text="what is measured, as `femsim list metrics` names it; by default everything"
    )
    measures: tuple[str, ...] = parameter(
        ("*",), text="columns of measures that the table keeps: patterns of model.zone.name, * stands for anything"
    )
    keep: tuple[int, ...] | Literal["none", "all"] = parameter(
        "none", text="cases whose whole run is kept, fields included: none, all, or numbers of cases"
    )
    filters: tuple[str, ...] = parameter(
        (), text="comparisons of keys that hold in every case that is computed, such as implant.cement_mm <= 2"
    )
    correlation: tuple[tuple[str, str, float], ...] = parameter(
        (), text="pairs of axes with the rank correlation between them; sampled designs with independent rows only"
    )
    subjects: str | None = parameter(None, text="CSV with one row per hip: columns are keys; each hip gets every case")
    subjects_id: str = parameter("id", text="the column of that CSV that names the hip")


@dataclass(frozen=True)
class Hip:
    """A row of the subjects' file: its name, and what it sets."""

    name: str
    settings: tuple[Level, ...]


@dataclass(frozen=True)
class Sweep:
    """A sweep as it was asked for.

    written, overrides : the file, and what is written over it in every case; relative paths are absolute already.
    base : the scenario without any axis.
    design : an entry of DESIGNS; axes : what it varies, in their order.
    crossed : axes of which every level goes with every case of the design.
    hips : subjects, each of which gets the whole design; empty where the base case's hip alone does.
    hip_columns : column → unit of what subjects bring.
    correlation : (axis, axis, rank correlation); an axis is its place in `axes`.
    keep : numbers of cases, or "all".
    notes : what was read in a way that may surprise.
    """

    name: str
    written: Written
    overrides: tuple[str, ...]
    base: Scenario
    design: Any
    axes: Sequence[Axis]
    settings: Settings
    crossed: Sequence[Axis] = ()
    filters: Sequence[Filter] = ()
    hips: Sequence[Hip] = ()
    hip_columns: Mapping[str, str] = field(default_factory=dict)
    correlation: Sequence[tuple[int, int, float]] = ()
    notes: Sequence[str] = ()

    def __post_init__(self):
        freeze(
            self,
            axes=tuple(self.axes),
            crossed=tuple(self.crossed),
            filters=tuple(self.filters),
            hips=tuple(self.hips),
            hip_columns=dict(self.hip_columns),
            correlation=tuple(self.correlation),
            notes=tuple(self.notes),
        )

    @property
    def n_designed(self) -> int:
        """Cases before any filter."""
        n_crossed = math.prod(len(axis.levels) for axis in self.crossed)
        return self.design.count([len(axis.levels) for axis in self.axes]) * max(len(self.hips), 1) * n_crossed

    @property
    def units(self) -> dict[str, str]:
        """Column of the table that tells what a case is → its unit."""
        hip = {"subject": "-"} | dict(self.hip_columns) if self.hips else {}
        return hip | {axis.name: axis.unit for axis in (*self.axes, *self.crossed)}
