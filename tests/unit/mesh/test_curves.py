"""Thinning takes short pieces out of curves and leaves the rest."""

import numpy as np
import pytest

from femsim.mesh.curves import thinned
from femsim.mesh.surface import Surface, areas, edge_counts


def halves_with_a_seam(places):
    """A 10 × 4 rectangle of two labels that meet along y = 0, where points stand at the given places."""
    rows = [np.array([[x, y, 0.0] for x in (places if y == 0 else np.arange(0.0, 11, 2))]) for y in (-2, 0, 2)]
    points = np.vstack(rows)
    starts = np.cumsum([0] + [len(row) for row in rows])
    triangles, labels = [], []
    for lower in (0, 1):
        i, j = starts[lower], starts[lower + 1]
        while i < starts[lower + 1] - 1 or j < starts[lower + 2] - 1:
            advance_lower = j == starts[lower + 2] - 1 or (
                i < starts[lower + 1] - 1 and points[i + 1, 0] <= points[j + 1, 0]
            )
            triangles.append([i, i + 1, j] if advance_lower else [i, j + 1, j])
            labels.append(lower)
            i, j = (i + 1, j) if advance_lower else (i, j + 1)
    return Surface(points, np.array(triangles), np.array(labels))


def seam_edges(surface):
    edges, _ = edge_counts(surface.triangles)
    on_seam = np.abs(surface.points[edges][:, :, 1]).max(axis=1) < 1e-9
    return np.linalg.norm(np.diff(surface.points[edges[on_seam]], axis=1), axis=2).ravel()


@pytest.fixture
def rough():
    places = np.unique(np.concatenate([np.linspace(0, 10, 9), np.random.default_rng(3).uniform(0.1, 9.9, 40)]))
    return halves_with_a_seam(places)


def test_no_short_piece_is_left(rough):
    assert seam_edges(rough).min() < 0.1
    pieces = seam_edges(thinned(rough, np.full(rough.n_points, 2.0)))
    assert pieces.min() > 0.5 * 2.0
    assert pieces.max() < 1.2 * 2.0


def test_labels_keep_their_area_and_triangles_their_side(rough):
    smooth = thinned(rough, np.full(rough.n_points, 2.0))
    for label in (0, 1):
        assert areas(smooth)[smooth.labels == label].sum() == pytest.approx(20)
    a, b, c = (smooth.points[smooth.triangles[:, k]] for k in range(3))
    assert (np.cross(b - a, c - a)[:, 2] > 0).all()


def test_points_never_move(rough):
    smooth = thinned(rough, np.full(rough.n_points, 2.0))
    assert {tuple(p) for p in smooth.points} <= {tuple(p) for p in rough.points}


def test_curves_with_pieces_long_enough_stay_as_they_are():
    even = halves_with_a_seam(np.arange(0.0, 11, 2))
    same = thinned(even, np.full(even.n_points, 2.0))
    assert np.array_equal(same.points, even.points) and np.array_equal(same.triangles, even.triangles)


@pytest.mark.parametrize(("apart", "meet"), [(1.0, True), (0.1, False)])
def test_curves_that_pass_closely_meet_unless_they_are_meant_to_be_apart(apart, meet):
    strip = halves_with_a_seam(np.arange(0.0, 11, 2))
    points = strip.points * [1, 0.1, 1]  # the seam 0.2 mm from the open edges, which are curves too
    narrow = thinned(Surface(points, strip.triangles, strip.labels), np.full(len(points), 2.0), apart=apart)
    across = strip.n_triangles - 4  # the short ends are pieces of a curve: they go in any case
    assert (narrow.n_triangles < across) == meet
