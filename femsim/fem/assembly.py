"""The stiffness matrix of a mesh, in 3x3 blocks, with stiffness given at every integration point."""

from typing import TYPE_CHECKING

import numpy as np

from femsim.errors import ModelError
from femsim.fem.elements import TET4, element_of
from femsim.fem.kernels import assembly as kernels
from femsim.fem.pattern import BlockPattern, block_pattern, node_elements
from femsim.mesh.mesh import Mesh

if TYPE_CHECKING:
    from scipy.sparse import bsr_matrix


def lame(youngs_modulus: np.ndarray, poissons_ratio: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Lamé's λ and μ [MPa] from Young's modulus [MPa] and Poisson's ratio, arrays of any one shape."""
    mu = youngs_modulus / (2 * (1 + poissons_ratio))
    return 2 * mu * poissons_ratio / (1 - 2 * poissons_ratio), mu


def point_array(mesh: Mesh, values, name: str) -> np.ndarray:
    """(e, q) array of a scalar, (e,), (e, 1) or (e, q) input.

    Raises
    ------
    ModelError
        Where the shape does not fit the mesh or a value is not a number.
    """
    n_points = len(element_of(mesh.elements).rule.weights)
    values = np.asarray(values, np.float64)
    if values.ndim == 1:
        values = values[:, None]
    try:
        full = np.ascontiguousarray(np.broadcast_to(values, (mesh.n_elements, n_points)))
    except ValueError:
        raise ModelError(
            f"{name} has shape {values.shape}, but the mesh has {mesh.n_elements} elements of {n_points} points."
        ) from None
    if not np.isfinite(full).all():
        raise ModelError(f"{name} is not a number in element {np.flatnonzero(~np.isfinite(full).all(axis=1))[0]}.")
    return full


def checked_lame(mesh: Mesh, youngs_modulus, poissons_ratio) -> tuple[np.ndarray, np.ndarray]:
    """λ and μ (e, q) [MPa] of a mesh.

    Raises
    ------
    ModelError
        Where Young's modulus is not positive or Poisson's ratio lies outside (-1, 0.5).
    """
    stiffness = point_array(mesh, youngs_modulus, "Young's modulus")
    poisson = point_array(mesh, poissons_ratio, "Poisson's ratio")
    if stiffness.min() <= 0:
        bad = np.flatnonzero((stiffness <= 0).any(axis=1))
        raise ModelError(
            f"Young's modulus is {stiffness.min():g} MPa; it must be above 0.",
            where=f"{len(bad)} of {mesh.n_elements} elements, first {bad[0]} in {mesh.regions[mesh.region_of[bad[0]]]}",
        )
    if poisson.min() <= -1 or poisson.max() >= 0.5:
        raise ModelError(f"Poisson's ratio must lie in (-1, 0.5); found {poisson.min():g} … {poisson.max():g}.")
    return lame(stiffness, poisson)


def stiffness(mesh: Mesh, youngs_modulus, poissons_ratio, pattern: BlockPattern | None = None) -> "bsr_matrix":
    """Stiffness matrix (3n, 3n) [N/mm] in 3x3 blocks; row 3i + k is direction k of node i.

    Parameters
    ----------
    mesh : Mesh
        TET4 or TET10, straight or curved.
    youngs_modulus : (e, q) [MPa]
        At the integration points; (e,) or a number where it does not vary.
    poissons_ratio : (e, q)
    pattern : BlockPattern, optional
        Of an earlier matrix on the same elements.
    """
    from scipy.sparse import bsr_matrix

    lam, mu = checked_lame(mesh, youngs_modulus, poissons_ratio)
    element = element_of(mesh.elements)
    pattern = pattern or block_pattern(mesh.elements, mesh.n_nodes)
    values = np.empty((len(pattern.indices), 3, 3))
    kernels.fill_stiffness(
        mesh.nodes, mesh.elements, lam, mu, element.gradients, element.rule.weights,
        pattern.of_nodes.start, pattern.of_nodes.members, pattern.indptr, pattern.indices, values,
    )  # fmt: skip
    indptr = pattern.indptr.astype(np.int32) if pattern.indptr[-1] < 2**31 else pattern.indptr
    return bsr_matrix((values, pattern.indices, indptr), shape=(3 * mesh.n_nodes, 3 * mesh.n_nodes))


def diagonal_blocks(mesh: Mesh, lam: np.ndarray, mu: np.ndarray) -> np.ndarray:
    """(n, 3, 3) [N/mm]: the blocks on the diagonal of the stiffness of a straight-sided mesh, from λ and μ (e, q)."""
    element = element_of(mesh.elements)
    of_nodes = node_elements(mesh.elements, mesh.n_nodes)
    blocks = np.empty((mesh.n_nodes, 3, 3))
    kernels.fill_diagonal_blocks(
        mesh.nodes, mesh.elements, lam, mu, TET4.gradients[0], element.barycentric_derivatives(element.rule.points),
        element.rule.weights, of_nodes.start, of_nodes.members, blocks,
    )  # fmt: skip
    return blocks
