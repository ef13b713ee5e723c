"""Nodal forces that do the same work as forces spread over volumes and faces, or as an initial strain."""

import numpy as np

from femsim.errors import ModelError
from femsim.fem.elasticity import Elasticity
from femsim.fem.elements import element_of
from femsim.fem.faces import area_vectors, checked_faces, face_values
from femsim.fem.geometry import is_straight, volume_weights
from femsim.fem.kernels import gradients as kernels
from femsim.fem.quadrature import conical_rule, triangle_rule
from femsim.fem.recovery import KERNEL_INPUT, stress
from femsim.mesh.mesh import Mesh

# Shape function 2, area vector 2, pressure from nodes 2: exact on curved faces; on their traction, with the length of
# the area vector, the error is far below that of the mesh.
_FACE_DEGREE = 7


def body_force(mesh: Mesh, force_density: np.ndarray) -> np.ndarray:
    """(n, 3) [N] of a force per volume: weight, inertia, centrifugal force.

    Parameters
    ----------
    force_density : (3,), (e, 3) or (e, q, 3) [N/mm³]
        The same everywhere, per element, or at the integration points, linear in between; weight is density [tonne/mm³]
        times (0, 0, -9810) [mm/s²].

    Raises
    ------
    ModelError
        Where the shape does not fit or a value is not a number.
    """
    element = element_of(mesh.elements)
    at_points = _at_points(mesh, force_density, 3, "The force density")
    straight = is_straight(mesh)
    rule = conical_rule(mesh.order + 1 if straight else mesh.order + 4)  # det J of a curved TET10 has degree 3
    shape = element.values(rule.points)
    between = element.interpolation(rule.points)
    shares = np.empty((*mesh.elements.shape, 3))
    step = max(1, 1_000_000 // len(rule.weights))
    for first in range(0, mesh.n_elements, step):
        rows = slice(first, first + step)
        weights = volume_weights(mesh, rule, rows, straight=straight)
        force = np.einsum("pq,eqi->epi", between, at_points[rows], optimize=True)
        shares[rows] = np.einsum("ep,pa,epi->eai", weights, shape, force, optimize=True)
    return _added(mesh, mesh.elements, shares)


def surface_traction(mesh: Mesh, faces: np.ndarray, traction: np.ndarray) -> np.ndarray:
    """(n, 3) [N] of a force per area, straight or curved.

    Parameters
    ----------
    faces : (f, 3) of TET4, (f, 6) of TET10; corners, then the nodes on the sides 01, 12, 20.
    traction : (3,), (f, 3), or (f, 3 or 6, 3) at the nodes of each face [MPa]

    Raises
    ------
    MeshError, ModelError
        For faces or tractions that do not fit.
    """
    faces = checked_faces(mesh, faces)
    rule = triangle_rule(_FACE_DEGREE)
    areas = np.linalg.norm(area_vectors(mesh, faces, rule), axis=2)
    shape = face_values(faces.shape[1], rule.points)
    at_nodes = _at_face_nodes(faces, traction, (3,), "The traction")
    at_points = np.einsum("qb,fbi->fqi", shape, at_nodes, optimize=True)
    return _added(mesh, faces, np.einsum("fq,qa,fqi->fai", areas, shape, at_points, optimize=True))


def surface_pressure(mesh: Mesh, faces: np.ndarray, pressure: np.ndarray) -> np.ndarray:
    """(n, 3) [N] of a pressure; positive pushes against the outward normal; exact on straight and curved faces.

    Parameters
    ----------
    faces : (f, 3) of TET4, (f, 6) of TET10, turned outward.
    pressure : a number, (f,), or (f, 3 or 6) at the nodes of each face [MPa]

    Raises
    ------
    MeshError, ModelError
        For faces or pressures that do not fit.
    """
    faces = checked_faces(mesh, faces)
    rule = triangle_rule(_FACE_DEGREE)
    shape = face_values(faces.shape[1], rule.points)
    at_points = _at_face_nodes(faces, pressure, (), "The pressure") @ shape.T
    vectors = area_vectors(mesh, faces, rule)
    return _added(mesh, faces, -np.einsum("fqi,fq,qa->fai", vectors, at_points, shape, optimize=True))


def initial_strain_force(mesh: Mesh, elasticity: Elasticity, strain: np.ndarray) -> np.ndarray:
    """(n, 3) [N] by which a strain that carries no stress, such as thermal strain, pushes its surroundings: ∫ Bᵀ C ε₀.

    Parameters
    ----------
    strain : (6,), (e, 6) or (e, q, 6), XX YY ZZ XY YZ XZ with true shear; α·T·(1, 1, 1, 0, 0, 0) for heat.

    Raises
    ------
    ModelError
        Where the shape does not fit or a value is not a number.
    """
    return stress_force(mesh, stress(strain_at_points(mesh, strain), elasticity))


def stress_force(mesh: Mesh, stress: np.ndarray) -> np.ndarray:
    """(n, 3) [N] nodal forces that balance a stress (e, q, 6) [MPa] at the integration points: ∫ Bᵀ σ."""
    return _added(mesh, mesh.elements, element_stress_forces(mesh, stress))


def element_stress_forces(mesh: Mesh, stress: np.ndarray, rows: np.ndarray | None = None) -> np.ndarray:
    """(k, a, 3) [N] nodal forces of each element that balance the stress (k, q, 6) [MPa] in it.

    rows : (k,) elements; all when not given.
    """
    element = element_of(mesh.elements)
    elements = mesh.elements if rows is None else mesh.elements[rows]
    elements.flags.writeable = False  # as those of the whole mesh are: KERNEL_INPUT
    shares = np.empty((*elements.shape, 3))
    kernels.fill_stress_forces(
        mesh.nodes,
        elements,
        element.gradients,
        element.rule.weights,
        np.require(stress, np.float64, KERNEL_INPUT),
        shares,
    )
    return shares


def strain_at_points(mesh: Mesh, strain: np.ndarray) -> np.ndarray:
    """(e, q, 6) from an initial strain (6,), (e, 6) or (e, q, 6).

    Raises
    ------
    ModelError
        Where the shape does not fit or a value is not a number.
    """
    return _at_points(mesh, strain, 6, "The initial strain")


def _at_points(mesh: Mesh, values, width: int, name: str) -> np.ndarray:
    shape = (mesh.n_elements, len(element_of(mesh.elements).rule.weights), width)
    values = np.asarray(values, np.float64)
    given = values[:, None] if values.ndim == 2 else values
    if given.shape not in ((width,), (shape[0], 1, width), shape):
        raise ModelError(f"{name} has shape {values.shape}; ({width},), {shape[::2]} or {shape} is needed.")
    _refuse_not_finite(values, name, "element")
    return np.ascontiguousarray(np.broadcast_to(given, shape))


def _at_face_nodes(faces: np.ndarray, values, tail: tuple[int, ...], name: str) -> np.ndarray:
    values, full = np.asarray(values, np.float64), (*faces.shape, *tail)
    each = (len(faces), *tail)
    if values.shape not in (tail, each, full):
        raise ModelError(f"{name} has shape {values.shape}; {tail}, {each} or {full} is needed.")
    _refuse_not_finite(values, name, "face")
    return np.broadcast_to(values[:, None] if values.shape == each else values, full)


def _refuse_not_finite(values: np.ndarray, name: str, row: str) -> None:
    if not np.isfinite(values).all():
        bad = np.flatnonzero(~np.isfinite(np.atleast_2d(values).reshape(len(np.atleast_2d(values)), -1)).all(axis=1))
        raise ModelError(f"{name} is not a finite number in {len(bad)} places.", where=f"first: {row} {bad[0]}")


def _added(mesh: Mesh, nodes: np.ndarray, shares: np.ndarray) -> np.ndarray:
    """(n, 3): shares (k, a, 3) added at their nodes (k, a), always in the same order."""
    where = nodes.ravel()
    return np.column_stack([np.bincount(where, shares[..., i].ravel(), mesh.n_nodes) for i in range(3)])
