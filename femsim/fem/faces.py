"""Triangular faces of tetrahedra: shape functions and the area vector of straight and curved ones."""

import numpy as np

from femsim.errors import MeshError
from femsim.fem.quadrature import Rule
from femsim.mesh.mesh import Mesh

SIDES = ((0, 1), (1, 2), (2, 0))  # side k of a face carries its node 3 + k


def checked_faces(mesh: Mesh, faces: np.ndarray) -> np.ndarray:
    """Faces (f, 3) of a TET4 or (f, 6) of a TET10 mesh.

    Raises
    ------
    MeshError
        Where they have another number of nodes than the faces of the mesh, or name nodes that it does not have.
    """
    faces, width = np.asarray(faces), 3 * mesh.order
    if faces.ndim != 2 or faces.shape[1] != width:
        raise MeshError(f"Faces have shape {faces.shape}; those of this mesh have {width} nodes, (f, {width}).")
    if faces.size and (faces.min() < 0 or faces.max() >= mesh.n_nodes):
        raise MeshError(f"Faces name nodes {faces.min()}…{faces.max()}; nodes run 0…{mesh.n_nodes - 1}.")
    return faces


def face_values(width: int, points: np.ndarray) -> np.ndarray:
    """(q, width) shape functions of a face of 3 or 6 nodes at barycentric points (q, 3)."""
    if width == 3:
        return points.copy()
    return np.column_stack([points * (2 * points - 1), *(4 * points[:, i] * points[:, j] for i, j in SIDES)])


def face_derivatives(width: int, points: np.ndarray) -> np.ndarray:
    """(q, width, 2) derivatives with respect to λ1 and λ2, with λ0 = 1 - λ1 - λ2."""
    barycentric = np.zeros((len(points), width, 3))
    if width == 3:
        barycentric[:] = np.eye(3)
    else:
        for a in range(3):
            barycentric[:, a, a] = 4 * points[:, a] - 1
        for k, (i, j) in enumerate(SIDES):
            barycentric[:, 3 + k, i] = 4 * points[:, j]
            barycentric[:, 3 + k, j] = 4 * points[:, i]
    return barycentric[:, :, 1:] - barycentric[:, :, :1]


def area_vectors(mesh: Mesh, faces: np.ndarray, rule: Rule) -> np.ndarray:
    """(f, q, 3) [mm²]: outward normal times the area that each point of a rule stands for."""
    along = np.einsum("qak,fai->kfqi", face_derivatives(faces.shape[1], rule.points), mesh.nodes[faces], optimize=True)
    return 0.5 * np.cross(along[0], along[1]) * rule.weights[:, None]
