"""CalculiX as a program on this machine: where it is, and running it on a deck."""

import os
import re
import shutil
import subprocess
import time
from pathlib import Path

from femsim.errors import ConvergenceError, MissingPieceError
from femsim.kernel_cache import granted_cores

PACKAGE = "calculix-ccx"  # of Debian and Ubuntu
_KILLED = -9  # what Linux does to a process when memory runs out


def find() -> Path:
    """The executable: ccx, or ccx_<version>, on the PATH.

    Raises
    ------
    MissingPieceError
        Where there is none; says how to get it.
    """
    found = shutil.which("ccx")
    for folder in [] if found else os.get_exec_path():
        versions = sorted(name for name in _files(folder) if re.fullmatch(r"ccx_[0-9][\w.]*", name))
        found = next(filter(None, (shutil.which(name, path=folder) for name in reversed(versions))), None)
        if found:
            break
    if not found:
        raise MissingPieceError(
            "CalculiX is not installed: there is no program ccx on the PATH.",
            remedy=f"install it (Debian, Ubuntu, as root: apt-get install {PACKAGE}), or put its folder on the PATH",
        )
    return Path(found)


def version(program: Path) -> str:
    """'2.20', or nothing where the program does not say."""
    said = subprocess.run([program, "-v"], capture_output=True, text=True, errors="replace", timeout=60).stdout
    matched = re.search(r"Version\s+([\w.]+)", said)
    return matched[1] if matched else ""


def run(program: Path, deck: Path) -> float:
    """Run CalculiX on a deck, in the folder of the deck; what it says goes to a .log beside it.

    Returns
    -------
    Seconds of wall time of the whole program: reading, solving, writing.

    Raises
    ------
    ConvergenceError
        Where it does not come to its end; with the first of the errors it names.
    MemoryError
        Where it was killed, which the system does when memory runs out.
    """
    log = deck.with_suffix(".log")
    cores = str(granted_cores())
    environment = {**os.environ, "OMP_NUM_THREADS": cores, "CCX_NPROC_EQUATION_SOLVER": cores}
    start = time.perf_counter()
    with open(log, "wb") as output:
        done = subprocess.run(
            [program, deck.stem],
            cwd=deck.parent,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    seconds = time.perf_counter() - start
    if done.returncode == _KILLED:
        raise MemoryError
    said = log.read_text(encoding="utf-8", errors="replace")
    wrong = re.search(r"\*ERROR.*(?:\n.*){0,2}", said)
    if done.returncode != 0 or wrong or "Job finished" not in said:
        reason = " ".join(wrong[0].split()) if wrong else " ".join(said.split())[-300:]
        raise ConvergenceError(
            f"CalculiX did not come to its end (exit code {done.returncode}).",
            where=deck.name,
            why=f"it says: {reason}",
            remedy="keep its files with --keep FOLDER and read the .log there",
        )
    return seconds


def _files(folder: str) -> list[str]:
    try:
        return os.listdir(folder)
    except OSError:
        return []
