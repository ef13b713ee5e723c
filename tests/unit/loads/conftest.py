"""A solid ball with a bearing surface, linear or quadratic: the closed form of a pressure on a sphere applies."""

import numpy as np
import pytest

from femsim.mesh.mesh import EDGES, Mesh

RADIUS = 24.0


@pytest.fixture(scope="module", params=[4, 10], ids=["TET4", "TET10"])
def ball(request) -> Mesh:
    return make_ball(request.param)


def make_ball(n_nodes: int, splits: int = 4, uneven: bool = True) -> Mesh:
    """Tetrahedra from the centre to a triangulated sphere; "bearing" and "bone_outer" are the whole of it."""
    tip = np.concatenate([np.eye(3), -np.eye(3)])
    corners = tip[[(0, 1, 2), (1, 3, 2), (3, 4, 2), (4, 0, 2), (1, 0, 5), (3, 1, 5), (4, 3, 5), (0, 4, 5)]]
    for _ in range(splits):
        a, b, c = np.moveaxis(corners, 1, 0)
        ab, bc, ca = a + b, b + c, c + a
        corners = np.concatenate([np.stack(t, 1) for t in ((a, ab, ca), (ab, b, bc), (ca, bc, c), (ab, bc, ca))])
        corners = corners / np.linalg.norm(corners, axis=2, keepdims=True)
    if uneven:  # so that no symmetry of the mesh hides an error
        corners = corners + 0.03 * np.sin(7 * corners[..., [1, 2, 0]])
        corners = corners / np.linalg.norm(corners, axis=2, keepdims=True)
    points, triangles = np.unique(np.round(corners.reshape(-1, 3), 12), axis=0, return_inverse=True)
    points = RADIUS * points / np.linalg.norm(points, axis=1, keepdims=True)
    triangles = triangles.reshape(-1, 3) + 1
    nodes = np.concatenate([np.zeros((1, 3)), points])
    elements = np.column_stack([np.zeros(len(triangles), int), triangles])
    faces = triangles
    if n_nodes == 10:
        pairs = np.sort(elements[:, EDGES].reshape(-1, 2), axis=1)
        edges, row = np.unique(pairs, axis=0, return_inverse=True)
        middle = nodes[edges].mean(axis=1)
        on_sphere = (edges > 0).all(axis=1)
        middle[on_sphere] *= (RADIUS / np.linalg.norm(middle[on_sphere], axis=1))[:, None]
        elements = np.column_stack([elements, row.reshape(-1, 6) + len(nodes)])
        nodes = np.concatenate([nodes, middle])
        faces = elements[:, [1, 2, 3, 4 + EDGES.index((1, 2)), 4 + EDGES.index((2, 3)), 4 + EDGES.index((1, 3))]]
    return Mesh(nodes, elements, np.zeros(len(elements), int), ("bone_kept",), {"bearing": faces, "bone_outer": faces})
