"""Remeshing gives the size asked for and keeps what must stay."""

import numpy as np
import pytest

from femsim.mesh.remesh import remeshed, ridge_edges
from femsim.mesh.revolve import arc, revolved
from femsim.mesh.surface import Surface, areas, enclosed_volume, is_closed


@pytest.fixture(scope="module")
def can():
    """A cylinder with sharp rims: bottom 0, side 1, top 2."""
    profile = np.array([[0, 0], [10, 0], [10, 20], [0, 20]], float)
    return revolved(profile, np.arange(3), origin=np.zeros(3), axis=np.array([0, 0, 1.0]), step=1.0)


def bumpy_ball():
    profile = arc(15.0, (0, -15), (0, 15), step=0.7)
    ball = revolved(profile, np.zeros(len(profile) - 1, int), origin=np.zeros(3), axis=np.array([0, 0, 1.0]), step=1.0)
    bumps = np.random.default_rng(0).normal(0, 0.02, ball.n_points)
    return Surface(ball.points * (1 + bumps / 15)[:, None], ball.triangles)


@pytest.mark.parametrize("size", [2.0, 3.0])
def test_triangles_have_the_wanted_size(can, size):
    new = remeshed(can, np.full(can.n_points, size), deviation={0: 1, 1: 1, 2: 1})
    mean_edge = np.sqrt(4 / np.sqrt(3) * areas(new).mean())
    assert mean_edge == pytest.approx(size, rel=0.2)
    assert is_closed(new)


def test_sharp_rims_between_labels_stay(can):
    new = remeshed(can, np.full(can.n_points, 3.0), deviation={0: 0.1, 1: 0.1, 2: 0.1})
    for label, height in ((0, 0), (2, 20)):
        assert np.abs(new.points[new.triangles[new.labels == label]][:, :, 2] - height).max() < 1e-9
    assert enclosed_volume(new) == pytest.approx(enclosed_volume(can), rel=0.02)


def test_only_bends_between_labels_are_ridges(can):
    assert len(ridge_edges(can)) == 2 * 96
    assert len(ridge_edges(bumpy_ball())) == 0


def test_roughness_is_not_frozen():
    ball = bumpy_ball()
    new = remeshed(ball, np.full(ball.n_points, 3.0), deviation={0: 0.3})
    assert new.n_triangles < ball.n_triangles / 3
    assert enclosed_volume(new) == pytest.approx(enclosed_volume(ball), rel=0.02)


def test_the_same_surface_again_gives_the_same_mesh(can):
    first, second = (remeshed(can, np.full(can.n_points, 2.5), deviation={0: 1, 1: 1, 2: 1}) for _ in range(2))
    assert first.points.tobytes() == second.points.tobytes()
    assert np.array_equal(first.triangles, second.triangles)
