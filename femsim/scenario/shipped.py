"""The scenarios that come with femsim, wherever it is installed."""

from pathlib import Path

import femsim
from femsim.errors import ScenarioError, near

_PACKAGE = Path(femsim.__file__).parent


def scenario_folder() -> Path:
    """Inside an installed package the scenarios lie in it; in a source tree beside it."""
    installed = _PACKAGE / "scenarios"
    return installed if installed.is_dir() else _PACKAGE.parent / "scenarios"


def scenario_files() -> dict[str, Path]:
    """Name → file."""
    return {path.stem: path for path in sorted(scenario_folder().glob("*.toml"))}


def scenario_file(name: str) -> Path:
    """The file of a scenario that comes with femsim.

    Raises
    ------
    ScenarioError
        Where there is none of that name.
    """
    files = scenario_files()
    if name not in files:
        raise ScenarioError(
            f"No scenario {name!r} comes with femsim. {near(name, files)}", remedy="install femsim again"
        )
    return files[name]
