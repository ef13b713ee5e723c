"""Results that other processes write while the driver gathers are counted."""

import pytest

from femsim.sweep import case_result, store
from femsim.sweep.tally import Tally
from tests.unit.sweep.running_sweeps import started

TWO = '[sweep]\ndesign = "grid"\n[[sweep.axis]]\nkey = "subject.body_mass_kg"\nvalues = [60, 70]\n'


def arrived(job, digest):
    """A result comes, as from a process on another machine."""
    parts = store.PartWriter(job)
    parts.add(case_result.done(digest, 0, 1, {"a [-]": 1.0}))
    parts.write()


@pytest.mark.parametrize("how", ["gather", "merge"])
def test_a_result_that_comes_between_reading_and_gathering_is_counted(sweep_file, tmp_path, monkeypatch, how):
    job = started(sweep_file(TWO), tmp_path / "out")
    arrived(job, "a")
    tally = Tally(job)
    update = tally.update

    def updated():
        update()
        arrived(job, "b")

    with monkeypatch.context() as patch:
        patch.setattr(tally, "update", updated)
        getattr(tally, how)()
    tally.update()
    assert set(tally.known) == {"a", "b"} and tally.n_twice == 0
