"""Order among the triangles of a surface that moves none of them: doubles dropped, corners joined, all turned alike."""

import numpy as np

from femsim.mesh.surface import Surface, compacted, edge_counts

# Points on open edges that lie this near to each other are one point, in shares of the median edge; each is tried.
NEAR = (0.001, 0.01, 0.05)
WORTH_IT = 0.5  # of the open edges must vanish by joining, or it was no soup


def without_doubles(surface: Surface) -> tuple[Surface, np.ndarray]:
    """Without triangles that stand twice on the same three points, and the rows of those dropped."""
    key = np.sort(surface.triangles, axis=1)
    _, first = np.unique(key, axis=0, return_index=True)
    keep = np.zeros(surface.n_triangles, bool)
    keep[first] = True
    return Surface(surface.points, surface.triangles[keep], surface.labels[keep]), np.flatnonzero(~keep)


def welded(surface: Surface) -> tuple[Surface, int]:
    """Points of open edges that nearly coincide joined, where that closes the surface; and how many were."""
    open_before = _open_points(surface)
    if not len(open_before):
        return surface, 0
    a, b, _ = (surface.points[surface.triangles[:, k]] for k in range(3))
    edge = float(np.median(np.linalg.norm(a - b, axis=1)))
    best, n_open = surface, len(open_before)
    for share in NEAR:
        tried = _joined(best, _open_points(best), share * edge)
        n = len(_open_points(tried))
        if n <= WORTH_IT * n_open:
            best, n_open = tried, n
        if not n:
            break
    return best, surface.n_points - best.n_points


def _open_points(surface: Surface) -> np.ndarray:
    edges, counts = edge_counts(surface.triangles)
    return np.unique(edges[counts == 1])


def _joined(surface: Surface, rows: np.ndarray, within: float) -> Surface:
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components
    from scipy.spatial import cKDTree

    pairs = rows[cKDTree(surface.points[rows]).query_pairs(within, output_type="ndarray")]
    if not len(pairs):
        return surface
    n = surface.n_points
    _, group = connected_components(coo_matrix((np.ones(len(pairs)), pairs.T), shape=(n, n)), directed=False)
    _, first = np.unique(group, return_index=True)
    triangles = first[group][surface.triangles]
    a, b, c = triangles.T
    kept = (a != b) & (b != c) & (c != a)
    return compacted(Surface(surface.points, triangles[kept], surface.labels[kept]))


def is_consistent(surface: Surface) -> bool:
    """Whether neighbours run through their common edge in opposite directions."""
    triangles = surface.triangles
    directed = np.concatenate([triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [2, 0]]])
    return len(np.unique(directed[:, 0] * surface.n_points + directed[:, 1])) == len(directed)


def turned_alike(surface: Surface) -> tuple[Surface, int]:
    """Each triangle turned so that it runs along common edges against its neighbour, and how many were."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import breadth_first_order

    n = surface.n_triangles
    directed = np.concatenate([surface.triangles[:, [k, (k + 1) % 3]] for k in range(3)])
    owner, forward = np.tile(np.arange(n), 3), directed[:, 0] < directed[:, 1]
    low, high = directed.min(axis=1), directed.max(axis=1)
    order = np.argsort(low * surface.n_points + high, kind="stable")
    key = (low * surface.n_points + high)[order]
    # Neighbours are the two owners of an edge that exactly two triangles share.
    starts = np.flatnonzero(np.r_[True, key[1:] != key[:-1]])
    pairs = starts[np.diff(np.r_[starts, len(key)]) == 2]
    a, b = owner[order[pairs]], owner[order[pairs + 1]]
    alike = forward[order[pairs]] != forward[order[pairs + 1]]
    weight = np.where(alike, 1.0, 2.0)
    graph = coo_matrix((np.r_[weight, weight], (np.r_[a, b], np.r_[b, a])), shape=(n, n)).tocsr()
    turn, seen = np.zeros(n, bool), np.zeros(n, bool)
    for root in range(n):
        if seen[root]:
            continue
        reached, parent = breadth_first_order(graph, root, directed=False)
        seen[reached] = True
        if len(reached) == 1:
            continue
        steps = np.asarray(graph[reached[1:], parent[reached[1:]]]).ravel() == 2.0
        for triangle, against in zip(reached[1:].tolist(), steps.tolist()):
            turn[triangle] = turn[parent[triangle]] ^ against
    triangles = np.where(turn[:, None], surface.triangles[:, ::-1], surface.triangles)
    return Surface(surface.points, triangles, surface.labels), int(min(turn.sum(), n - turn.sum()))


def turned(surface: Surface) -> Surface:
    """The surface inside out."""
    return Surface(surface.points, surface.triangles[:, ::-1], surface.labels)
