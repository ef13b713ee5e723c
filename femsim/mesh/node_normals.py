"""Normals of a triangulated surface at its nodes, nearer to those of the smooth surface than its flat faces are.

A side that slides along another is held across its normals: where these waver from node to node as those of flat
faces do, they lock into each other like gravel.
"""

import numpy as np

_NEIGHBOURS = 8  # nodes around that a quadric needs, of its five terms
_SAME_SIDE = 0.5  # cosine; across a sharper edge the surface is another one


def node_normals(nodes: np.ndarray, faces: np.ndarray) -> np.ndarray:
    """(n, 3) unit normals at the nodes of faces (f, 3 or 6), zeros elsewhere.

    At a corner that of a quadric through the corners around it, which is exact on spheres, cylinders and cones but for
    the third power of the edge over the radius; the area-weighted mean of the faces where they are too few. At a node
    on an edge the mean of its ends.
    """
    a, b, c = (nodes[faces[:, k]] for k in range(3))
    area = np.cross(b - a, c - a)
    mean = np.zeros((len(nodes), 3))
    for k in range(3):
        np.add.at(mean, faces[:, k], area)
    mean = _unit(mean)
    normals = mean.copy()
    for node, around in _rings(faces[:, :3]):
        near = around[mean[around] @ mean[node] > _SAME_SIDE]
        if len(near) >= _NEIGHBOURS:
            normals[node] = _of_quadric(nodes[near] - nodes[node], mean[node])
    if faces.shape[1] == 6:
        middle = np.zeros((len(nodes), 3))
        for k in range(3):
            np.add.at(middle, faces[:, 3 + k], normals[faces[:, k]] + normals[faces[:, (k + 1) % 3]])
        on_edge = np.unique(faces[:, 3:])
        normals[on_edge] = _unit(middle[on_edge])
    return normals


def _rings(corners: np.ndarray):
    """Each corner with the corners at most two edges away."""
    from scipy.sparse import csr_matrix

    used, local = np.unique(corners, return_inverse=True)
    local = local.reshape(-1, 3)
    rows, columns = np.concatenate([local[:, [0, 1]], local[:, [1, 2]], local[:, [2, 0]]]).T
    ones = np.ones(2 * len(rows))
    size = len(used)
    one = csr_matrix((ones, (np.r_[rows, columns], np.r_[columns, rows])), shape=(size, size))
    two = (one @ one + one).tocsr()
    for row in range(size):
        around = two.indices[two.indptr[row] : two.indptr[row + 1]]
        yield used[row], used[around[around != row]]


def _of_quadric(away: np.ndarray, normal: np.ndarray) -> np.ndarray:
    """Normal at the origin of the quadric through it that fits the points away (k, 3), the near ones most."""
    first = np.cross(normal, np.eye(3)[np.abs(normal).argmin()])
    first /= np.linalg.norm(first)
    second = np.cross(normal, first)
    size = np.linalg.norm(away, axis=1).mean()
    u, v, w = (away @ axis / size for axis in (first, second, normal))
    weight = 1.0 / (u * u + v * v + w * w)
    terms = np.stack([u, v, u * u, u * v, v * v], axis=1) * weight[:, None]
    slope = np.linalg.lstsq(terms, w * weight, rcond=1e-8)[0]
    return _unit(normal - slope[0] * first - slope[1] * second)


def _unit(vectors: np.ndarray) -> np.ndarray:
    return vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-300)
