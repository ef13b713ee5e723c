"""What a sweep costs besides its simulations: trivial cases through the true engines, and what their folder holds.

python benchmarks/sweep_overhead.py [--cases 100 1000 10000] [--work FOLDER]

Cases of one mesh go to a child in batches; with --apart each has a mesh of its own, and so a batch. JSON lines.
"""

import argparse
import json
import os
import resource
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT)]

from femsim.sweep import table  # noqa: E402
from femsim.sweep.driving import drive  # noqa: E402
from femsim.sweep.engines import ENGINES  # noqa: E402
from femsim.sweep.engines.asked import Asked  # noqa: E402
from femsim.sweep.tally import Tally  # noqa: E402
from tests.unit.sweep.conftest import BASE  # noqa: E402
from tests.unit.sweep.running_sweeps import environment, started  # noqa: E402

AXIS = '[[sweep.axis]]\nkey = "{}"\nlow = {}\nhigh = {}\n'
TOGETHER = AXIS.format("subject.body_mass_kg", 50, 120)
APART = AXIS.format("implant.version_deg", -3, 3)


def main() -> None:
    """Measure every size, as asked."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--cases", type=int, nargs="+", default=[100, 1000, 10000])
    asked.add_argument("--apart", action="store_true")
    asked.add_argument("--work")
    given = asked.parse_args()
    os.environ.update(environment())
    for n in given.cases:
        print(json.dumps(measured(n, given.apart, Path(given.work or tempfile.mkdtemp(prefix="femsim-overhead-")))))
        sys.stdout.flush()


def measured(n: int, apart: bool, work: Path) -> dict:
    """Seconds of planning, of the engine, of going on with a finished sweep; files and bytes."""
    path = work / f"overhead-{n}{'-apart' if apart else ''}.toml"
    drawn = f'[sweep]\ndesign = "latin_hypercube"\nn = {n}\nseed = 1\n'
    path.write_text(BASE + drawn + (APART if apart else TOGETHER), encoding="utf-8")
    start = time.perf_counter()
    job = started(path, work / f"out-{n}-{int(apart)}")
    planned = time.perf_counter() - start
    start = time.perf_counter()
    ended = drive(job, ENGINES["local"], Asked(computer="trivial_computers:ishigami", memory_mb=800.0))
    computed = time.perf_counter() - start
    start = time.perf_counter()
    Tally(job).update()
    read = time.perf_counter() - start
    start = time.perf_counter()
    table.write(job)
    files = [one for one in job.folder.rglob("*") if one.is_file()]
    return {
        "cases": n,
        "batches": "one a case" if apart else "500 cases each",
        "done": ended.done,
        "plan_s": round(planned, 2),
        "engine_s": round(computed, 2),
        "engine_ms_per_case": round(1e3 * computed / n, 2),
        "status_s": round(read, 2),
        "table_s": round(time.perf_counter() - start, 2),
        "files": len(files),
        "megabytes": round(sum(one.stat().st_size for one in files) / 1e6, 2),
        "driver_peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3),
    }


if __name__ == "__main__":
    main()
