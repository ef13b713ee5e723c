"""Cutting one closed surface by another: the parts share every vertex of their common curves."""

from dataclasses import dataclass

import numpy as np

from femsim.arrays import freeze, frozen
from femsim.errors import MeshError
from femsim.mesh.surface import Surface


@dataclass(frozen=True)
class Part:
    """One connected piece of a boolean result.

    points (n, 3) [mm], triangles (t, 3) outward, volume [mm³];
    from_tool : (t,) bool, whether a triangle lies on the tool or on the body;
    source : (t,) the triangle of the tool or of the body it was cut from.
    """

    points: np.ndarray
    triangles: np.ndarray
    from_tool: np.ndarray
    source: np.ndarray
    volume: float

    def __post_init__(self):
        freeze(
            self,
            points=frozen(self.points, np.float64, (None, 3)),
            triangles=frozen(self.triangles, np.int64, (None, 3)),
            from_tool=frozen(self.from_tool, bool, (None,)),
            source=frozen(self.source, np.int64, (None,)),
        )


@dataclass(frozen=True)
class Cut:
    """Body − tool, body ∩ tool and tool − body, each as its connected parts, largest first."""

    kept: tuple[Part, ...]
    removed: tuple[Part, ...]
    beyond: tuple[Part, ...]


def cut(body: Surface, tool: Surface) -> Cut:
    """Cut a closed body by a closed tool.

    Raises
    ------
    MeshError
        Where one of the two does not bound a volume.
    """
    import manifold3d

    body_id, tool_id = manifold3d.Manifold.reserve_ids(2), 0
    tool_id = body_id + 1
    solid, cutter = _solid(body, body_id, "bone surface"), _solid(tool, tool_id, "reaming tool")
    results = (solid - cutter, solid ^ cutter, cutter - solid)
    return Cut(*(_parts(result, tool_id) for result in results))


def united(bodies: list[Surface]) -> Surface:
    """Closed surface around all of several closed bodies; its triangles keep the labels of those they were cut from.

    Raises
    ------
    MeshError
        Where a body does not bound a volume.
    """
    import manifold3d

    first = manifold3d.Manifold.reserve_ids(len(bodies))
    solid = None
    for row, body in enumerate(bodies):
        one = _solid(body, first + row, "reaming tool")
        solid = one if solid is None else solid + one
    mesh = solid.to_mesh64()
    lengths = np.diff(np.asarray(mesh.run_index).astype(np.int64)) // 3
    owner = np.repeat(np.asarray(mesh.run_original_id).astype(np.int64) - first, lengths)
    source, labels = np.asarray(mesh.face_id).astype(np.int64), np.zeros(len(owner), np.int64)
    for row, body in enumerate(bodies):
        labels[owner == row] = body.labels[source[owner == row]]
    return Surface(np.asarray(mesh.vert_properties)[:, :3], np.asarray(mesh.tri_verts).astype(np.int64), labels)


def _solid(surface: Surface, identity: int, name: str):
    import manifold3d

    # A face number of its own for every triangle: coplanar neighbours are never merged, and each result triangle
    # tells which input triangle it came from.
    mesh = manifold3d.Mesh64(
        surface.points.copy(),  # it takes no read-only arrays
        surface.triangles.astype(np.uint64),
        face_id=np.arange(surface.n_triangles, dtype=np.uint64),
        run_index=np.array([0, 3 * surface.n_triangles], np.uint64),
        run_original_id=np.array([identity], np.uint32),
    )
    solid = manifold3d.Manifold(mesh)
    if solid.status() != manifold3d.Error.NoError or solid.is_empty() or solid.volume() <= 0:
        raise MeshError(
            f"The {name} does not bound a volume ({solid.status().name}, {solid.volume():.0f} mm³).",
            why="it is open, self-touching or turned inside out",
            remedy="repair the surface, or give a finer one",
        )
    return solid


def _parts(result, tool_id: int) -> tuple[Part, ...]:
    parts = [_part(piece, tool_id) for piece in result.decompose()]
    return tuple(sorted(parts, key=lambda part: -part.volume))


def _part(piece, tool_id: int) -> Part:
    mesh = piece.to_mesh64()
    triangles = np.asarray(mesh.tri_verts).astype(np.int64)
    lengths = np.diff(np.asarray(mesh.run_index).astype(np.int64)) // 3
    owner = np.repeat(np.asarray(mesh.run_original_id).astype(np.int64), lengths)
    return Part(
        np.asarray(mesh.vert_properties)[:, :3],
        triangles,
        owner == tool_id,
        np.asarray(mesh.face_id).astype(np.int64),
        float(piece.volume()),
    )
