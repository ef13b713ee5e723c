"""`femsim check`: says whether a scenario is sound, and what it amounts to."""

from pathlib import Path

from femsim.cli.screen import Screen
from femsim.scenario.reading import load, resolved_toml


def checked(screen: Screen, path: Path, sets: tuple[str, ...], *, resolved: bool) -> int:
    """Read the scenario; its problems arrive as ScenarioError."""
    scenario = load(path, sets)
    for note in scenario.notes:
        screen.remark(f"note: {note}")
    toml = resolved_toml(scenario)
    record = {"status": "valid", "name": scenario.name, "notes": list(scenario.notes)}
    if resolved:
        record["resolved"] = toml
    screen.answer(record, toml.rstrip("\n") if resolved else f"{path}: valid, scenario {scenario.name!r}")
    return 0
