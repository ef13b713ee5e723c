"""A TET4 mesh laid out for explicit steps: its elements in chunks, and how long a step may be."""

import numpy as np

from femsim.fem.elasticity import Isotropic, lame_at_points
from femsim.fem.geometry import centroids, corner_volumes
from femsim.fem.kernels import explicit_tet4 as kernels
from femsim.fem.kernels.lanes import LANES, WIDTH
from femsim.fem.ordering import near_order
from femsim.mesh.mesh import Mesh

CHUNK = 4096  # elements; geometry, motion and forces of a chunk stay in a second-level cache


class ExplicitTet4:
    """Nodal forces of a TET4 mesh under small strains, and the step of its nodes.

    Parameters
    ----------
    mesh : TET4
    elasticity : [MPa], one value per element.
    precision : of the elements' work; motion and sums are in double.
    """

    def __init__(self, mesh: Mesh, elasticity: Isotropic, precision=np.float32):
        self.mesh = mesh
        order = near_order(centroids(mesh))
        n_chunks = -(-mesh.n_elements // CHUNK)
        bounds = np.linspace(0, mesh.n_elements, n_chunks + 1).astype(np.int64)
        batches = -(-np.diff(bounds) // LANES)
        self._batch_start = np.concatenate([[0], np.cumsum(batches)])
        values = _geometry(mesh, elasticity)
        geometry = np.zeros((self._batch_start[-1] * LANES, 11), precision)
        local = np.zeros((self._batch_start[-1] * LANES, 4), np.uint16)
        nodes = []
        for chunk, first in enumerate(self._batch_start[:-1] * LANES):
            members = _spread(order[bounds[chunk] : bounds[chunk + 1]])
            unique, inverse = np.unique(mesh.elements[members], return_inverse=True)
            local[first : first + len(members)] = inverse.reshape(-1, 4)
            geometry[first : first + len(members)] = values[members]
            nodes.append(unique)
        self._geometry = np.ascontiguousarray(geometry.reshape(-1, LANES, 11).transpose(0, 2, 1))
        self._local = np.ascontiguousarray(local.reshape(-1, LANES, 4).transpose(0, 2, 1))
        self._node_start = np.concatenate([[0], np.cumsum([len(unique) for unique in nodes])])
        self._chunk_nodes = np.concatenate(nodes).astype(np.uint32)
        self._slots = np.argsort(self._chunk_nodes, kind="stable").astype(np.uint32)
        counts = np.bincount(self._chunk_nodes, minlength=mesh.n_nodes)
        self._slot_start = np.concatenate([[0], np.cumsum(counts)]).astype(np.uint64)
        self._forces = np.empty((len(self._chunk_nodes), WIDTH), precision)
        self._partial = np.empty((kernels.PARTS, 2))

    def fill_forces(self, u: np.ndarray) -> None:
        """Elements' forces under a displacement (n, 3), kept for `internal` and `step`."""
        kernels.fill_chunk_forces(
            self._batch_start, self._local, self._geometry, self._node_start, self._chunk_nodes, u, self._forces
        )

    def internal(self) -> np.ndarray:
        """(n, 3) [N] the forces last filled, added up."""
        total = np.empty((self.mesh.n_nodes, 3))
        kernels.fill_internal(self._slot_start, self._slots, self._forces, total)
        return total

    def step(self, u, v, given, inverse_mass, before: float, step: float, drag: float) -> np.ndarray:
        """Moves u and v on under the forces last filled and those given; see `take_step` in the kernels.

        Returns
        -------
        (2,) kinetic energy [N·mm]; power of the drag [N·mm/s].
        """
        kernels.take_step(
            self._slot_start, self._slots, self._forces, given, inverse_mass, before, step, drag, u, v, self._partial
        )
        return self._partial.sum(axis=0)


def _spread(members: np.ndarray) -> np.ndarray:
    """Neighbours far apart: lanes that add to the same node wait for each other."""
    batches = -(-len(members) // LANES)
    places = np.arange(batches * LANES).reshape(LANES, batches).T.ravel()
    return members[places[places < len(members)]]


def element_frequencies(mesh: Mesh, elasticity: Isotropic, density: np.ndarray) -> np.ndarray:
    """(e,) [1/s²] largest eigenvalue of each TET4 element alone on its lumped mass: none of the mesh is larger.

    density : (e,) [tonne/mm³]

    Source
    ------
    Irons & Treharne, Proc. 3rd Conf. Matrix Meth. Struct. Mech. (1971): the element eigenvalue bound.
    """
    values = _geometry(mesh, elasticity)
    volume = corner_volumes(mesh)
    gradients = np.empty((mesh.n_elements, 4, 3))
    gradients[:, 1:] = values[:, :9].reshape(-1, 3, 3)
    gradients[:, 0] = -gradients[:, 1:].sum(axis=1)
    # Gram matrix B Bᵀ of the strain operator, XX YY ZZ XY YZ XZ: from S = ∑ ∇λ ∇λᵀ.
    s = np.einsum("eai,eaj->eij", gradients, gradients)
    gram = np.zeros((mesh.n_elements, 6, 6))
    shear = ((0, 1), (1, 2), (0, 2))
    for i in range(3):
        gram[:, i, i] = s[:, i, i]
    for a, (i, j) in enumerate(shear):
        gram[:, 3 + a, 3 + a] = s[:, i, i] + s[:, j, j]
        gram[:, 3 + a, i] = gram[:, i, 3 + a] = s[:, i, j]
        gram[:, 3 + a, j] = gram[:, j, 3 + a] = s[:, i, j]
        for b, (k, m) in enumerate(shear):
            if b != a:
                (common,) = {i, j} & {k, m}
                (first,), (second,) = {i, j} - {common}, {k, m} - {common}
                gram[:, 3 + a, 3 + b] = s[:, first, second]
    lam, mu = values[:, 9] / volume, values[:, 10] / volume
    # Square root of the elasticity matrix: 3λ + 2μ on the volume, 2μ on the deviator, μ on true shear doubled.
    root = np.zeros((mesh.n_elements, 6, 6))
    mean = (np.sqrt(3 * lam + 2 * mu) - np.sqrt(2 * mu)) / 3
    root[:, :3, :3] = mean[:, None, None]
    root[:, [0, 1, 2], [0, 1, 2]] += np.sqrt(2 * mu)[:, None]
    root[:, [3, 4, 5], [3, 4, 5]] = np.sqrt(mu)[:, None]
    largest = np.linalg.eigvalsh(root @ gram @ root)[:, -1]
    return 4 * largest / np.asarray(density, float)  # volume over the mass of a node: 4 / density


def stable_step(stiffness_rate: float, damping_rate: float = 0.0) -> float:
    """[s] longest stable step of central differences whose damping acts on the velocity half a step behind.

    Parameters
    ----------
    stiffness_rate : [1/s²] bound of the eigenvalues of M⁻¹K; damping_rate : [1/s] of those of M⁻¹C.

    ω² h² + 2 d h = 4: both roots of one step's equation reach -1.
    """
    return (np.sqrt(damping_rate**2 + 4 * stiffness_rate) - damping_rate) / stiffness_rate


def _geometry(mesh: Mesh, elasticity: Isotropic) -> np.ndarray:
    """(e, 11): ∇λ1…∇λ3, then λ and μ times the volume."""
    lam, mu = lame_at_points(mesh, elasticity)
    a, b, c, d = (mesh.nodes[mesh.elements[:, k]] for k in range(4))
    b, c, d = b - a, c - a, d - a
    volume = corner_volumes(mesh)[:, None]
    gradients = np.hstack([np.cross(c, d), np.cross(d, b), np.cross(b, c)]) / (6 * volume)
    return np.hstack([gradients, lam * volume, mu * volume])
