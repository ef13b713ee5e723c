"""The command line as a user has it: a process with its own stdout, stderr and exit code."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest


class Shell:
    """A folder in which femsim is called."""

    def __init__(self, folder: Path, root: Path):
        self.folder = folder
        self.environment = {**os.environ, "PYTHONPATH": str(root), "HOME": str(folder), "XDG_STATE_HOME": str(folder)}

    def start(self, *arguments: object, **more) -> subprocess.Popen:
        command = [sys.executable, "-P", "-m", "femsim", *map(str, arguments)]
        return subprocess.Popen(
            command,
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            **more,
        )

    def call(self, *arguments: object, timeout: float = 120) -> subprocess.CompletedProcess:
        process = self.start(*arguments)
        out, err = process.communicate(timeout=timeout)
        return subprocess.CompletedProcess(arguments, process.returncode, out, err)

    def call_json(self, *arguments: object, timeout: float = 120) -> tuple[int, dict]:
        """Exit code and the one object on stdout."""
        done = self.call(*arguments, "--json", timeout=timeout)
        return done.returncode, json.loads(done.stdout)

    def python(self, code: str, *arguments: object) -> subprocess.CompletedProcess:
        """femsim's own main in a process that was prepared by some code."""
        program = f"import sys\nsys.argv = ['femsim', *sys.argv[1:]]\n{code}\nfrom femsim.cli import main\nmain()\n"
        return subprocess.run(
            [sys.executable, "-P", "-c", program, *map(str, arguments)],
            cwd=self.folder, env=self.environment, capture_output=True, text=True, timeout=120,
        )  # fmt: skip


@pytest.fixture
def shell(tmp_path, root) -> Shell:
    return Shell(tmp_path, root)


@pytest.fixture(scope="session")
def walking(root) -> Path:
    return root / "scenarios" / "walking.toml"
