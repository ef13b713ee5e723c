"""The bars that the solver core was built to reach, each held against what was measured."""

from dataclasses import dataclass
from statistics import median

from contestants import CONTESTANTS
from evidence import Evidence, number


@dataclass(frozen=True)
class Bar:
    """what, wanted, measured, verdict ("reached", "not reached", "not measured"), remark: texts for a table."""

    what: str
    wanted: str
    measured: str
    verdict: str
    remark: str = ""


def bars(evidence: Evidence) -> list[Bar]:
    """All of them, measured or not."""
    mesh = "tet10_400k"
    direct = tuple(name for name, contestant in CONTESTANTS.items() if contestant.direct)
    found = [
        _times(evidence, mesh, ("calculix_spooles",), 50, "× CalculiX SPOOLES"),
        _times(evidence, mesh, ("ngsolve_cholesky",), 40, "× NGSolve sparse Cholesky"),
        _times(evidence, mesh, ("kratos_amgcl", "kratos_aggregation"), 20, "× Kratos AMGCL"),
        _times(evidence, mesh, direct, 10, "× the best direct solver"),
        _times(evidence, mesh, ("petsc_gamg", "petsc_gamg_tuned"), 10, "× PETSc GAMG on 2 processes"),
    ]
    for small in ("tet4_100k", "tet10_100k"):
        found.append(_times(evidence, small, tuple(CONTESTANTS), 3, "× the best peer"))
    found += [_one_million(evidence), _gait(evidence), *_first_result(evidence)]
    found += [_memory(evidence, "tet10_1m", 1.5), _memory(evidence, "tet10_2.5m", 4.0)]
    return found


def _times(evidence: Evidence, mesh: str, solvers: tuple[str, ...], wanted: float, what: str) -> Bar:
    """How many times as long as femsim the best of these solvers takes."""
    what = f"{what}, {mesh}"
    row = evidence.best_of(mesh, solvers)
    if row is None or row.ratio is None:
        return Bar(what, f"≥ {wanted:g}", "–", "not measured", row.problem if row else "")
    title = CONTESTANTS[row.solver].title
    if not row.ratios:
        remark = f"{title} was stopped after {row.limit[0]:.0f} s"
        verdict = "reached" if row.ratio >= wanted else "not measured to the end"
        return Bar(what, f"≥ {wanted:g}", f"> {number(row.ratio, 1)}", verdict, remark)
    remark = f"{title} {number(median(row.seconds))} s"
    if len(row.ratios) > 1:
        remark += f"; pairs {number(min(row.ratios), 1)} … {number(max(row.ratios), 1)}"
    if row.wall_ratios and CONTESTANTS[row.solver].whole_code:
        remark += f"; whole process {number(median(row.wall_ratios), 1)} × femsim's"
    if not row.agrees:
        return Bar(what, f"≥ {wanted:g}", number(row.ratio, 1), "not the same answer", remark)
    return Bar(what, f"≥ {wanted:g}", number(row.ratio, 1), _verdict(row.ratio >= wanted), remark)


def _one_million(evidence: Evidence) -> Bar:
    what, wanted = "TET10 1 M dof, mesh to displacement", "< 10 s"
    seconds = [run["seconds"] for run in evidence.good("tet10_1m", "femsim")]
    if not seconds:
        return Bar(what, wanted, "–", "not measured")
    return Bar(what, wanted, f"{number(median(seconds))} s", _verdict(median(seconds) < 10), _range(seconds))


def _gait(evidence: Evidence) -> Bar:
    what, wanted = "gait cycle of 100 frames, over one load", "< 2"
    run = evidence.one("tet10_400k", "gait")
    if not run:
        return Bar(what, wanted, "–", "not measured")
    found = run["found"]
    one = found["set-up"] + found["one load"]
    texts, worst = [], 0.0
    for history in ("walking", "joint force, one patch", "joint force"):
        cycle = found.get(history, {})
        if "solve" in cycle:
            total = sum(cycle[key] for key in ("apply loads", "set-up", "solve", "all frames from the basis"))
            texts.append(f"{history} {number(total / one)} ({cycle['loads in the basis']} loads)")
            worst = max(worst, total / one)
    return Bar(what, wanted, "; ".join(texts), _verdict(worst < 2), "loads applied, set-up, solve, all frames formed")


def _first_result(evidence: Evidence) -> list[Bar]:
    found = []
    for mesh in ("tet4_100k", "tet10_100k"):
        what, wanted = f"shell prompt to first result, {mesh}", "< 4 s"
        seconds = [run["wall"] for run in evidence.good(mesh, "process, warm")]
        if not seconds:
            found.append(Bar(what, wanted, "–", "not measured"))
            continue
        found.append(Bar(what, wanted, f"{number(median(seconds))} s", _verdict(median(seconds) < 4), _range(seconds)))
    return found


def _memory(evidence: Evidence, mesh: str, wanted: float) -> Bar:
    what = f"peak memory of the solve, {mesh}"
    runs = evidence.good(mesh, "femsim")
    if not runs:
        return Bar(what, f"< {wanted:g} GB", "–", "not measured")
    worst = max(runs, key=lambda run: run["memory_gb"])
    remark = f"whole process; {number(worst['memory_with_mesh_gb'])} GB of it before the set-up, mesh included"
    return Bar(
        what, f"< {wanted:g} GB", f"{number(worst['memory_gb'])} GB", _verdict(worst["memory_gb"] < wanted), remark
    )


def _verdict(reached: bool) -> str:
    return "reached" if reached else "**not reached**"


def _range(values: list[float]) -> str:
    return f"{number(min(values))} … {number(max(values))} s in {len(values)} runs"
