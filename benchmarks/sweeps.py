"""What sweeps cost: many loads on one geometry, and many geometries; writes benchmarks/SWEEPS.md.

    python benchmarks/sweeps.py [--loads 1000] [--geometries 100] [--out benchmarks/SWEEPS.md]

Through `femsim sweep` on this machine as a user starts it, nothing meshed or solved before: the mesh cache is a new
folder. Machines are noisy: the load average stands beside the numbers.
"""

import argparse
import gzip
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from femsim.kernel_cache import granted_cores

LOADS = """
design = "latin_hypercube"
n = {n}
seed = 1
metrics = ["risk_factor", "risk_over_activity"]
[[sweep.axis]]
key = "subject.body_mass_kg"
low = 50
high = 120
[[sweep.axis]]
name = "activity"
crossed = true
values = [{activities}]
"""
ACTIVITIES = ("walking", "stairs_up", "standing_up", "running", "one_legged_stance")
GEOMETRIES = """
design = "latin_hypercube"
n = {n}
seed = 1
metrics = ["risk_factor", "risk_over_activity", "neck_strain"]
[[sweep.axis]]
key = "femur.neck_shaft_angle_deg"
low = 118
high = 138
[[sweep.axis]]
key = "implant.varus_valgus_deg"
low = -8
high = 8
[[sweep.axis]]
key = "implant.cement_mm"
low = 0.8
high = 2.5
"""
BASE = """schema = 1
name = "{name}"
[femur]
kind = "parametric"
[subject]
body_mass_kg = 75
[implant]
kind = "resurfacing_cap"
[load]
activity = "walking"
[mesh]
size_mm = {size}
order = {order}
[sweep]
"""
STAGES = ("mesh", "solve", "measures", "overhead")


def swept(text: str, work: Path) -> dict:
    """Seconds of the whole command, and of the stages of every case."""
    file = work / "sweep.toml"
    file.write_text(text, encoding="utf-8")
    environment = {**os.environ, "FEMSIM_MESH_CACHE": str(work / "meshes")}
    start = time.perf_counter()
    command = [sys.executable, "-P", "-m", "femsim", "sweep", str(file), "--out", str(work / "out"), "--json", "-q"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    whole = time.perf_counter() - start
    if done.returncode not in (0, 6):
        raise SystemExit(done.stderr)
    records = [
        json.loads(line)
        for path in (work / "out").glob("*/segments/*.jsonl.gz")
        for line in gzip.open(path, "rt", encoding="utf-8")
    ]
    for record in records:
        if record["status"] != "done":
            print(f"  case {record['number']} failed, {record['class']}: {record['error']['what']}", flush=True)
    stages = {name: [one["seconds"].get(name, 0.0) for one in records if "seconds" in one] for name in STAGES}
    finished = [one["finished"] for one in records]
    files = [path for path in (work / "out").rglob("*") if path.is_file()]
    return {
        "n": len(records), "failed": sum(one["status"] != "done" for one in records), "whole": whole,
        "between": max(finished) - min(finished), "stages": stages, "files": len(files),
        "mb": sum(path.stat().st_size for path in files) / 1e6, "load": os.getloadavg()[0],
    }  # fmt: skip


def told(words: str, found: dict) -> str:
    """A row of the table."""
    cells = [f"{sum(found['stages'][name]):.0f} ({1000 * median(found['stages'][name]):.0f} ms)" for name in STAGES]
    per_hour = found["n"] / found["whole"] * 3600 / granted_cores()
    return (
        f"| {words} | {found['n']} ({found['failed']}) | {found['whole']:.0f} | {found['between']:.0f} | "
        f"{' | '.join(cells)} | {per_hour:.0f} | {found['files']}, {found['mb']:.1f} MB | {found['load']:.1f} |"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--loads", type=int, default=1000)
    parser.add_argument("--geometries", type=int, default=100)
    parser.add_argument("--out", type=Path, default=Path(__file__).with_name("SWEEPS.md"))
    given = parser.parse_args()
    activities = ", ".join(f'{{label = "{name}", load.activity = "{name}"}}' for name in ACTIVITIES)
    asked = []
    if given.loads:
        text = BASE.format(name="loads", size=6, order=2) + LOADS.format(
            n=given.loads // len(ACTIVITIES), activities=activities
        )
        asked.append(("body mass × activity on one geometry, 6 mm TET10", text))
    if given.geometries:
        text = BASE.format(name="geometries", size=8, order=2) + GEOMETRIES.format(n=given.geometries)
        asked.append(("geometries, walking, 8 mm TET10", text))
    rows = []
    for words, text in asked:
        with tempfile.TemporaryDirectory(prefix="femsim-sweeps-") as work:
            rows.append(told(words, swept(text, Path(work))))
            print(rows[-1], flush=True)
    lines = [
        "# What sweeps cost\n",
        f"`python benchmarks/sweeps.py --loads {given.loads} --geometries {given.geometries}`, {granted_cores()} cores "
        f"({platform.machine()}), {time.strftime('%Y-%m-%d')}. Whole: the command, from the shell and back. Then the "
        "time between the first and the last answer, and the sums over all cases of each stage on their cores, in "
        "brackets the median case. Overhead: all that is neither meshing, nor solving, nor measuring.\n",
        "| sweep | cases (failed) | whole [s] | between [s] | mesh [s] | solve [s] | measures [s] | overhead [s] | "
        "cases/hour/core | on disk | load average |",
        "|---|---|---|---|---|---|---|---|---|---|---|",
        *rows,
    ]
    given.out.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
