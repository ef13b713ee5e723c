"""`femsim check`: says whether a scenario is sound, and what it amounts to."""

from pathlib import Path

from femsim.cli.screen import Screen
from femsim.scenario.reading import SWEEP, load, resolved_toml, written


def checked(screen: Screen, path: Path, sets: tuple[str, ...], *, resolved: bool) -> int:
    """Read the scenario, and its sweep where it has one; their problems arrive as ScenarioError."""
    if SWEEP in written(path).data:
        from femsim.sweep.reading import load_sweep

        found = load_sweep(path, sets)
        scenario, more = found.base, {"cases": found.n_designed}
        text = f"{path}: valid, sweep {found.name!r} of {found.n_designed} cases before filters"
    else:
        found = scenario = load(path, sets)
        text, more = f"{path}: valid, scenario {found.name!r}", {}
    for note in found.notes:
        screen.remark(f"note: {note}")
    record = {"status": "valid", "name": found.name, "notes": list(found.notes), **more}
    toml = resolved_toml(scenario)
    if resolved:
        record["resolved"] = toml
    screen.answer(record, toml.rstrip("\n") if resolved else text)
    return 0
