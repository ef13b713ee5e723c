"""Computes cases of a sweep one after the other; those that share a mesh or a stiffness share the work."""

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from femsim.errors import FemsimError
from femsim.metrics import METRICS
from femsim.results import summary
from femsim.scenario.reading import Scenario
from femsim.solving import solved_pair


@dataclass(frozen=True)
class Computed:
    """What became of one case.

    place : in the sequence that was asked for.
    measures : rows as in summary.json: name, zone, model, value, unit, note.
    seconds : stage → seconds; "mesh" and "solve" among them.
    shared : "mesh", "stiffness" → whether an earlier case had it.
    error : None, or why there are no measures.
    """

    place: int
    measures: Sequence[Mapping[str, Any]] = ()
    seconds: Mapping[str, float] = field(default_factory=dict)
    shared: Mapping[str, bool] = field(default_factory=dict)
    error: FemsimError | None = None


def compute(scenarios: Sequence[Scenario], metrics: Sequence[str] = tuple(METRICS)) -> Iterator[Computed]:
    """Every scenario in turn, as it is done; one that fails does not stop the others.

    metrics : names in METRICS that are asked for.
    """
    for place, scenario in enumerate(scenarios):
        start = time.perf_counter()
        try:
            _, operated, intact = solved_pair(scenario)
            rows = [row for name in metrics for row in summary.rows(METRICS[name]().measure(operated, intact))]
        except FemsimError as error:
            yield Computed(place, seconds={"solve": time.perf_counter() - start}, error=error)
        else:
            yield Computed(place, rows, {"solve": time.perf_counter() - start})
