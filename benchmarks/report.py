"""Writes benchmarks/RESULTS.md from the noted runs."""

import json
from pathlib import Path
from statistics import median

import environment
from bars import bars
from contestants import CONTESTANTS, FEMSIM, MESHES
from evidence import AGREEMENT, Evidence, number, spread

TITLES = {"tet4": "TET4", "tet10": "TET10"}
STAGES = ("checks", "numbering", "assembly, operator", "preconditioner", "other set-up", "solve", "total")


def write(work: Path, notes: list[dict], out: Path) -> None:
    """The report of everything noted in the work folder."""
    evidence = Evidence(notes)
    facts = {name: json.loads(path.read_text()) for name in MESHES if (path := work / f"{name}.json").exists()}
    parts = [
        *heading(evidence), *bar_table(evidence), *meshes(evidence, facts),
        *(line for name in MESHES if name in facts for line in side_by_side(evidence, name, facts[name])),
        *stages(evidence, facts), *memory(evidence), *start_up(evidence), *many_loads(evidence), *gait(evidence),
        *coarsening(evidence), *ending(),
    ]  # fmt: skip
    out.write_text("\n".join(parts) + "\n")


def table(head: list[str], rows: list[list[str]]) -> list[str]:
    """A markdown table and an empty line."""
    lines = [head, ["---"] * len(head), *rows]
    return ["| " + " | ".join(map(str, line)) + " |" for line in lines] + [""]


def heading(evidence: Evidence) -> list[str]:
    machine = environment.machine()
    started = sorted(note["started"] for note in evidence.notes if note.get("started"))
    load = [note["load"] for note in evidence.notes if note.get("load") is not None]
    states = sorted({note["source"] for note in evidence.notes})
    lines = [
        "# What the solvers take, side by side", "",
        "Written by `python benchmarks/solvers.py`; how it measures and what it leaves out: "
        "[README.md](README.md). All times are wall seconds, medians with (smallest … largest) where there are "
        "several runs; a ratio is a run over the mean of the femsim runs just before and just after it, median over "
        "repetitions; every iterative solver is asked for a relative residual of 1e-8.", "",
        f"Machine: {machine['processor']}, {machine['cores']} cores used by every solver, {machine['memory']}, "
        f"{machine['system']}, Python {machine['python']}.  ",
    ]  # fmt: skip
    if started:
        lines.append(f"Measured {started[0]} to {started[-1]} UTC; femsim sources {', '.join(states)}.  ")
    if load and max(load) > 3.5:
        lines.append(
            f"**The machine was not quiet**: load average before the runs {number(median(load))} in the median, "
            f"{number(max(load))} at most. Ratios suffer less than seconds, but both are rough.  "
        )
    versions = {CONTESTANTS[s].title: v for s, v in evidence.versions().items() if s in CONTESTANTS}
    lines.append("Versions: " + "; ".join(f"{title}: {version}" for title, version in versions.items()) + ".")
    limits = (evidence.one("", "limits") or {}).get("triad GB/s")
    if limits:
        found = evidence.one("", "limits")
        lines += ["", "Physical limits, measured in this run, best (median):", ""]
        names = [name for name in found if isinstance(found[name], dict) and "best" in found[name]]
        lines += table(names, [[f"{found[n]['best']:.1f} ({found[n]['median']:.1f})" for n in names]])
    return [*lines, ""]


def bar_table(evidence: Evidence) -> list[str]:
    rows = [[bar.what, bar.wanted, bar.measured, bar.verdict, bar.remark] for bar in bars(evidence)]
    return ["## The bars", "", *table(["what", "wanted", "measured", "", "remark"], rows)]


def meshes(evidence: Evidence, facts: dict) -> list[str]:
    rows = []
    for name, fact in facts.items():
        timed = (evidence.one(name, "meshing") or {}).get("found", {})
        cells = [f"{fact[key]:,}".replace(",", " ") for key in ("dof", "elements")]
        cells += [f"{fact['size_mm']:g}", f"1 : {fact['stiffest_over_softest']:.0f}"]
        cells += [number(timed.get(key), 1) for key in ("mesh both twins", "build both twins")]
        rows.append([name, TITLES[name.split("_")[0]], *cells])
    head = ["mesh", "element", "free unknowns", "elements", "size mm", "stiffness", "mesh twins s", "whole build s"]
    return ["## Meshes", "", *table(head, rows)]


