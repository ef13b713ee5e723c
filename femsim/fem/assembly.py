"""The stiffness matrix of a mesh, in 3x3 blocks, with stiffness given at every integration point."""

from typing import TYPE_CHECKING

import numpy as np

from femsim.fem.elasticity import Elasticity, constants_at_points
from femsim.fem.elements import TET4, element_of
from femsim.fem.kernels import assembly as kernels
from femsim.fem.pattern import BlockPattern, block_pattern, node_elements
from femsim.mesh.mesh import Mesh

if TYPE_CHECKING:
    from scipy.sparse import bsr_matrix


def stiffness(mesh: Mesh, elasticity: Elasticity, pattern: BlockPattern | None = None) -> "bsr_matrix":
    """Stiffness matrix (3n, 3n) [N/mm] in 3x3 blocks; row 3i + k is direction k of node i; symmetric to the last bit.

    Parameters
    ----------
    mesh : Mesh
        TET4 or TET10, straight or curved.
    elasticity : [MPa] at the integration points, per element, or the same everywhere.
    pattern : BlockPattern, optional
        Of an earlier matrix on the same mesh.
    """
    return stiffness_of_constants(mesh, constants_at_points(mesh, elasticity), pattern)


def stiffness_of_constants(mesh: Mesh, constants: np.ndarray, pattern: BlockPattern | None = None) -> "bsr_matrix":
    """The same from constants (e, q, 2), λ and μ, or (e, q, 21), the upper triangle of C row by row [MPa]."""
    element = element_of(mesh.elements)
    pattern = pattern or block_pattern(mesh)
    values = np.empty((len(pattern.indices), 3, 3))
    c = pattern.colouring
    kernels.fill_stiffness(
        mesh.nodes, c.elements, constants, element.gradients, element.rule.weights,
        c.order, c.chunk, c.colour_start, c.chunks, pattern.places, values.reshape(-1),
    )  # fmt: skip
    return symmetric_blocks(pattern, values)


def symmetric_blocks(pattern: BlockPattern, values: np.ndarray) -> "bsr_matrix":
    """The matrix whose upper triangle is in values (k, 3, 3); the lower one is filled in there."""
    from scipy.sparse import bsr_matrix

    kernels.fill_lower_triangle(pattern.indptr, pattern.indices, pattern.transposed, values)
    indptr = pattern.indptr.astype(np.int32) if pattern.indptr[-1] < 2**31 else pattern.indptr
    size = 3 * (len(indptr) - 1)
    return bsr_matrix((values, pattern.indices, indptr), shape=(size, size))


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
