"""Golden numbers: kept in files beside the tests, renewed on purpose only."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest


class Golden:
    """Numbers by name in a JSON file; with --update-golden they are written instead of compared."""

    def __init__(self, path: Path, update: bool):
        self._path, self._update = path, update

    def hold(self, numbers: dict[str, float], *, rel: float, floor: Callable[[str], float]) -> None:
        """Compare each number with its kept value, to `rel` of it but not finer than the floor for its name."""
        if self._update:
            self._path.write_text(json.dumps(numbers, indent=1, sort_keys=True) + "\n", encoding="utf-8")
            return
        kept = json.loads(self._path.read_text(encoding="utf-8"))
        assert numbers.keys() == kept.keys()
        moved = {
            name: (kept[name], now)
            for name, now in numbers.items()
            if now != pytest.approx(kept[name], rel=rel, abs=floor(name))
        }
        assert not moved, f"(kept, now): {moved}"


@pytest.fixture
def golden(request) -> Golden:
    """The file beside the test, named like it."""
    path = Path(request.node.path).with_suffix(".json")
    return Golden(path, request.config.getoption("--update-golden"))
