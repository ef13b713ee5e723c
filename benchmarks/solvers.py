"""Times femsim against every solver that can be installed from a package, and writes benchmarks/RESULTS.md.

    python benchmarks/solvers.py                     all of it, about an hour on two cores
    python benchmarks/solvers.py --quick             smallest meshes, one repetition, about two minutes once installed
    python benchmarks/solvers.py --solvers cholmod,petsc_gamg --meshes tet10_400k --repetitions 3
    python benchmarks/solvers.py --report            only write RESULTS.md again from what was measured

Run with the Python that has femsim's requirements; the femsim beside this folder is what is timed. Every run is noted
in the work folder as it ends: what was interrupted goes on where it stopped. See benchmarks/README.md.
"""

import argparse
import json
import os
import shutil
import signal
import sys
import time
from pathlib import Path

import environment
from child import run
from contestants import APT_LINE, CONTESTANTS, FEMSIM, MESHES, SMALL

HERE = Path(__file__).parent
LIMIT_S = {"100k": 150.0, "400k": 300.0, "1m": 300.0, "2.5m": 600.0}
FRESH_S = 60.0  # a femsim run that ended this long ago still counts as the one before a peer's
QUICK_SOLVERS = ("cholmod", "petsc_gamg", "pyamg_tuned", "calculix_spooles", "kratos_amgcl")
STUDIES = (
    ("meshing", "tet10_400k"), ("meshing", "tet10_1m"), ("meshing", "tet4_1m"), ("many_loads", "tet10_400k"),
    ("many_loads", "tet4_400k"), ("gait", "tet10_400k"), ("coarsening", "tet4_400k"), ("coarsening", "tet4_1m"),
)  # fmt: skip
QUICK_STUDIES = (
    ("meshing", "tet10_100k"), ("many_loads", "tet10_100k"), ("gait", "tet10_100k"), ("coarsening", "tet4_100k"),
)  # fmt: skip