def side_by_side(evidence: Evidence, mesh: str, fact: dict) -> list[str]:
    own = evidence.row(mesh, "femsim")
    if own is None:
        return []
    rows = [_line("**femsim**", own, FEMSIM)]
    rows += [_line(CONTESTANTS[row.solver].title, row, CONTESTANTS[row.solver]) for row in evidence.rows(mesh)]
    head = [
        "solver", "counted", "seconds", "n", "ratio to femsim", "whole process s", "its ratio", "GB", "iterations",
        "residual", "energy differs by",
    ]  # fmt: skip
    unknowns = f"{fact['dof']:,}".replace(",", " ")
    return [f"## {mesh}: {unknowns} unknowns, one load", "", *table(head, rows)]


def _line(title: str, row, contestant) -> list[str]:
    counted = "own stages" if contestant.whole_code else "set-up, solve"
    if contestant.home == "ccx":
        counted = "whole of ccx"
    if not row.seconds:
        at_least = f"> {number(row.limit[1], 1)}" if row.limit and row.limit[1] == row.limit[1] else "–"
        told = f"stopped after {row.limit[0]:.0f}" if row.limit else row.problem.replace("|", "/")
        return [title, counted, told, "1", at_least, *["–"] * 6]
    difference = "–" if row.energy_error is None else f"{row.energy_error:.0e}"
    if row.energy_error is not None and not row.agrees:
        difference = f"**{difference}, not the same answer**"
    return [
        title, counted, spread(row.seconds), str(len(row.seconds)),
        spread(row.ratios, 1) if row.ratios else "1", spread(row.wall, 1),
        number(median(row.wall_ratios), 1) if row.wall_ratios else "1", number(row.memory_gb),
        str(row.iterations or "–"), f"{row.residual:.0e}" if row.residual is not None else "–", difference,
    ]  # fmt: skip


def stages(evidence: Evidence, facts: dict) -> list[str]:
    rows = []
    for name in facts:
        found = evidence.femsim_stages(name)
        if found:
            rows.append(
                [name, *(number(found.get(stage), 3) for stage in STAGES), str(len(evidence.good(name, "femsim")))]
            )
    lines = ["## femsim by stage", "", "Mesh in memory, kernels loaded. Seconds, medians of all runs.", ""]
    lines += table(["mesh", *STAGES, "runs"], rows)
    limits = evidence.one("", "limits") or {}
    triad = limits.get("triad GB/s", {}).get("best")
    rows = []
    for name in facts:
        run, found = evidence.one(name, "femsim"), evidence.femsim_stages(name)
        if not run or "traffic" not in run:
            continue
        cells = [name]
        for stage, touched in run["traffic"]["bytes"].items():
            rate = touched / found[stage] / 1e9 if found.get(stage) else float("nan")
            cells.append(f"{number(rate, 1)}" + (f" ({100 * rate / triad:.0f} %)" if triad else ""))
        flops = run["traffic"]["flops"]
        cells.append(number((flops["double"] + flops["single"]) / found["solve"] / 1e9, 1))
        rows.append(cells)
    lines += [
        "GB/s that each stage reaches at least, and share of the triad: bytes that it must touch once (for the solve, "
        "once per product), over its seconds. A low share means arithmetic, index work or one thread, not memory. "
        "Last: GF/s of the products with the fine operator alone.", "",
        *table(["mesh", "assembly, operator", "preconditioner", "solve", "solve GF/s"], rows),
    ]  # fmt: skip
    return lines


def memory(evidence: Evidence) -> list[str]:
    rows = []
    for name in MESHES:
        runs = [run for run in evidence.good(name, "femsim") if "memory_with_mesh_gb" in run]
        if runs:
            run = max(runs, key=lambda run: run["memory_gb"])
            with_mesh = run["memory_with_mesh_gb"]
            cells = [run["memory_gb"], with_mesh, run["memory_gb"] - with_mesh, run["traffic"]["operator_gb"]]
            rows.append([name, *map(number, cells), number(run["traffic"]["hierarchy_gb"])])
    head = ["mesh", "peak of the process", "with mesh, before", "peak above that", "operator", "hierarchy"]
    return ["## Memory of femsim's solve, GB", "", *table(head, rows)]


