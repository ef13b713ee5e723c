"""What follows from the death of a child: who is tried again, with whom, and who is set aside."""

import signal

import pytest

from femsim.sweep.batches import Batch, Member
from femsim.sweep.crew import PATIENCE, Limits, after_death

SEGV, KILL = -signal.SIGSEGV, -signal.SIGKILL


def member(number, stiffness="s", attempt=1):
    return Member(f"{number:064d}", number, (), stiffness, attempt)


def numbers(batches):
    return [[one.number for one in batch.members] for batch in batches]


def test_cases_of_the_suspect_stiffness_are_tried_one_by_one_and_the_others_together():
    batch = Batch(0, (member(0, "a"), member(1, "a"), member(2, "b"), member(3, "b")))
    aside, again = after_death(batch, "crash", SEGV, Limits())
    assert (aside, numbers(again)) == ([], [[0], [1], [2, 3]])


@pytest.mark.parametrize("cause", ["crash", "memory"])
def test_a_case_that_ends_its_child_again_is_set_aside(cause):
    (aside,), again = after_death(Batch(0, (member(4),), strikes=1), cause, SEGV, Limits())
    assert (aside["number"], aside["class"], again) == (4, cause, [])


def test_a_case_alone_is_tried_twice():
    _, (again,) = after_death(Batch(0, (member(4),)), "crash", SEGV, Limits())
    assert again.strikes == 1


def test_a_case_alone_that_takes_too_long_is_set_aside_at_once():
    (aside,), again = after_death(Batch(0, (member(4),)), "time", KILL, Limits(case_s=7.0))
    assert (aside["class"], again) == ("time", []) and "longer than 7 s" in aside["error"]["what"]


def test_cases_that_take_too_long_together_are_tried_one_by_one():
    aside, again = after_death(Batch(0, (member(0), member(1))), "time", KILL, Limits(case_s=7.0))
    assert (aside, numbers(again)) == ([], [[0], [1]])


def test_a_kill_from_outside_changes_nothing_about_a_batch():
    batch = Batch(0, (member(0), member(1, attempt=0)))
    aside, (again,) = after_death(batch, "killed", KILL, Limits())
    assert (aside, again.members, again.hits, again.strikes) == ([], batch.members, 1, 0)


def test_a_case_that_is_always_killed_is_set_aside_in_the_end():
    (aside,), again = after_death(Batch(0, (member(0),), hits=PATIENCE - 1), "killed", KILL, Limits())
    assert (aside["class"], again) == ("crash", []) and "SIGKILL" in aside["error"]["what"]


def test_finished_cases_of_another_stiffness_are_not_computed_again():
    batch = Batch(0, (member(0, "a"), member(1, "b", attempt=0)))
    _, again = after_death(batch, "crash", SEGV, Limits())
    assert numbers(again) == [[0]]
