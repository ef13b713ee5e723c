"""Ctrl-C at any moment of a real run: one line, the documented exit code, nothing left behind."""

import signal
import time

import pytest

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("seconds", [1.5, 3.0, 4.5, 6.0, 7.5, 9.0])
def test_an_interrupted_run_leaves_nothing(shell, walking, seconds):
    process = shell.start("run", walking, "--set", "mesh.size_mm=4", "--out", "results")
    time.sleep(seconds)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130, said
    assert said.strip().splitlines()[-1] == "femsim: interrupted; nothing unfinished is left behind."
    left = list((shell.folder / "results").glob("*")) if (shell.folder / "results").exists() else []
    assert not left
