"""Meshes of known shapes: their volume, their curved sides, and blocks that fit together."""

import numpy as np
import pytest

from femsim.errors import MeshError
from femsim.fem.geometry import integration_weights, is_straight
from femsim.mesh.mesh import EDGES
from femsim.mesh.topology import boundary_faces
from femsim.verification.mapped import joined, mapped_box
from femsim.verification.shapes import graded, octant_ball, octant_shell, quarter_rod, quarter_tube, tube

HEIGHTS = np.array([0.0, 1.0, 3.0])
SHAPES = {
    "octant of a shell": (lambda **o: octant_shell(np.array([1.0, 1.4, 2]), 4, **o), np.pi / 6 * 7),
    "octant of a ball": (lambda **o: octant_ball(2.0, 4, 2, **o), np.pi / 6 * 8),
    "quarter of a rod": (lambda **o: quarter_rod(2.0, HEIGHTS, 4, 2, **o), np.pi * 3),
    "quarter of a tube": (lambda **o: quarter_tube(np.array([1.0, 2]), HEIGHTS, 4, **o), np.pi / 4 * 3 * 3),
    "whole tube": (
        lambda **o: tube(np.array([1.0, 2]), np.linspace(0, 2 * np.pi, 17), HEIGHTS, **o), np.pi * 3 * 3
    ),
    "half a tube": (
        lambda **o: tube(np.array([1.0, 2]), np.linspace(0, np.pi, 9), HEIGHTS, **o), np.pi / 2 * 3 * 3
    ),
}  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES)
def test_curved_sides_fill_the_true_volume(shape):
    build, volume = SHAPES[shape]
    weights = integration_weights(build())
    assert weights.min() > 0
    assert weights.sum() == pytest.approx(volume, rel=1e-3)


@pytest.mark.parametrize("shape", SHAPES)
def test_named_surfaces_are_the_whole_boundary(shape):
    mesh = SHAPES[shape][0]()
    outside, _ = boundary_faces(mesh.elements)
    named = np.vstack([faces[:, :3] for faces in mesh.surfaces.values()])
    assert {tuple(sorted(f)) for f in named.tolist()} == {tuple(sorted(f)) for f in outside.tolist()}
    assert len(named) == len(outside)
    assert "seam" not in mesh.surfaces


@pytest.mark.parametrize("order", [1, 2])
def test_surfaces_face_outward(order):
    mesh = octant_ball(2.0, 3, 2, order=order)
    a, b, c = (mesh.nodes[mesh.surface("outer")[:, k]] for k in range(3))
    assert (np.einsum("fi,fi->f", np.cross(b - a, c - a), a + b + c) > 0).all()


def test_all_nodes_of_a_curved_surface_lie_on_it():
    mesh = octant_ball(2.0, 3, 2)
    radius = np.linalg.norm(mesh.nodes[mesh.surface("outer")], axis=2)
    np.testing.assert_allclose(radius, 2.0, rtol=1e-12)


def test_straight_sides_have_their_mid_nodes_in_the_middle():
    assert not is_straight(octant_ball(2.0, 3, 2))
    assert is_straight(octant_ball(2.0, 3, 2, curved=False))


def test_balls_and_shells_share_every_node_between_them():
    ball = octant_ball(1.0, 3, 2, "seam", region="inside")
    shell = octant_shell(np.array([1.0, 2]), 3, ("seam", "outer"), region="outside")
    mesh = joined([ball, shell])
    assert mesh.n_nodes == ball.n_nodes + shell.n_nodes - len(np.unique(ball.surface("seam")))
    assert integration_weights(mesh)[mesh.in_region("inside")].sum() == pytest.approx(np.pi / 6, rel=1e-3)
    ends = np.sort(mesh.elements[:, np.array(EDGES)].reshape(-1, 2), axis=1)
    mids = mesh.elements[:, 4:].ravel()
    assert len(np.unique(np.column_stack([ends, mids]), axis=0)) == len(np.unique(ends, axis=0))


def test_blocks_split_along_crossing_diagonals_are_refused():
    lower = mapped_box((2, 2, 1), lambda p: p)
    upper = mapped_box((2, 2, 1), lambda p: np.column_stack([p[:, 1], 1 - p[:, 0], 1 + p[:, 2]]))
    with pytest.raises(MeshError, match="more than two faces"):
        joined([lower, upper])


def test_graded_lines_reach_both_ends_and_grow_as_asked():
    lines = graded(2.0, 5.0, 6, 4.0)
    assert (lines[0], lines[-1]) == pytest.approx((2.0, 5.0))
    assert np.diff(lines)[-1] / np.diff(lines)[0] == pytest.approx(4.0)
