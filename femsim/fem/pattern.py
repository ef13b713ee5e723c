"""Which nodes see each other: the symmetric block pattern of a mesh and how elements add up in it; built once."""

from dataclasses import dataclass

import numpy as np

from femsim.fem.kernels import pattern as kernels
from femsim.mesh.mesh import Mesh

PARTS = 16  # the work is shared out in; each takes two lists as long as the nodes
CHUNKS = 512  # at most; enough of each colour to keep many cores busy
SMALLEST_CHUNK = 64  # elements


@dataclass(frozen=True)
class NodeElements:
    """Elements of each node: members[start[i]:start[i + 1]], ascending."""

    start: np.ndarray
    members: np.ndarray


@dataclass(frozen=True)
class Colouring:
    """Elements in chunks that lie together in space; chunks of one colour share no node, so they may run at once.

    order (e,): elements along a space-filling curve; chunk c is order[c·chunk:(c + 1)·chunk]. The chunks of colour k
    are chunks[colour_start[k]:colour_start[k + 1]]. It follows from the mesh alone, not from the number of threads.
    """

    order: np.ndarray
    chunk: int
    colour_start: np.ndarray
    chunks: np.ndarray


@dataclass(frozen=True)
class BlockPattern:
    """Compressed rows of blocks: indices[indptr[i]:indptr[i + 1]] are the nodes coupled with node i, ascending.

    transposed (k,): place of the block (j, i) for each block (i, j) below the diagonal; itself elsewhere.
    places (e, pairs): where the pairs of nodes a ≤ b of an element, row by row, are stored in the upper triangle.
    """

    indptr: np.ndarray
    indices: np.ndarray
    transposed: np.ndarray
    places: np.ndarray
    colouring: Colouring


def node_elements(elements: np.ndarray, n_nodes: int) -> NodeElements:
    """Elements of each node, from connectivity (e, a)."""
    start = np.empty(n_nodes + 1, np.int64)
    members = np.empty(elements.size, np.int32)
    kernels.fill_node_elements(elements, start, members)
    return NodeElements(start, members)


def block_pattern(mesh: Mesh) -> BlockPattern:
    """The pattern of matrices on a mesh."""
    elements, n_nodes, width = mesh.elements, mesh.n_nodes, mesh.elements.shape[1]
    of_nodes = node_elements(elements, n_nodes)
    lengths = np.empty(n_nodes, np.int64)
    kernels.fill_row_lengths(elements, of_nodes.start, of_nodes.members, lengths, PARTS)
    indptr = np.concatenate([[0], np.cumsum(lengths)])
    indices, transposed = np.empty((2, indptr[-1]), np.int32)
    places = np.empty((len(elements), width * (width + 1) // 2), np.int32)
    kernels.fill_columns(elements, of_nodes.start, of_nodes.members, indptr, indices, places, PARTS)
    kernels.fill_transposed(indptr, indices, transposed)
    return BlockPattern(indptr, indices, transposed, places, colouring(mesh))


def colouring(mesh: Mesh) -> Colouring:
    """Elements of a mesh in coloured chunks."""
    low, extent = mesh.nodes.min(axis=0), np.ptp(mesh.nodes, axis=0)
    cells = np.empty(mesh.n_elements, np.uint16)
    kernels.fill_cells(mesh.nodes, mesh.elements, low, 32 / np.maximum(extent, np.finfo(float).tiny), cells)
    order = np.argsort(cells, kind="stable")
    chunk = max(SMALLEST_CHUNK, -(-mesh.n_elements // CHUNKS))
    colours = np.empty(-(-mesh.n_elements // chunk), np.int64)
    kernels.fill_colours(mesh.elements, order, chunk, np.zeros(mesh.n_nodes, np.uint64), colours)
    colour_start = np.concatenate([[0], np.cumsum(np.bincount(colours))])
    return Colouring(order, chunk, colour_start, np.argsort(colours, kind="stable"))
