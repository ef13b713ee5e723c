"""Nodal forces of a traction, linear in place, that is equal to given forces at a point."""

import numpy as np

from femsim.errors import ModelError
from femsim.fem.forces import surface_traction
from femsim.mesh.mesh import Mesh


def carried(mesh: Mesh, surface: str, point: np.ndarray, directions: np.ndarray) -> np.ndarray:
    """(k, n, 3) nodal forces on a named surface with unit resultant along each direction, no moment about the point.

    The traction is a + b × r, which may push or pull, as a bonded plate would; the point may lie off the surface.

    Parameters
    ----------
    directions : (k, 3) unit vectors

    Raises
    ------
    ModelError
        Where the surface has too few faces, or they lie in one line.
    """
    faces = mesh.surface(surface)
    corners = mesh.nodes[faces[:, :3]]
    middle = corners.mean(axis=(0, 1))
    size = max(float(np.linalg.norm(corners - middle, axis=2).max()), 1e-300) if len(faces) else 1.0
    lever = (mesh.nodes[faces] - middle) / size
    tractions = [np.broadcast_to(axis, lever.shape) for axis in np.eye(3)]
    tractions += [np.cross(axis, lever) for axis in np.eye(3)]
    patterns = np.stack([surface_traction(mesh, faces, traction) for traction in tractions])
    arms = (mesh.nodes - middle) / size
    # Row: resultant and moment about the middle of one pattern.
    acting = np.concatenate([patterns.sum(axis=1), np.cross(arms, patterns).sum(axis=1)], axis=1)
    if not (len(faces) and np.linalg.cond(acting) < 1e10):
        raise ModelError(
            f"The {len(faces)} faces of a surface cannot carry a force and a moment.",
            where=f"support, surface {surface!r}",
            remedy="refine the mesh there, or choose another support",
        )
    wanted = np.concatenate([directions, np.cross((point - middle) / size, directions)], axis=1)
    return np.tensordot(np.linalg.solve(acting.T, wanted.T).T, patterns, axes=1)
