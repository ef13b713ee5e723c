"""Unsound meshes are refused, each with its cause."""

from dataclasses import replace

import numpy as np
import pytest

from femsim.errors import MeshError
from femsim.fem.geometry import is_straight, refuse_unsound
from femsim.fem.sample import box_mesh


def with_element(mesh, row, nodes):
    elements = mesh.elements.copy()
    elements[row] = nodes
    return replace(mesh, elements=elements)


@pytest.mark.parametrize("order", [1, 2])
def test_a_sound_mesh_passes(order):
    refuse_unsound(box_mesh((2, 2, 2), order=order, distortion=0.1))


def test_an_inverted_element_is_counted_and_placed():
    mesh = box_mesh((2, 2, 2), order=1)
    inverted = with_element(mesh, 5, mesh.elements[5][[1, 0, 2, 3]])
    with pytest.raises(MeshError, match=r"1 of 48 elements are inverted") as caught:
        refuse_unsound(inverted)
    assert "element 5 in box" in caught.value.where


def test_gmsh_node_order_is_recognised():
    mesh = box_mesh((2, 2, 2), order=2)
    with pytest.raises(MeshError, match="exchanged") as caught:
        refuse_unsound(replace(mesh, elements=mesh.elements[:, [0, 1, 2, 3, 4, 5, 6, 7, 9, 8]]))
    assert "gmsh" in caught.value.why


def test_a_stray_mid_node_is_refused():
    mesh = box_mesh((2, 2, 2), order=2)
    nodes = mesh.nodes.copy()
    nodes[mesh.elements[0, 4]] += 0.3
    with pytest.raises(MeshError, match="mid-side"):
        refuse_unsound(replace(mesh, nodes=nodes))


def test_a_node_of_no_element_is_refused():
    mesh = box_mesh((1, 1, 1), order=1)
    with pytest.raises(MeshError, match="1 of 9 nodes belong to no element"):
        refuse_unsound(replace(mesh, nodes=np.vstack([mesh.nodes, [[9.0, 9.0, 9.0]]])))


def test_a_coordinate_that_is_no_number_is_refused():
    mesh = box_mesh((1, 1, 1), order=1)
    nodes = mesh.nodes.copy()
    nodes[3, 1] = np.nan
    with pytest.raises(MeshError, match="not a number"):
        refuse_unsound(replace(mesh, nodes=nodes))


def test_a_bent_edge_is_not_straight():
    mesh = box_mesh((1, 1, 1), order=2)
    nodes = mesh.nodes.copy()
    nodes[-1] += 0.01
    assert is_straight(mesh)
    assert not is_straight(replace(mesh, nodes=nodes))
