"""Kills workers and drivers of a sweep at random, starts it again until it is finished, and compares its tables.

python benchmarks/sweep_chaos.py [--kills 60] [--engine local|dask] [--real] [--work FOLDER] [--seed 1]

The first run is left alone; its tables are what the disturbed one must give, byte for byte. --real takes the simulation
at a coarse mesh, the default a function whose cases cost a second each. The answer is JSON.
"""

import argparse
import json
import os
import random
import signal
import sys
import tempfile
import time
from pathlib import Path

import psutil

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT)]

from femsim.sweep import store  # noqa: E402
from femsim.sweep.driving import progress_of  # noqa: E402
from femsim.sweep.job import cases_of  # noqa: E402
from femsim.sweep.tally import Tally  # noqa: E402
from tests.unit.sweep.conftest import BASE  # noqa: E402
from tests.unit.sweep.running_sweeps import driver, environment, products, started  # noqa: E402

TRIVIAL = """[sweep]
design = "sobol"
n = 256
seed = 5
[[sweep.axis]]
key = "implant.varus_valgus_deg"
low = -3
high = 3
[[sweep.axis]]
key = "subject.body_mass_kg"
low = 60
high = 90
"""
OF_WORKERS = 0.6  # of the kills
REAL = """[sweep]
design = "grid"
[[sweep.axis]]
key = "implant.cement_mm"
values = [0.5, 1.0, 1.5]
[[sweep.axis]]
key = "load.activity"
values = ["walking", "stairs_up"]
[[sweep.axis]]
key = "subject.body_mass_kg"
values = [60, 75, 90, 105]
"""


def main() -> None:
    """Run, kill, compare."""
    given = _arguments()
    work = Path(given.work or tempfile.mkdtemp(prefix="femsim-chaos-"))
    path = work / "chaos.toml"
    path.write_text(BASE + (REAL if given.real else TRIVIAL), encoding="utf-8")
    computer = "real" if given.real else "slow"
    quiet = driver(path, work / "quiet", computer, "local", TRIVIAL_CASE_S="0.02")
    said, _ = quiet.communicate()
    if quiet.returncode:
        raise SystemExit(f"the undisturbed sweep ended with {quiet.returncode}: {said.decode()}")
    expected = products(started(path, work / "quiet").folder)
    draw, job = random.Random(given.seed), started(path, work / "chaos")
    counts = {"worker": 0, "driver": 0, "driver restarts": 0}
    with _cluster(given, work) as (options, own):
        process = driver(path, work / "chaos", computer, given.engine, *options, TRIVIAL_CASE_S=given.case_s)
        while True:
            time.sleep(draw.uniform(0.2, given.pause))
            if process.poll() is not None:
                if process.returncode == 0:
                    break
                counts["driver restarts"] += 1
                process = driver(path, work / "chaos", computer, given.engine, *options, TRIVIAL_CASE_S=given.case_s)
            elif counts["worker"] + counts["driver"] < given.kills:
                counts[_kill(draw, process, own)] += 1
    tally = Tally(job)
    tally.update()
    ended = progress_of(tally, list(cases_of(job.folder)))
    found = {
        "engine": given.engine,
        "computer": computer,
        "cases": ended.n,
        "killed": {name: n for name, n in counts.items() if n},
        "done": ended.done,
        "failed": ended.failed,
        "missing": ended.missing,
        "finished twice (noticed)": ended.twice,
        "tables identical": products(job.folder) == expected,
        "records on disk": sum(1 for _ in store.all_records(job)),
        "files": sum(1 for one in job.folder.rglob("*") if one.is_file()),
    }
    print(json.dumps(found, indent=1))
    sys.exit(0 if found["tables identical"] else 1)


def _kill(draw: random.Random, process, own) -> str:
    """SIGKILL to the driver at any time, or to a child that computes as soon as there is one."""
    kind, pid = "driver", process.pid
    if draw.random() < OF_WORKERS:
        while process.poll() is None and kind == "driver":
            workers = [one for parent in [process.pid, *(one.pid for one in own)] for one in _children(parent)]
            if workers:
                kind, pid = "worker", draw.choice(workers)
            time.sleep(0.1)
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    if kind == "driver":
        process.wait()
    return kind


def _children(pid: int) -> list[int]:
    try:
        found = psutil.Process(pid).children(recursive=True)
        return [one.pid for one in found if "femsim.sweep.worker" in " ".join(one.cmdline())]
    except psutil.Error:
        return []


def _cluster(given, work: Path):
    import contextlib

    if given.engine == "local":
        return contextlib.nullcontext(([], []))
    from tests.unit.sweep.dask_cluster import cluster

    @contextlib.contextmanager
    def of_dask():
        with cluster(work / "dask", 2, environment(TRIVIAL_CASE_S=given.case_s)) as (file, processes):
            yield [f"scheduler={file}"], processes[1:]

    return of_dask()


def _arguments():
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--kills", type=int, default=60)
    asked.add_argument("--engine", choices=("local", "dask"), default="local")
    asked.add_argument("--real", action="store_true")
    asked.add_argument("--work")
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--case-s", default="1.0", help="seconds that a trivial case takes")
    asked.add_argument("--pause", type=float, default=3.0, help="seconds between two kills at the most")
    return asked.parse_args()


if __name__ == "__main__":
    main()
