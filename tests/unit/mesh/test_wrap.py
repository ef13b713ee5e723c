"""A new surface around a heap of triangles: where the heap is, over its gaps, without what lies inside."""

import numpy as np
import pytest

from femsim.errors import SurfaceError
from femsim.mesh.closest import closest_points
from femsim.mesh.isosurface import isosurface
from femsim.mesh.surface import Surface, enclosed_volume, is_closed
from femsim.mesh.wrap import wrapped


def _rod(points, radius=11.0, length=22.0):
    along = np.clip(points[:, 2], -length, length)
    return np.linalg.norm(points - along[:, None] * [0.0, 0.0, 1.0], axis=1) - radius


@pytest.fixture(scope="module")
def rod() -> Surface:
    return isosurface(_rod, (-15, -15, -38), (15, 15, 38), 1.7)


@pytest.fixture(scope="module")
def rng():
    return np.random.default_rng(0)


def assert_is_the_rod(made: Surface, rod: Surface, off: float):
    assert is_closed(made)
    assert closest_points(rod, made.points).distance.max() < off
    assert closest_points(made, rod.points).distance.max() < off
    assert enclosed_volume(made) == pytest.approx(enclosed_volume(rod), rel=0.01)


def test_a_sound_surface_is_wrapped_where_it_lies(rod):
    assert_is_the_rod(wrapped(rod), rod, 0.15)


def test_loose_noisy_triangles_with_holes_and_an_inner_shell_become_one_skin(rod, rng):
    kept = rod.triangles[rng.random(rod.n_triangles) > 0.05]
    loose = rod.points[kept].reshape(-1, 3) + rng.normal(0, 0.05, (3 * len(kept), 3))
    inner = 0.6 * rod.points[rod.triangles].reshape(-1, 3)
    corners = np.concatenate([loose, inner])
    heap = Surface(corners, np.arange(len(corners)).reshape(-1, 3))
    assert_is_the_rod(wrapped(heap), rod, 0.6)


def test_a_gap_wider_than_the_thinnest_skin_is_bridged(rod):
    hole = np.linalg.norm(rod.points - [11, 0, 0], axis=1) < 4.0
    torn = Surface(rod.points, rod.triangles[~hole[rod.triangles].any(axis=1)])
    assert_is_the_rod(wrapped(torn), rod, 2.5)  # a skin dips into a gap by up to its own radius


def test_a_sheet_encloses_nothing(rod):
    half = rod.triangles[(rod.points[rod.triangles][:, :, 0] > 10.3).all(axis=1)]
    with pytest.raises(SurfaceError, match="enclose nothing"):
        wrapped(Surface(rod.points, half))
