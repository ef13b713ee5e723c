"""`femsim sweep FILE --dry-run`: how many cases there are, some of them, what they share, and what they will cost."""

from typing import TYPE_CHECKING, Any

from femsim.cli.screen import Screen

if TYPE_CHECKING:
    from collections.abc import Sequence

    from femsim.sweep.case import Case
    from femsim.sweep.planning import Plan

SHOWN = 8  # cases
REASONS = 3  # of refused cases


def dry_run(screen: Screen, plan: "Plan") -> int:
    """Tell what would be computed; nothing is."""
    from femsim.sweep.costs import FROM

    refused = [case for case in plan.cases if case.refused]
    sample = _sample(plan.cases)
    estimate = plan.estimate
    record: dict[str, Any] = {
        "name": plan.name,
        "hash": plan.digest,
        "cases": len(plan.cases),
        "designed": plan.n_designed,
        "filtered": plan.n_filtered,
        "repeated": plan.n_repeated,
        "refused": [{"number": case.number, **case.refused} for case in refused],
        "metrics": list(plan.metrics),
        "measures": list(plan.measures),
        "sample": [{"number": case.number, **case.values} for case in sample],
        "notes": list(plan.notes),
    }
    lines: list[Any] = [_counts(plan, len(refused)), "", _table(plan, sample), ""]
    if estimate is not None:
        record["estimate"] = {
            "meshes": estimate.n_meshes,
            "stiffnesses": estimate.n_stiffnesses,
            "mesh_s": estimate.mesh,
            "solve_s": estimate.solve,
            "measures_s": estimate.measures,
            "memory_mb": estimate.memory_mb,
            "from": FROM,
        }
        n_sound = len(plan.cases) - len(refused)
        lines += [
            f"shared: {n_sound} cases have {estimate.n_meshes} meshes and {estimate.n_stiffnesses} stiffnesses.",
            f"estimate: {duration(estimate.seconds)} on one core ({_stages(estimate)}); "
            f"{estimate.memory_mb / 1000:.1f} GB of memory for each process.",
            f"  from costs {FROM}.",
        ]
    for case in refused[:REASONS]:
        lines.append(f"case {case.number} cannot be computed: {case.refused['what']}")
    if len(refused) > REASONS:
        lines.append(f"and {len(refused) - REASONS} more; --json names all.")
    lines += [f"note: {note}" for note in plan.notes]
    screen.answer(record, *lines)
    return 0


def _sample(cases: "Sequence[Case]") -> "list[Case]":
    """Some cases from all over the design; steps by the golden ratio meet no period of a grid."""
    places = {int(len(cases) * (0.618034 * n % 1.0)) for n in range(min(SHOWN, len(cases)))}
    return [cases[place] for place in sorted(places)]


def _counts(plan: "Plan", n_refused: int) -> str:
    parts = [f"{plan.n_designed} in the design"] if plan.n_designed != len(plan.cases) else []
    parts += [f"{plan.n_filtered} do not meet the filters"] if plan.n_filtered else []
    parts += [f"{plan.n_repeated} are earlier ones again"] if plan.n_repeated else []
    parts += [f"{n_refused} cannot be computed"] if n_refused else []
    return f"{plan.name}: {len(plan.cases)} cases" + (f" ({', '.join(parts)})" if parts else "") + "."


def _table(plan: "Plan", sample: Any) -> Any:
    from rich.table import Table

    table = Table(box=None, padding=(0, 2, 0, 0))
    table.add_column("case", justify="right")
    for name, unit in plan.units.items():
        table.add_column(f"{name} [{unit}]".replace(".", ".\n", 1) if len(plan.units) > 4 else f"{name} [{unit}]")
    for case in sample:
        table.add_row(str(case.number), *(_cell(case.values.get(name)) for name in plan.units))
    return table


def _cell(value: Any) -> str:
    if value is None:
        return "–"
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def _stages(estimate: Any) -> str:
    whole = estimate.seconds or 1.0
    stages = (("meshing", estimate.mesh), ("solving", estimate.solve), ("measures", estimate.measures))
    return ", ".join(f"{name} {100 * seconds / whole:.0f} %" for name, seconds in stages)


def duration(seconds: float) -> str:
    """Seconds, minutes, hours or days, whichever says it shortly."""
    for unit, size in (("days", 86400.0), ("h", 3600.0), ("min", 60.0)):
        if seconds >= 2 * size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds:.3g} s"
