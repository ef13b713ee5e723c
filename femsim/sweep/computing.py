"""Computes cases of a sweep one after the other; those that share a mesh or a stiffness share the work.

Cases that differ in activity, body mass or force alone have one mesh and one stiffness: the few loads that span all
their activities are solved once, and each case is a combination of them.
"""

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from femsim import beyond
from femsim.analyses.linear_static import LinearStatic
from femsim.analyses.outcome import Outcome
from femsim.build import Loading, Pair, loading_of
from femsim.errors import FemsimError
from femsim.geometry.made import femur_and_twin
from femsim.metrics import METRICS
from femsim.metrics.courses import courses
from femsim.metrics.risk_factor import RiskFactor
from femsim.results import summary
from femsim.run import Stopwatch
from femsim.scenario.reading import Scenario
from femsim.solving import solved_pair
from femsim.sweep.sharing import mesh_key, stiffness_key

MESHING = ("femur", "mesh")  # stages of `solved_pair` before there is anything to solve


@dataclass(frozen=True)
class Computed:
    """What became of one case.

    place : in the sequence that was asked for.
    measures : rows as in summary.json: name, zone, model, value, unit, note.
    seconds : "mesh", "solve" (stiffness and loads included), "measures".
    shared : "mesh", "stiffness" → whether an earlier case of the sequence had made it.
    error : None, or why there are no measures.
    """

    place: int
    measures: Sequence[Mapping[str, Any]] = ()
    seconds: Mapping[str, float] = field(default_factory=dict)
    shared: Mapping[str, bool] = field(default_factory=dict)
    error: FemsimError | None = None


def compute(scenarios: Sequence[Scenario], metrics: Sequence[str] = tuple(METRICS)) -> Iterator[Computed]:
    """Every scenario in turn, as it is done; one that fails does not stop the others.

    Cases of one stiffness that follow each other are solved together. What is said of how well the equations are solved
    is that of the loads they share.

    metrics : names in METRICS that are asked for.
    """
    files: dict[str, str] = {}  # read once, not for every case
    keys = [(mesh_key(one, files), stiffness_key(one, files)) for one in scenarios]
    meshed: set[str] = set()
    for (mesh, _), places in groupby(range(len(scenarios)), key=lambda place: keys[place]):
        group = list(places)
        yield from _group({place: scenarios[place] for place in group}, metrics, mesh in meshed)
        meshed.add(mesh)


def _group(scenarios: Mapping[int, Scenario], metrics: Sequence[str], is_meshed: bool) -> Iterator[Computed]:
    """Scenarios of one stiffness."""
    watch = Stopwatch(lambda stage: None)
    try:
        solved = _solved(scenarios, watch)
    except FemsimError as error:
        if len(scenarios) > 1:  # one of them may be to blame, the others not
            for place, scenario in scenarios.items():
                yield from _group({place: scenario}, metrics, is_meshed)
                is_meshed = True
            return
        yield Computed(*scenarios, seconds=_spent(watch), shared={"mesh": is_meshed, "stiffness": False}, error=error)
        return
    seconds, first = _spent(watch), True
    for (place, scenario), (pair, operated, intact) in zip(scenarios.items(), solved):
        start = time.perf_counter()
        shared = {"mesh": is_meshed or not first, "stiffness": not first}
        try:
            rows, error = _measured(scenario, pair, operated, intact, metrics), None
        except FemsimError as failed:
            rows, error = (), failed
        spent = {"measures": round(time.perf_counter() - start, 4)}
        yield Computed(place, rows, spent | (seconds if first else {"mesh": 0.0, "solve": 0.0}), shared, error)
        first = False


def _solved(scenarios: Mapping[int, Scenario], watch: Stopwatch) -> Iterator[tuple[Pair, Outcome, Outcome]]:
    """The pair of each scenario, one after the other; solved by the time that this returns."""
    first, *_ = scenarios.values()
    if len(scenarios) == 1:
        return iter([solved_pair(first, progress=watch)])
    femur, _ = femur_and_twin(first, progress=watch)
    usual = loading_of(first, femur)
    loadings = [loading_of(one, femur, like=usual) for one in scenarios.values()]
    together = replace(loadings[0], activities=tuple(one for loading in loadings for one in loading.activities))
    pair, operated, intact = solved_pair(first, loading=together, progress=watch)
    watch("asked")
    return _asked(loadings, pair, operated, intact)


def _asked(loadings: Sequence[Loading], pair: Pair, operated: Outcome, intact: Outcome):
    start, all_cases = 0, (operated.model.cases, intact.model.cases)
    for loading in loadings:
        own = slice(start, start + len(loading.activities))
        after = operated.under(all_cases[0][own], loading.acted_on)
        before = after if intact is operated else intact.under(all_cases[1][own], loading.acted_on)
        start = own.stop
        yield replace(pair, operated=after.model, intact=before.model, sites=loading.acted_on), after, before


def _spent(watch: Stopwatch) -> dict[str, float]:
    seconds = watch.seconds
    return {
        "mesh": round(sum(spent for stage, spent in seconds.items() if stage in MESHING), 4),
        "solve": round(sum(spent for stage, spent in seconds.items() if stage not in (*MESHING, "asked")), 4),
    }


def _measured(scenario: Scenario, pair: Pair, operated: Outcome, intact: Outcome, metrics: Sequence[str]):
    measures = [measure for name in metrics for measure in METRICS[name]().measure(operated, intact)]
    if not isinstance(scenario.analysis, LinearStatic):
        both = {"operated": operated, "intact": intact}
        risks = {name: courses(one, operated, RiskFactor().criterion)[0][0] for name, one in both.items()}
        with TemporaryDirectory(prefix="femsim-case-") as beside:  # what a failed analysis leaves behind is not kept
            asked = beyond.Asked(
                scenario, pair, operated, intact, risks, Path(beside) / scenario.name, lambda stage: None
            )
            measures += beyond.found(asked).measures
    return summary.rows(measures)
