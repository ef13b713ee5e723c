"""Every registered verification case keeps to its known answers, and docs/verification.md shows it."""

from dataclasses import replace

import pytest

from femsim.verification import CASES
from femsim.verification.case import Check
from tests.verification.page import differences, entry_of, is_other, read, render


@pytest.mark.parametrize(
    "name", [name if case.quick else pytest.param(name, marks=pytest.mark.slow) for name, case in CASES.items()]
)
def test_the_known_answer_comes_out_as_the_page_says(name, page):
    checks = CASES[name].run()
    missed = [
        f"{check.quantity}: {check.computed:.6g} {check.unit} instead of {check.reference:.6g}, "
        f"error {check.error:.2g} above {check.tolerance:g}"
        for check in checks
        if not check.passed
    ]
    assert not missed
    page.record(name, CASES[name], checks)


def test_the_page_shows_every_registered_case_and_no_other(page):
    assert {name for name in page.entries() if not is_other(name)} == set(CASES)


def checks(noise: float) -> list[Check]:
    return [
        Check("order", "-", 2, 1.97111 + noise, 0.3, absolute=True),
        Check("stress", "MPa", 92.7, 92.65 * (1 + noise), 0.02),
        Check("energy", "N·mm", -0.3, -0.3 * (1 + noise), 1e-9),
        Check("asymmetry", "-", 0.0, noise, 1e-10, absolute=True),
        Check("zeros", "-", 6, 6, 0, absolute=True),
    ]


def page_of(noise: float) -> dict:
    case = replace(CASES["v04_rigid_motion"], run=None)
    return read(render([entry_of("v04_rigid_motion", case, checks(noise))]))


def test_a_page_says_the_same_on_machines_that_round_differently():
    assert page_of(3e-12) == page_of(2e-15)


def test_a_number_that_moved_is_seen():
    shown, found = page_of(0)["v04_rigid_motion"], page_of(1e-4)["v04_rigid_motion"]
    assert differences(shown, shown) == []
    assert any("stress: computed 92.65 instead of 92.6593" in problem for problem in differences(shown, found))
