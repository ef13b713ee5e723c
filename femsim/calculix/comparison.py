"""femsim's answer beside CalculiX's: same mesh, same stiffness, same forces, number by number."""

import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from femsim import kernel_cache
from femsim.analyses.static import solve_static
from femsim.analyses.warmup import warm_up
from femsim.arrays import freeze
from femsim.calculix import program
from femsim.calculix.printed import Printed, read_printed
from femsim.errors import UsageError
from femsim.export.exported import ExportedModel
from femsim.export.from_model import N_BINS, chosen_frames, exported
from femsim.export.inp import Inp
from femsim.fem.elasticity import Isotropic
from femsim.fem.geometry import integration_weights
from femsim.fem.recovery import strain, strain_energy_density, stress, von_mises
from femsim.model import Model

# CalculiX prints seven digits, which are good to 5e-7; beyond that two direct codes differ by rounding alone.
LIMIT = 1e-5
_BALANCED = 1e-3  # share of the nodal forces below which reactions are none


@dataclass(frozen=True)
class Row:
    """One quantity by both programs.

    model : "operated" or "intact".
    difference : relative, of the whole field where the quantity stands for one.
    limit : of the difference.
    """

    model: str
    quantity: str
    unit: str
    femsim: float
    calculix: float
    difference: float
    limit: float = LIMIT

    @property
    def passed(self) -> bool:
        """Whether the difference keeps to its limit; what is not a number does not."""
        return bool(self.difference <= self.limit)


@dataclass(frozen=True)
class Simplified:
    """What the deck leaves out, as femsim itself feels it: the stiffness of a run, then that of the deck.

    at_points : with the stiffness of every integration point; in_deck : with one per element, and few of them.
    difference : relative.
    """

    model: str
    quantity: str
    unit: str
    at_points: float
    in_deck: float
    difference: float


@dataclass(frozen=True)
class Timing:
    """Wall seconds of one model.

    femsim : from the mesh to displacements, reactions, energy and stresses.
    calculix : the whole program, from its deck to its files.
    """

    model: str
    n_unknowns: int
    femsim: float
    calculix: float


@dataclass(frozen=True)
class Comparison:
    """All numbers of a scenario.

    frame : which instant, in words.
    version : of CalculiX.
    remarks : sentences in the head of the decks.
    """

    rows: tuple[Row, ...]
    simplified: tuple[Simplified, ...]
    timings: tuple[Timing, ...]
    frame: str
    version: str
    remarks: tuple[str, ...]

    def __post_init__(self):
        for name in ("rows", "simplified", "timings", "remarks"):
            freeze(self, **{name: tuple(getattr(self, name))})

    @property
    def passed(self) -> bool:
        """Whether every number that is judged agrees."""
        return all(row.passed for row in self.rows)


def compare_with_calculix(
    models: Sequence[Model],
    *,
    name: str,
    frame: str = "peak",
    n_bins: int = N_BINS,
    remarks: Sequence[str] = (),
    keep: Path | None = None,
    progress: Callable[[str], None] | None = None,
) -> Comparison:
    """Solve models by both programs, with the stiffness of the exported deck, and hold one against the other.

    Parameters
    ----------
    models : twins, or one model alone.
    name : of the scenario.
    frame : "peak" or a number.
    n_bins : as in `exported`.
    remarks : sentences for the head of the decks.
    keep : folder for decks and what CalculiX writes; made when missing. They vanish when not given.
    progress : callable(str), optional

    Raises
    ------
    MissingPieceError
        Where CalculiX is not installed.
    UsageError
        Where the folder to keep files in is not empty, or there is no such frame.
    ConvergenceError, StoreError, MemoryError
        Where CalculiX does not come to its end or what it prints cannot be read.
    """
    say = progress or (lambda stage: None)
    ccx = program.find()
    frames = chosen_frames(models[0].history, frame)[:1]
    if not kernel_cache.is_warm():
        say("compiling kernels, once")
        warm_up()
    rows, simplified, timings = [], [], []
    with _folder(keep) as folder:
        for model, described in zip(models, exported(models, name=name, frames=frames, n_bins=n_bins, remarks=remarks)):
            deck = folder / f"{model.name}.inp"
            Inp().write(described, deck)
            say(f"CalculiX, {model.name} ({3 * model.mesh.n_nodes} unknowns)")
            theirs_s = program.run(ccx, deck)
            theirs = read_printed(
                deck.with_suffix(".dat"), model.mesh.n_nodes, model.mesh.n_elements, model.youngs_modulus.shape[1]
            )
            say(f"femsim, {model.name}")
            start = time.perf_counter()
            ours = _answer(described)
            timings.append(Timing(model.name, 3 * model.mesh.n_nodes, time.perf_counter() - start, theirs_s))
            rows += _compared(model.name, described, ours, theirs)
            simplified += _simplified(model, described, ours)
        return Comparison(rows, simplified, timings, described.label(0), program.version(ccx), described.remarks)


