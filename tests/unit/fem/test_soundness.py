"""Unsound meshes are refused, each with its cause."""

from dataclasses import replace

import numpy as np
import pytest

from femsim.errors import MeshError
from femsim.fem.elements import element_of
from femsim.fem.geometry import is_straight, mid_node_offsets
from femsim.fem.kernels import soundness as kernels
from femsim.fem.sample import box_mesh
from femsim.fem.soundness import refuse_unsound
from femsim.mesh.mesh import EDGES, Mesh
from tests.twins import curved, plain_gradients


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
    with pytest.raises(MeshError, match=r"1 of 48 elements are inverted or flat \(1 inverted, 0 flat\)") as caught:
        refuse_unsound(inverted)
    assert "element 5 in box, volume -0.0208" in caught.value.where


@pytest.mark.parametrize("order", [1, 2])
def test_an_element_without_volume_is_flat(order):
    mesh = box_mesh((2, 2, 2), order=order)
    flat = replace(mesh, nodes=mesh.nodes * [1, 1, 1e-14])
    with pytest.raises(MeshError, match=r"48 of 48 elements are inverted or flat \(0 inverted, 48 flat\)"):
        refuse_unsound(flat)


def test_an_element_that_names_a_node_twice_is_flat():
    mesh = box_mesh((2, 2, 2), order=1)
    with pytest.raises(MeshError, match=r"1 of 48 .* 1 flat"):
        refuse_unsound(with_element(mesh, 7, mesh.elements[7][[0, 1, 2, 2]]))


def test_a_curved_element_that_folds_is_inverted():
    mesh = box_mesh((1, 1, 1), order=2)
    nodes = mesh.nodes.copy()
    first = mesh.elements[0]
    # Sides that stay near their edges, but a corner so close that the element turns inside out around it.
    nodes[first[1]] += 0.75 * (nodes[first[0]] - nodes[first[1]])
    with pytest.raises(MeshError):
        refuse_unsound(replace(mesh, nodes=nodes))


@pytest.mark.parametrize("order, swap", [(1, [1, 0, 2, 3]), (2, [1, 0, 2, 3, 4, 6, 5, 8, 7, 9])])
def test_left_handed_elements_are_recognised_and_the_remedy_mends_them(order, swap):
    mesh = box_mesh((2, 2, 2), order=order)
    mirrored = replace(mesh, nodes=mesh.nodes * [-1, 1, 1])
    with pytest.raises(MeshError, match="48 of 48 elements are left-handed") as caught:
        refuse_unsound(mirrored)
    assert "exchange nodes 0 and 1" in caught.value.remedy
    assert ("nodes 5 and 6, 7 and 8" in caught.value.remedy) == (order == 2)
    refuse_unsound(replace(mirrored, elements=mirrored.elements[:, swap]))


@pytest.mark.parametrize("order", [1, 2])
def test_elements_listed_twice_are_refused(order):
    mesh = box_mesh((2, 2, 2), order=order)
    swap = [1, 2, 0, 3, 5, 6, 4, 8, 9, 7][: mesh.elements.shape[1]]
    twice = replace(
        mesh, elements=np.vstack([mesh.elements, mesh.elements[[3, 9]][:, swap]]), region_of=np.zeros(50)
    )  # fmt: skip
    with pytest.raises(MeshError, match="2 of 50 elements are listed again") as caught:
        refuse_unsound(twice)
    assert "elements 3 and 48" in caught.value.where or "elements 9 and 49" in caught.value.where


def test_a_mesh_without_elements_is_refused():
    with pytest.raises(MeshError, match="no element"):
        refuse_unsound(Mesh(np.zeros((4, 3)), np.zeros((0, 4), int), [], ("box",)))


@pytest.mark.parametrize("wrong", [-1, 27])
def test_an_element_that_names_no_node_of_the_mesh_is_refused(wrong):
    mesh = box_mesh((2, 2, 2), order=1)
    with pytest.raises(MeshError, match=f"1 of 48 elements name .*{wrong}"):
        with_element(mesh, 7, [*mesh.elements[7][:3], wrong])


def test_a_region_that_has_no_name_is_refused():
    mesh = box_mesh((1, 1, 1), order=1)
    with pytest.raises(MeshError, match="regions 0…3"):
        replace(mesh, region_of=[0, 0, 3, 0, 0, 0])


def test_node_numbers_that_are_no_integers_are_refused():
    mesh = box_mesh((1, 1, 1), order=1)
    with pytest.raises(MeshError, match="float64"):
        replace(mesh, elements=mesh.elements + 0.5)


@pytest.mark.parametrize("shape", [lambda mesh: mesh, curved], ids=["straight", "curved"])
@pytest.mark.parametrize("order", [1, 2])
def test_volumes_and_offsets_are_those_of_the_plain_twins(order, shape):
    mesh = shape(box_mesh((2, 2, 2), (1, 2, 3), order=order, distortion=0.1))
    element = element_of(mesh.elements)
    volumes, shares = np.empty((2, mesh.n_elements))
    kernels.fill_least_volumes(mesh.nodes, mesh.elements, element.gradients, np.array(EDGES), volumes, shares)
    np.testing.assert_allclose(volumes, (plain_gradients(mesh)[1] / element.rule.weights).min(axis=1), rtol=1e-12)
    a, b = mesh.nodes[mesh.elements[:, np.array(EDGES).T]].transpose(1, 0, 2, 3)
    lengths = np.linalg.norm(b - a, axis=2)
    np.testing.assert_allclose(shares, volumes / lengths.max(axis=1) ** 3, rtol=1e-12)
    if order == 2:
        away = np.linalg.norm(mesh.nodes[mesh.elements[:, 4:]] - (a + b) / 2, axis=2)
        np.testing.assert_allclose(mid_node_offsets(mesh), (away / lengths).max(axis=1), atol=1e-14)


def test_gmsh_node_order_is_recognised():
    mesh = box_mesh((2, 2, 2), order=2)
    with pytest.raises(MeshError, match=r"48 of 48 .* exchanged") as caught:
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
