"""What activities over time cost: cycles of 101 frames, solved once, asked often; writes benchmarks/LOADS.md.

    python benchmarks/loads.py [--size 3.2] [--out benchmarks/LOADS.md]

The operated femur of scenarios/walking.toml, TET10, about 400 000 unknowns at the default size. Meshes are made or
taken from the cache before the clock starts; kernels are loaded. Ratios are taken within one process. The recorded walk
comes from the folder in FEMSIM_SHARED_DATA, or ../shared/data beside the project; without it its rows are left out.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

import numpy as np
from environment import machine

from femsim.analyses import ANALYSES
from femsim.build import build
from femsim.capacity.solved import solved, units_of
from femsim.criteria.principal_strain import PrincipalStrain
from femsim.loads import ACTIVITIES
from femsim.loads.subject import Subject
from femsim.loads.units import parts_of
from femsim.metrics.courses import courses
from femsim.scenario.activity_course import needs
from femsim.scenario.reading import load

ROOT = Path(__file__).parents[1]
SCENARIO = ROOT / "scenarios" / "walking.toml"
FRAMES = 101
WALK = "loads/opensim_gait2392_subject01_walk_hip_r.csv"
CRITERION = PrincipalStrain()


def timed(work):
    """(what it returns, seconds)"""
    start = time.perf_counter()
    found = work()
    return found, time.perf_counter() - start


def cycle(sets) -> dict:
    """Solve of the operated model for an activity, and every frame of it judged."""
    scenario = load(SCENARIO, sets)
    pair = build(scenario)
    analysis = ANALYSES["linear_static"]()
    runs = []
    for _ in range(3):
        outcome, solve = timed(lambda: analysis.run(pair.operated, n_kept=pair.twin.n_kept))
        _, judge = timed(lambda outcome=outcome: courses(outcome, outcome, CRITERION))
        runs.append((solve, judge))
    solve, judge = np.median(runs, axis=0)
    model = pair.operated
    return {
        "unknowns": 3 * model.mesh.n_nodes,
        "frames": len(model.history.instants),
        "loads": len(model.load_basis),
        "solve": float(solve),
        "judge": float(judge),
    }


def asked(sets) -> dict:
    """The whole library on one pair of models: solved once, then asked again with other activities and body masses."""
    scenario = load(SCENARIO, sets)
    library = {name: kind(**_frames(kind)) for name, kind in ACTIVITIES.items() if not needs(name)}

    def wanted(loading):
        return units_of(loading, [loading.history_of(activity, scenario.subject) for activity in library.values()])

    with tempfile.TemporaryDirectory() as folder:
        os.environ["FEMSIM_SOLVED_CACHE"] = folder
        found, first = timed(lambda: solved(scenario, wanted))
        _, again = timed(lambda: solved(scenario, wanted))
        del os.environ["FEMSIM_SOLVED_CACHE"]
    heavy = Subject(body_mass_kg=95.0)
    each = {}
    for name, activity in library.items():
        history = found.loading.history_of(activity, heavy)
        _, seconds = timed(lambda name=name, history=history: found.courses(name, history))
        each[name] = (len(history.forces), seconds)
    rng = np.random.default_rng(0)
    names = list(library)
    start = time.perf_counter()
    for _ in range(100):
        name = names[rng.integers(len(names))]
        subject = Subject(body_mass_kg=float(rng.uniform(50, 120)))
        found.courses(name, found.loading.history_of(library[name], subject))
    return {
        "units": len(found.units),
        "first": first,
        "again": again,
        "each": each,
        "variants per minute": 60.0 * 100 / (time.perf_counter() - start),
        "maps per second": maps_per_second(found),
        "elements": len(found.operated.rows),
    }


def maps_per_second(found) -> float:
    """Risk of all solid bone of the operated femur, hip force and muscles changed for each map."""
    walking = ACTIVITIES["walking"](frames=1)
    history = found.loading.history_of(walking, Subject())
    units, _ = parts_of([history], found.loading.poles)
    rng, n = np.random.default_rng(1), 60
    poles = found.loading.poles
    near = [unit for unit in found.units if unit.site == "head"]
    known = poles.directions[[unit.row for unit in near]]
    column = {unit: row for row, unit in enumerate(found.units)}
    start = time.perf_counter()
    for _ in range(n):
        # A mixture of three poles that are solved, and muscles as their sliders would be.
        some = np.argsort(-known @ (known[0] + 0.2 * rng.standard_normal(3)))[:3]
        factors = np.zeros(len(found.units))
        factors[[column[near[row]] for row in some]] = rng.uniform(100, 900, 3)
        for unit in units:
            if unit.site != "head":
                factors[column[unit]] = rng.uniform(-500, 500)
        found.operated.risk(factors, CRITERION)
    return n / (time.perf_counter() - start)


def whole_run(sets) -> dict:
    """`femsim run` in a process of its own, meshes kept, no pictures: seconds and peak memory."""
    with tempfile.TemporaryDirectory() as folder:
        code = (
            "import resource,sys,time;from pathlib import Path;start=time.perf_counter();"
            "from femsim.run import run;from femsim.scenario.reading import load;"
            f"run(load({str(SCENARIO)!r},{list(sets)!r}),out=Path({folder!r}));"
            "print(time.perf_counter()-start,resource.getrusage(resource.RUSAGE_SELF).ru_maxrss*1024/1e9)"
        )
        told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    seconds, memory = map(float, told.stdout.split()[-2:])
    return {"seconds": seconds, "GB": memory}


def _frames(kind) -> dict:
    return {"frames": FRAMES} if any(f == "frames" for f in kind.__dataclass_fields__) else {}


def report(size: float, cycles: dict, many: dict, runs: dict) -> str:
    """LOADS.md."""
    one = cycles["walking, peak alone"]
    facts = machine()
    where = f"{facts['processor']}, {facts['cores']} cores, {date.today()}"
    lines = [
        "# What activities over time cost",
        "",
        f"`python benchmarks/loads.py --size {size:g}`: operated femur of walking.toml, TET10, {one['unknowns']:,} "
        f"unknowns; {where}. Seconds; medians of three in one process, kernels loaded.",
        "",
        "| activity | frames | loads solved | solve | every frame judged | both, over one load case |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    base = one["solve"] + one["judge"]
    for name, found in cycles.items():
        both = found["solve"] + found["judge"]
        lines.append(
            f"| {name} | {found['frames']} | {found['loads']} | {found['solve']:.2f} | {found['judge']:.2f} | "
            f"{both / base:.2f} |"
        )
    lines += [
        "",
        "Solve: `LinearStatic.run`, set-up, solution and checks. Judged: strain of every load averaged over spheres of "
        "2 mm, then the risk factor of all solid bone in every frame, by zone. The goal for a cycle of 101 frames with "
        "muscles is 2.",
        "",
        "| `femsim run`, both femora, meshes kept, no pictures | seconds | peak GB |",
        "| --- | --- | --- |",
        *(f"| {name} | {found['seconds']:.1f} | {found['GB']:.2f} |" for name, found in runs.items()),
        "",
        f"The whole library ({len(many['each'])} activities) needs {many['units']} loads of 1 N: {many['first']:.1f} s "
        f"the first time (both femora), {many['again']:.2f} s when they are on the shelf. Then, for another body mass, "
        "both femora, all frames:",
        "",
        "| activity | frames | seconds |",
        "| --- | --- | --- |",
        *(f"| {name} | {frames} | {seconds:.2f} |" for name, (frames, seconds) in many["each"].items()),
        "",
        f"100 random pairs of activity and body mass, {FRAMES} frames each: {many['variants per minute']:.0f} a "
        "minute.",
        "",
        f"A map of the risk factor over all {many['elements']:,} elements of solid bone, hip force and muscles changed "
        f"each time: {many['maps per second']:.0f} a second (goal 20).",
        "",
    ]
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=float, default=3.2)
    parser.add_argument("--out", type=Path, default=ROOT / "benchmarks" / "LOADS.md")
    given = parser.parse_args()
    mesh = f"mesh.size_mm={given.size:g}"
    questions = {
        "walking, peak alone": (mesh, "load.frames=1"),
        "walking with muscles": (mesh, f"load.frames={FRAMES}"),
        "stairs up with muscles": (mesh, 'load.activity="stairs_up"', f"load.frames={FRAMES}"),
        "a week: walking, stairs, running": (
            mesh, f"load.frames={FRAMES}", "routine.walking.times_per_day=8000", f"routine.walking.frames={FRAMES}",
            "routine.stairs_up.times_per_day=60", f"routine.stairs_up.frames={FRAMES}",
            "routine.running.km_per_week=20", f"routine.running.frames={FRAMES}",
        ),
    }  # fmt: skip
    walk = Path(os.environ.get("FEMSIM_SHARED_DATA") or ROOT.parent / "shared" / "data") / WALK
    if walk.is_file():
        questions["recorded walk, its force turns"] = (
            mesh, 'load.activity="recorded"', f'load.file="{walk}"', "load.recorded_mass_kg=72.4",
            f"load.frames={FRAMES}", 'load.muscles="proportional"',
        )  # fmt: skip
    build(load(SCENARIO, questions["walking, peak alone"]))
    cycles = {}
    for name, sets in questions.items():
        print(name, file=sys.stderr)
        cycles[name] = cycle(sets)
        print(json.dumps(cycles[name]), file=sys.stderr)
    many = asked((mesh,))
    print(json.dumps(many), file=sys.stderr)
    runs = {name: whole_run(questions[name]) for name in list(questions)[:2]}
    text = report(given.size, cycles, many, runs)
    given.out.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
