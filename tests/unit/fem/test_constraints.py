"""Parts that can move freely are found before anything is solved."""

import numpy as np
import pytest

from femsim.errors import ModelError
from femsim.fem.assembly import stiffness
from femsim.fem.constraints import held_directions, refuse_free_parts, rigid_body_modes
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
    assert "cap" in caught.value.where and "6 free motions" in caught.value.where


def test_a_hinge_is_found():
    mesh = box_mesh((1, 1, 1), order=1)
    edge = np.flatnonzero((mesh.nodes[:, 0] == 0) & (mesh.nodes[:, 1] == 0))
    with pytest.raises(ModelError) as caught:
        refuse_free_parts(mesh, held_directions(mesh, edge))
    assert "1 free motions" in caught.value.where


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
