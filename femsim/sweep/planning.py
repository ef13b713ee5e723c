"""The cases of a sweep: which there are, what they share, and which cannot be computed."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from femsim import identity
from femsim.arrays import freeze
from femsim.errors import FemsimError, Problem, ScenarioError, UsageError
from femsim.scenario.keys import named
from femsim.scenario.reading import Scenario
from femsim.sweep.axis import Level
from femsim.sweep.case import Case
from femsim.sweep.costs import Estimate, Reckoning
from femsim.sweep.designed import crossed, designed, quantiles
from femsim.sweep.filters import Filter
from femsim.sweep.sharing import mesh_key, stiffness_key
from femsim.sweep.spec import Sweep

MOST = 10_000_000  # cases that one sweep can hold
MANY = 100_000  # cases that nobody should start by accident


@dataclass(frozen=True)
class Plan:
    """What is to be computed.

    name : of the sweep; digest : 64 hex digits of what is computed, equal for an equal sweep.
    cases : in the order of the design, no two alike. A filtered or repeated one leaves a gap in the numbers.
    metrics, measures : names in METRICS; patterns of the columns that the table keeps.
    keep : numbers of the cases whose run is kept whole.
    units : column of the table that tells what a case is → its unit, in order.
    n_designed : cases of the design; of these n_filtered do not meet the filters, n_repeated are earlier ones again.
    estimate : of time and memory.
    notes : what may surprise.
    """

    name: str
    digest: str
    cases: Sequence[Case]
    metrics: tuple[str, ...]
    measures: tuple[str, ...]
    keep: frozenset[int] = frozenset()
    units: Mapping[str, str] = field(default_factory=dict)
    n_designed: int = 0
    n_filtered: int = 0
    n_repeated: int = 0
    estimate: Estimate | None = None
    notes: tuple[str, ...] = ()

    def __post_init__(self):
        freeze(self, cases=tuple(self.cases), units=dict(self.units), notes=tuple(self.notes))


def refuse_by_accident(sweep: Sweep, yes: bool) -> None:
    """More cases than anybody starts by accident are to be confirmed; counted before any of them is made.

    Raises
    ------
    UsageError
        Where they are not.
    """
    if sweep.n_designed > MANY and not yes:
        axes = [axis for axis in (*sweep.axes, *sweep.crossed) if axis.levels]
        sizes = " × ".join(f"{axis.name} {len(axis.levels)}" for axis in axes)
        raise UsageError(
            f"The sweep has {sweep.n_designed:,} cases, more than {MANY:,}.",
            where=str(sweep.written.path),
            why=sizes,
            remedy="confirm with --yes, or take fewer values or a design that draws",
        )


def plan(sweep: Sweep) -> Plan:
    """Every case of a sweep, judged.

    A case that is no scenario (its values do not go together) is in the plan as refused; it fails as such in the table.

    Raises
    ------
    ScenarioError
        Where a grid or a list holds a case twice, a filter cannot be applied, or no case is left.
    """
    if sweep.n_designed > MOST:
        raise ScenarioError(
            f"The sweep has {sweep.n_designed:,} cases; one sweep holds {MOST:,} at the most.",
            where=str(sweep.written.path),
            remedy="draw cases (latin_hypercube, sobol) rather than combine all values, or take fewer values",
        )
    cases: list[Case] = []
    first: dict[str, int] = {}
    n_filtered = n_repeated = 0
    reckoning = Reckoning(sweep.settings.metrics)
    files: dict[str, str] = {}  # read once, not for every case
    for number, levels in rows(sweep):
        case, scenario = _case(sweep, number, levels, files)
        if scenario is not None and not all(_holds(one, scenario, case) for one in sweep.filters):
            n_filtered += 1
        elif case.digest in first:
            n_repeated += 1
            _refuse_double(sweep, first[case.digest], case)
        else:
            first[case.digest] = number
            cases.append(case)
            if scenario is not None:
                reckoning.add(scenario, case.mesh_key, case.stiffness_key)
    if not cases:
        raise ScenarioError(
            f"No case is left: the filters hold in none of {n_filtered}.",
            where=sweep.filters[0].where if sweep.filters else str(sweep.written.path),
            remedy="check the conditions against the values of the axes",
        )
    settings = sweep.settings
    if isinstance(settings.keep, tuple) and (beyond := [n for n in settings.keep if not 0 <= n < sweep.n_designed]):
        raise ScenarioError(
            f"keep names case {beyond[0]}; cases are numbered 0 to {sweep.n_designed - 1}.",
            where=str(sweep.written.path),
            remedy="a dry run tells numbers of cases",
        )
    keep = frozenset(case.number for case in cases) if settings.keep == "all" else frozenset()
    keep = frozenset(settings.keep) if isinstance(settings.keep, tuple) else keep
    asked = [[case.digest for case in cases], settings.metrics, settings.measures, sorted(keep)]
    digest = hashlib.sha256(json.dumps(asked).encode("ascii")).hexdigest()
    return Plan(
        sweep.name, digest, cases, settings.metrics, settings.measures, keep, sweep.units,
        sweep.n_designed, n_filtered, n_repeated, reckoning.estimate(), sweep.notes,
    )  # fmt: skip


def rows(sweep: Sweep) -> Iterator[tuple[int, dict[str, Level | None]]]:
    """For every case of the design its number, and column → level; hips come one after the other."""
    number = 0
    points = quantiles(sweep.design, sweep.axes, sweep.correlation) if sweep.design.draws else None
    for hip in sweep.hips or (None,):
        own: dict[str, Level | None] = {}
        if hip is not None:
            own = {"subject": Level(hip.name)} | dict(zip(sweep.hip_columns, hip.settings))
        for levels in designed(sweep.design, sweep.axes, points):
            for beside in crossed(sweep.crossed):
                yield number, own | levels | beside
                number += 1


def _case(
    sweep: Sweep, number: int, levels: Mapping[str, Level | None], files: dict[str, str]
) -> tuple[Case, Scenario | None]:
    sets = (*sweep.overrides, *(text for level in levels.values() if level for text in level.sets))
    values = {name: level.value if level else _at_base(sweep, name) for name, level in levels.items()}
    try:
        scenario = sweep.written.scenario(sets)
        digest = identity.digest(scenario, remembered=files)
        keys = mesh_key(scenario, files), stiffness_key(scenario, files)
        return Case(number, sets, values, digest, None, *keys), scenario
    except FemsimError as error:
        digest = hashlib.sha256("\n".join(sets).encode("utf-8")).hexdigest()
        return Case(number, sets, values, digest, _refusal(error)), None


def _refusal(error: FemsimError) -> dict[str, Any]:
    what = error.what
    if isinstance(error, ScenarioError) and error.problems:
        what = " ".join(f"{one.key}: {one.what}" if one.key else one.what for one in error.problems)
    more = {name: getattr(error, name) for name in ("where", "why", "remedy")}
    return {"kind": type(error).__name__, "what": what, **more}


def _at_base(sweep: Sweep, name: str) -> Any:
    """What the base case has on an axis: the key's value, or nothing where it is an axis of several keys."""
    try:
        return _plain(named(name).of(sweep.base))
    except ValueError:
        return None


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)


def _holds(condition: Filter, scenario: Scenario, case: Case) -> bool:
    def value_of(name: str) -> Any:
        return case.values[name] if name in case.values else named(name).of(scenario)

    try:
        return condition.holds(value_of)
    except ValueError as error:
        problem = Problem(condition.where, f"filter {condition.text!r}", str(error))
        raise ScenarioError(f"A filter cannot be applied to case {case.number}:", problems=(problem,)) from None


def _refuse_double(sweep: Sweep, first: int, case: Case) -> None:
    """Draws may meet again, and so may the base case; what was written down twice is a mistake."""
    if sweep.design.repeats:
        return
    raise ScenarioError(
        f"Cases {first} and {case.number} of the sweep are the same: {', '.join(case.sets) or 'the base case'}.",
        where=str(sweep.written.path),
        why="they ask the very same question, with every default filled in",
        remedy="name each once",
    )