class Bench:
    """One work folder and the runs noted in it."""

    def __init__(self, options):
        self.work = options.work.resolve()
        self.work.mkdir(parents=True, exist_ok=True)
        self.options = options
        self.notes = self.work / "results.jsonl"
        if options.fresh and self.notes.exists():
            self.notes.rename(self.work / time.strftime("results-%Y%m%d-%H%M%S.jsonl"))
        self.done = [json.loads(line) for line in self.notes.read_text().splitlines()] if self.notes.exists() else []
        self.source = environment.source_digest()
        self.last_femsim: dict[str, tuple[float, dict]] = {}

    def note(self, record: dict) -> dict:
        record["source"] = self.source
        self.done.append(record)
        with self.notes.open("a") as file:
            file.write(json.dumps(record) + "\n")
        return record

    def has(self, mesh: str, solver: str, repetition: int) -> bool:
        key = (mesh, solver, repetition)
        return any((r["mesh"], r["solver"], r["repetition"]) == key for r in self.done)

    def say(self, sentence: str) -> None:
        print(time.strftime("%H:%M:%S"), sentence, flush=True)

    def child(self, contestant, words: list, limit_s: float, **changes) -> dict:
        """Run the contestant's Python on these words, of which RESULT is the file it writes."""
        result, log = self.work / f"result-{os.getpid()}.json", self.work / f"child-{os.getpid()}.log"
        command = [*environment.interpreter(self.work, contestant, self.options.threads), *words]
        command = [result if word == "RESULT" else word for word in command]
        variables = environment.variables(self.work, contestant, self.options.threads) | changes
        expected = result if "RESULT" in words else None
        return run(command, result=expected, environment=variables, limit_s=limit_s, log=log)

    def mesh(self, name: str) -> Path:
        """The case file, made when it is not there; with the matrix where an algebraic solver needs it."""
        case = self.work / f"{name}.npz"
        facts = self.work / f"{name}.json"
        if not facts.exists():
            matrix = [] if name.endswith("2.5m") else ["--matrix"]
            self.say(f"making the mesh {name}")
            made = self.child(FEMSIM, [HERE / "cases.py", self.work, name, *matrix], 1800.0)
            if made["status"] != "ok":
                raise SystemExit(f"The mesh {name} could not be made: {made.get('error')}")
        return case

    def femsim(self, name: str, newest: bool) -> dict:
        """A run of femsim on a mesh; one that has just ended will do, unless the newest is asked for."""
        ended, record = self.last_femsim.get(name, (0.0, None))
        if record is not None and not newest and time.monotonic() - ended < FRESH_S:
            return record
        repetition = sum(r["mesh"] == name and r["solver"] == "femsim" for r in self.done)
        record = self.solver_run(FEMSIM, "femsim", name, repetition)
        self.last_femsim[name] = (time.monotonic(), record)
        return record

    def solver_run(self, contestant, solver: str, name: str, repetition: int, before: dict | None = None) -> dict:
        limit = self.options.limit or LIMIT_S[name.split("_")[1]]
        script = HERE / "peers" / f"{contestant.script}.py"
        record = self.child(contestant, [script, self.mesh(name), "RESULT", *contestant.words], limit)
        record |= {"mesh": name, "solver": solver, "repetition": repetition}
        if solver == "femsim":
            self.say(f"{name:<11} femsim {_seconds(record)}")
            return self.note(record)
        after = self.femsim(name, newest=True)
        record["femsim"] = [run_.get("seconds") for run_ in (before, after)]
        record["femsim_wall"] = [run_["wall"] for run_ in (before, after)]
        self.say(f"{name:<11} {contestant.title} {_seconds(record)}")
        return self.note(record)

    def peer(self, solver: str, name: str) -> None:
        """All repetitions of one peer on one mesh: few where each takes long."""
        contestant = CONTESTANTS[solver]
        for repetition in range(self.options.repetitions):
            if self.has(name, solver, repetition):
                continue
            mine = [r for r in self.done if r["mesh"] == name and r["solver"] == solver]
            if mine and (mine[-1]["status"] != "ok" or sum(r["wall"] for r in mine) > self.options.enough):
                return
            why = environment.missing(self.work, contestant)
            if why:
                self.say(f"{name:<11} {contestant.title}: {why}")
                return
            self.solver_run(contestant, solver, name, repetition, self.femsim(name, newest=False))

    def study(self, study: str, name: str) -> None:
        """A study of femsim alone."""
        if self.has(name, study, 0):
            return
        self.say(f"{name:<11} {study}")
        words = [HERE / "studies.py", study, self.mesh(name), "RESULT"]
        self.note(self.child(FEMSIM, words, 900.0) | {"mesh": name, "solver": study, "repetition": 0})

    def limits(self) -> None:
        """The machine's own limits."""
        if not self.has("", "limits", 0):
            self.say("bandwidth and matrix products")
            found = self.child(FEMSIM, [HERE / "limits.py", "RESULT"], 300.0)
            self.note(found | {"mesh": "", "solver": "limits", "repetition": 0})

    def start_up(self, name: str) -> None:
        """A process from shell prompt to first result: kernels to compile, then compiled."""
        if self.has(name, "process, cold", 0):
            return
        cold = self.work / "cold kernels"
        shutil.rmtree(cold, ignore_errors=True)
        words = [HERE / "peers" / "femsim_core.py", self.mesh(name), "RESULT"]
        for solver, count in (("process, cold", 1), ("process, warm", self.options.repetitions)):
            for repetition in range(count):
                self.say(f"{name:<11} {solver}")
                record = self.child(FEMSIM, words, 300.0, NUMBA_CACHE_DIR=str(cold))
                self.note(record | {"mesh": name, "solver": solver, "repetition": repetition})

    def whole_run(self) -> None:
        """`femsim run` of the walking scenario as it comes, second time: mesh, both twins, measures, results saved."""
        if self.has("", "femsim run", 0):
            return
        self.say("femsim run scenarios/walking.toml")
        scenario = environment.ROOT / "scenarios" / "walking.toml"
        words = ["-m", "femsim", "run", scenario, "--out", self.work / "run", "--force"]
        record = self.child(FEMSIM, words, 600.0)
        self.note(record | {"mesh": "", "solver": "femsim run", "repetition": 0})