@dataclass(frozen=True)
class _Answer:
    """As `Printed`; reactions (n, 3)."""

    displacement: np.ndarray
    reactions: np.ndarray
    stress: np.ndarray
    energy: float


def _answer(model: ExportedModel) -> _Answer:
    elasticity = Isotropic(model.youngs_modulus, model.poissons_ratio)
    solution = solve_static(model.mesh, elasticity, model.held, model.nodal_forces(0), springs=model.springs)
    return _recovered(model.mesh, elasticity, solution.displacements[0], solution.reactions[0])


def _recovered(mesh, elasticity: Isotropic, displacement: np.ndarray, reactions: np.ndarray) -> _Answer:
    strains = strain(mesh, displacement)
    stresses = stress(strains, elasticity)
    energy = float((integration_weights(mesh) * strain_energy_density(stresses, strains)).sum())
    return _Answer(displacement, reactions, stresses, energy)


def _compared(name: str, model: ExportedModel, ours: _Answer, theirs: Printed) -> Iterator[Row]:
    u, v = ours.displacement, theirs.displacement
    yield Row(name, "displacement, largest", "mm", _largest(u), _largest(v), _largest(u - v) / _largest(u))
    yield Row(name, "displacement, root mean square", "mm", _rms(u), _rms(v), _rms(u - v) / _rms(u))
    # CalculiX prints what the elements exert; a force that acts on a held node itself is no reaction.
    r, s = ours.reactions[theirs.fixed], theirs.reactions - model.nodal_forces(0)[theirs.fixed]
    # Nodes that only keep a balanced body in place carry nothing: what the loads weigh is the measure then.
    carried = _BALANCED * np.linalg.norm(model.nodal_forces(0), axis=1).sum()
    total = max(np.linalg.norm(r.sum(axis=0)), carried)
    for k, axis in enumerate("xyz"):
        ours_k, theirs_k = float(r[:, k].sum()), float(s[:, k].sum())
        yield Row(name, f"reaction, sum in {axis}", "N", ours_k, theirs_k, abs(ours_k - theirs_k) / total)
    difference = _largest(r - s) / max(_largest(r), carried)
    yield Row(name, "reaction, largest at a node", "N", _largest(r), _largest(s), difference)
    difference = abs(ours.energy - theirs.energy) / ours.energy
    yield Row(name, "strain energy", "N.mm", ours.energy, theirs.energy, difference)
    for row, region in enumerate(model.mesh.regions):
        mine = model.mesh.region_of == row
        if not mine.any():
            continue
        a, b = (_flat(values[mine]) for values in (ours.stress, theirs.stress))
        yield Row(name, f"stress, root mean square, {region}", "MPa", _rms(a), _rms(b), _rms(a - b) / _rms(a))
        a, b = (von_mises(values[mine]) for values in (ours.stress, theirs.stress))
        difference = float(np.abs(a - b).max() / a.max())
        yield Row(name, f"von Mises stress, largest, {region}", "MPa", float(a.max()), float(b.max()), difference)


def _simplified(model: Model, described: ExportedModel, ours: _Answer) -> Iterator[Simplified]:
    if (model.youngs_modulus == described.youngs_modulus[:, None]).all():
        return
    solution = solve_static(model.mesh, model.elasticity, model.held, described.nodal_forces(0), springs=model.springs)
    own = _recovered(model.mesh, model.elasticity, solution.displacements[0], solution.reactions[0])
    u, v = own.displacement, ours.displacement
    away = _largest(u - v) / _largest(u)
    yield Simplified(model.name, "displacement, largest", "mm", _largest(u), _largest(v), away)
    difference = abs(own.energy - ours.energy) / own.energy
    yield Simplified(model.name, "strain energy", "N.mm", own.energy, ours.energy, difference)


def _largest(vectors: np.ndarray) -> float:
    return float(np.linalg.norm(vectors, axis=-1).max())


def _rms(vectors: np.ndarray) -> float:
    return float(np.sqrt((vectors**2).sum(axis=-1).mean()))


def _flat(stress: np.ndarray) -> np.ndarray:
    """(points, 6) whose squares add up to the squared norm of the tensor: shear stands in it twice."""
    return stress.reshape(-1, 6) * np.sqrt([1, 1, 1, 2, 2, 2])


@contextmanager
def _folder(keep: Path | None) -> Iterator[Path]:
    if keep is None:
        with tempfile.TemporaryDirectory(prefix="femsim-calculix-") as folder:
            yield Path(folder)
        return
    keep = Path(keep)
    if keep.exists() and (not keep.is_dir() or any(keep.iterdir())):
        raise UsageError("This is not an empty folder.", where=str(keep), remedy="name a new folder with --keep")
    keep.mkdir(parents=True, exist_ok=True)
    yield keep
