"""Which nodes see each other: the block sparsity pattern of a mesh, built once."""

from dataclasses import dataclass

import numpy as np

from femsim.fem.kernels import assembly as kernels

PARTS = 16  # the work is shared out in; each takes a list as long as the nodes


@dataclass(frozen=True)
class NodeElements:
    """Elements of each node: members[start[i]:start[i + 1]], ascending."""

    start: np.ndarray
    members: np.ndarray


@dataclass(frozen=True)
class BlockPattern:
    """Compressed rows of 3x3 blocks: indices[indptr[i]:indptr[i + 1]] are the nodes coupled with node i, ascending."""

    indptr: np.ndarray
    indices: np.ndarray
    of_nodes: NodeElements


def node_elements(elements: np.ndarray, n_nodes: int) -> NodeElements:
    """Elements of each node, from connectivity (e, a)."""
    start = np.empty(n_nodes + 1, np.int64)
    members = np.empty(elements.size, np.int32)
    kernels.fill_node_elements(elements, start, members)
    return NodeElements(start, members)


def block_pattern(elements: np.ndarray, n_nodes: int) -> BlockPattern:
    """The pattern of a stiffness matrix on connectivity (e, a)."""
    of_nodes = node_elements(elements, n_nodes)
    lengths = np.empty(n_nodes, np.int64)
    kernels.fill_row_lengths(elements, of_nodes.start, of_nodes.members, lengths, PARTS)
    indptr = np.concatenate([[0], np.cumsum(lengths)])
    indices = np.empty(indptr[-1], np.int32)
    kernels.fill_columns(elements, of_nodes.start, of_nodes.members, indptr, indices, PARTS)
    return BlockPattern(indptr, indices, of_nodes)
