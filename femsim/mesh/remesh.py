"""Remeshing a labelled surface to a wanted size, with its labelled curves kept, in a process of its own."""

import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from femsim.errors import MeshError
from femsim.mesh import child
from femsim.mesh.surface import Surface

TIME_LIMIT = 300.0  # s; 80 000 triangles take 2 s

RIDGE_ANGLE_DEG = 30.0  # a bend between two labels sharper than this is an edge of the body, not its curvature


def remeshed(
    surface: Surface,
    size: np.ndarray,
    *,
    deviation: Mapping[int, float],
    gradation: float = 1.3,
    shortest: float = 0.0,
) -> Surface:
    """Triangles of about the wanted size on the same surface, each with the label it had.

    size : (n,) wanted edge length [mm] at each point.
    deviation : label → largest distance of the new surface from the old one [mm]; every label must be there.
    gradation : largest ratio of neighbouring edge lengths.
    shortest : edges are not made shorter than this [mm] to follow a crease more closely.

    Edges between labels stay where they are; those that bend sharply stay sharp. Bends inside a label are taken for
    roughness and never frozen as ridges: CT surfaces are bumpy.

    Raises
    ------
    MeshError
        Where the remesher gives up, crashes or hangs.
    """
    labels = np.unique(surface.labels)
    with tempfile.TemporaryDirectory(prefix="femsim-remesh-") as folder:
        file = Path(folder, "surface.npz")
        process = child.start(
            "femsim.mesh.remesh",
            file,
            points=surface.points,
            triangles=surface.triangles.astype(np.int32),
            labels=surface.labels,
            ridges=ridge_edges(surface).astype(np.int32),
            size=np.asarray(size, float),
            deviation=np.array([(label, deviation[label]) for label in labels.tolist()]),
            gradation=gradation,
            shortest=shortest,
        )
        in_time = child.waited(process, TIME_LIMIT)
        if not in_time or process.returncode != 0:
            how = child.how_it_ended(process, file) if in_time else f"it took longer than {TIME_LIMIT:g} s"
            raise MeshError(
                f"The surface of {surface.n_triangles} triangles could not be remeshed: {how}.",
                remedy="try another mesh.size_mm, or a smoother bone surface",
            )
        with np.load(child.output_of(file)) as made:
            return Surface(made["points"], made["triangles"], made["labels"])


def ridge_edges(surface: Surface) -> np.ndarray:
    """(k, 2) edges where labels meet and the surface bends by more than RIDGE_ANGLE_DEG, or branches."""
    triangles = surface.triangles
    a, b, c = (surface.points[triangles[:, k]] for k in range(3))
    normals = np.cross(b - a, c - a)
    normals /= np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-300)
    halves = np.concatenate([triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [2, 0]]])
    along = np.where(halves[:, 0] < halves[:, 1], 1, -1)
    owner = np.tile(np.arange(len(triangles)), 3)
    edges, inverse, counts = np.unique(np.sort(halves, axis=1), axis=0, return_inverse=True, return_counts=True)
    order = np.argsort(inverse.ravel(), kind="stable")
    start = np.concatenate([[0], np.cumsum(counts)[:-1]])
    pair = counts == 2
    first, second = order[start[pair]], order[start[pair] + 1]
    # Patches of different bodies may face either way; triangles that run along an edge the same way face oppositely.
    facing = -along[first] * along[second]
    cosine = facing * np.einsum("ei,ei->e", normals[owner[first]], normals[owner[second]])
    between = surface.labels[owner[first]] != surface.labels[owner[second]]
    sharp = ~pair
    sharp[np.flatnonzero(pair)] = between & (cosine < np.cos(np.radians(RIDGE_ANGLE_DEG)))
    return edges[sharp]


def _child(file: Path) -> None:
    """What the child process does: read a surface, remesh it, write the result."""
    import mmgpy

    with np.load(file) as given:
        points, triangles, labels, ridges, size, deviation, gradation, shortest = (
            given[name]
            for name in ("points", "triangles", "labels", "ridges", "size", "deviation", "gradation", "shortest")
        )
    mesh = mmgpy.MmgMeshS(points, triangles)
    mesh.set_mesh_size(vertices=len(points), triangles=len(triangles), edges=len(ridges))
    mesh.set_vertices(points)
    mesh.set_triangles(triangles, labels)
    mesh.set_edges(ridges)
    mesh.set_ridge_edges(np.arange(len(ridges), dtype=np.int32))
    mesh.set_field("metric", size[:, None])
    widest = float(np.ptp(points, axis=0).max())
    limits = {"type": "triangle", "hmin": max(1e-3 * widest, float(shortest)), "hmax": widest}
    mesh.set_local_parameters([{**limits, "ref": int(label), "hausd": float(far)} for label, far in deviation])
    try:
        mesh.remesh(hausd=float(deviation[:, 1].min()), hgrad=float(gradation), verbose=-1, angle=0)
    except RuntimeError as error:
        sys.exit(str(error).replace("\n", " "))
    triangles, labels = (np.asarray(values, np.int64) for values in mesh.get_triangles_with_refs())
    made = {"points": np.asarray(mesh.get_vertices(), float), "triangles": triangles.reshape(-1, 3)}
    np.savez(child.output_of(file), labels=labels.ravel(), **made)


if __name__ == "__main__":
    _child(Path(sys.argv[1]))
