"""Run folders: made aside, put in place whole, found again.

`out/<name>-<hash8>/` is a complete run or does not exist. While it is made it is the hidden
`out/.<name>-<hash8>.<pid>.tmp`, under a lock; a run that is being replaced is for an instant
`out/.<name>-<hash8>.replaced`.
"""

import errno
import json
import os
import re
import shutil
import signal
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np

from femsim.durable import TEMPORARY, flush, write_text
from femsim.errors import StoreError, Terminated, UsageError
from femsim.results import activities, neighbours, record, summary, vtkhdf
from femsim.results.lock import locked
from femsim.results.provenance import provenance

if TYPE_CHECKING:  # finding a run must not load what computes one
    from femsim.analyses.outcome import Outcome
    from femsim.metrics.measure import Map, Measure

NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,79}")  # no leading dot: a hidden folder is one in the making


def run_folder(out: Path, name: str, digest: str) -> Path:
    """Where a run lies: `out/<name>-<first 8 digits of its hash>`.

    Raises
    ------
    UsageError
        Where the name cannot be a folder's.
    """
    if not NAME.fullmatch(name):
        raise UsageError(
            f"{name!r} cannot name a run.",
            why="a name is a folder: letters, digits, '.', '_' and '-', at most 80, and no dot first",
            remedy="change `name` in the scenario",
        )
    return Path(out) / f"{name}-{digest[:8]}"


def ensure_writable(out: Path) -> None:
    """Make the output folder and try it, before anything is computed.

    Raises
    ------
    UsageError
        Where one may not write there, or it is not a folder.
    StoreError
        Where the disk is full, read-only for now, or gone.
    """
    out = Path(out)
    trial = out / f".writable.{os.getpid()}.tmp"
    try:
        out.mkdir(parents=True, exist_ok=True)
        try:
            trial.write_bytes(b"\0" * 4096)
        finally:
            trial.unlink(missing_ok=True)
    except OSError as error:
        if error.errno in TEMPORARY - {errno.EROFS}:
            raise _cannot_write(error, out) from error
        raise UsageError(
            "Results cannot be written to the output folder.",
            where=str(out),
            why=error.strerror or str(error),
            remedy="choose another folder with --out",
        ) from error


def find_complete(out: Path, name: str, digest: str, index: str = summary.FILE) -> Path | None:
    """The folder of a complete run of this very question, or None.

    Complete: its summary says so, carries the whole hash, and every file it lists is there in its full size.

    index : the file that tells of the folder; another one where that is no run.
    """
    folder = run_folder(out, name, digest)
    if not folder.exists():
        _restore(folder)
    try:
        told = summary.read(folder, index)
    except StoreError:
        return None
    return folder if told.get("hash") == digest and summary.is_complete(folder, told) else None


def save(
    folder: Path,
    *,
    scenario: Any,
    scenario_toml: str,
    digest: str,
    pair: Any,
    operated: "Outcome",
    intact: "Outcome",
    measures: "Iterable[Measure]",
    maps: "Iterable[Map]",
    courses: "Sequence[activities.Courses]" = (),
    timings: Mapping[str, float],
    sites: Mapping[str, np.ndarray] = MappingProxyType({}),
    sources: Iterable[str] = (),
    warnings: Iterable[str] = (),
    log: Iterable[str] = (),
    sections: Mapping[str, Any] = MappingProxyType({}),
) -> None:
    """Write everything a run tells into its temporary folder; summary.json last, which marks it complete.

    Parameters
    ----------
    folder : Path
        From `new_run`.
    scenario : Scenario
    scenario_toml : str
        The scenario with every default written out.
    digest : str
        Its identity.
    pair : Pair
        For the femur, and how much bone it has.
    operated, intact : Outcome
        The same object when nothing was put in.
    measures, maps : what the metrics say.
    courses : of every activity, by model.
    timings : stage → seconds.
    sites : site of a load channel → (3,) point [mm], for the picture of the loads.
    sources, warnings : sentences.
    log : lines of run.log; the stages and their seconds when there are none.
    sections : more of summary.json, of analyses beyond linear statics.

    Raises
    ------
    OSError
        Where a file cannot be written; `new_run` turns it into a StoreError.
    """
    measures, maps, folder = tuple(measures), tuple(maps), Path(folder)
    told = [sentence for case in operated.model.cases for sentence in case.history.sources]
    sources = tuple(dict.fromkeys([*told, *sources]))
    write_text(folder / "scenario.resolved.toml", scenario_toml)
    origin = provenance(digest, timings_s=timings, input_files=record.input_files(scenario), sources=sources)
    write_text(folder / "provenance.json", json.dumps(origin, indent=1, allow_nan=False) + "\n")
    summary.write_qoi(folder, measures)
    if courses:
        activities.write_csv(folder, courses)
    lines = tuple(log) or tuple(f"{stage:<24} {seconds:8.2f} s" for stage, seconds in timings.items())
    write_text(folder / "run.log", "".join(f"{line}\n" for line in lines))
    bodies = [
        record.body(replace(outcome, model=replace(outcome.model, name=name)), maps)
        for name, outcome in (("operated", operated), ("intact", intact))
    ]
    vtkhdf.write(folder / "result.vtkhdf", bodies, operated.model.history.instants[operated.shown_frames])
    neighbours.write(folder, {body.name: body.mesh for body in bodies})
    summary.write(
        folder,
        {
            "status": "complete",
            "name": scenario.name,
            "hash": digest,
            "disclaimer": summary.DISCLAIMER,
            "measures": summary.rows(measures),
            "models": {"operated": record.of_model(operated), "intact": record.of_model(intact)},
            "femur": record.of_femur(pair.femur),
            **record.of_bone(getattr(pair, "bone", None)),
            "loads": record.of_loads(operated, sites),
            "activities": activities.told(
                courses, body_mass_kg=scenario.subject.body_mass_kg, body_weight=scenario.subject.body_weight
            ),
            **sections,
            "landmarks": record.of_landmarks(pair.femur),
            "parameters": list(record.of_scenario(scenario)),
            "sources": list(sources),
            "warnings": list(warnings),
            "timings_s": dict(timings),
        },
    )


