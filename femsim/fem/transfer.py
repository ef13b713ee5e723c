"""From linear to quadratic tetrahedra on the same corners: the first step of p-multigrid."""

import numpy as np

from femsim.fem.assembly import stiffness
from femsim.fem.elasticity import Isotropic, lame_at_points
from femsim.mesh.mesh import EDGES, Mesh


def corner_mesh(mesh: Mesh) -> tuple[Mesh, np.ndarray]:
    """The TET4 mesh on the corners of a TET10 mesh, and the (v,) node of each of its vertices."""
    corners, renumbered = np.unique(mesh.elements[:, :4], return_inverse=True)
    elements = renumbered.reshape(-1, 4).astype(np.int32)
    return Mesh(mesh.nodes[corners], elements, mesh.region_of, mesh.regions), corners


def linear_coarse_space(mesh: Mesh, elasticity: Isotropic, held: np.ndarray):
    """The space of TET4 on the corners of a TET10 mesh, without the vertices that are held altogether.

    Parameters
    ----------
    mesh : TET10 with straight sides.
    elasticity : [MPa] at the integration points, per element, or the same everywhere.
    held : (n, 3) bool

    Returns
    -------
    transfer : bsr_matrix (3n, 3v)
        Prolongation; held directions have empty rows and columns.
    matrix : bsr_matrix (3v, 3v) [N/mm]
        Galerkin matrix: a TET4 sees the mean λ and μ of the four points, exactly.
    """
    from scipy.sparse import bsr_matrix, csr_matrix, diags

    lam, mu = lame_at_points(mesh, elasticity)
    lam, mu = lam.mean(axis=1), mu.mean(axis=1)
    coarse, corners = corner_mesh(mesh)
    matrix = stiffness(coarse, Isotropic(mu * (3 * lam + 2 * mu) / (lam + mu), lam / (2 * (lam + mu))))
    vertex_of = np.full(mesh.n_nodes, -1, np.int64)
    vertex_of[corners] = np.arange(len(corners))
    ends = np.full((mesh.n_nodes, 2), -1, np.int64)
    for k, edge in enumerate(EDGES):
        ends[mesh.elements[:, 4 + k]] = vertex_of[mesh.elements[:, edge]]
    middle = np.flatnonzero(ends[:, 0] >= 0)
    rows = np.concatenate([corners, middle, middle])
    columns = np.concatenate([np.arange(len(corners)), ends[middle, 0], ends[middle, 1]])
    weights = np.concatenate([np.ones(len(corners)), np.full(2 * len(middle), 0.5)])
    nodal = csr_matrix((weights, (rows, columns)), shape=(mesh.n_nodes, len(corners)))
    free = ~held[corners].all(axis=1)
    nodal = nodal[:, np.flatnonzero(free)]
    nodal.sort_indices()
    blocks = nodal.data[:, None, None] * np.eye(3)
    rows = np.repeat(np.arange(mesh.n_nodes), np.diff(nodal.indptr))
    # A direction held at either end moves nothing at the other.
    blocks *= ~held[rows][:, :, None] & ~held[corners[free]][nodal.indices][:, None, :]
    transfer = bsr_matrix((blocks, nodal.indices, nodal.indptr), shape=(3 * mesh.n_nodes, 3 * int(free.sum())))
    if not free.all():
        kept = np.repeat(free, 3)
        matrix = bsr_matrix(matrix.tocsr()[kept][:, kept], blocksize=(3, 3))
    partly = held[corners[free]].ravel()
    if partly.any():
        keep = diags((~partly).astype(float))
        matrix = bsr_matrix(keep @ matrix @ keep + diags(partly * matrix.diagonal()), blocksize=(3, 3))
    matrix.sort_indices()
    return transfer, matrix
