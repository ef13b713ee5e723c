"""What a sweep costs beside its cases: trivial cases through the true engines; writes benchmarks/SWEEP_OVERHEAD.md.

    python benchmarks/sweep_overhead.py [--cases 100 1000 10000] [--engines local] [--scheduler FILE] [--out FILE]

A case answers at once with 60 measures, so that all time is planning, child processes, files and the table. Two kinds:
every case its own geometry (batches of one), and all cases on one geometry (batches of up to 500). The engines slurm
and dask need a cluster that runs: sbatch on the PATH, or --scheduler. Numbers of cases too many for an engine are left
out with --most ENGINE=N.
"""

import argparse
import gzip
import json
import math
import os
import platform
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from types import SimpleNamespace

ROOT = Path(__file__).parents[1]
N_MEASURES = 60  # the walking scenario has some 200 with every metric, a sweep usually keeps fewer
AXIS = {
    "own geometry": ("implant.varus_valgus_deg", -3, 3),
    "one geometry": ("subject.body_mass_kg", 60, 90),
}
SWEEP = """schema = 1
name = "overhead"

[femur]
kind = "parametric"

[subject]
body_mass_kg = 75

[implant]
kind = "resurfacing_cap"

[load]
activity = "walking"

[mesh]
size_mm = 10.0
order = 1

[sweep]
design = "latin_hypercube"
n = {n}
seed = 1
[[sweep.axis]]
key = "{key}"
low = {low}
high = {high}
"""


def trivial(scenarios, metrics=()) -> Iterator[SimpleNamespace]:
    """The computer: as many measures as a real case, of numbers with as many digits."""
    for place, scenario in enumerate(scenarios):
        x = scenario.implant.varus_valgus_deg + scenario.subject.body_mass_kg
        rows = [
            {"name": f"m{n}", "zone": "neck", "model": "operated", "value": math.sin(x + n), "unit": "MPa"}
            for n in range(N_MEASURES)
        ]
        yield SimpleNamespace(place=place, measures=rows, seconds={}, shared={}, error=None)


def measured(kind: str, n: int, engine: str, scheduler: str, jobs: int | None, folder: Path) -> dict:
    """One sweep: seconds of every stage, files, bytes."""
    from femsim.sweep import table
    from femsim.sweep.driving import drive
    from femsim.sweep.engines import ENGINES
    from femsim.sweep.engines.asked import Asked
    from femsim.sweep.job import CASES, Job, begin, folder_of
    from femsim.sweep.planning import plan
    from femsim.sweep.reading import load_sweep

    key, low, high = AXIS[kind]
    path = folder / "overhead.toml"
    path.write_text(SWEEP.format(n=n, key=key, low=low, high=high), encoding="utf-8")
    times = [time.perf_counter()]

    def lap() -> float:
        times.append(time.perf_counter())
        return times[-1] - times[-2]

    found = plan(load_sweep(path))
    planned = lap()
    job = begin(
        Job(
            folder_of(folder / "out", found.name, found.digest), found.name, found.digest, len(found.cases), str(path),
            (), found.metrics, found.measures, (), found.units,
        ),
        path.read_text(encoding="utf-8"),
        found.cases,
    )  # fmt: skip
    begun = lap()
    most = 0

    def tell(_progress) -> None:
        nonlocal most
        most = max(most, len(os.listdir(job.incoming)))

    asked = Asked(computer="sweep_overhead:trivial", scheduler=scheduler, jobs=jobs)
    ended = drive(job, ENGINES[engine], asked, tell)
    driven = lap()
    assert ended.done == len(found.cases)
    table.write(job)
    tabled = lap()
    drive(job, ENGINES[engine], asked)
    again = lap()
    files = [path for path in job.folder.rglob("*") if path.is_file()]
    with gzip.open(job.folder / CASES) as design:
        n_lines = sum(1 for _ in design)
    return {
        "engine": engine, "kind": kind, "cases": n_lines, "planned": planned, "begun": begun, "driven": driven,
        "table": tabled, "again": again, "files": len(files), "most_parts": most,
        "MB": sum(path.stat().st_size for path in files) / 1e6,
        "driver_MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3,
    }  # fmt: skip


def in_its_own_process(*what) -> dict:
    """The same, so that the memory told is of this sweep alone."""
    import subprocess

    paths = [str(ROOT), str(Path(__file__).parent), *filter(None, [os.environ.get("PYTHONPATH")])]
    with tempfile.TemporaryDirectory(prefix="femsim-overhead-", dir=os.environ.get("FEMSIM_OVERHEAD_FOLDER")) as folder:
        command = [sys.executable, "-P", str(Path(__file__).resolve()), "--one", json.dumps([*what, folder])]
        own = {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}
        done = subprocess.run(command, env=own, check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(done.stdout.splitlines()[-1])


HEADS = {
    "engine": "engine", "kind": "cases", "cases": "n", "planned": "plan s", "begun": "write design s",
    "driven": "compute s", "table": "of it table s", "again": "nothing to do s", "ms": "ms a case", "files": "files",
    "most_parts": "most at once", "MB": "MB", "driver_MB": "driver MB",
}  # fmt: skip


def report(rows: list[dict]) -> str:
    """The page."""
    lines = [
        "# What a sweep costs beside its cases",
        "",
        f"`python benchmarks/sweep_overhead.py`: trivial cases with {N_MEASURES} measures each; {platform.machine()}, "
        f"{len(os.sched_getaffinity(0))} cores, Python {platform.python_version()}, {date.today()}.",
        "",
        "| " + " | ".join(HEADS.values()) + " |",
        "|" + " --- |" * len(HEADS),
    ]
    for row in rows:
        spent = row["planned"] + row["begun"] + row["driven"]
        row = {**row, "ms": f"{1e3 * spent / row['cases']:.1f}"}
        cells = (f"{row[name]:.1f}" if isinstance(row[name], float) else str(row[name]) for name in HEADS)
        lines.append("| " + " | ".join(cells) + " |")
    lines += [
        "",
        "Plan: the file read, every case judged and named by its content. Compute: from the start of the driver to its "
        "end, table included, with the start of the child processes (2 to 4 s). Nothing to do: the same command again "
        "on the finished sweep, table written anew. Ms a case: plan, design and compute. Most at once: files in "
        "`incoming` before they are gathered.",
        "",
    ]
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, nargs="+", default=[100, 1000, 10000])
    parser.add_argument("--engines", nargs="+", default=["local"])
    parser.add_argument("--scheduler", default="")
    parser.add_argument("--jobs", type=int, help="processes, array tasks or Dask tasks at the most")
    parser.add_argument("--most", nargs="+", default=[], metavar="ENGINE=N")
    parser.add_argument("--out", type=Path, default=ROOT / "benchmarks" / "SWEEP_OVERHEAD.md")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        *what, folder = json.loads(given.one)
        print(json.dumps(measured(*what, Path(folder))))
        return
    most = {name: int(n) for name, _, n in (one.partition("=") for one in given.most)}
    rows = []
    for engine in given.engines:
        for kind in AXIS:
            for n in (n for n in given.cases if n <= most.get(engine, n)):
                rows.append(in_its_own_process(kind, n, engine, given.scheduler, given.jobs))
                print(json.dumps(rows[-1]), file=sys.stderr)
    text = report(rows)
    given.out.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
