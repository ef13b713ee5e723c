"""A crew stands the death of a child that has not begun yet."""

import os
import signal
import time

import pytest

from femsim.errors import StoreError
from femsim.sweep import crew as crew_module
from femsim.sweep.batches import batches
from femsim.sweep.crew import Crew, Limits
from femsim.sweep.job import cases_of
from tests.unit.sweep.running_sweeps import started

TWO = '[sweep]\ndesign = "grid"\n[[sweep.axis]]\nkey = "subject.body_mass_kg"\nvalues = [60, 70]\n'


@pytest.fixture
def given(sweep_file, tmp_path, monkeypatch):
    """A crew without a child, and a batch of two cases."""
    monkeypatch.setenv("PYTHONPATH", os.path.dirname(__file__))
    job = started(sweep_file(TWO), tmp_path / "out")
    cases = list(cases_of(job.folder))
    (batch,) = batches(cases, {case.digest: 1 for case in cases})
    crew = Crew(job, Limits(), log="tried", computer="trivial_computers:ishigami")
    yield crew, batch
    crew.end()


def died(crew, batch, number=signal.SIGKILL):
    """What is to be handed out again after the child was killed before it was ready."""
    crew.hand(batch)
    os.kill(crew.pid, number)
    for _ in range(200):
        records, again = crew.watch()
        if crew.is_idle:
            assert records == []
            return again
        time.sleep(0.02)
    raise AssertionError("the death was not seen")


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_a_child_that_is_killed_while_it_starts_is_started_again(given, number):
    crew, batch = given
    assert died(crew, batch, number) == [batch]
    crew.hand(batch)
    found = []
    while not crew.is_idle:
        found += crew.read()
        time.sleep(0.02)
    assert [record["status"] for record in found] == ["done", "done"]


def test_a_child_that_never_gets_to_start_is_given_up(given, monkeypatch):
    monkeypatch.setattr(crew_module, "PATIENCE", 3)
    crew, batch = given
    died(crew, batch)
    died(crew, batch)
    with pytest.raises(StoreError, match="did not start"):
        died(crew, batch)