@contextmanager
def new_run(out: Path, name: str, digest: str, *, force: bool = False, index: str = summary.FILE) -> Iterator[Path]:
    """A temporary folder to write a run into; it becomes the run folder when the block ends well, else it vanishes.

    Inside the block SIGTERM raises `Terminated`, so that what is half done is cleared away.

    Parameters
    ----------
    out, name, digest
        As in `run_folder`.
    force : bool
        Replace a complete run that is there already.
    index : str
        The file that tells of the folder, which the block writes last; another one where that is no run.

    Raises
    ------
    StoreError
        Where another process makes this run now, it is there already, the disk takes no more, or the block did not
        complete the run.
    UsageError
        As `ensure_writable`.
    """
    final = run_folder(out, name, digest)
    ensure_writable(out)
    with locked(_hidden(final, "lock")), _terminating():
        _restore(final)
        _clear_abandoned(final.parent)
        _clear(final)
        if find_complete(out, name, digest, index) and not force:
            raise StoreError("This run is there already.", where=str(final), remedy="use it, or give --force")
        folder = _hidden(final, f"{os.getpid()}.tmp")
        try:
            folder.mkdir()
            yield folder
            _publish(folder, final, digest, index)
        except OSError as error:
            if error.errno in TEMPORARY:
                raise _cannot_write(error, final.parent) from error
            raise
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def _publish(folder: Path, final: Path, digest: str, index: str) -> None:
    told = summary.read(folder, index)
    if told.get("hash") != digest or not summary.is_complete(folder, told):
        raise StoreError("The run is not complete and is not kept.", where=str(final), remedy="run it again")
    for path in sorted(folder.rglob("*")):
        flush(path)
    flush(folder)
    replaced = _hidden(final, "replaced")
    if final.exists():
        os.rename(final, replaced)
    try:
        os.rename(folder, final)
    except OSError:
        _restore(final)
        raise
    flush(final.parent)
    shutil.rmtree(replaced, ignore_errors=True)


def _restore(final: Path) -> None:
    """Put back a run whose replacement was cut off between its two renames."""
    replaced = _hidden(final, "replaced")
    if replaced.exists() and not final.exists():
        os.rename(replaced, final)


def _hidden(final: Path, ending: str) -> Path:
    return final.with_name(f".{final.name}.{ending}")


def _clear(final: Path) -> None:
    """Remove what dead processes left of a run whose lock is held."""
    for left in final.parent.glob(f".{final.name}.*"):
        if left.is_dir() and (left.suffix == ".tmp" or left.name.endswith(".replaced")):
            shutil.rmtree(left, ignore_errors=True)


def _clear_abandoned(out: Path) -> None:
    """Remove the temporary folders of other runs that nobody holds the lock of."""
    for left in out.glob(".*.tmp"):
        matched = re.fullmatch(r"\.(.+)\.\d+\.tmp", left.name)
        if matched and left.is_dir():
            try:
                with locked(_hidden(out / matched[1], "lock")):
                    shutil.rmtree(left, ignore_errors=True)
            except StoreError:
                continue


@contextmanager
def _terminating() -> Iterator[None]:
    """SIGTERM raises `Terminated` inside the block, where a handler can be set and none is."""
    if threading.current_thread() is not threading.main_thread() or signal.getsignal(signal.SIGTERM) != signal.SIG_DFL:
        yield
        return

    def end(number, frame):
        raise Terminated("asked to end (SIGTERM)")

    signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _cannot_write(error: OSError, out: Path) -> StoreError:
    """The fact, the folder and the room left on it."""
    try:
        free = f"; {shutil.disk_usage(out).free / 1e6:.0f} MB free there"
    except OSError:
        free = ""
    return StoreError(
        "Results could not be written; nothing half-written was kept.",
        where=f"{out}{free}",
        why=os.strerror(error.errno) if error.errno else str(error),
        remedy="make room, or choose another folder with --out, and run again",
    )
