"""What is asked to be exported: a scenario file, or the folder of a run, whose very mesh is then built again."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from femsim import __version__, identity
from femsim.build import Pair, build
from femsim.errors import StoreError, UsageError
from femsim.mesh.mesh import Mesh
from femsim.results import summary, vtkhdf
from femsim.scenario.reading import Scenario, load

SAME_DISPLACEMENT = 1e-5  # of the largest; a run keeps displacements in single precision (6e-8) and solves to 1e-9


@dataclass(frozen=True)
class Source:
    """A scenario, read and not yet built.

    digest : identity of the question, the same for a scenario and for its run.
    run : the folder of the run that was asked for, or None where it was a scenario.
    """

    scenario: Scenario
    digest: str
    run: Path | None

    @property
    def remarks(self) -> tuple[str, ...]:
        """Where a file made of it comes from, in sentences."""
        return (
            f"Written by femsim {__version__} from scenario {self.scenario.name}, hash {self.digest}.",
            "For research and engineering use; not a medical device.",
        )


def opened(path: Path, sets: Iterable[str] = ()) -> Source:
    """Read a scenario file, or the scenario of a run.

    Parameters
    ----------
    path : a scenario file, or a run folder.
    sets : overrides of a scenario's keys; of a run's only such that change no answer, as where a file lies.

    Raises
    ------
    UsageError
        For a folder that is no run.
    ScenarioError
        For a scenario that is wrong.
    StoreError
        For a run that is not complete, or that another femsim made.
    """
    path = Path(path)
    if not path.is_dir():
        scenario = load(path, sets)
        return Source(scenario, identity.digest(scenario), None)
    if not (path / summary.FILE).is_file():
        raise UsageError(
            "This folder is not a run: it has no summary.json.", where=str(path), remedy="give a scenario file or a run"
        )
    told = summary.read(path)
    if not summary.is_complete(path, told):
        raise StoreError("This run is not complete.", where=str(path), remedy="run the scenario again")
    scenario = load(path / "scenario.resolved.toml", sets)
    digest = identity.digest(scenario)
    if digest != told.get("hash"):
        raise StoreError(
            "The scenario of this run is no longer what it was.",
            where=str(path),
            why="it was computed by another version of femsim, a file it names has changed, or --set changes it",
            remedy="run the scenario again, or export the scenario file itself",
        )
    return Source(scenario, digest, path)


def built(source: Source, *, progress: Callable[[str], None] | None = None) -> Pair:
    """Build the two models; those of a run must come out as they were saved.

    Raises
    ------
    UsageError
        For orthotropic bone, which no format here carries.
    StoreError
        Where a run's mesh comes out otherwise.
    SurfaceError, GeometryError, MeshError, ModelError
        As `build`.
    """
    if source.scenario.bone.anisotropy.directions:
        raise UsageError(
            "Orthotropic bone is not exported: the files carry one modulus per element.",
            where=f"bone.anisotropy of scenario {source.scenario.name}",
            why="each element would need a material and axes of its own in every format",
            remedy="export the isotropic scenario: --set bone.anisotropy.kind=isotropic",
        )
    pair = build(source.scenario, progress=progress)
    if source.run is not None:
        for name, model in {"intact": pair.intact, "operated": pair.operated}.items():
            _refuse_other_mesh(source.run, model.mesh, vtkhdf.read_step(source.run / "result.vtkhdf", name, 0))
    return pair


def refuse_other_answer(run: Path, name: str, instant: float, displacement: np.ndarray) -> None:
    """Raise where a run saved other displacements (n, 3) [mm] of this model at this instant.

    Instants that it did not keep pass.

    Raises
    ------
    StoreError
    """
    file = run / "result.vtkhdf"
    kept = np.flatnonzero(vtkhdf.instants(file) == instant)
    if not len(kept):
        return
    saved = vtkhdf.read_step(file, name, int(kept[0])).point_fields["displacement"]
    away = np.abs(saved - displacement).max() / np.abs(displacement).max()
    if not away <= SAME_DISPLACEMENT:
        raise StoreError(
            f"Solved again, the {name} femur moves otherwise than this run says, by {away:.1e} of the largest "
            f"displacement; the limit is {SAME_DISPLACEMENT:g}.",
            where=str(file),
            why="it was computed by another femsim under the same version",
            remedy="run the scenario again",
        )


def _refuse_other_mesh(run: Path, mesh: Mesh, saved: vtkhdf.Step) -> None:
    same = (
        saved.points.shape == mesh.nodes.shape
        and np.array_equal(saved.elements, mesh.elements)
        and np.array_equal(saved.points, mesh.nodes.astype(np.float32))
    )
    if not same:
        raise StoreError(
            f"Built again, the {saved.name} mesh has {mesh.n_nodes} nodes and {mesh.n_elements} elements and is not "
            f"that of the run, which has {len(saved.points)} and {len(saved.elements)}.",
            where=str(run),
            why="the mesh was made by another version of femsim, of its mesher, or on another sort of processor",
            remedy="run the scenario again on this machine, then export that run",
        )
