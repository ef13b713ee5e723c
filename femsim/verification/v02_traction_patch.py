"""V02: the tractions of a uniform stress on the surface of a distorted patch bring that stress about."""

import numpy as np

from femsim.analyses.static import prepare_static
from femsim.fem.forces import surface_traction
from femsim.mesh.mesh import Mesh
from femsim.mesh.topology import boundary_faces, quadratic_faces
from femsim.verification.case import Case, Check
from femsim.verification.patch import SOURCE, Patch, isotropic_patch
from femsim.verification.v01_prescribed_patch import published_checks

# Corners of the cube and the directions held there: no more than it takes to stop rigid motions.
PINS = (((0, 0, 0), [0, 1, 2]), ((1, 0, 0), [1, 2]), ((0, 1, 0), [2]))


def run() -> list[Check]:
    return [check for order in (1, 2) for check in published_checks(*pulled(isotropic_patch(order)), 1e-9)]


def pulled(patch: Patch) -> tuple[Patch, np.ndarray]:
    """The patch, and its displacement (n, 3) under the tractions of its exact stress."""
    mesh = patch.mesh
    faces, owners = boundary_faces(mesh.elements)
    a, b, c = (mesh.nodes[faces[:, k]] for k in range(3))
    normals = np.cross(b - a, c - a)
    normals /= np.linalg.norm(normals, axis=1)[:, None]
    faces = faces if mesh.order == 1 else quadratic_faces(faces, mesh.elements, owners)
    loads = surface_traction(mesh, faces, np.einsum("fij,fj->fi", patch.stress[owners], normals))
    problem = prepare_static(mesh, patch.elasticity, pinned(mesh))
    return patch, problem.solve(loads, prescribed=patch.motion, rtol=1e-12).displacements[0]


def pinned(mesh: Mesh) -> np.ndarray:
    """(n, 3) bool: the PINS of a unit cube."""
    held = np.zeros((mesh.n_nodes, 3), bool)
    for corner, directions in PINS:
        held[np.flatnonzero((np.abs(mesh.nodes - corner) < 1e-9).all(axis=1))[0], directions] = True
    return held


CASE = Case(title="Patch test, tractions on the surface", source=SOURCE, status="published", quick=True, run=run)
