"""Asks a finished sweep which factors matter: the method that its design allows, and what any design says."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from femsim.errors import QualityError
from femsim.sweep.designs.grid import Grid
from femsim.sweep.designs.morris import Morris
from femsim.sweep.designs.one_at_a_time import OneAtATime
from femsim.sweep.designs.saltelli import Saltelli
from femsim.sweep.sensitivity.by_level import Curve, changes, response, swings
from femsim.sweep.sensitivity.by_line import linear_effects
from femsim.sweep.sensitivity.by_rank import rank_effects
from femsim.sweep.sensitivity.by_variance import by_surrogate, sobol_indices
from femsim.sweep.sensitivity.by_walks import elementary_effects
from femsim.sweep.sensitivity.effects import Effect
from femsim.sweep.sensitivity.failing import Policy, coordinates, gathering, kept
from femsim.sweep.sensitivity.finished import Finished
from femsim.sweep.sensitivity.surrogate import USUAL_LIMIT, surrogate


@dataclass(frozen=True)
class Answer:
    """What is known of one measure.

    measure : its column; unit of it.
    effects : of every axis, by one method after the other, the one that the design is for first.
    curves : axis → response.
    failed : what became of failed cases, in words; n_used of n cases are behind the numbers.
    notes : what limits the answer.
    refused : why there is none; then all else is empty.
    """

    measure: str
    unit: str
    effects: tuple[Effect, ...] = ()
    curves: dict[str, Curve] | None = None
    failed: str = ""
    n: int = 0
    n_used: int = 0
    notes: tuple[str, ...] = ()
    refused: str = ""

    def record(self) -> dict[str, Any]:
        """As plain tables and lists."""
        return asdict(self)


def ask(
    finished: Finished,
    measures: Sequence[str],
    *,
    policy: Policy = "drop",
    with_surrogate: bool = False,
    limit: float = USUAL_LIMIT,
    progress: Callable[[str], None] | None = None,
) -> list[Answer]:
    """The answer for every measure that fits a pattern.

    Parameters
    ----------
    measures : patterns of columns.
    policy : about failed cases: drop what they make incomplete, put in a surrogate's value, or refuse.
    with_surrogate : Sobol's indices from a surrogate too, where its error is at most `limit`.
    limit : largest cross-validated error of a surrogate over the standard deviation.
    """
    say = progress or (lambda stage: None)
    answers = []
    for name in finished.chosen(measures):
        say(name)
        try:
            answers.append(_answer(finished, name, policy, with_surrogate, limit))
        except QualityError as error:
            refused = " ".join(filter(None, (error.what, error.remedy and f"{error.remedy}.")))
            answers.append(Answer(name, _unit(name), n=finished.n, refused=refused))
    return answers


def _unit(name: str) -> str:
    return name.partition(" [")[2].rstrip("]") or "-"


def _answer(finished: Finished, name: str, policy: Policy, with_surrogate: bool, limit: float) -> Answer:
    unit, used = _unit(name), kept(finished, name, policy, limit)
    spread = np.ptp(used.y) if len(used.y) else 0.0
    if spread <= 1e-12 * max(np.max(np.abs(used.y), initial=0.0), 1e-300):
        raise QualityError("It is the same in all cases: nothing that was varied matters to it.")
    names = [axis.name for axis in finished.own_axes]
    values = {head: column[used.rows] for head, column in finished.values.items()}
    effects: list[Effect] = []
    notes = gathering(finished, name)
    if isinstance(finished.design, Saltelli):
        effects += sobol_indices(names, used.y, second_order=finished.design.second_order)
    elif isinstance(finished.design, Morris):
        effects += elementary_effects(names, finished.design, used.rows, used.y, unit)
    elif isinstance(finished.design, OneAtATime):
        effects += _changes(finished, name, unit)
    if with_surrogate and finished.quantiles is not None and not isinstance(finished.design, Saltelli):
        model = surrogate(coordinates(finished)[used.rows], used.y, name, limit)
        effects += by_surrogate(names, model)
        notes.append(f"Sobol's indices are those of a surrogate: {model.words}")
        if finished.correlated:
            notes.append("Sobol's indices take every factor as independent; some were drawn together")
        if finished.n_missing:
            notes.append(f"the surrogate was not taught by {finished.n_missing} rows that are not in the table")
    curves = {head: curve for head, column in values.items() if (curve := response(column, used.y)) is not None}
    if not isinstance(finished.design, OneAtATime):
        effects += rank_effects(values, used.y)
        if finished.design.draws:
            line = linear_effects(values, used.y, unit)
            effects += line.effects
            if line.effects:
                notes.append(f"straight lines explain {100 * line.explained:.0f} % of the variance")
        elif type(finished.design) is Grid:
            effects += swings(curves, unit)
    return Answer(name, unit, tuple(effects), curves, used.words, finished.n, len(used.rows), tuple(notes))


def _changes(finished: Finished, name: str, unit: str) -> list[Effect]:
    """Changes from the base case of the same hip, which must be there."""
    y, sizes = finished.measures[name], [len(axis.levels) for axis in finished.own_axes]
    n_rows = finished.design.count(sizes)
    beside, order = finished.numbers % finished.n_beside, finished.numbers // finished.n_beside
    places, others = order % n_rows, list(zip(order // n_rows, beside))
    base = {other: y[row] for row, (other, place) in enumerate(zip(others, places)) if place == 0}
    if any(np.isnan(base.get(other, np.nan)) for other in others):
        raise QualityError("The base case failed, and one-at-a-time changes are held against it.")
    rows = list(finished.design.rows(sizes))
    change = y - np.array([base[other] for other in others])
    return changes([rows[place] for place in places], [axis.name for axis in finished.own_axes], change, unit)
