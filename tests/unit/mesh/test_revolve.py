"""A profile turned about an axis bounds what it should."""

import numpy as np
import pytest

from femsim.mesh.revolve import arc, revolved, rotation_to
from femsim.mesh.surface import enclosed_volume, is_closed

ROD = np.array([[0, 0], [2, 0], [2, 5], [0, 5]], float)


@pytest.mark.parametrize("axis", [(0, 0, 1), (0, 0, -1), (0.6, 0, 0.8), (-0.36, 0.48, -0.8)])
def test_a_rotation_turns_z_into_the_axis(axis):
    rotation = rotation_to(np.array(axis))
    np.testing.assert_allclose(rotation @ [0, 0, 1], axis, atol=1e-12)
    np.testing.assert_allclose(rotation @ rotation.T, np.eye(3), atol=1e-12)
    assert np.linalg.det(rotation) == pytest.approx(1)


def test_a_turned_rectangle_is_a_closed_outward_cylinder():
    axis = np.array([0.6, 0, 0.8])
    rod = revolved(ROD, np.arange(3), origin=np.array([1.0, 2, 3]), axis=axis, step=1.0, n_around=96)
    assert is_closed(rod)
    prism = 0.5 * 96 * np.sin(2 * np.pi / 96) * 2**2 * 5  # area of a regular polygon times height
    assert enclosed_volume(rod) == pytest.approx(prism)


def test_triangles_carry_the_label_of_their_segment():
    rod = revolved(ROD, np.array([7, 8, 9]), origin=np.zeros(3), axis=np.array([0, 0, 1.0]), step=1.0)
    heights = rod.points[rod.triangles][:, :, 2]
    assert (heights[rod.labels == 7] == 0).all() and (heights[rod.labels == 9] == 5).all()


def test_an_arc_stays_on_its_circle_in_steps_no_longer_than_asked():
    points = arc(5.0, (5, 0), (3, 4), step=0.5)
    assert np.hypot(*points.T) == pytest.approx(5)
    assert np.linalg.norm(np.diff(points, axis=0), axis=1).max() <= 0.5
    assert points[0].tolist() == [5, 0] and points[-1].tolist() == [3, 4]
