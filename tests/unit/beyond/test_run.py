"""A run keeps what its analysis found beyond linear statics beside what every run has."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from femsim import run as runs
from femsim.errors import ConvergenceError
from tests.unit.beyond.conftest import StandIn


@pytest.fixture
def solved(asked, small_run, monkeypatch):
    """A run that builds and solves nothing; linear measures are left out."""
    asked()  # registers the stand-in

    def pair(scenario, *, fresh, progress):
        operated, intact = small_run.outcomes()
        told = SimpleNamespace(
            femur=small_run.femur("right"), sites={"greater_trochanter": np.zeros(3)}, twin=SimpleNamespace(notes=()),
            bone=SimpleNamespace(citations=("Somebody 2001",)),
        )  # fmt: skip
        return told, operated, intact

    monkeypatch.setattr(runs, "solved_pair", pair)
    monkeypatch.setattr(runs, "METRICS", {})
    monkeypatch.setattr(runs, "resolved_toml", lambda scenario: "schema = 1\n")
    monkeypatch.setattr(runs.identity, "digest", lambda scenario: small_run.DIGEST)
    monkeypatch.setattr(runs.store.record, "of_bone", lambda account: {})
    monkeypatch.setattr(runs.store.record, "of_scenario", lambda scenario: ())
    return lambda **how: replace(small_run.scenario(), name="small", analysis=StandIn(small_run, **how))


def test_a_run_has_linear_and_nonlinear_results(solved, tmp_path):
    result = runs.run(solved(), out=tmp_path)
    told = result.summary
    assert told["status"] == "complete" and told["activities"] and told["failure"]["models"]["operated"]["site"]
    assert {"failure.csv", "failure-operated.vtkhdf", "result.vtkhdf"} <= set(told["files"])
    assert "step 1: 3 iterations" in (result.folder / "run.log").read_text()
    assert "fracture_load" in (result.folder / "qoi.csv").read_text()
    assert "break operated" in told["timings_s"]


def test_a_run_that_cannot_converge_leaves_its_last_good_states_and_no_run(solved, tmp_path):
    with pytest.raises(ConvergenceError):
        runs.run(solved(fails="operated"), out=tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["small-01234567-failure-operated-partial.csv"]
