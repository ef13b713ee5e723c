"""Springs between pairs of nodes, each along one direction: what holds two sides together that may slide."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from femsim.arrays import freeze, frozen
from femsim.fem.geometry import corner_volumes
from femsim.mesh.mesh import Mesh

if TYPE_CHECKING:
    from scipy.sparse import bsr_matrix, csr_matrix

# Springs against the elements beside them, see `tying_springs`. Measured on a stemmed femur at 5 mm: ten times softer
# ones move micromotion, strains and shares of load by at most 0.4 %, a hundred times softer ones by 3 %. Ten times
# stiffer ones cost 5 % more iterations.
STIFFER = 1000.0


@dataclass(frozen=True)
class Springs:
    """Springs that resist what two nodes move apart along a direction, and nothing across it.

    pairs : (p, 2) nodes.
    directions : (p, 3) unit vectors from the first to the second.
    stiffness : (p,) [N/mm], positive.
    """

    pairs: np.ndarray
    directions: np.ndarray
    stiffness: np.ndarray

    def __post_init__(self):
        pairs = frozen(self.pairs, np.int64, (None, 2))
        freeze(
            self,
            pairs=pairs,
            directions=frozen(self.directions, np.float64, (len(pairs), 3)),
            stiffness=frozen(self.stiffness, np.float64, (len(pairs),)),
        )

    def renumbered(self, order: np.ndarray) -> "Springs":
        """The same where node i is what was node order[i]."""
        place = np.empty(len(order), np.int64)
        place[order] = np.arange(len(order))
        return Springs(place[self.pairs], self.directions, self.stiffness)

    def openings(self, displacement: np.ndarray) -> np.ndarray:
        """(p,) [mm] by which the nodes of each pair come apart along its direction; displacement (n, 3) [mm]."""
        first, second = self.pairs.T
        return np.einsum("pi,pi->p", displacement[second] - displacement[first], self.directions)

    def pulls(self, displacement: np.ndarray) -> np.ndarray:
        """(p, 3) [N] the force that holds each pair open, at its second node; its opposite is at the first."""
        return (self.stiffness * self.openings(displacement))[:, None] * self.directions

    def energy(self, displacement: np.ndarray) -> float:
        """[N·mm] stored under a displacement (n, 3) [mm]."""
        return 0.5 * float(self.stiffness @ self.openings(displacement) ** 2)

    def matrix(self, n_nodes: int) -> "bsr_matrix":
        """(3n, 3n) [N/mm] what they add to the stiffness."""
        from scipy.sparse import bsr_matrix

        difference = self._differences(n_nodes)
        blocks = bsr_matrix((difference.T.multiply(self.stiffness) @ difference).tocsr(), blocksize=(3, 3))
        blocks.sort_indices()
        return blocks

    def _differences(self, n_nodes: int) -> "csr_matrix":
        """(p, 3n): openings from displacements."""
        from scipy.sparse import csr_matrix

        columns = 3 * self.pairs[:, :, None] + np.arange(3)
        values = np.stack([-self.directions, self.directions], axis=1)
        starts = np.arange(0, 6 * len(self.pairs) + 1, 6)
        return csr_matrix((values.ravel(), columns.ravel(), starts), shape=(len(self.pairs), 3 * n_nodes))


def tying_springs(
    mesh: Mesh,
    youngs_modulus: np.ndarray,
    pairs: np.ndarray,
    normals: np.ndarray,
    areas: np.ndarray,
    *,
    stiffer: float = STIFFER,
) -> Springs:
    """Springs that all but tie two sides across their normals.

    Per area they are `stiffer` times as stiff as the two elements beside them in a row: they yield a thousandth of
    what these do, whatever the materials, the size of the elements and the units. Softer springs are another material;
    stiffer ones cost iterations.

    Parameters
    ----------
    youngs_modulus : (e, q) [MPa]
    pairs : (p, 2) nodes. normals : (p, 3). areas : (p,) [mm²] that each pair stands for.
    """
    volume = corner_volumes(mesh)
    count = np.zeros(mesh.n_nodes)
    total, weighted = np.zeros(mesh.n_nodes), np.zeros(mesh.n_nodes)
    for k in range(mesh.elements.shape[1]):
        node = mesh.elements[:, k]
        count += np.bincount(node, minlength=mesh.n_nodes)
        total += np.bincount(node, volume, mesh.n_nodes)
        weighted += np.bincount(node, volume * youngs_modulus.mean(axis=1), mesh.n_nodes)
    near = np.unique(pairs)
    compliance = np.zeros(mesh.n_nodes)  # [mm³/N] edge over modulus
    compliance[near] = np.cbrt(6 * np.sqrt(2) * total[near] / count[near]) * total[near] / weighted[near]
    return Springs(pairs, normals, stiffer * areas / compliance[pairs].sum(axis=1))


class Sprung:
    """A stiffness operator with springs added; like the operator, it takes held directions as rows of zeros.

    operator : `Tet10Stiffness`. springs : in its numbers of the nodes.
    """

    takes_panels = False

    def __init__(self, operator, springs: Springs):
        self.shape, self.held = operator.shape, operator.held
        self._operator, self._all = operator, springs.matrix(len(operator.held))
        self._rows = 3 * np.unique(springs.pairs)[:, None] + np.arange(3)
        self._rows = self._rows.ravel()
        small = self._all.tocsr()[self._rows][:, self._rows]
        self._free = {np.dtype(np.float64): small}
        moves = ~self.held.ravel()[self._rows]
        self._small = {np.dtype(np.float64): small.multiply(moves[:, None]).multiply(moves).tocsr()}

    def apply(self, x: np.ndarray, y: np.ndarray) -> np.ndarray:
        """y ← K x for rows of x (r, 3n), in single or double precision as x is; returns y."""
        y = self._operator.apply(x, y)
        y[:, self._rows] += self._forces(self._small, x)
        return y

    def residual(self, b: np.ndarray, x: np.ndarray, y: np.ndarray) -> np.ndarray:
        """y ← b - K x, 0 where held; returns y."""
        y = self._operator.residual(b, x, y)
        y[:, self._rows] -= self._forces(self._small, x)
        return y

    def apply_free(self, x: np.ndarray) -> np.ndarray:
        """K x (r, 3n) with no direction held."""
        y = self._operator.apply_free(x)
        y[:, self._rows] += self._forces(self._free, x)
        return y

    def diagonal_blocks(self) -> np.ndarray:
        """(n, 3, 3) [N/mm]; held directions are decoupled with a positive diagonal."""
        blocks = self._operator.diagonal_blocks()
        moves = ~self.held
        return blocks + _diagonal_blocks(self._all, len(blocks)) * moves[:, :, None] * moves[:, None, :]

    def assembled(self):
        """The same operator as a block matrix, without regard to what is held."""
        return with_springs(self._operator.assembled(), self._all)

    @property
    def nbytes(self) -> int:
        """Memory the operator takes in both precisions."""
        return self._operator.nbytes + 2 * self._all.data.nbytes

    def _forces(self, kept: dict, x: np.ndarray) -> np.ndarray:
        if x.dtype not in kept:
            kept[x.dtype] = kept[np.dtype(np.float64)].astype(x.dtype)
        return (kept[x.dtype] @ x[:, self._rows].T).T


def with_springs(stiffness: "bsr_matrix", springs: "bsr_matrix") -> "bsr_matrix":
    """The sum of two block matrices."""
    from scipy.sparse import bsr_matrix

    total = bsr_matrix(stiffness + springs, blocksize=(3, 3))
    total.sort_indices()
    return total


def _diagonal_blocks(matrix: "bsr_matrix", n_nodes: int) -> np.ndarray:
    rows = np.repeat(np.arange(n_nodes), np.diff(matrix.indptr))
    blocks = np.zeros((n_nodes, 3, 3))
    here = rows == matrix.indices
    blocks[rows[here]] = matrix.data[here]
    return blocks
