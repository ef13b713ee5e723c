"""Patches join where they touch."""

import numpy as np
import pytest

from femsim.errors import MeshError
from femsim.mesh.complex import boundary_of, joined, open_edges_of, stitched
from femsim.mesh.surface import Surface, areas, edge_counts

SQUARE = np.array([[0, 0, 0], [2, 0, 0], [2, 2, 0], [0, 2, 0]], float)
HALVES = np.array([[0, 1, 2], [0, 2, 3]])


def below(*places):
    """A strip on the other side of the edge y = 0, with points at the given places along it."""
    top = np.array([[x, 0, 0] for x in (0, *places, 2)], float)
    points = np.vstack([top, [[1, -2, 0]]])
    last = len(points) - 1
    return Surface(points, [[k + 1, k, last] for k in range(len(top) - 1)], np.full(len(top) - 1, 5))


def test_equal_points_of_patches_become_one():
    whole = joined([Surface(SQUARE, HALVES), Surface(SQUARE + np.array([2, 0, 1e-9]), HALVES)])
    assert whole.n_points == 6
    assert edge_counts(whole.triangles)[1].max() == 2


@pytest.mark.parametrize("places", [(1.0,), (0.3,), (0.2, 0.9, 1.0, 1.7), tuple(np.linspace(0.1, 1.9, 11))])
def test_an_edge_is_split_at_every_vertex_that_lies_on_it(places):
    whole = stitched(joined([Surface(SQUARE, HALVES), below(*places)]))
    edges = open_edges_of(whole.triangles)
    on_line = np.abs(whole.points[edges][:, :, 1]).max(axis=1) < 1e-9
    assert not on_line.any()
    assert areas(whole).sum() == pytest.approx(4 + 2)


def test_split_triangles_keep_their_label_and_their_side():
    whole = stitched(joined([Surface(SQUARE, HALVES, np.array([1, 2])), below(1.0)]))
    normal = np.cross(*(whole.points[whole.triangles[:, k]] - whole.points[whole.triangles[:, 0]] for k in (1, 2)))
    assert (normal[whole.labels == 1][:, 2] > 0).all()
    assert areas(whole)[whole.labels == 1].sum() == pytest.approx(2)


def test_a_region_that_is_open_is_refused():
    with pytest.raises(MeshError, match="open edges"):
        boundary_of(Surface(SQUARE, HALVES), [0], "cement")