def start_up(evidence: Evidence) -> list[str]:
    rows = []
    for name in MESHES[:2]:
        for solver in ("process, cold", "process, warm"):
            runs = evidence.good(name, solver)
            if runs:
                last = runs[-1]["stages"]
                cells = [spread([run["wall"] for run in runs]), number(last["imports"]), number(last["set-up"])]
                rows.append([name, solver, *cells, number(last["solve"])])
    whole = evidence.good("", "femsim run")
    lines = ["## From shell prompt to first result", ""]
    lines += ["A Python process: imports, read the case, checks, set-up, solve. Cold: kernels not yet compiled.", ""]
    lines += table(["mesh", "", "whole process s", "imports", "set-up", "solve"], rows)
    if whole:
        lines.append(
            f"`femsim run scenarios/walking.toml`: {spread([run['wall'] for run in whole], 1)} s in all, "
            f"{number(whole[-1]['memory_gb'])} GB (geometry, mesh, both twins, 20 frames, measures, results on disk)."
        )
    return [*lines, ""]


def many_loads(evidence: Evidence) -> list[str]:
    lines = ["## Many loads on one preparation", "", "Different hip forces; seconds of the solve alone.", ""]
    for name in MESHES:
        run = evidence.one(name, "many_loads")
        if run:
            found = run["found"]
            rows = []
            for count, alone in found["one by one"].items():
                together = found["at once"][count]
                rows.append(
                    [count, number(alone), number(together), number(together / int(count)), number(alone / together)]
                )
            lines += [f"{name} (set-up {number(found['set-up'])} s, once)", ""]
            lines += table(["loads", "one by one", "at once", "per load", "gain"], rows)
    return lines


def gait(evidence: Evidence) -> list[str]:
    lines = ["## A gait cycle of 100 frames", ""]
    for name in MESHES:
        run = evidence.one(name, "gait")
        if not run:
            continue
        found = run["found"]
        one = found["set-up"] + found["one load"]
        lines += [
            f"{name}: one load takes {number(found['set-up'])} s to set up and {number(found['one load'])} s to solve. "
            "joint force: an OpenSim hip force (computed, not measured in a body) that turns from frame to frame; "
            "pressure follows it over the head, so each frame is a load of its own (singular values fall slowly: "
            "78 loads at 1e-3). Spread over one fixed patch, three loads span all frames.", "",
        ]  # fmt: skip
        rows = []
        for history in ("walking", "joint force, one patch", "joint force"):
            cycle = found.get(history, {"skipped": "no joint force"})
            if "skipped" in cycle:
                lines += [f"{history} skipped: {cycle['skipped']}.", ""]
                continue
            parts = [cycle[key] for key in ("apply loads", "set-up", "solve", "all frames from the basis")]
            rows.append(
                [history, cycle["frames"], cycle["loads in the basis"], *map(number, parts), number(sum(parts) / one)]
            )
        head = [
            "history",
            "frames",
            "loads in the basis",
            "apply loads",
            "set-up",
            "solve",
            "all frames",
            "over one load",
        ]
        lines += table(head, rows)
    return lines


def coarsening(evidence: Evidence) -> list[str]:
    lines = ["## Smoothed-aggregation set-up: femsim's against pyamg's", ""]
    lines += [
        "On the same matrix, at the same strength threshold. femsim's time includes what its smoothers need (single-"
        "precision copies, inverses of diagonal blocks, eigenvalues), pyamg's does not.", "",
    ]  # fmt: skip
    for name in MESHES:
        run = evidence.one(name, "coarsening")
        if run:
            rows = [
                [
                    way, number(one["first"]), number(one["median"]), number(one["operator complexity"]),
                    " → ".join(map(str, one["rows"])),
                ]
                for way, one in run["found"].items()
            ]  # fmt: skip
            lines += [name, "", *table(["set-up by", "first s", "median s", "operator complexity", "rows"], rows)]
    return lines


def ending() -> list[str]:
    return [
        "## Not measured", "",
        "Other machines, more than two cores, accelerators, commercial codes, nonlinear problems; peers with settings "
        "that only their authors know. The list with reasons: [README.md](README.md). A row whose energy differs from "
        f"femsim's by more than {AGREEMENT:g} solved something else and enters no bar.",
    ]  # fmt: skip
