"""How cases are cut into batches, and that what is resumed has the numbers that it would have had."""

import pytest

from femsim.sweep import store
from femsim.sweep.batches import MOST_LOADS, MOST_STIFFNESSES, batches
from femsim.sweep.case import Case
from femsim.sweep.driving import drive
from femsim.sweep.engines import ENGINES
from femsim.sweep.engines.asked import Asked
from femsim.sweep.job import read_job
from tests.unit.sweep.running_sweeps import products, started


def case(number, mesh="m", stiffness="s", refused=None):
    return Case(number, (), {}, f"{number:064d}", refused, mesh, stiffness)


def cut(cases, missing=None):
    """Numbers of the cases of every batch; those that are computed along too."""
    wanted = {one.digest: 1 for one in cases if missing is None or one.number in missing}
    return [[member.number for member in batch.members] for batch in batches(cases, wanted)]


def test_cases_of_one_mesh_are_a_batch():
    cases = [case(0, "a"), case(1, "b"), case(2, "a"), case(3, "b")]
    assert cut(cases) == [[0, 2], [1, 3]]


def test_cases_of_one_stiffness_follow_each_other():
    cases = [case(0, stiffness="s"), case(1, stiffness="r"), case(2, stiffness="s"), case(3, stiffness="r")]
    assert cut(cases) == [[1, 3, 0, 2]]


def test_many_loads_are_cut():
    assert [len(batch) for batch in cut([case(n) for n in range(MOST_LOADS + 1)])] == [MOST_LOADS, 1]


def test_many_stiffnesses_are_cut():
    cases = [case(n, stiffness=f"s{n:02d}") for n in range(MOST_STIFFNESSES + 1)]
    assert [len(batch) for batch in cut(cases)] == [MOST_STIFFNESSES, 1]


def test_refused_cases_are_in_no_batch():
    assert cut([case(0), case(1, refused={"what": "no"})]) == [[0]]


def test_nothing_is_cut_where_nothing_is_missing():
    assert cut([case(0), case(1)], missing=()) == []


def test_what_shares_a_stiffness_with_a_missing_case_is_computed_along():
    cases = [case(0, stiffness="a"), case(1, stiffness="a"), case(2, stiffness="b"), case(3, stiffness="b")]
    assert cut(cases, missing=(1,)) == [[0, 1]]


def test_only_what_is_missing_is_wanted():
    (batch,) = batches([case(0), case(1)], {case(1).digest: 3})
    assert [(one.number, one.attempt) for one in batch.wanted] == [(1, 3)]


def test_a_batch_keeps_its_place_whatever_is_missing():
    cases = [case(n, f"m{n}") for n in range(4)]
    (found,) = batches(cases, {cases[2].digest: 1})
    assert found.place == 2


LOADS = """[sweep]
design = "grid"
metrics = ["risk_factor"]
[[sweep.axis]]
key = "load.activity"
values = ["walking", "stairs_up"]
[[sweep.axis]]
key = "subject.body_mass_kg"
values = [60, 75, 90]
"""


@pytest.mark.slow
@pytest.mark.long
def test_resumed_cases_have_numbers_that_are_equal_in_every_bit(sweep_file, tmp_path):
    """The simulation itself: cases that are solved together span their loads together."""
    path = sweep_file(LOADS)
    whole = started(path, tmp_path / "whole")
    drive(whole, ENGINES["local"], Asked(jobs=1))
    lines = [line for segment in store.segments(read_job(whole.folder)) for line in store.lines_of(segment)[0]]
    job = started(path, tmp_path / "resumed")
    (job.incoming / "host-1-a-0.jsonl").write_bytes(b"".join(lines[:4]))
    ended = drive(job, ENGINES["local"], Asked(jobs=1))
    assert (ended.done, ended.twice) == (6, 0)
    assert products(job.folder) == products(whole.folder)
