"""TET4 becomes TET10 without touching what was there; faces follow."""

import numpy as np

from femsim.mesh.mesh import EDGES
from femsim.mesh.quadratic import with_mid_nodes
from femsim.mesh.topology import boundary_faces, quadratic_faces

NODES = np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 1]], float)
PAIR = np.array([[0, 1, 2, 3], [1, 4, 2, 3]])


def test_mid_nodes_lie_between_their_corners_in_vtk_order():
    nodes, elements = with_mid_nodes(NODES, PAIR)
    assert np.array_equal(nodes[:5], NODES) and np.array_equal(elements[:, :4], PAIR)
    for k, (i, j) in enumerate(EDGES):
        np.testing.assert_array_equal(nodes[elements[:, 4 + k]], 0.5 * (nodes[elements[:, i]] + nodes[elements[:, j]]))


def test_an_edge_that_two_elements_share_has_one_mid_node():
    nodes, elements = with_mid_nodes(NODES, PAIR)
    assert len(nodes) == 5 + 9
    assert len(np.intersect1d(elements[0], elements[1])) == 3 + 3


def test_elements_that_come_first_have_the_same_mid_nodes_whatever_follows():
    _, alone = with_mid_nodes(NODES, PAIR[:1])
    _, together = with_mid_nodes(NODES, PAIR)
    assert np.array_equal(alone[0], together[0])


def test_boundary_faces_point_outward_and_skip_the_shared_one():
    faces, owners = boundary_faces(PAIR)
    assert len(faces) == 6 and np.bincount(owners).tolist() == [3, 3]
    for face, owner in zip(faces, owners):
        a, b, c = NODES[face]
        inside = NODES[PAIR[owner]].mean(axis=0)
        assert np.cross(b - a, c - a) @ (a - inside) > 0
    assert not (np.sort(faces, axis=1) == [1, 2, 3]).all(axis=1).any()


def test_quadratic_faces_carry_the_mid_nodes_of_edges_01_12_20():
    nodes, elements = with_mid_nodes(NODES, PAIR)
    faces, owners = boundary_faces(PAIR)
    for face in quadratic_faces(faces, elements, owners):
        a, b, c = nodes[face[:3]]
        np.testing.assert_array_equal(nodes[face[3:]], 0.5 * np.array([a + b, b + c, c + a]))
