"""Every registered verification case keeps to its known answers."""

import pytest

from femsim.verification import CASES


@pytest.mark.parametrize(
    "name", [name if case.quick else pytest.param(name, marks=pytest.mark.slow) for name, case in CASES.items()]
)
def test_the_known_answer_comes_out(name):
    missed = [
        f"{check.quantity}: {check.computed:.6g} {check.unit} instead of {check.reference:.6g}, "
        f"error {check.error:.2g} above {check.tolerance:g}"
        for check in CASES[name].run()
        if not check.passed
    ]
    assert not missed
