"""From linear to quadratic tetrahedra on the same corners: the first step of p-multigrid."""

from typing import TYPE_CHECKING

import numpy as np

from femsim.fem.assembly import stiffness_of_constants
from femsim.fem.elasticity import Elasticity, constants_at_points
from femsim.fem.geometry import STRAIGHT, corner_volumes, mid_node_offsets
from femsim.mesh.mesh import EDGES, Mesh

if TYPE_CHECKING:
    from scipy.sparse import bsr_matrix, csr_matrix


def corner_mesh(mesh: Mesh) -> tuple[Mesh, np.ndarray]:
    """The TET4 mesh on the corners of a TET10 mesh, and the (v,) node of each of its vertices."""
    used = np.zeros(mesh.n_nodes, bool)
    used[mesh.elements[:, :4]] = True
    corners = np.flatnonzero(used)
    renumbered = np.cumsum(used, dtype=np.int32) - 1
    return Mesh(mesh.nodes[corners], renumbered[mesh.elements[:, :4]], mesh.region_of, mesh.regions), corners


def linear_coarse_space(
    mesh: Mesh, elasticity: Elasticity, held: np.ndarray, matrix: "bsr_matrix | None" = None
) -> tuple["bsr_matrix", "bsr_matrix"]:
    """The space of TET4 on the corners of a TET10 mesh, without the vertices that are held altogether.

    Parameters
    ----------
    mesh : TET10
    elasticity : [MPa] at the integration points, per element, or the same everywhere.
    held : (n, 3) bool
    matrix : bsr_matrix (3n, 3n), optional
        Stiffness of the TET10 mesh; asked for only where sides are bent so far that the tetrahedra on the corners alone
        are inverted.

    Returns
    -------
    transfer : bsr_matrix (3n, 3v)
        Prolongation; held directions have empty rows and columns.
    coarse : bsr_matrix (3v, 3v) [N/mm]
        Stiffness of TET4 that see the mean elasticity of the four points. With straight sides this is the Galerkin
        matrix transferᵀ K transfer, exactly. With curved ones it is the matrix on the chords: spectrally close to
        Galerkin's, which is all a preconditioner needs, and far cheaper. Where a chord tetrahedron is inverted, it is
        Galerkin's, multiplied out from `matrix`.
    """
    from scipy.sparse import bsr_matrix, diags

    coarse, corners = corner_mesh(mesh)
    free = ~held[corners].all(axis=1)
    transfer = _prolongation(mesh, corners, free, held)
    partly = held[corners[free]].ravel()
    if (corner_volumes(coarse) > 0).all() or matrix is None:
        mean = constants_at_points(mesh, elasticity).mean(axis=1, keepdims=True)
        product = stiffness_of_constants(coarse, np.ascontiguousarray(mean))
        if not free.all():
            kept = np.repeat(free, 3)
            product = bsr_matrix(product.tocsr()[kept][:, kept], blocksize=(3, 3))
        stiffest = product.diagonal()
    else:
        product = bsr_matrix(transfer.T @ (matrix @ transfer), blocksize=(3, 3))
        stiffest = np.full(product.shape[0], product.diagonal().max())
    if partly.any():
        keep = diags((~partly).astype(float))
        product = bsr_matrix(keep @ product @ keep + diags(partly * stiffest), blocksize=(3, 3))
    product.sort_indices()
    return transfer, product


def _prolongation(mesh: Mesh, corners: np.ndarray, free: np.ndarray, held: np.ndarray) -> "bsr_matrix":
    """Every node takes the displacement that the TET4 on the corners have at its place."""
    from scipy.sparse import bsr_matrix

    nodal = nodal_weights(mesh, corners)[:, np.flatnonzero(free)]
    nodal.sort_indices()
    blocks = nodal.data[:, None, None] * np.eye(3)
    rows = np.repeat(np.arange(mesh.n_nodes), np.diff(nodal.indptr))
    # A direction held at either end moves nothing at the other.
    blocks *= ~held[rows][:, :, None] & ~held[corners[free]][nodal.indices][:, None, :]
    return bsr_matrix((blocks, nodal.indices, nodal.indptr), shape=(3 * mesh.n_nodes, 3 * int(free.sum())))


def nodal_weights(mesh: Mesh, corners: np.ndarray) -> "csr_matrix":
    """(n, v): share of each vertex in each node; halves on a straight side.

    A node off the middle of its side takes the mean of the linear functions of the tetrahedra around it, continued to
    its place, so that rigid motions of a curved mesh are carried exactly: with halves alone, iterations double at an
    offset of 8 % of the side and grow sixfold at 27 %.
    """
    from scipy.sparse import csr_matrix

    vertex_of = np.full(mesh.n_nodes, -1, np.int64)
    vertex_of[corners] = np.arange(len(corners))
    ends = np.full((mesh.n_nodes, 2), -1, np.int64)
    for k, edge in enumerate(EDGES):
        ends[mesh.elements[:, 4 + k]] = vertex_of[mesh.elements[:, edge]]
    bent = np.zeros(mesh.n_nodes, bool)
    node, vertices, weights = _bent_weights(mesh)
    bent[node] = True
    middle = np.flatnonzero((ends[:, 0] >= 0) & ~bent)
    rows = np.concatenate([corners, middle, middle, np.repeat(node, 4)])
    columns = np.concatenate([np.arange(len(corners)), ends[middle, 0], ends[middle, 1], vertex_of[vertices].ravel()])
    shares = np.concatenate([np.ones(len(corners)), np.full(2 * len(middle), 0.5), weights.ravel()])
    nodal = csr_matrix((shares, (rows, columns)), shape=(mesh.n_nodes, len(corners)))
    nodal.eliminate_zeros()
    return nodal


def _bent_weights(mesh: Mesh) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Nodes (k,) of bent elements, once for each element around, with its corners (k, 4) and their shares (k, 4)."""
    chosen = np.flatnonzero((mid_node_offsets(mesh) > STRAIGHT) & (corner_volumes(mesh) > 0))
    elements = mesh.elements[chosen]
    first = mesh.nodes[elements[:, 0]]
    edges = np.stack([mesh.nodes[elements[:, k]] - first for k in (1, 2, 3)], axis=2)
    places = np.swapaxes(mesh.nodes[elements[:, 4:]] - first[:, None], 1, 2)
    inner = np.swapaxes(np.linalg.solve(edges, places), 1, 2)
    weights = np.concatenate([1 - inner.sum(axis=2, keepdims=True), inner], axis=2).reshape(-1, 4)
    weights[np.abs(weights) < STRAIGHT] = 0
    node = elements[:, 4:].ravel()
    times = np.bincount(node, minlength=mesh.n_nodes)[node]
    return node, np.repeat(elements[:, :4], 6, axis=0), weights / times[:, None]
