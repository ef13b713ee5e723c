"""Mass matrices of a mesh, consistent and lumped, straight or curved."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from femsim.errors import ModelError
from femsim.fem.assembly import symmetric_blocks
from femsim.fem.elasticity import point_array
from femsim.fem.elements import element_of
from femsim.fem.geometry import is_straight, volume_weights
from femsim.fem.kernels import assembly as kernels
from femsim.fem.pattern import BlockPattern, block_pattern
from femsim.fem.quadrature import conical_rule
from femsim.mesh.mesh import Mesh

if TYPE_CHECKING:
    from scipy.sparse import bsr_matrix


def mass(mesh: Mesh, density, pattern: BlockPattern | None = None) -> "bsr_matrix":
    """Consistent mass matrix (3n, 3n) [tonne] in 3x3 blocks, integrated exactly.

    Parameters
    ----------
    density : number, (e,) or (e, q) [tonne/mm³]
        At the integration points, linear in between.
    pattern : BlockPattern, optional
        Of an earlier matrix on the same mesh.

    Raises
    ------
    ModelError
        Where the density is not positive or does not fit the mesh.
    """
    width = mesh.elements.shape[1]
    first, second = np.triu_indices(width)
    pairs = np.empty((mesh.n_elements, len(first)))
    for rows, weights, shape in _weighted(mesh, density):
        np.matmul(weights, shape[:, first] * shape[:, second], out=pairs[rows])
    pattern = pattern or block_pattern(mesh)
    c, values = pattern.colouring, np.empty(len(pattern.indices))
    kernels.fill_pair_sums(pairs, c.order, c.chunk, c.colour_start, c.chunks, pattern.places, values)
    return symmetric_blocks(pattern, values[:, None, None] * np.eye(3))


def lumped_mass(mesh: Mesh, density) -> np.ndarray:
    """(n,) [tonne] mass at each node: the diagonal of the consistent matrix, scaled to each element's mass.

    Row sums would give the corners of a TET10 a negative mass.

    Parameters
    ----------
    density : number, (e,) or (e, q) [tonne/mm³]

    Raises
    ------
    ModelError
        Where the density is not positive or does not fit the mesh.

    Source
    ------
    Hinton, Rock & Zienkiewicz, Earthquake Eng. Struct. Dyn. 4 (1976) 245-249.
    """
    shares = np.empty(mesh.elements.shape)
    for rows, weights, shape in _weighted(mesh, density):
        diagonal = weights @ shape**2
        shares[rows] = diagonal * (weights.sum(axis=1) / diagonal.sum(axis=1))[:, None]
    return np.bincount(mesh.elements.ravel(), shares.ravel(), mesh.n_nodes)


def _weighted(mesh: Mesh, density) -> Iterator[tuple[slice, np.ndarray, np.ndarray]]:
    """Rows of elements, their mass at each point of a rule (k, p) and the shape functions there (p, a)."""
    element = element_of(mesh.elements)
    density = point_array(mesh, density, "Density")
    if density.min() <= 0:
        bad = np.flatnonzero((density <= 0).any(axis=1))
        raise ModelError(
            f"Density is {density.min():g} tonne/mm³; it must be above 0.",
            where=f"{len(bad)} of {mesh.n_elements} elements, first {bad[0]} in {mesh.regions[mesh.region_of[bad[0]]]}",
        )
    straight = is_straight(mesh)
    # Two shape functions, linear density in a TET10, and det J of degree 3 where it is curved.
    rule = conical_rule(2 * mesh.order + (mesh.order == 2) + (0 if straight else 3))
    shape, between = element.values(rule.points), element.interpolation(rule.points)
    step = max(1, 1_000_000 // len(rule.weights))
    for first in range(0, mesh.n_elements, step):
        rows = slice(first, first + step)
        yield rows, volume_weights(mesh, rule, rows, straight=straight) * (density[rows] @ between.T), shape
