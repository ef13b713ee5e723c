"""Which nodes see each other: the symmetric block pattern of a mesh and how elements add up in it; built once."""

from dataclasses import dataclass

import numpy as np

from femsim.fem.kernels import pattern as kernels
from femsim.mesh.mesh import Mesh

PARTS = 16  # the work is shared out in; each takes two lists as long as the nodes
CHUNKS = 256  # at most: twenty of a colour keep as many cores busy, and few rows lie in two chunks
SMALLEST_CHUNK = 64  # elements


@dataclass(frozen=True)
class NodeElements:
    """Elements of each node: members[start[i]:start[i + 1]], ascending."""

    start: np.ndarray
    members: np.ndarray


@dataclass(frozen=True)
class Colouring:
    """Elements in chunks that lie together in space; chunks of one colour share no node, so they may run at once.

    order (e,): the mesh's elements along a space-filling curve; elements (e, a): their nodes, so ordered; chunk c is
    elements[c·chunk:(c + 1)·chunk]. The chunks of colour k are chunks[colour_start[k]:colour_start[k + 1]]. All this
    follows from the mesh alone, not from the number of threads.
    """

    order: np.ndarray
    elements: np.ndarray
    chunk: int
    colour_start: np.ndarray
    chunks: np.ndarray


@dataclass(frozen=True)
class BlockPattern:
    """Compressed rows of blocks: indices[indptr[i]:indptr[i + 1]] are the nodes coupled with node i, ascending.

    transposed (k,): place of the block (j, i) for each block (i, j) below the diagonal; itself elsewhere.
    places (e, pairs): where the pairs of nodes a ≤ b of the colouring's elements, row by row, are stored in the upper
    triangle.
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
    n_nodes, in_chunks = mesh.n_nodes, colouring(mesh)
    elements = in_chunks.elements
    of_nodes = node_elements(elements, n_nodes)
    visits = np.empty(n_nodes, np.int32)
    count = kernels.fill_visits(elements, visits)
    visits[count:] = np.flatnonzero(np.diff(of_nodes.start) == 0)  # nodes of no element
    around = (elements, of_nodes.start, of_nodes.members, visits)
    lengths = np.empty(n_nodes, np.int64)
    kernels.fill_upper_lengths(*around, lengths, PARTS)
    first = np.concatenate([[0], np.cumsum(lengths)])
    columns = np.empty(first[-1], np.int32)
    kernels.fill_upper_columns(*around, first, columns, PARTS)
    indptr = np.empty(n_nodes + 1, np.int64)
    indices, transposed = np.empty((2, n_nodes + 2 * len(columns)), np.int32)
    kernels.fill_rows(first, columns, indptr, indices, transposed)
    pairs = elements.shape[1] * (elements.shape[1] + 1) // 2
    places = np.empty(len(elements) * pairs + PARTS * kernels.ASIDE, np.int32)
    kernels.fill_places(*around, indptr, indices, places, PARTS)
    places = places[: len(elements) * pairs].reshape(-1, pairs)
    return BlockPattern(indptr, indices, transposed, places, in_chunks)


def colouring(mesh: Mesh) -> Colouring:
    """Elements of a mesh in coloured chunks."""
    low, extent = mesh.nodes.min(axis=0), np.ptp(mesh.nodes, axis=0)
    cells = np.empty(mesh.n_elements, np.uint16)
    kernels.fill_cells(mesh.nodes, mesh.elements, low, 32 / np.maximum(extent, np.finfo(float).tiny), cells)
    order = np.argsort(cells, kind="stable")
    elements = mesh.elements[order]
    chunk = max(SMALLEST_CHUNK, -(-mesh.n_elements // CHUNKS))
    colours = np.empty(-(-mesh.n_elements // chunk), np.int64)
    kernels.fill_colours(elements, chunk, np.zeros(mesh.n_nodes, np.uint64), colours)
    colour_start = np.concatenate([[0], np.cumsum(np.bincount(colours))])
    return Colouring(order, elements, chunk, colour_start, np.argsort(colours, kind="stable"))
