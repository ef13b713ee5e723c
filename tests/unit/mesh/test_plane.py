"""Planes across a body."""

import numpy as np

from femsim.mesh.plane import Plane


def test_places_beyond_a_plane_lie_on_the_side_of_its_normal():
    plane = Plane("cut", (1.0, 2.0, 3.0), (0.0, 0.0, 5.0))
    assert plane.beyond(np.array([[9.0, 9.0, 3.1], [1.0, 2.0, 2.9], [1.0, 2.0, 3.0]])).tolist() == [True, False, False]
    assert plane.normal.tolist() == [0.0, 0.0, 1.0]


def test_a_plane_of_limited_reach_leaves_what_stands_beside_it_alone():
    plane = Plane("cut", (1.0, 0.0, 0.0), (0.0, 0.0, 1.0), reach=2.0)
    assert plane.beyond(np.array([[2.9, 0.0, 50.0], [3.1, 0.0, 1.0]])).tolist() == [True, False]
