"""A scenario file with a [sweep], written for one test."""

import pytest

BASE = """schema = 1
name = "tried"

[femur]
kind = "parametric"

[subject]
body_mass_kg = 75

[implant]
kind = "resurfacing_cap"

[load]
activity = "walking"

[mesh]
size_mm = 10.0
order = 1

"""
FIRST_LINE = BASE.count("\n") + 1  # of what follows the base case


@pytest.fixture
def sweep_file(tmp_path):
    """text of [sweep] → the file."""

    def write(text: str):
        path = tmp_path / "tried.toml"
        path.write_text(BASE + text, encoding="utf-8")
        return path

    return write


@pytest.fixture
def problems_of(sweep_file):
    """text of [sweep] → what its refusal says, line by line."""
    from femsim.errors import ScenarioError
    from femsim.sweep.reading import load_sweep

    def read(text: str) -> str:
        with pytest.raises(ScenarioError) as refused:
            load_sweep(sweep_file(text))
        return str(refused.value)

    return read
