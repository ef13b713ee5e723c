"""run(scenario): build, solve both twins, judge, and keep the answer as a folder."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from femsim import beyond, identity
from femsim.analyses.validity import beyond_linear, beyond_the_law
from femsim.errors import StoreError
from femsim.metrics import METRICS
from femsim.metrics.courses import courses
from femsim.metrics.risk_factor import RiskFactor
from femsim.results import store, summary
from femsim.scenario.reading import Scenario, resolved_toml
from femsim.solving import solved_pair


@dataclass(frozen=True)
class RunResult:
    """Where the answer lies, and its numbers.

    folder : the run folder, complete.
    reused : whether it was there already.
    summary : contents of its summary.json.
    """

    folder: Path
    reused: bool
    summary: dict


def run(
    scenario: Scenario,
    *,
    out: Path,
    force: bool = False,
    progress: Callable[[str], None] | None = None,
    within: Callable[[str, float | None, str], None] | None = None,
) -> RunResult:
    """Compute a scenario, or return the complete run that is there.

    Parameters
    ----------
    scenario : Scenario
    out : Path
        Folder of run folders; made when missing.
    force : bool
        Compute again and replace what is there.
    progress : callable(str), optional
        Told each stage as it begins.
    within : callable(str, float or None, str), optional
        Told how far a long stage has come: its name, the share that is done where that is known, and words.

    Raises
    ------
    FemsimError
        Whose subclass says which step failed. Nothing is left behind then.
    """
    say, far = progress or (lambda stage: None), within or (lambda stage, share, words: None)
    digest = identity.digest(scenario)
    out = Path(out)
    found = None if force else store.find_complete(out, scenario.name, digest)
    if found is not None:
        return RunResult(found, True, summary.read(found))
    store.ensure_writable(out)
    timings = Stopwatch(say)
    with store.new_run(out, scenario.name, digest, force=force) as folder:
        pair, operated, intact = solved_pair(scenario, fresh=force, progress=timings)
        timings("measures")
        metrics = [METRICS[name]() for name in METRICS]
        measures = tuple(measure for metric in metrics for measure in metric.measure(operated, intact))
        maps = tuple(field for metric in metrics for field in metric.maps(operated, intact))
        law = scenario.bone.law
        over_time = [courses(one, operated, RiskFactor().criterion)[0] for one in (operated, intact)]
        risks = {"operated": over_time[0][0], "intact": over_time[1][0]}
        beside = store.run_folder(out, scenario.name, digest)
        more = beyond.found(beyond.Asked(scenario, pair, operated, intact, risks, beside, timings, far))
        cited = [citation for metric in metrics for citation in getattr(metric, "citations", ())]
        seconds = timings.seconds
        timings("results")
        more.write(folder)
        store.save(
            folder,
            scenario=scenario,
            scenario_toml=resolved_toml(scenario),
            digest=digest,
            pair=pair,
            sites=pair.sites,
            operated=operated,
            intact=intact,
            measures=(*measures, *more.measures),
            maps=maps,
            courses=[{"operated": after, "intact": before} for after, before in zip(*over_time)],
            timings=seconds,
            sources=[law.citation, scenario.bone.strength.citation, *pair.bone.citations, *cited, *more.sources],
            warnings=dict.fromkeys(
                [
                    *(*pair.twin.notes, *beyond_linear(intact), *beyond_linear(operated)),
                    *(*beyond_the_law(intact, law), *more.warnings),
                ]
            ),
            log=[*(f"{stage:<24} {spent:8.2f} s" for stage, spent in seconds.items()), *more.log],
            sections=more.sections,
        )
    complete = store.find_complete(out, scenario.name, digest)
    if complete is None:
        raise StoreError("The run was written but is not complete.", where=str(out), remedy="run it again")
    return RunResult(complete, False, summary.read(complete))


class Stopwatch:
    """Seconds spent in each stage; a stage ends when the next begins or the time is read."""

    def __init__(self, tell: Callable[[str], None]):
        self._tell, self._stages = tell, []

    def __call__(self, stage: str) -> None:
        self._stages.append((stage, time.perf_counter()))
        self._tell(stage)

    @property
    def seconds(self) -> dict[str, float]:
        """Stage → seconds so far."""
        ends = [start for _, start in self._stages[1:]] + [time.perf_counter()]
        return {stage: round(end - start, 3) for (stage, start), end in zip(self._stages, ends)}
