"""Smoothing takes roughness away and keeps the shape; splitting keeps the surface."""

import numpy as np
import pytest

from femsim.mesh.fairing import faired
from femsim.mesh.revolve import arc, revolved
from femsim.mesh.subdivision import subdivided
from femsim.mesh.surface import Surface, areas, enclosed_volume, is_closed


@pytest.fixture(scope="module")
def ball():
    profile = arc(15.0, (0, -15), (0, 15), step=0.8)
    return revolved(profile, np.arange(len(profile) - 1), origin=np.zeros(3), axis=np.array([0, 0, 1.0]), step=1.0)


def test_roughness_goes_and_volume_stays(ball):
    bumps = 1 + np.random.default_rng(1).normal(0, 0.1, ball.n_points)[:, None] / 15
    rough = Surface(ball.points * bumps, ball.triangles)
    smooth = faired(rough, rounds=10, fixed=np.zeros(ball.n_points, bool))
    away_from_poles = np.abs(ball.points[:, 2]) < 10
    spread = [np.linalg.norm(surface.points[away_from_poles], axis=1).std() for surface in (rough, smooth)]
    assert spread[1] < 0.4 * spread[0]
    assert enclosed_volume(smooth) == pytest.approx(enclosed_volume(ball), rel=0.005)


def test_fixed_points_stay(ball):
    fixed = ball.points[:, 2] > 0
    smooth = faired(ball, rounds=5, fixed=fixed)
    assert np.array_equal(smooth.points[fixed], ball.points[fixed])


def test_a_split_surface_is_the_same_surface_with_four_times_the_triangles(ball):
    fine = subdivided(ball)
    assert fine.n_triangles == 4 * ball.n_triangles and is_closed(fine)
    assert enclosed_volume(fine) == pytest.approx(enclosed_volume(ball))
    assert np.bincount(fine.labels, areas(fine)) == pytest.approx(np.bincount(ball.labels, areas(ball)))
