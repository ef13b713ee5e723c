"""Runs verification cases one after another and keeps what each gave."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from femsim.errors import FemsimError
from femsim.verification import CASES
from femsim.verification.case import Case, Check


@dataclass(frozen=True)
class Outcome:
    """What a case gave.

    name : its name in CASES.
    problem : why it has no checks; empty where it has.
    seconds : wall time.
    """

    name: str
    case: Case
    checks: tuple[Check, ...]
    seconds: float
    problem: str = ""

    @property
    def passed(self) -> bool:
        return not self.problem and all(check.passed for check in self.checks)


def chosen(names: Iterable[str] = (), *, slow: bool = False) -> dict[str, Case]:
    """The named cases in the order given; without names the quick ones, or all of them.

    Raises
    ------
    UsageError
        For a name that is not registered.
    """
    named = {name: CASES[name] for name in names}
    return named or {name: case for name, case in CASES.items() if case.quick or slow}


def run_cases(cases: dict[str, Case], progress: Callable[[str], None] | None = None) -> list[Outcome]:
    """Every case run, also after one that failed.

    Parameters
    ----------
    cases : name → case
    progress : callable(name), optional
        Told which case begins.
    """
    outcomes = []
    for name, case in cases.items():
        if progress is not None:
            progress(name)
        start = time.perf_counter()
        checks, problem = (), ""
        try:
            checks = tuple(case.run())
        except FemsimError as error:  # a solver that gives up fails its case; the others still have something to say
            problem = f"{type(error).__name__}: {error}"
        outcomes.append(Outcome(name, case, checks, time.perf_counter() - start, problem))
    return outcomes
