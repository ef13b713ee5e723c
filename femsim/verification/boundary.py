"""The outer surface of a mesh: which nodes lie on it, and its faces at a place."""

import numpy as np

from femsim.mesh.mesh import Mesh
from femsim.mesh.topology import boundary_faces, quadratic_faces


def outer_faces(mesh: Mesh, picked: np.ndarray | None = None) -> np.ndarray:
    """(f, 3) or (f, 6) faces that one element alone has, turned outward.

    picked : (n,) bool, optional
        Only faces all of whose corners are among these nodes.
    """
    faces, owners = boundary_faces(mesh.elements)
    if picked is not None:
        inside = picked[faces].all(axis=1)
        faces, owners = faces[inside], owners[inside]
    return faces if mesh.order == 1 else quadratic_faces(faces, mesh.elements, owners)


def on_surface(mesh: Mesh) -> np.ndarray:
    """(n,) bool: nodes on the outer surface."""
    outside = np.zeros(mesh.n_nodes, bool)
    outside[outer_faces(mesh)] = True
    return outside
