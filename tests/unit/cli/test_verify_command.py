"""`femsim verify`: the known answers on a user's own machine."""

import signal
import subprocess
import sys

import pytest

from femsim import kernel_cache

CASE = "v04_rigid_motion"
# Puts cases in the place of the registered ones: one that holds, one that misses, one that cannot be solved.
STAND_INS = """
import femsim.kernel_cache
femsim.kernel_cache.is_warm = lambda: True
import femsim.verification.runner as runner
from femsim.errors import ConvergenceError
from femsim.registry import Registry
from femsim.verification.case import Case, Check
def case(run, quick=True): return Case("a title", "a source", "published", quick, run)
def stuck(): raise ConvergenceError("residual 1e-3")
runner.CASES = Registry(
    "verification case",
    holds=case(lambda: [Check("stress", "MPa", 92.7, 92.65, 0.02)]),
    misses=case(lambda: [Check("stress", "MPa", 92.7, 80.0, 0.02), Check("order", "-", 2, float("nan"), 0.3)]),
    stuck=case(stuck),
    slow=case(lambda: [Check("stress", "MPa", 1.0, 1.0, 0.02)], quick=False),
)
"""


def test_a_case_by_name_gives_its_numbers(shell):
    shell.environment["NUMBA_CACHE_DIR"] = str(kernel_cache.folder())  # the kernels this process has
    code, record = shell.call_json("verify", CASE)
    assert (code, record["status"]) == (0, "passed")
    assert record["n_checks"] == len(record["checks"]) > 0
    keys = {"case", "quantity", "unit", "reference", "computed", "error", "tolerance", "passed", "source", "seconds"}
    assert all(keys <= set(check) for check in record["checks"])


def test_the_table_shows_reference_and_computed_value(shell):
    done = shell.python(STAND_INS, "verify", "holds")
    assert done.returncode == 0
    assert all(word in done.stdout for word in ("holds", "stress", "92.7", "92.65", "MPa", "5.4e-04", "ok"))


def test_a_missed_answer_has_its_exit_code_and_is_named(shell):
    done = shell.python(STAND_INS, "verify", "holds", "misses")
    assert done.returncode == 5
    assert "1 of 2 cases FAILED: misses" in done.stdout


def test_quiet_shows_what_failed_alone(shell):
    done = shell.python(STAND_INS, "verify", "-q")
    assert done.returncode == 5
    assert "holds" not in done.stdout and "misses" in done.stdout


def test_a_case_that_cannot_be_solved_fails_and_the_others_are_run(shell):
    done = shell.python(STAND_INS, "verify", "stuck", "holds")
    assert done.returncode == 5
    assert "residual 1e-3" in done.stdout and "92.65" in done.stdout


def test_json_has_null_for_what_is_not_a_number(shell):
    done = shell.python(STAND_INS, "verify", "misses", "--json")
    assert '"computed": null' in done.stdout and "NaN" not in done.stdout


@pytest.mark.parametrize(("options", "ran"), [((), "3 cases"), (("--all",), "4 cases")])
def test_slow_cases_run_on_request(shell, options, ran):
    assert f"of {ran}" in shell.python(STAND_INS, "verify", *options).stdout


def test_a_name_that_is_none_gets_the_nearest(shell):
    done = shell.call("verify", CASE[:-1])
    assert done.returncode == 2
    assert f"Did you mean '{CASE}'?" in done.stderr


def test_an_interrupt_ends_it_with_one_line(shell):
    # Naps, for a signal that comes just before a long sleep is not seen until its end.
    naps = "open('begun', 'w'); import time; [time.sleep(0.1) for _ in range(600)]"
    code = STAND_INS.replace('raise ConvergenceError("residual 1e-3")', naps)
    program = f"{code}\nfrom femsim.cli import main\nmain(['verify', 'stuck'])\n"
    process = subprocess.Popen(
        [sys.executable, "-P", "-c", program],
        cwd=shell.folder, env=shell.environment, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    while not (shell.folder / "begun").exists():
        assert process.poll() is None
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=30)
    assert process.returncode == 130
    assert len(err.splitlines()) == 1
