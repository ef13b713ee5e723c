"""Sweeps of trivial cases, computed by the engines as real ones are."""

import os
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from femsim.cli.sweeping import job_of
from femsim.sweep.driving import drive
from femsim.sweep.engines import ENGINES
from femsim.sweep.engines.asked import Asked
from femsim.sweep.job import Job, begin
from femsim.sweep.planning import plan
from femsim.sweep.reading import load_sweep
from femsim.sweep.worker import COMPUTER
from tests.unit.sweep.conftest import BASE

ROOT = Path(__file__).parents[3]
PRODUCTS = ("table.csv", "table.parquet", "failed.csv")


def tried(folder: Path, text: str, computer="ishigami"):
    """A sweep written into a folder and computed: its file, its own folder, how it ended."""
    path = Path(folder) / "tried.toml"
    path.write_text(BASE + text, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", os.path.dirname(__file__))
        return path, *computed(path, Path(folder) / "out", computer)


def started(path, out, **changes) -> Job:
    """The folder of a sweep, made and not yet computed."""
    found = plan(load_sweep(path))
    job = replace(job_of(found, path, (), out), **changes)
    return begin(job, path.read_text(encoding="utf-8"), found.cases)


def computed(path, out, computer="ishigami", engine="local", **how):
    """The folder of a sweep that was computed, and how it ended."""
    job = started(path, out)
    how.setdefault("memory_mb", 800.0)
    ended = drive(job, ENGINES[engine], Asked(computer=f"trivial_computers:{computer}", **how))
    return job.folder, ended


def products(folder) -> dict[str, bytes]:
    """The tables of a sweep."""
    return {name: (Path(folder) / name).read_bytes() for name in PRODUCTS}


def waited(happens, seconds: float = 90.0) -> None:
    """Wait until something happens."""
    until = time.monotonic() + seconds
    while not happens():
        assert time.monotonic() < until
        time.sleep(0.05)


def environment(**more: str) -> dict[str, str]:
    """Of a process that computes trivial cases."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(Path(__file__).parent)]), **more}


def driver(path, out, computer="ishigami", engine="local", *more, **env) -> subprocess.Popen:
    """`femsim sweep` of trivial cases in a process of its own."""
    command = [sys.executable, "-P", str(Path(__file__)), str(path), str(out), computer, engine, *more]
    return subprocess.Popen(
        command, env=environment(**env), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True
    )


def main(path, out, computer, engine, *more) -> int:
    """The driver's process."""
    from femsim.cli.failure import ending_of
    from femsim.cli.interrupts import Interrupts
    from femsim.cli.screen import Screen
    from femsim.cli.sweeping import driven

    options = dict(text.split("=", 1) for text in more)
    how = {key: value if key in ("scheduler", "submit") else float(value) for key, value in options.items()}
    how = {key: int(value) if key == "jobs" else value for key, value in how.items()}
    with Interrupts() as interrupts, Screen() as screen:
        try:
            job = started(Path(path), Path(out))
            named = COMPUTER if computer == "real" else f"trivial_computers:{computer}"
            return driven(screen, job, engine, Asked(computer=named, **how))
        except BaseException as error:
            return ending_of(interrupts.replaced(error), []).show(as_json=False, verbose=True)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
