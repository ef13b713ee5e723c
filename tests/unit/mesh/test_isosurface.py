"""Isosurfaces of functions of space."""

import numpy as np
import pytest

from femsim.errors import MeshError
from femsim.mesh.isosurface import _sampled, isosurface
from femsim.mesh.surface import Surface, areas, enclosed_volume, is_closed


def _ball(points):
    return np.linalg.norm(points, axis=1) - 10.0


def _smallest_angles(surface: Surface) -> np.ndarray:
    a, b, c = (surface.points[surface.triangles[:, k]] for k in range(3))
    sides = [np.linalg.norm(p - q, axis=1) for p, q in ((b, c), (c, a), (a, b))]
    cosines = [
        (sides[k - 1] ** 2 + sides[k - 2] ** 2 - sides[k] ** 2) / (2 * sides[k - 1] * sides[k - 2]) for k in range(3)
    ]
    return np.degrees(np.arccos(np.clip(np.max(cosines, axis=0), -1, 1)))


def test_a_ball_comes_out_round_closed_and_outward():
    surface = isosurface(_ball, (-13, -13, -13), (13, 13, 13), 1.0)
    assert is_closed(surface)
    assert np.abs(_ball(surface.points)).max() < 1e-6
    # Facets of 1 mm on a ball of 10 mm leave out 0.6 % of its volume.
    assert enclosed_volume(surface) == pytest.approx(4000 * np.pi / 3, rel=0.01)


def test_triangles_are_well_shaped():
    surface = isosurface(_ball, (-13.3, -13.3, -13.3), (13, 13, 13), 1.0)
    assert areas(surface).min() > 0.02
    assert np.percentile(_smallest_angles(surface), 1) > 15


def test_far_regions_that_are_not_sampled_finely_change_nothing():
    counted = []

    def counting(points):
        counted.append(len(points))
        return _ball(points)

    isosurface(counting, (-40, -40, -40), (40, 40, 40), 1.0, sweeps=0)
    assert sum(counted) < 0.4 * 81**3
    assert enclosed_volume(isosurface(_ball, (-40, -40, -40), (40, 40, 40), 1.0)) == pytest.approx(
        4000 * np.pi / 3, rel=0.01
    )


@pytest.mark.parametrize("corner", [8.0, 30.0])
def test_a_zero_set_that_is_empty_or_leaves_the_box_is_refused(corner):
    with pytest.raises(MeshError, match="leaves its box"):
        isosurface(_ball, (corner, corner, corner), (45, 45, 45), 1.0) if corner > 20 else isosurface(
            _ball, (-13, -13, -13), (corner, 13, 13), 1.0
        )


def test_sampling_is_exact_near_the_zero_set_and_right_in_sign_elsewhere():
    axes = [np.arange(-14.0, 14.1, 1.0), np.arange(-13.3, 15.0, 1.0), np.arange(-12.9, 13.0, 1.0)]
    plain = _ball(np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, 3)).reshape([len(a) for a in axes])
    sampled = _sampled(_ball, axes, 1.0)
    assert np.array_equal(sampled > 0, plain > 0)
    near = np.abs(plain) < 2.0
    assert np.array_equal(sampled[near], plain[near])
