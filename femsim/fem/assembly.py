"""The stiffness matrix of a mesh, in 3x3 blocks, with stiffness given at every integration point."""

from typing import TYPE_CHECKING

import numpy as np

from femsim.fem.elasticity import Isotropic, lame_at_points
from femsim.fem.elements import TET4, element_of
from femsim.fem.kernels import assembly as kernels
from femsim.fem.pattern import BlockPattern, block_pattern, node_elements
from femsim.mesh.mesh import Mesh

if TYPE_CHECKING:
    from scipy.sparse import bsr_matrix


def stiffness(mesh: Mesh, elasticity: Isotropic, pattern: BlockPattern | None = None) -> "bsr_matrix":
    """Stiffness matrix (3n, 3n) [N/mm] in 3x3 blocks; row 3i + k is direction k of node i.

    Parameters
    ----------
    mesh : Mesh
        TET4 or TET10, straight or curved.
    elasticity : [MPa] at the integration points, per element, or the same everywhere.
    pattern : BlockPattern, optional
        Of an earlier matrix on the same elements.
    """
    from scipy.sparse import bsr_matrix

    lam, mu = lame_at_points(mesh, elasticity)
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
