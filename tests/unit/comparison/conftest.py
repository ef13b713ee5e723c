"""Patients to compare, and columns with made-up measures."""

from pathlib import Path

import pytest

from femsim.comparison.columns import column

PATIENT = """schema = 1
name = "patient"
[femur]
kind = "parametric"
[subject]
body_mass_kg = 75
[load]
activity = "walking"
"""


@pytest.fixture
def patient(tmp_path) -> Path:
    """A scenario that says nothing of an implant."""
    path = tmp_path / "patient.toml"
    path.write_text(PATIENT)
    return path


@pytest.fixture
def capped(tmp_path) -> Path:
    """The same patient with a cap whose mantle is thick and which stands in varus."""
    path = tmp_path / "capped.toml"
    cap = '[implant]\nkind = "resurfacing_cap"\ncement_mm = 2.0\nvarus_valgus_deg = -5.0\n'
    path.write_text(PATIENT.replace('name = "patient"', 'name = "capped"') + cap)
    return path


@pytest.fixture
def made_up():
    """label, measures as (name, zone, model, value) or with a unit, removed bone [mm³] → Column."""

    def made(label, measures, *, removed=0.0, kept=100_000.0, is_reference=False):
        rows = [
            {"name": name, "zone": zone, "model": model, "value": value, "unit": unit[0] if unit else "-"}
            for name, zone, model, value, *unit in measures
        ]
        volumes = {"bone_kept": kept, **({"bone_removed": removed} if removed else {})}
        summary = {"measures": rows, "models": {"intact": {"mesh": {"volume_mm3": volumes}}}}
        return column(label, summary, is_reference=is_reference)

    return made
