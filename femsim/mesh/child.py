"""A step of meshing in a process of its own.

Meshers are C and C++ libraries that may crash, hang, end the process or take over Ctrl-C; in a child process none of
that reaches the user.
"""

import subprocess
import sys
import time
from pathlib import Path

import numpy as np

from femsim.child_process import environment


def start(module: str, file: Path, **given) -> subprocess.Popen:
    """Run a module of femsim as a script on a file that holds the given arrays; see `output_of` and `messages_of`."""
    np.savez(file, **given)
    with open(messages_of(file), "wb") as messages:
        # -P: a file called gmsh.py or numpy.py in the user's folder must not be imported instead.
        return subprocess.Popen(
            [sys.executable, "-P", "-m", module, str(file)],
            stdin=subprocess.DEVNULL,
            stdout=messages,
            stderr=messages,
            env=environment(OMP_NUM_THREADS="1"),
        )


def output_of(file: Path) -> Path:
    """Where the child of a file leaves its arrays."""
    return file.with_suffix(".made.npz")


def messages_of(file: Path) -> Path:
    """Where everything goes that the child of a file says."""
    return file.with_suffix(".txt")


def last_words(file: Path) -> str:
    """The last line the child of a file said."""
    lines = messages_of(file).read_text(errors="replace").strip().splitlines()
    return lines[-1] if lines else "no message"


def how_it_ended(process: subprocess.Popen, file: Path) -> str:
    """Half a sentence on a child that failed."""
    code = process.returncode
    return f"the mesher was ended by signal {-code}" if code < 0 else last_words(file)


def end(process: subprocess.Popen) -> None:
    """Kill a child that still runs, and wait until it is gone."""
    process.kill()
    process.wait()


def waited(process: subprocess.Popen, time_limit: float) -> bool:
    """Wait for a child, at most so many seconds; False when it still runs. An interrupt ends the child."""
    deadline = time.monotonic() + time_limit
    try:
        while process.poll() is None:
            if time.monotonic() > deadline:
                return False
            time.sleep(0.005)
        return True
    finally:
        if process.poll() is None:
            end(process)