def _seconds(record: dict) -> str:
    if record["status"] != "ok":
        return f"{record['status']} after {record['wall']:.1f} s {record.get('error', '')}"
    return f"{record['seconds']:.2f} s (whole process {record['wall']:.1f} s, {record['memory_gb']:.2f} GB)"


def options_of(arguments: list[str]):
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog=f"Peers from the system's packages: {APT_LINE}",
    )  # fmt: skip
    parser.add_argument("--work", type=Path, default=HERE / ".work", help="folder for meshes, peers, notes")
    parser.add_argument("--meshes", help=f"of {', '.join(MESHES)}")
    parser.add_argument("--solvers", help=f"of {', '.join(CONTESTANTS)}, or none")
    parser.add_argument("--repetitions", type=int, default=3)
    parser.add_argument("--enough", type=float, default=45.0, help="seconds of runs after which no further one is made")
    parser.add_argument("--limit", type=float, help="seconds a single run may take")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--quick", action="store_true", help="smallest meshes, few peers, one repetition")
    parser.add_argument("--no-studies", action="store_true", help="only solvers side by side")
    parser.add_argument("--fresh", action="store_true", help="set earlier measurements aside; keep meshes and peers")
    parser.add_argument("--prepare", action="store_true", help="only install the peers and make the meshes")
    parser.add_argument("--report", action="store_true", help="only write the report from what was measured")
    parser.add_argument("--out", type=Path, default=HERE / "RESULTS.md", help="the report")
    options = parser.parse_args(arguments)
    options.meshes = _named(options.meshes, MESHES, SMALL if options.quick else MESHES, "mesh")
    solvers = QUICK_SOLVERS if options.quick else tuple(CONTESTANTS)
    options.asked = options.solvers is not None
    options.solvers = () if options.solvers == "none" else _named(options.solvers, CONTESTANTS, solvers, "solver")
    if options.quick:
        options.repetitions = 1
    return options


def _named(text: str | None, known, default, what: str) -> tuple[str, ...]:
    names = tuple(default) if text is None else tuple(text.split(","))
    for name in names:
        if name not in known:
            raise SystemExit(f"No {what} is called {name!r}. Known: {', '.join(known)}")
    return names


def main(arguments: list[str]) -> None:
    options = options_of(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("terminated"))
    bench = Bench(options)
    if not options.report:
        measure(bench, options)
    for leftover in bench.work.glob(f"*-{os.getpid()}.*"):
        leftover.unlink()
    if not options.prepare:
        from report import write

        write(bench.work, bench.done, options.out)
        bench.say(f"wrote {options.out.name}")


def measure(bench: Bench, options) -> None:
    environment.prepare(bench.work, bench.say)
    for name in options.meshes:
        bench.mesh(name)
    bench.say("loading femsim's kernels, or compiling them")
    bench.child(FEMSIM, ["-m", "femsim", "warmup"], 600.0)
    if options.prepare:
        return
    if not options.no_studies:
        bench.limits()
        for name in (name for name in SMALL if name in options.meshes):
            bench.start_up(name)
        for study, name in QUICK_STUDIES if options.quick else STUDIES:
            if name in options.meshes:
                bench.study(study, name)
        if not options.quick:
            bench.whole_run()
    for name in options.meshes:
        for _ in range(options.repetitions):
            bench.femsim(name, newest=True)
        for solver in options.solvers:
            if options.asked or name in CONTESTANTS[solver].meshes:
                bench.peer(solver, name)


if __name__ == "__main__":
    main(sys.argv[1:])
