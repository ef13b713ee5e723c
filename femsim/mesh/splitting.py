"""Splitting a mesh along faces inside it: nodes there are doubled, so that the two sides come apart."""

from dataclasses import dataclass, replace

import numpy as np

from femsim.arrays import freeze, frozen
from femsim.errors import MeshError
from femsim.mesh.mesh import Mesh
from femsim.mesh.topology import whole_faces


@dataclass(frozen=True)
class Split:
    """A mesh that was split, and what lies on what.

    mesh : the same elements in the same order; doubled nodes follow those that were there.
    pairs : (p, 2) a node that kept its number, and a double of it at the same place.
    sides : (2, f, 3 or 6) the freed faces in the new node numbers: on the element that the face was turned outward
        from, and on its neighbour. Node by node the same places, and the same node on the rim.
    """

    mesh: Mesh
    pairs: np.ndarray
    sides: np.ndarray

    def __post_init__(self):
        freeze(
            self,
            pairs=frozen(self.pairs, np.int32, (None, 2)),
            sides=frozen(self.sides, np.int32, (2, None, None)),
        )


def split(mesh: Mesh, faces: np.ndarray, stays: np.ndarray) -> Split:
    """The mesh with its sides no longer joined across the given faces.

    A node comes apart into as many copies as there are groups of elements around it that hang together by faces that
    were not freed. On the rim of the freed faces the sides hang together around it: those nodes stay shared.

    Parameters
    ----------
    faces : (f, 3 or 6)
        Faces that two elements share; of quadratic ones the corners alone are looked at. The named surfaces of the
        mesh go with the elements that they are turned outward from.
    stays : (e,) bool
        Elements that keep their node numbers. Where none meets at a node, the first in the mesh that touches a freed
        face does.

    Raises
    ------
    MeshError
        Where a face has not an element on either side.
    """
    corners = np.asarray(faces, np.int64)[:, :3]
    if not len(corners):
        return Split(mesh, np.zeros((0, 2)), np.zeros((2, 0, 6 if mesh.order == 2 else 3)))
    around = _Around(mesh, corners)
    sides = around.rows_of(corners), around.rows_of(corners[:, ::-1])
    if (bad := (sides[0] < 0) | (sides[1] < 0)).any():
        raise MeshError(
            f"{int(bad.sum())} of {len(bad)} faces to be freed have not an element on either side.",
            where=f"first: face {int(bad.argmax())}, nodes {', '.join(map(str, corners[bad.argmax()]))}",
        )
    number_of, pairs = _numbered(mesh, around, sides, np.asarray(stays, bool))
    elements = mesh.elements.copy()
    elements[around.elements] = number_of
    split_faces = whole_faces(number_of)
    surfaces = {}
    for name, surface in mesh.surfaces.items():
        surfaces[name] = followed = surface.copy()
        rows = around.rows_of(surface[:, :3])
        followed[rows >= 0] = _in_order(surface[rows >= 0], around.faces, split_faces, rows[rows >= 0])
    nodes = np.vstack([mesh.nodes, mesh.nodes[pairs[:, 0]]])
    apart = replace(mesh, nodes=nodes, elements=elements, surfaces=surfaces)
    freed = around.faces[sides[0]]
    return Split(apart, pairs, np.stack([_in_order(freed, around.faces, split_faces, rows) for rows in sides]))


class _Around:
    """The elements that touch freed faces, and their faces by oriented corners."""

    def __init__(self, mesh: Mesh, corners: np.ndarray):
        touched = np.zeros(mesh.n_nodes, bool)
        touched[corners] = True
        self.elements = np.flatnonzero(touched[mesh.elements[:, :4]].any(axis=1))
        self.nodes_of = mesh.elements[self.elements]
        self.faces = whole_faces(self.nodes_of)
        near = np.unique(self.nodes_of)
        self.local = np.full(mesh.n_nodes, -1, np.int64)  # few nodes: three numbers and a sign fit into one
        self.local[near] = np.arange(len(near))
        self.count = len(near)
        keys = self._keys(self.faces[:, :3])
        self.order = np.argsort(keys)
        self.keys = keys[self.order]

    def rows_of(self, corners: np.ndarray) -> np.ndarray:
        """(k,) row of `faces` with these corners turned the same way; -1 where there is none."""
        known = (self.local[corners] >= 0).all(axis=1)
        wanted = np.where(known, self._keys(corners), -1)
        place = np.minimum(np.searchsorted(self.keys, wanted), len(self.keys) - 1)
        return np.where(self.keys[place] == wanted, self.order[place], -1)

    def _keys(self, corners: np.ndarray) -> np.ndarray:
        a, b, c = self.local[corners].T
        turned = (a > b) ^ (a > c) ^ (b > c)
        low, middle, high = np.sort(self.local[corners], axis=1).T
        return ((low * self.count + middle) * self.count + high) * 2 + turned


def _in_order(wanted: np.ndarray, old: np.ndarray, new: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """New numbers of faces (k, 3 or 6), node by node in the order in which `wanted` has the old ones."""
    ascending = np.take_along_axis(new[rows], np.argsort(old[rows], axis=1), axis=1)
    return np.take_along_axis(ascending, np.argsort(np.argsort(wanted, axis=1), axis=1), axis=1)


def _numbered(mesh: Mesh, around: _Around, sides, stays: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """New node numbers (k, 4 or 10) of the elements around, and the pairs (p, 2) of old node and double."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    freed = np.concatenate(sides)
    comes_apart = np.zeros(mesh.n_nodes, bool)
    comes_apart[around.faces[freed]] = True
    affected = comes_apart[around.nodes_of]
    # One incidence per element and node that may come apart.
    n = int(affected.sum())
    incidence = np.full(affected.shape, -1, np.int64)
    incidence[affected] = np.arange(n)
    node = around.nodes_of[affected]
    by_face = whole_faces(incidence)

    across = around.rows_of(around.faces[:, 2::-1])
    across[freed] = -1
    here = np.flatnonzero(across > np.arange(len(across)))  # each pair of neighbours once
    one, other = (
        np.take_along_axis(by_face[rows], np.argsort(around.faces[rows], axis=1), axis=1)
        for rows in (here, across[here])
    )
    joined = one >= 0
    graph = coo_matrix((np.ones(int(joined.sum()), bool), (one[joined], other[joined])), shape=(n, n))
    n_groups, group = connected_components(graph, directed=False)

    node_of = np.zeros(n_groups, np.int64)
    node_of[group] = node
    opened = np.zeros(n_groups, bool)
    opened[group[by_face[freed]]] = True
    keeps = ~opened  # what no freed face touches stays where it hangs
    keeps[group[np.broadcast_to(stays[around.elements][:, None], affected.shape)[affected]]] = True
    held = np.zeros(mesh.n_nodes, bool)
    held[node_of[keeps & opened]] = True
    # Groups are numbered by their first incidence, that is by their first element.
    waiting = np.flatnonzero(opened & ~held[node_of])
    keeps[waiting[np.unique(node_of[waiting], return_index=True)[1]]] = True

    new = np.flatnonzero(~keeps)
    new = new[np.argsort(node_of[new], kind="stable")]
    number = node_of.copy()
    number[new] = mesh.n_nodes + np.arange(len(new))
    result = around.nodes_of.copy()
    result[affected] = number[group]
    return result, np.column_stack([node_of[new], number[new]])
