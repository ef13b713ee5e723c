"""Ctrl-C at any moment of a real run: one line, the documented exit code, nothing left behind."""

import os
import signal
import subprocess
import sys
import time

import pytest

PASSED_THROUGH_A_LIBRARY = """
import ctypes
import importlib
cli = importlib.import_module("femsim.cli.main")
ctypes.pythonapi.PyRun_SimpleString(b"raise KeyboardInterrupt")
cli._code = lambda arguments: 130
cli.main(['run'])
"""


def test_the_exit_code_stands_where_the_interrupt_passed_through_a_library(root, tmp_path):
    (tmp_path / "interrupted.py").write_text(PASSED_THROUGH_A_LIBRARY)
    paths = {"PYTHONPATH": f"{root}{os.pathsep}{tmp_path}"}
    command = [sys.executable, "-m", "interrupted"]  # Python asks for it with -m, as femsim is run
    assert subprocess.run(command, env=os.environ | paths, capture_output=True).returncode == 130


@pytest.mark.slow
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
