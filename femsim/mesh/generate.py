"""Filling closed surfaces with tetrahedra, each in a process of its own."""

import contextlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from femsim.errors import MeshError, MissingPieceError
from femsim.kernel_cache import granted_cores
from femsim.mesh import child

APT_LINE = (
    "apt-get install -y --no-install-recommends libgl1 libegl1 libglu1-mesa libxft2 libxcursor1 libxinerama1 libgomp1"
)
TIME_LIMIT = 300.0  # s; a region of a million tetrahedra takes 5 s
LIBRARY_MISSING = 3  # exit status of the child where the mesher cannot be loaded
SELF_INTERSECTING = "a part of its surface cuts through another part"


class MesherTimeout(MeshError):
    """The mesher hangs; trying again would only hang longer."""


@dataclass(frozen=True)
class Region:
    """A closed surface to be filled: its name, points (n, 3), triangles (t, 3) and largest edge inside [mm]."""

    name: str
    points: np.ndarray
    triangles: np.ndarray
    largest_edge: float


@dataclass(frozen=True)
class Filled:
    """Tetrahedra (e, 4) of a region on nodes (n, 3): the surface's points, all of them and unmoved, then new ones."""

    nodes: np.ndarray
    elements: np.ndarray


def fill(regions: Sequence[Region], *, n_processes: int | None = None, time_limit: float = TIME_LIMIT) -> list[Filled]:
    """Every region filled with tetrahedra on its fixed surface, the same on every run.

    Raises
    ------
    MeshError
        Where a region cannot be filled, or the mesher crashes or takes longer than `time_limit` seconds.
    MissingPieceError
        Where the mesher's system libraries are missing.
    """
    n_processes = n_processes or granted_cores()
    waiting = sorted(range(len(regions)), key=lambda k: -len(regions[k].triangles))
    running: dict[int, subprocess.Popen] = {}
    deadline = time.monotonic() + time_limit
    with tempfile.TemporaryDirectory(prefix="femsim-mesh-") as folder:
        files = {k: Path(folder, f"{k}.npz") for k in waiting}
        try:
            while waiting or running:
                while waiting and len(running) < n_processes:
                    k = waiting.pop(0)
                    running[k] = _start(regions[k], files[k])
                for k in [k for k, process in running.items() if process.poll() is not None]:
                    _refuse_failure(regions[k], running.pop(k), files[k])
                if time.monotonic() > deadline:
                    raise MesherTimeout(
                        f"The mesher did not finish in {time_limit:g} s.",
                        where=", ".join(f"region {regions[k].name!r}" for k in running),
                        remedy="try a larger mesh.size_mm",
                    )
                time.sleep(0.005)
        finally:
            for process in running.values():
                child.end(process)
        results = []
        for k, region in enumerate(regions):
            with np.load(child.output_of(files[k])) as found:
                nodes, elements = found["nodes"], found["elements"]
            nodes[: len(region.points)] = region.points
            results.append(Filled(nodes, elements))
        return results


def _start(region: Region, file: Path) -> subprocess.Popen:
    given = {"points": region.points, "triangles": region.triangles, "largest_edge": region.largest_edge}
    return child.start("femsim.mesh.generate", file, **given)


def _refuse_failure(region: Region, process: subprocess.Popen, file: Path) -> None:
    if process.returncode == 0:
        return
    if process.returncode == LIBRARY_MISSING:
        raise MissingPieceError(
            f"The mesher cannot be loaded: {child.last_words(file)}",
            why="a system library is missing",
            remedy=APT_LINE,
        )
    raise MeshError(
        f"The region {region.name!r} could not be filled with tetrahedra: {child.how_it_ended(process, file)}.",
        where=f"region {region.name!r}, {len(region.triangles)} triangles",
        why=SELF_INTERSECTING,
        remedy="try another mesh.size_mm, or move the implant by a few tenths of a millimetre",
    )


