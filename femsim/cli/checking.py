"""`femsim check`: says whether a scenario is sound, and what it amounts to."""

from pathlib import Path

from femsim.cli.screen import Screen
from femsim.scenario.reading import SWEEP, load, resolved_toml, written


def checked(screen: Screen, path: Path, sets: tuple[str, ...], *, resolved: bool) -> int:
    """Read the scenario, and its sweep where it has one; their problems arrive as ScenarioError."""
    if SWEEP in written(path).data:
        return _checked_sweep(screen, path, sets, resolved=resolved)
    scenario = load(path, sets)
    for note in scenario.notes:
        screen.remark(f"note: {note}")
    toml = resolved_toml(scenario)
    record = {"status": "valid", "name": scenario.name, "notes": list(scenario.notes)}
    if resolved:
        record["resolved"] = toml
    screen.answer(record, toml.rstrip("\n") if resolved else f"{path}: valid, scenario {scenario.name!r}")
    return 0


def _checked_sweep(screen: Screen, path: Path, sets: tuple[str, ...], *, resolved: bool) -> int:
    from femsim.sweep.reading import load_sweep

    sweep = load_sweep(path, sets)
    toml = resolved_toml(sweep.base)
    record = {"status": "valid", "name": sweep.name, "notes": list(sweep.notes), "cases": sweep.n_designed}
    if resolved:
        record["resolved"] = toml
    for note in sweep.notes:
        screen.remark(f"note: {note}")
    text = f"{path}: valid, sweep {sweep.name!r} of {sweep.n_designed} cases before filters"
    screen.answer(record, toml.rstrip("\n") if resolved else text)
    return 0
