"""TET4 → TET10: nodes on the middles of straight edges."""

import numpy as np

from femsim.mesh.mesh import EDGES


def with_mid_nodes(nodes: np.ndarray, elements: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Nodes (n + m, 3) and TET10 elements (e, 10) in the order of EDGES; corner nodes keep their numbers.

    Mid nodes are numbered in the order in which the elements first use them, so that the first elements of two meshes
    that agree give the same mid nodes in both.
    """
    low, high = np.sort(elements[:, np.array(EDGES)].reshape(-1, 2), axis=1).astype(np.int64).T
    keys, first, inverse = np.unique(low * len(nodes) + high, return_index=True, return_inverse=True)
    unique = np.column_stack([keys // len(nodes), keys % len(nodes)])
    order = np.argsort(first)
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    middles = nodes[unique[order]].mean(axis=1)
    mid = len(nodes) + rank[inverse.ravel()].reshape(-1, len(EDGES))
    return np.vstack([nodes, middles]), np.hstack([elements, mid])
