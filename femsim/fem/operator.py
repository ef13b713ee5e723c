"""The stiffness of a straight-sided TET10 mesh as an operator: applied element by element, never stored as a matrix."""

import numpy as np

from femsim.fem.assembly import diagonal_blocks, stiffness
from femsim.fem.elasticity import Isotropic, lame_at_points
from femsim.fem.geometry import centroids, corner_volumes
from femsim.fem.kernels import tet10_operator as kernels
from femsim.fem.ordering import near_order
from femsim.mesh.mesh import Mesh

AT_ONCE = 8  # vectors, for which a chunk's forces are kept apart until they are added up
CHUNK = 2048  # elements; geometry, displacement and forces of a chunk stay in a 1 MB second-level cache


class Tet10Stiffness:
    """K of a TET10 mesh with stiffness per integration point; ten times smaller than the matrix and faster to apply.

    Directions that are held take part as rows and columns of zeros: `apply` ignores what they are given to move
    (give 0) and returns 0 there.

    Parameters
    ----------
    mesh : Mesh
        TET10 with straight sides.
    elasticity : [MPa] at the integration points, per element, or the same everywhere.
    held : (n, 3) bool
        Directions that cannot move.
    """

    takes_panels = False  # a vector is carried in the lanes of the vector unit element by element

    def __init__(self, mesh: Mesh, elasticity: Isotropic, held: np.ndarray):
        self.mesh, self.held = mesh, np.ascontiguousarray(held, dtype=bool)
        self._elasticity = elasticity
        self.shape = (3 * mesh.n_nodes, 3 * mesh.n_nodes)
        self._lam, self._mu = lame_at_points(mesh, elasticity)
        self._chunks = Chunks(mesh, _point_geometry(mesh, self._lam, self._mu))
        self._geometry = {np.dtype(np.float64): self._chunks.geometry}
        self._forces = {}  # kept from call to call: fresh memory costs more than the sums made in it

    def apply(self, x: np.ndarray, y: np.ndarray) -> np.ndarray:
        """y ← K x for rows of x (r, 3n), in single or double precision as x is; returns y."""
        return self._apply(x, y, y, False, self.held)

    def residual(self, b: np.ndarray, x: np.ndarray, y: np.ndarray) -> np.ndarray:
        """y ← b - K x, 0 where held; returns y."""
        return self._apply(x, y, b, True, self.held)

    def apply_free(self, x: np.ndarray) -> np.ndarray:
        """K x (r, 3n) with no direction held: the internal forces, whose values at the supports are the reactions."""
        y = np.empty_like(x)
        return self._apply(x, y, y, False, np.zeros_like(self.held))

    def diagonal_blocks(self) -> np.ndarray:
        """(n, 3, 3) [N/mm]; held directions are decoupled with a positive diagonal."""
        blocks = diagonal_blocks(self.mesh, self._lam, self._mu)
        node, direction = np.nonzero(self.held)
        scale = blocks[node, direction, direction]
        blocks[node, direction, :] = 0
        blocks[node, :, direction] = 0
        blocks[node, direction, direction] = scale
        return blocks

    def assembled(self):
        """The same operator as a block matrix, without regard to what is held."""
        return stiffness(self.mesh, self._elasticity)

    @property
    def nbytes(self) -> int:
        """Memory the operator takes in both precisions."""
        c = self._chunks
        return int(1.5 * c.geometry.nbytes) + c.local_nodes.nbytes + c.chunk_nodes.nbytes + c.slots.nbytes

    def _apply(self, x, y, b, residual, held):
        c, n = self._chunks, self.mesh.n_nodes
        if x.dtype not in self._geometry:
            self._geometry[x.dtype] = c.geometry.astype(x.dtype)
        forces = self._forces.get(x.dtype)
        if forces is None or len(forces) < min(len(x), AT_ONCE):
            shape = (min(len(x), AT_ONCE), len(c.chunk_nodes), kernels.WIDTH)
            forces = self._forces[x.dtype] = np.empty(shape, x.dtype)
        constants = np.array([3, 4, kernels.KAPPA], x.dtype)
        for first in range(0, len(x), AT_ONCE):
            some = slice(first, first + AT_ONCE)
            shape = (len(x[some]), n, 3)
            kernels.fill_chunk_forces(
                c.batch_start, c.local_nodes, self._geometry[x.dtype], c.node_start, c.chunk_nodes,
                x[some].reshape(shape), constants, forces,
            )  # fmt: skip
            kernels.fill_node_sums(
                c.slot_start, c.slots, forces, held, b[some].reshape(shape), residual, y[some].reshape(shape)
            )
        return y


class Chunks:
    """Elements sorted along a space-filling curve, cut into chunks, and laid out for the lanes of the vector unit.

    of_elements : (e, k) numbers of each element; `geometry` (batches, k, LANES) holds them as the kernels read them,
        those of element e in lane place[e] % LANES of batch place[e] // LANES.
    """

    def __init__(self, mesh: Mesh, of_elements: np.ndarray):
        order = near_order(centroids(mesh))
        n_chunks = -(-mesh.n_elements // CHUNK)
        bounds = np.linspace(0, mesh.n_elements, n_chunks + 1).astype(np.int64)
        lanes = kernels.LANES
        batches = -(-np.diff(bounds) // lanes)
        self.batch_start = np.concatenate([[0], np.cumsum(batches)])
        width = of_elements.shape[1]
        geometry = np.zeros((self.batch_start[-1] * lanes, width))
        self.place = np.empty(mesh.n_elements, np.int64)
        local = np.zeros((self.batch_start[-1] * lanes, 10), np.uint16)
        nodes = []
        for chunk, first in enumerate(self.batch_start[:-1] * lanes):
            members = order[bounds[chunk] : bounds[chunk + 1]]
            unique, inverse = np.unique(mesh.elements[members], return_inverse=True)
            local[first : first + len(members)] = inverse.reshape(-1, 10)
            geometry[first : first + len(members)] = of_elements[members]
            self.place[members] = first + np.arange(len(members))
            nodes.append(unique)
        self.geometry = np.ascontiguousarray(geometry.reshape(-1, lanes, width).transpose(0, 2, 1))
        self.local_nodes = np.ascontiguousarray(local.reshape(-1, lanes, 10).transpose(0, 2, 1))
        self.node_start = np.concatenate([[0], np.cumsum([len(unique) for unique in nodes])])
        self.chunk_nodes = np.concatenate(nodes).astype(np.uint32)
        self.slots = np.argsort(self.chunk_nodes, kind="stable").astype(np.uint32)
        self.slot_start = np.concatenate(
            [[0], np.cumsum(np.bincount(self.chunk_nodes, minlength=mesh.n_nodes))]
        ).astype(np.uint64)


def _point_geometry(mesh: Mesh, lam: np.ndarray, mu: np.ndarray) -> np.ndarray:
    """(e, 17): ∇λ1, ∇λ2, ∇λ3, then λ and μ of the four points, each times V/20."""
    volume = corner_volumes(mesh)[:, None]
    return np.hstack([corner_gradients(mesh), lam * volume / 20, mu * volume / 20])


def corner_gradients(mesh: Mesh) -> np.ndarray:
    """(e, 9) [1/mm]: ∇λ1, ∇λ2, ∇λ3 of the tetrahedra on the corners."""
    a, b, c, d = (mesh.nodes[mesh.elements[:, k]] for k in range(4))
    b, c, d = b - a, c - a, d - a
    return np.hstack([np.cross(c, d), np.cross(d, b), np.cross(b, c)]) / (6 * corner_volumes(mesh)[:, None])
