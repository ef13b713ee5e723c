"""`femsim sweep`: drives a sweep and tells how far it is."""

import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from femsim.cli.screen import Screen

if TYPE_CHECKING:
    from femsim.sweep.driving import Progress
    from femsim.sweep.engines.asked import Asked
    from femsim.sweep.job import Job

WITH_FAILED_CASES = 6  # exit code
REMARK_S = 60.0  # between two lines where nobody watches


def swept(
    screen: Screen,
    path: Path,
    sets: tuple[str, ...],
    *,
    out: Path,
    engine: str,
    asked: "Asked",
    dry: bool,
    yes: bool,
) -> int:
    """Plan, compute what is missing, tell; the exit code."""
    from femsim.cli.sweep_plan import dry_run
    from femsim.results.store import ensure_writable
    from femsim.sweep.job import begin
    from femsim.sweep.planning import plan, refuse_by_accident
    from femsim.sweep.reading import load_sweep

    sweep = load_sweep(path, sets)
    refuse_by_accident(sweep, yes or dry)
    screen.stage("planning")
    found = plan(sweep)
    if dry:
        return dry_run(screen, found)
    for note in found.notes:
        screen.remark(f"note: {note}")
    ensure_writable(out)
    job = begin(job_of(found, path, sets, out), path.read_text(encoding="utf-8-sig"), found.cases)
    return driven(screen, job, engine, asked)


def job_of(plan: Any, path: Path, sets: tuple[str, ...], out: Path) -> "Job":
    """The job of a plan."""
    from femsim.sweep.job import Job, folder_of

    return Job(
        folder_of(out, plan.name, plan.digest),
        plan.name,
        plan.digest,
        len(plan.cases),
        str(path.absolute()),
        sets,
        plan.metrics,
        plan.measures,
        tuple(sorted(plan.keep)),
        plan.units,
    )


def driven(screen: Screen, job: "Job", engine: str, asked: "Asked") -> int:
    """Compute what is missing with an engine, and tell."""
    from femsim.sweep.driving import drive
    from femsim.sweep.engines import ENGINES

    screen.remark(f"sweep: {job.folder}")
    ended = drive(job, ENGINES[engine], asked, _Teller(screen))
    return told(screen, job, ended)


def retried(screen: Screen, folder: Path, kinds: Sequence[str], *, engine: str, asked: "Asked") -> int:
    """Compute failed cases again, and tell."""
    from femsim.results.store import ensure_writable
    from femsim.sweep.case_result import CLASSES
    from femsim.sweep.driving import one_driver
    from femsim.sweep.job import read_job, same_version, taken_over
    from femsim.sweep.tally import Tally, ask_again

    job = read_job(folder)
    same_version(job)
    ensure_writable(folder)
    with one_driver(job):
        tally = Tally(job)
        tally.update()
        n = ask_again(tally, kinds or [kind for kind in CLASSES if kind != "invalid"])
    screen.remark(f"{n} failed cases are computed again.")
    return driven(screen, taken_over(job), engine, asked)


def status_told(screen: Screen, folder: Path) -> int:
    """How far a sweep is, from what is on disk."""
    from femsim.sweep.driving import progress_of
    from femsim.sweep.job import cases_of, read_job
    from femsim.sweep.tally import Tally

    job = read_job(folder)
    tally = Tally(job)
    tally.update()
    found = progress_of(tally, list(cases_of(folder)))
    record = _record(job, found) | {
        "seconds": {name: round(spent, 1) for name, spent in sorted(tally.seconds.items())},
        "shared": dict(sorted(tally.shared.items())),
        "files": sum(1 for path in Path(folder).rglob("*") if path.is_file()),
        "missing": found.missing,
    }
    spent = ", ".join(f"{name} {seconds:.0f} s" for name, seconds in record["seconds"].items())
    shared = ", ".join(f"{n} a {name}" for name, n in record["shared"].items())
    lines = [
        f"{job.name}: {words(found)}",
        *([f"spent: {spent}"] if spent else []),
        *([f"shared with an earlier case: {shared}"] if shared else []),
        *_strange(found),
        f"folder: {job.folder}, {record['files']} files",
    ]
    screen.answer(record, *lines)
    return 0


def tabulated(screen: Screen, folder: Path) -> int:
    """Write the tables of what is finished, and tell."""
    from femsim.sweep import table
    from femsim.sweep.driving import one_driver, progress_of
    from femsim.sweep.job import cases_of, read_job
    from femsim.sweep.tally import Tally

    job = read_job(folder)
    with one_driver(job):
        tally = Tally(job)
        tally.merge()
        table.write(job)
    return told(screen, job, progress_of(tally, list(cases_of(folder))))


def told(screen: Screen, job: "Job", found: "Progress") -> int:
    """How a sweep came out; the exit code."""
    from femsim.sweep import table

    lines = [f"{job.name}: {words(found)}", *_strange(found), f"table: {job.folder / table.CSV}"]
    if found.failed:
        lines.append(f"failed: {job.folder / table.FAILED}; `femsim sweep retry {job.folder}` tries them again")
    if found.missing:
        lines.append("what is missing is being computed, or waits: the same command goes on; `femsim sweep status`")
    screen.answer(_record(job, found), *lines)
    return WITH_FAILED_CASES if found.failed and not found.missing else 0


def words(found: "Progress") -> str:
    """How far, in a line."""
    parts = [f"{found.done} of {found.n} done"]
    if found.failed:
        parts.append(f"{found.failed} failed ({', '.join(f'{n} {kind}' for kind, n in found.classes.items())})")
    if found.missing:
        parts.append(f"{found.missing} missing")
    if found.per_hour is not None and found.missing:
        from femsim.cli.sweep_plan import duration

        parts.append(f"{found.per_hour:,.0f} an hour, {duration(found.seconds_left)} left")
    return ", ".join(parts)


def _strange(found: "Progress") -> list[str]:
    lines = [f"computed twice, kept once: {found.twice}"] if found.twice else []
    return [*lines, *([f"damaged files, whose cases count as missing: {found.damaged}"] if found.damaged else [])]


def _record(job: "Job", found: "Progress") -> dict[str, Any]:
    status = "unfinished" if found.missing else "partial" if found.failed else "complete"
    told = {name: getattr(found, name) for name in ("done", "failed", "missing", "classes", "twice", "damaged")}
    return {"status": status, "sweep": str(job.folder), "name": job.name, "cases": found.n, **told}


class _Teller:
    """Tells how far it is: a bar where somebody watches, else a line now and then."""

    def __init__(self, screen: Screen):
        self._screen, self._last = screen, 0.0

    def __call__(self, found: "Progress") -> None:
        now = time.monotonic()
        if sys.stderr.isatty():
            self._screen.stage("sweep", 1.0 - found.missing / max(found.n, 1), words(found))
        elif found.missing and now - self._last > REMARK_S:
            self._last = now
            self._screen.remark(words(found))
