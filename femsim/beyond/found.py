"""What is asked of an analysis beyond linear statics, and what a run keeps of its answer."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from femsim.analyses.outcome import Outcome
from femsim.build import Pair
from femsim.metrics.courses import Course
from femsim.metrics.measure import Measure
from femsim.scenario.reading import Scenario


@dataclass(frozen=True)
class Asked:
    """A scenario whose linear part is solved.

    operated, intact : the same object where nothing was put in.
    risks : model → its linear risk over the activity under [load].
    beside : start of the path of what is kept when the analysis fails.
    progress : told each stage as it begins. within : told how far a long one has come: stage, share done
        where that is known, words.
    """

    scenario: Scenario
    pair: Pair
    operated: Outcome
    intact: Outcome
    risks: Mapping[str, Course]
    beside: Path
    progress: Callable[[str], None]
    within: Callable[[str, float | None, str], None] = lambda stage, share, words: None

    @property
    def outcomes(self) -> dict[str, Outcome]:
        """By model; "intact" alone where nothing was put in. The intact one, which tells more of a scenario, first."""
        both = {"intact": self.intact}
        return both if self.operated is self.intact else {**both, "operated": self.operated}


def operated_first(of_models: Mapping[str, Any]) -> dict[str, Any]:
    """Model → something, in the order in which it is told."""
    return {model: of_models[model] for model in ("operated", "intact") if model in of_models}


def _nothing(folder: Path) -> None:
    """There are no files."""


@dataclass(frozen=True)
class Found:
    """What goes into a run.

    sections : of summary.json. write : writes files into the run folder.
    log : lines for run.log. warnings, sources : sentences.
    """

    sections: Mapping[str, Any] = field(default_factory=dict)
    measures: tuple[Measure, ...] = ()
    write: Callable[[Path], None] = _nothing
    log: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
