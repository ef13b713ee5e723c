"""Parts that can move freely are found before anything is solved."""

import numpy as np
import pytest
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from femsim.errors import ModelError
from femsim.fem.assembly import stiffness
from femsim.fem.constraints import connected_parts, held_directions, refuse_free_parts, rigid_body_modes
from femsim.fem.elasticity import Isotropic
from femsim.fem.sample import box_mesh
from femsim.mesh.mesh import Mesh


def two_boxes():
    """Two boxes that touch nowhere."""
    box = box_mesh((1, 1, 1), order=1)
    return Mesh(
        np.vstack([box.nodes, box.nodes + 5]), np.vstack([box.elements, box.elements + box.n_nodes]),
        np.repeat([0, 1], box.n_elements), ("bone", "cap"),
    )  # fmt: skip


def test_rigid_motions_cost_no_energy():
    mesh = box_mesh((2, 2, 2))
    modes = rigid_body_modes(mesh.nodes)
    assert np.linalg.matrix_rank(modes) == 6
    assert np.abs(stiffness(mesh, Isotropic(1.0, 0.3)) @ modes).max() < 1e-13


def test_a_floating_part_is_named():
    with pytest.raises(ModelError, match="1 of 2 connected parts") as caught:
        refuse_free_parts(two_boxes(), held_directions(two_boxes(), np.arange(4)))
    assert "8 nodes in cap around (5.5, 5.5, 5.5) mm" in caught.value.where
    assert "6 free motions (3 translations, 3 rotations)" in caught.value.where


def test_every_part_is_named_where_nothing_is_held():
    with pytest.raises(ModelError, match="2 of 2 connected parts") as caught:
        refuse_free_parts(two_boxes(), held_directions(two_boxes(), np.array([], int)))
    assert "bone" in caught.value.where and "cap" in caught.value.where
    assert caught.value.why == "nothing is held: no support names a node"


def test_parts_that_touch_without_sharing_nodes_are_said_to_have_duplicate_nodes():
    box = box_mesh((1, 1, 1), order=1)
    mesh = Mesh(
        np.vstack([box.nodes, box.nodes + np.array([1, 0, 0])]), np.vstack([box.elements, box.elements + box.n_nodes]),
        np.repeat([0, 1], box.n_elements), ("bone", "cap"),
    )  # fmt: skip
    with pytest.raises(ModelError, match="1 of 2 connected parts") as caught:
        refuse_free_parts(mesh, held_directions(mesh, np.flatnonzero(box.nodes[:, 0] == 0)))
    assert caught.value.why.startswith("4 pairs of nodes lie at the same place")
    assert "merge nodes" in caught.value.remedy


def test_parts_are_numbered_by_their_first_nodes():
    rng = np.random.default_rng(0)
    box = box_mesh((2, 2, 2), order=2)
    elements = np.vstack([box.elements + k * box.n_nodes for k in range(5)])
    number = rng.permutation(5 * box.n_nodes)
    mesh = Mesh(np.tile(box.nodes, (5, 1))[np.argsort(number)], rng.permutation(number[elements]),
                np.zeros(len(elements)), ("box",))  # fmt: skip
    part_of, count = connected_parts(mesh)
    assert count == 5
    firsts = np.unique(part_of, return_index=True)[1]
    np.testing.assert_array_equal(firsts, np.sort(firsts))
    graph = coo_matrix(
        (np.ones(9 * len(elements)), (np.repeat(mesh.elements[:, 0], 9), mesh.elements[:, 1:].ravel())),
        shape=(mesh.n_nodes,) * 2,
    )
    _, expected = connected_components(graph, directed=False)
    assert len(np.unique(np.column_stack([part_of, expected]), axis=0)) == 5


def test_a_hinge_is_found():
    mesh = box_mesh((1, 1, 1), order=1)
    edge = np.flatnonzero((mesh.nodes[:, 0] == 0) & (mesh.nodes[:, 1] == 0))
    with pytest.raises(ModelError) as caught:
        refuse_free_parts(mesh, held_directions(mesh, edge))
    assert "1 free motion (1 rotation)" in caught.value.where


def test_a_slide_is_found():
    mesh = box_mesh((1, 1, 1), order=1)
    held = np.ones((mesh.n_nodes, 3), bool)
    held[:, 1] = False
    with pytest.raises(ModelError) as caught:
        refuse_free_parts(mesh, held)
    assert "1 free motion (1 translation)" in caught.value.where


def test_six_well_placed_directions_hold_a_body():
    mesh = box_mesh((1, 1, 1), order=1)
    held = np.zeros((mesh.n_nodes, 3), bool)
    held[0] = True
    held[np.flatnonzero((mesh.nodes == [1, 0, 0]).all(axis=1)), 1:] = True
    held[np.flatnonzero((mesh.nodes == [0, 1, 0]).all(axis=1)), 2] = True
    assert held.sum() == 6
    refuse_free_parts(mesh, held)


def test_a_support_at_no_node_is_refused():
    with pytest.raises(ModelError, match="name nodes"):
        held_directions(box_mesh((1, 1, 1), order=1), np.array([99]))


def test_supports_that_are_no_node_numbers_are_refused():
    with pytest.raises(ModelError, match="float64"):
        held_directions(box_mesh((1, 1, 1), order=1), np.array([0.0, 1.0]))
