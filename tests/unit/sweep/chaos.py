"""Kills what computes a sweep, at random, again and again, and goes on with it until it is finished.

    PYTHONPATH=. python tests/unit/sweep/chaos.py FOLDER [KILLS] [SEED]

writes what happened as rows of a Markdown table: docs/sweeps_cluster.md shows them.
"""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import psutil

from femsim.sweep import driving, store
from femsim.sweep.job import Job, read_job
from femsim.sweep.tally import Tally
from tests.unit.sweep import running_sweeps
from tests.unit.sweep.conftest import BASE
from tests.unit.sweep.running_sweeps import environment, products

# 20 meshes with ten loads each: batches of which some cases are finished are part of the trial.
SWEEP = """[sweep]
design = "grid"
[[sweep.axis]]
key = "implant.varus_valgus_deg"
values = [-3, -1.5, 0, 1.5, 3]
[[sweep.axis]]
key = "implant.version_deg"
values = [-3, -1, 1, 3]
[[sweep.axis]]
key = "subject.body_mass_kg"
values = [55, 60, 65, 70, 75, 80, 85, 90, 95, 100]
"""
CASE_S = "0.1"
LONGEST_S = 5.0  # between two kills
OF_DRIVERS = 0.35  # of the kills
MOST_KILLS = 80  # of one sweep, so that it ends
GATHERED_AT = 8  # parts: results are gathered all the time, so that kills meet it
GONE_S = 30.0  # for children whose driver was killed


@dataclass(frozen=True)
class Round:
    """One sweep among kills.

    kills : of drivers and of workers; n_drivers : that were started.
    n_computed : cases computed to their end, those whose results died with their process too.
    n_kept, n_cases : results on disk; different cases among them. n_twice : as the sweep itself tells.
    """

    folder: Path
    kills: Counter
    n_drivers: int
    n_computed: int
    n_kept: int
    n_cases: int
    n_twice: int
    orphans: int
    seconds: float


def written(folder: Path) -> Path:
    """The file of the sweep."""
    path = Path(folder) / "tried.toml"
    path.write_text(BASE + SWEEP, encoding="utf-8")
    return path


def undisturbed(path: Path, out: Path) -> dict[str, bytes]:
    """The tables when nothing is killed."""
    process = _driver(path, out, Path(out).with_suffix(".log"), case_s="0")
    process.communicate()
    (folder,) = Path(out).iterdir()
    return products(folder)


def among_kills(path: Path, out: Path, rng: random.Random) -> Round:
    """Compute a sweep while its driver and its workers are killed."""
    log, begun = Path(out).with_suffix(".log"), time.monotonic()
    kills, n_drivers, abandoned = Counter(), 0, []
    while True:
        n_drivers += 1
        process = _driver(path, out, log)
        while process.poll() is None and kills.total() < MOST_KILLS:
            _until(time.monotonic() + rng.uniform(0.2, LONGEST_S), process)
            children = _children(process)
            if process.poll() is not None:
                break
            if rng.random() < OF_DRIVERS:
                process.kill()
                kills["driver"] += 1
                abandoned += children
                break
            if children:
                rng.choice(children).kill()
                kills["worker"] += 1
        said = process.communicate()[0].decode()
        if process.returncode == 0:
            break
        assert process.returncode == -signal.SIGKILL, said
    _, alive = psutil.wait_procs(abandoned, GONE_S)
    (folder,) = Path(out).iterdir()
    records = list(store.all_records(read_job(folder)))
    return Round(
        folder, kills, n_drivers, len(log.read_text(encoding="utf-8").splitlines()), len(records),
        len({record["digest"] for record in records}), _twice(read_job(folder)), len(alive), time.monotonic() - begun,
    )  # fmt: skip


def _twice(job: Job) -> int:
    tally = Tally(job)
    tally.update()
    return tally.n_twice


def _children(process: subprocess.Popen) -> list[psutil.Process]:
    try:
        return psutil.Process(process.pid).children()
    except psutil.NoSuchProcess:
        return []


def _until(deadline: float, process: subprocess.Popen) -> None:
    while time.monotonic() < deadline and process.poll() is None:
        time.sleep(0.02)


def _driver(path: Path, out: Path, log: Path, case_s: str = CASE_S) -> subprocess.Popen:
    own = environment(TRIVIAL_CASE_S=case_s, TRIVIAL_LOG=str(log))
    command = [sys.executable, "-P", str(Path(__file__)), "drive", str(path), str(out)]
    return subprocess.Popen(command, env=own, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True)


def drive(path: str, out: str) -> int:
    """The driver's process: as `femsim sweep`, but it gathers all the time."""
    driving.GATHERED_AT, driving.LOOK_S = GATHERED_AT, 0.1
    return running_sweeps.main(path, out, "logged", "local", "jobs=2", "memory_mb=800")


def report(folder: str, n_kills: str = "60", seed: str = "1") -> int:
    """Sweeps among kills until there were so many; a row for each."""
    place, rng, n = Path(folder), random.Random(int(seed)), 0
    place.mkdir(parents=True)
    path = written(place)
    whole = undisturbed(path, place / "whole")
    while n < int(n_kills):
        found = among_kills(path, place / f"out-{n}", rng)
        n += found.kills.total()
        same = "yes" if products(found.folder) == whole else "NO"
        cells = (
            found.kills["worker"], found.kills["driver"], found.n_drivers, found.n_computed, found.n_kept,
            found.n_cases, found.n_twice, found.orphans, f"{found.seconds:.0f} s", same,
        )  # fmt: skip
        sys.stdout.write("| " + " | ".join(map(str, cells)) + " |\n")
        sys.stdout.flush()
    return 0


if __name__ == "__main__":
    os.umask(0o022)
    sys.exit(drive(*sys.argv[2:]) if sys.argv[1] == "drive" else report(*sys.argv[1:]))
