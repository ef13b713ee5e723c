"""What the noted runs say: medians, spreads, paired ratios, agreement. Numbers only; report.py words them."""

from dataclasses import dataclass
from statistics import median

from contestants import CONTESTANTS

AGREEMENT = 1e-5  # relative difference of energies above which two answers are not the same


@dataclass(frozen=True)
class Row:
    """One solver on one mesh.

    seconds, wall : of each run that ended well; ratios : seconds over the mean of femsim's two runs around it;
    wall_ratios : likewise of whole processes. limit : seconds after which a run was stopped, with its ratio, or None.
    energy_error : relative to femsim's. problem : why there is no time.
    """

    solver: str
    seconds: list[float]
    wall: list[float]
    ratios: list[float]
    wall_ratios: list[float]
    limit: tuple[float, float] | None
    memory_gb: float | None
    energy_error: float | None
    residual: float | None
    iterations: int | None
    problem: str

    @property
    def ratio(self) -> float | None:
        """Paired median; where the time limit came first, what it must be at least."""
        return median(self.ratios) if self.ratios else self.limit[1] if self.limit else None

    @property
    def agrees(self) -> bool:
        return self.energy_error is not None and self.energy_error <= AGREEMENT


class Evidence:
    """All notes of a work folder."""

    def __init__(self, notes: list[dict]):
        self.notes = notes

    def of(self, mesh: str, solver: str) -> list[dict]:
        """Runs of a solver on a mesh, as noted."""
        return [note for note in self.notes if note["mesh"] == mesh and note["solver"] == solver]

    def good(self, mesh: str, solver: str) -> list[dict]:
        """Those that ended well."""
        return [note for note in self.of(mesh, solver) if note["status"] == "ok"]

    def one(self, mesh: str, solver: str) -> dict | None:
        """The last that ended well."""
        return (self.good(mesh, solver) or [None])[-1]

    def row(self, mesh: str, solver: str) -> Row | None:
        """The solver's line in the table of a mesh; None when it never ran."""
        runs, good = self.of(mesh, solver), self.good(mesh, solver)
        if not runs:
            return None
        stopped = [note for note in runs if note["status"] == "time limit"]
        limit = None
        if not good and stopped:
            limit = (stopped[-1]["wall"], stopped[-1]["wall"] / _pair(stopped[-1], "femsim"))
        last = good[-1] if good else runs[-1]
        reference = self.good(mesh, "femsim")
        error = None
        if good and reference:
            energy = median(note["energy"] for note in reference)
            error = max(abs(note["energy"] / energy - 1) for note in good)
        return Row(
            solver=solver,
            seconds=[note["seconds"] for note in good],
            wall=[note["wall"] for note in good],
            ratios=[note["seconds"] / _pair(note, "femsim") for note in good if "femsim" in note],
            wall_ratios=[note["wall"] / _pair(note, "femsim_wall") for note in good if "femsim" in note],
            limit=limit,
            memory_gb=max((note["memory_gb"] for note in good), default=None),
            energy_error=error,
            residual=last.get("residual"),
            iterations=last.get("iterations") or None,
            problem="" if good else last["status"] + (f": {last['error']}" if last.get("error") else ""),
        )

    def rows(self, mesh: str) -> list[Row]:
        """Peers on a mesh, fastest first, those without a time last."""
        found = [row for solver in CONTESTANTS if (row := self.row(mesh, solver))]
        return sorted(found, key=lambda row: median(row.seconds) if row.seconds else float("inf"))

    def femsim_stages(self, mesh: str) -> dict[str, float]:
        """Median seconds of each stage of femsim on a mesh, and of "total"."""
        runs = self.good(mesh, "femsim")
        stages = {key: median(run["stages"][key] for run in runs) for key in runs[0]["stages"]} if runs else {}
        return stages | ({"total": median(run["seconds"] for run in runs)} if runs else {})

    def best_of(self, mesh: str, solvers) -> Row | None:
        """The one that comes closest to femsim; answers that agree before those that do not, before none."""
        rows = [row for solver in solvers if (row := self.row(mesh, solver))]
        ranked = [row for row in rows if row.ratio is not None]
        if not ranked:
            return rows[0] if rows else None
        return min(ranked, key=lambda row: (not (row.ratios and row.agrees), not row.ratios, row.ratio))

    def versions(self) -> dict[str, str]:
        """Solver → version it reported."""
        return {note["solver"]: note["version"] for note in self.notes if note.get("version")}


def _pair(note: dict, key: str) -> float:
    values = [value for value in note.get(key, []) if value]
    return sum(values) / len(values) if values else float("nan")


def spread(values: list[float], digits: int = 2) -> str:
    """Median, with the extremes when there are several values."""
    if not values:
        return "–"
    text = number(median(values), digits)
    return f"{text} ({number(min(values), digits)} … {number(max(values), digits)})" if len(values) > 1 else text


def number(value: float | None, digits: int = 2) -> str:
    """As many digits as mean something."""
    if value is None or value != value:
        return "–"
    if abs(value) >= 100:
        return f"{value:.0f}"
    return f"{value:.{1 if abs(value) >= 10 else digits}f}"
