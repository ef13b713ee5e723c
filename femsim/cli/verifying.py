"""`femsim verify`: holds this installation against problems with known answers."""

import math
from dataclasses import asdict
from typing import TYPE_CHECKING

from femsim.cli.screen import Screen

if TYPE_CHECKING:
    from femsim.verification.case import Check
    from femsim.verification.runner import Outcome

MISSED = 5  # exit code: computed, but a number is not what it should be


def verified(screen: Screen, names: tuple[str, ...], *, slow: bool) -> int:
    """Run the named cases, or the quick ones, or all; exit code 5 where a known answer is missed."""
    from femsim import kernel_cache
    from femsim.verification.runner import chosen, run_cases

    cases = chosen(names, slow=slow)
    if not kernel_cache.is_warm():
        from femsim.analyses.warmup import warm_up

        screen.stage("compiling kernels, once")
        warm_up()
    outcomes = run_cases(cases, screen.stage)
    failed = [outcome for outcome in outcomes if not outcome.passed]
    n_checks = sum(len(outcome.checks) for outcome in outcomes)
    seconds = sum(outcome.seconds for outcome in outcomes)
    record = {
        "status": "failed" if failed else "passed",
        "n_cases": len(outcomes),
        "n_checks": n_checks,
        "seconds": round(seconds, 3),
        "failed": [outcome.name for outcome in failed],
        "problems": [{"case": outcome.name, "what": outcome.problem} for outcome in outcomes if outcome.problem],
        "checks": [_record(outcome, check) for outcome in outcomes for check in outcome.checks],
    }
    verdict = (
        f"{len(failed)} of {len(outcomes)} cases FAILED: {', '.join(outcome.name for outcome in failed)}"
        if failed
        else f"all {n_checks} numbers of {len(outcomes)} case{'s' * (len(outcomes) > 1)} are as they should be"
    )
    problems = [f"{outcome.name}: {outcome.problem}" for outcome in outcomes if outcome.problem]
    shown = failed if screen.quiet else outcomes
    table = [_table(shown, screen.verbose), ""] if any(outcome.checks for outcome in shown) else []
    screen.answer(record, *table, *problems, f"{verdict}, in {seconds:.1f} s.")
    return MISSED if failed else 0


def _record(outcome: "Outcome", check: "Check") -> dict:
    values = {**asdict(check), "error": check.error}
    # JSON has no word for what is not a number.
    values = {
        key: None if isinstance(value, float) and not math.isfinite(value) else value for key, value in values.items()
    }
    return {
        "case": outcome.name,
        **values,
        "passed": check.passed,
        "source": outcome.case.source,
        "source_status": outcome.case.status,
        "seconds": round(outcome.seconds, 3),
    }


def _table(outcomes: list["Outcome"], verbose: bool):
    """A row per check; with verbose the source of the reference values under each case."""
    from rich.table import Table

    table = Table(box=None, padding=(0, 2, 0, 0))
    for heading in ("case", "quantity", "reference", "computed", "unit", "error", "tolerance", ""):
        numeric = heading in ("reference", "computed", "error", "tolerance")
        table.add_column(heading, justify="right" if numeric else "left", no_wrap=heading != "quantity")
    for outcome in outcomes:
        for n, check in enumerate(outcome.checks):
            table.add_row(
                "" if n else outcome.name, check.quantity, f"{check.reference:.6g}", f"{check.computed:.6g}",
                check.unit, f"{check.error:.1e}{' abs' if check.absolute else ''}", f"{check.tolerance:.1e}",
                "ok" if check.passed else "FAILED",
            )  # fmt: skip
        if verbose:
            table.add_row("", f"{outcome.case.status}: {outcome.case.source} ({outcome.seconds:.1f} s)")
    return table