def implant_reference_mesh(
    profile: np.ndarray, *, size: float, origin: np.ndarray, axis: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Nodes and TET4 elements of a solid of revolution built exactly, by OpenCASCADE: the reference for an implant.

    profile : (k, 2) radius and height of its closed outline [mm], without repeating the first point.

    Raises
    ------
    MissingPieceError
        Where the mesher's system libraries are missing.
    """
    pygmsh = _loaded("pygmsh")
    from femsim.mesh.revolve import rotation_to

    with pygmsh.occ.Geometry() as geometry:
        geometry.characteristic_length_max = size
        outline = geometry.add_polygon([(r, 0.0, z) for r, z in profile])
        geometry.env.revolve([outline.dim_tag], 0, 0, 0, 0, 0, 1, 2 * np.pi)  # pygmsh's own refuses a full turn
        mesh = geometry.generate_mesh(dim=3)
    elements = next(block.data for block in mesh.cells if block.type == "tetra")
    used, elements = np.unique(elements, return_inverse=True)
    return mesh.points[used] @ rotation_to(axis).T + origin, elements.reshape(-1, 4)


def _loaded(name: str):
    import importlib

    try:
        return importlib.import_module(name)
    except OSError as error:
        raise MissingPieceError(
            f"The mesher cannot be loaded: {error}", why="a system library is missing", remedy=APT_LINE
        ) from error


def _child(file: Path) -> None:
    """What the child process does: read a region, fill it, write the result."""
    try:
        gmsh = _loaded("gmsh")
    except MissingPieceError as error:
        sys.exit(_said(str(error.__cause__), LIBRARY_MISSING))
    with np.load(file) as given:
        points, triangles, largest_edge = given["points"], given["triangles"], float(given["largest_edge"])
    gmsh.initialize(interruptible=False)
    # One thread: with more, HXT gives another mesh on every run.
    for option, value in {
        "General.Verbosity": 0,
        "General.NumThreads": 1,
        "Mesh.Algorithm3D": 10,
        "Mesh.MeshSizeMax": largest_edge,
        "Mesh.Optimize": 1,
    }.items():
        gmsh.option.setNumber(option, value)
    try:
        nodes, elements = _filled(gmsh, points, triangles)
    except Exception as error:  # gmsh raises bare Exception
        sys.exit(_said(str(error) or gmsh.logger.getLastError(), 1))
    np.savez(child.output_of(file), nodes=nodes, elements=elements)
    sys.stdout.flush()
    os._exit(0)  # gmsh.finalize can crash after the work is done


def _filled(gmsh, points, triangles):
    gmsh.model.addDiscreteEntity(2, 1)
    gmsh.model.mesh.addNodes(2, 1, np.arange(1, len(points) + 1), points.ravel())
    gmsh.model.mesh.addElementsByType(1, 2, np.arange(1, len(triangles) + 1), triangles.ravel() + 1)
    gmsh.model.geo.addVolume([gmsh.model.geo.addSurfaceLoop([1])])
    gmsh.model.geo.synchronize()
    gmsh.model.mesh.generate(3)
    tags, coordinates, _ = gmsh.model.mesh.getNodes()
    _, _, corners = gmsh.model.mesh.getElements(3)
    if not corners:
        raise RuntimeError("no tetrahedra")
    order = np.argsort(tags)
    elements = np.searchsorted(tags[order], corners[0]).reshape(-1, 4)
    if not np.array_equal(tags[order][: len(points)], np.arange(1, len(points) + 1)):
        raise RuntimeError("nodes of the surface were lost")
    return coordinates.reshape(-1, 3)[order], elements


def _said(message: str, status: int) -> int:
    with contextlib.suppress(OSError):
        sys.stderr.write(message.strip().replace("\n", " ") + "\n")
        sys.stderr.flush()
    return status


if __name__ == "__main__":
    _child(Path(sys.argv[1]))
