"""Exports a scenario or a run to files, each whole or absent, none written over without being told."""

import errno
import os
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np

from femsim.analyses import ANALYSES
from femsim.analyses.outcome import Outcome
from femsim.durable import TEMPORARY, whole_file
from femsim.errors import StoreError, UsageError, near
from femsim.export import EXPORTS
from femsim.export.from_model import N_BINS, chosen_frames, exported
from femsim.export.source import Source, built, opened, refuse_other_answer
from femsim.model import Model

TWINS = ("operated", "intact", "both")


def export(
    path: Path,
    kind: str,
    *,
    out: Path | None = None,
    sets: Iterable[str] = (),
    twin: str = "operated",
    frame: str = "peak",
    n_bins: int = N_BINS,
    force: bool = False,
    progress: Callable[[str], None] | None = None,
) -> tuple[Path, ...]:
    """Write the model of a scenario, or of a run, in a format of EXPORTS.

    Parameters
    ----------
    path : a scenario file or a run folder.
    kind : a name in EXPORTS.
    out : file to write; `<scenario>-<twin>.<ending>` in the working folder when not given. With both twins, "-operated"
        and "-intact" come before its ending.
    sets : overrides of the scenario.
    twin : one of TWINS; a scenario that puts nothing in has the intact femur alone, whatever is asked for.
    frame : "peak", "all" or a number.
    n_bins : most materials for Young's moduli that differ; 0 keeps each element's own.
    force : write over files that are there.
    progress : callable(str), optional
        Told each stage as it begins.

    Returns
    -------
    The files written.

    Raises
    ------
    UsageError
        Where a file is there already or cannot be written, or there is no such frame.
    StoreError
        Where the disk takes no more, or a run is not what it was.
    ScenarioError, SurfaceError, GeometryError, MeshError, ModelError, ConvergenceError
    """
    say = progress or (lambda stage: None)
    writer = EXPORTS[kind]()
    if twin not in TWINS:
        raise UsageError(f"There is no twin {twin!r}. {near(twin, TWINS)}", where="--twin")
    if n_bins < 0 or n_bins == 1:
        raise UsageError(f"--bins {n_bins} makes no sense.", remedy="give 0 (one material per element), or 2 and more")
    source = opened(path, sets)
    frames = chosen_frames(source.scenario.load.history(source.scenario.subject), frame)
    # Before anything is built: a refusal after minutes is a nuisance.
    files = _named(source, writer, out, TWINS[:2] if twin == "both" else (twin,), force)
    pair = built(source, progress=say)
    models = {"operated": pair.operated, "intact": pair.intact}
    if pair.operated is pair.intact:
        models = {"intact": pair.intact}
        files = _named(source, writer, out, models, force)
    outcomes = {}
    if source.run is not None and writer.shows_results:
        outcomes = {name: _solved(models[name], pair.twin.n_kept, source.run, frames, say) for name in files}
    # Both twins together, whichever is written: the bone they share gets the same materials.
    described = exported(
        list(models.values()), name=source.scenario.name, frames=frames, n_bins=n_bins, remarks=source.remarks,
        outcomes=[outcomes.get(name) for name in models],
    )  # fmt: skip
    for name, model in zip(models, described):
        if name in files:
            say(f"write {files[name].name}")
            _write(writer, model, files[name])
    return tuple(files.values())


def _solved(model: Model, n_kept: int, run: Path, frames: np.ndarray, say: Callable[[str], None]) -> Outcome:
    """The answer in full precision: a run keeps single precision, too little for stress from displacement."""
    say(f"solve {model.name}")
    outcome = ANALYSES["linear_static"]().run(model, n_kept=n_kept)
    for frame in frames:
        refuse_other_answer(run, model.name, float(model.history.instants[frame]), outcome.displacement(frame))
    return outcome


def _named(source: Source, writer, out: Path | None, twins: Iterable[str], force: bool) -> dict[str, Path]:
    """Twin → file; refuses files that cannot or may not be written."""
    twins = tuple(twins)
    file = Path(out) if out else Path(source.scenario.name + writer.ending)
    if len(twins) == 1 and out:
        files = {twins[0]: file}
    else:
        files = {twin: file.with_name(f"{file.stem}-{twin}{file.suffix}") for twin in twins}
    for file in files.values():
        _refuse_unwritable(file, force)
    return files


def _refuse_unwritable(file: Path, force: bool) -> None:
    if file.is_dir():
        raise UsageError("This is a folder, not a file to write.", where=str(file), remedy="name a file with --out")
    if not file.parent.is_dir():
        raise UsageError("There is no such folder.", where=str(file.parent), remedy="make it, or choose another --out")
    if not os.access(file.parent, os.W_OK):
        raise UsageError("This folder may not be written to.", where=str(file.parent), remedy="choose another --out")
    if file.exists() and not force:
        raise UsageError("This file is there already.", where=str(file), remedy="choose another --out, or give --force")


def _write(writer, model, file: Path) -> None:
    try:
        with whole_file(file) as temporary:
            writer.write(model, temporary)
    except OSError as error:
        if error.errno not in TEMPORARY or error.errno == errno.EROFS:
            raise
        raise StoreError(
            "The file could not be written; nothing half-written was kept.",
            where=str(file),
            why=os.strerror(error.errno),
            remedy="make room, or choose another folder with --out",
        ) from error
