"""Repair of surfaces: what is mended and said, what is left alone, what is refused."""

import numpy as np
import pytest

from femsim.errors import SurfaceError
from femsim.mesh.closest import closest_points
from femsim.mesh.isosurface import isosurface
from femsim.mesh.repair import closed_outward, mended, repaired
from femsim.mesh.surface import Surface, compacted, enclosed_volume, is_closed


def _rod(points, length=60.0):
    along = np.clip(points[:, 2], -length, length)
    return np.linalg.norm(points - along[:, None] * [0.0, 0.0, 1.0], axis=1) - 10.0


@pytest.fixture(scope="module")
def rod() -> Surface:
    """A closed bone-like rod, 140 mm long, 20 mm thick."""
    return isosurface(_rod, (-14, -14, -74), (14, 14, 74), 1.7)


def _without(surface: Surface, gone: np.ndarray) -> Surface:
    return compacted(Surface(surface.points, surface.triangles[~gone[surface.triangles].any(axis=1)]))


def test_a_sound_surface_comes_back_untouched(rod):
    same, notes = repaired(rod)
    assert notes == ()
    assert np.array_equal(same.points[same.triangles], rod.points[rod.triangles])


def test_an_inward_surface_is_turned(rod):
    turned, _ = repaired(Surface(rod.points, rod.triangles[:, ::-1]))
    assert enclosed_volume(turned) == pytest.approx(enclosed_volume(rod))


def test_triangles_that_face_the_wrong_way_are_turned_and_it_is_said(rod):
    triangles = rod.triangles.copy()
    triangles[::5] = triangles[::5, ::-1]
    mended, notes = repaired(Surface(rod.points, triangles))
    assert enclosed_volume(mended) == pytest.approx(enclosed_volume(rod))
    assert any("turned" in note for note in notes)


def test_an_open_distal_cut_is_closed_and_said(rod):
    mended, notes = repaired(_without(rod, rod.points[:, 2] < -50))
    assert is_closed(mended)
    assert any("1 opening(s) closed" in note for note in notes)
    assert mended.points[:, 2].min() > -54


def test_a_pinhole_beside_the_cut_is_closed(rod):
    gone = (rod.points[:, 2] < -50) | (np.linalg.norm(rod.points - [10, 0, 20], axis=1) < 2.5)
    mended, notes = repaired(_without(rod, gone))
    assert is_closed(mended) and any("2 opening(s)" in note for note in notes)


@pytest.mark.parametrize(
    "missing",
    [lambda p: p[:, 0] > 4, lambda p: np.abs(p[:, 2]) > 50],
    ids=["one side", "both ends"],
)
def test_large_openings_are_refused(rod, missing):
    with pytest.raises(SurfaceError, match="open") as caught:
        repaired(_without(rod, missing(rod.points)))
    assert "mm²" in caught.value.what and caught.value.remedy


def test_crumbs_are_left_out_and_said(rod):
    crumb = Surface(0.05 * rod.points + [30, 0, 0], rod.triangles)
    both = Surface(
        np.concatenate([rod.points, crumb.points]), np.concatenate([rod.triangles, crumb.triangles + rod.n_points])
    )
    mended, notes = repaired(both)
    assert mended.n_triangles == rod.n_triangles
    assert any("smaller shell" in note for note in notes)


def test_two_bones_in_one_file_are_refused(rod):
    both = Surface(
        np.concatenate([rod.points, rod.points + np.array([40.0, 0, 0])]),
        np.concatenate([rod.triangles, rod.triangles + rod.n_points]),
    )
    with pytest.raises(SurfaceError, match="several bones"):
        repaired(both)


def test_triangles_that_cut_through_each_other_are_replaced_and_said(rod):
    points = rod.points.copy()
    patch = np.flatnonzero(np.linalg.norm(points - [10, 0, 0], axis=1) < 4)
    points[patch] += np.random.default_rng(0).normal(0, 0.8, (len(patch), 3))
    mended, notes = repaired(Surface(points, rod.triangles))
    assert is_closed(mended)
    assert any("cut through others" in note for note in notes)
    assert any("volume changed by" in note for note in notes)


def test_a_surface_that_cuts_through_itself_by_far_is_refused(rod):
    points = rod.points.copy()
    patch = np.linalg.norm(points - [10, 0, 0], axis=1) < 6
    points[patch] -= [28, 0, 0]
    with pytest.raises(SurfaceError):
        repaired(Surface(points, rod.triangles))


def test_duplicate_triangles_are_taken_once(rod):
    mended, notes = repaired(Surface(rod.points, np.concatenate([rod.triangles, rod.triangles[:20]])))
    assert mended.n_triangles == rod.n_triangles
    assert any("twice" in note for note in notes)


def _torn(rod: Surface, kind: str) -> Surface:
    random = np.random.default_rng(3)
    points, triangles = rod.points, rod.triangles
    if kind == "deletions":
        return Surface(points, np.delete(triangles, random.choice(len(triangles), 20, False), 0))
    if kind == "pinholes":
        return Surface(points, triangles[random.random(len(triangles)) > 0.06])
    if kind == "a hole of 30 mm²":
        return _without(rod, np.linalg.norm(points - [10, 0, 20], axis=1) < 2.4)
    if kind == "flipped patch":
        patch = np.linalg.norm(points[triangles].mean(axis=1) - [10, 0, 20], axis=1) < 6
        return Surface(points, np.where(patch[:, None], triangles[:, ::-1], triangles))
    if kind == "jittered copy":
        return _both(rod, Surface(points + random.normal(0, 0.05, points.shape), triangles))
    if kind == "inner shell":
        return _both(rod, Surface(0.7 * points, triangles))
    if kind == "flaps":
        at = random.choice(len(triangles), 15, False)
        tips = points[triangles[at, 0]] * [1.4, 1.4, 1.0] + random.normal(0, 1.0, (15, 3))
        flaps = np.stack([triangles[at, 0], triangles[at, 1], rod.n_points + np.arange(15)], axis=1)
        return Surface(np.concatenate([points, tips]), np.concatenate([triangles, flaps]))
    noise = 1e-4 if kind == "soup" else 0.08
    corners = points[triangles].reshape(-1, 3)
    return Surface(corners + random.normal(0, noise, corners.shape), np.arange(len(corners)).reshape(-1, 3))


def _both(one: Surface, other: Surface) -> Surface:
    return Surface(
        np.concatenate([one.points, other.points]), np.concatenate([one.triangles, other.triangles + one.n_points])
    )


@pytest.mark.parametrize(
    "kind, route",
    [
        ("deletions", "mended"),
        ("pinholes", "mended"),
        ("a hole of 30 mm²", "mended"),
        ("flipped patch", "sorted"),
        ("jittered copy", "sorted"),
        ("inner shell", "sorted"),
        ("flaps", "wrapped"),
        ("soup", "sorted"),
        ("noisy soup", "wrapped"),
    ],
)
def test_a_torn_bone_comes_back_as_it_was(rod, kind, route):
    closed, report = mended(_torn(rod, kind))
    assert report.route == route
    assert is_closed(closed)
    off = max(closest_points(closed, rod.points).distance.max(), closest_points(rod, closed.points).distance.max())
    assert off < (2.0 if kind == "flaps" else 0.5)  # the corner at the root of a flap is rounded
    assert enclosed_volume(closed) == pytest.approx(enclosed_volume(rod), rel=0.01)


def test_the_report_counts_what_was_wrong_and_shows_where(rod):
    torn = _torn(rod, "deletions")
    closed, report = mended(_both(torn, Surface(0.7 * rod.points, rod.triangles)))
    assert report.openings >= 18 and len(report.bad.borders) >= 3 * 18  # of 20 holes some may touch
    assert report.shells_left_out == 1 and len(report.bad.left_out) == rod.n_triangles
    assert (report.triangles_before, report.triangles_after) == (torn.n_triangles + rod.n_triangles, closed.n_triangles)
    assert abs(report.volume_change_percent) < 0.5
    assert report.record()["notes"] == list(report.notes)


def test_triangles_that_cross_are_shown_where_they_are(rod):
    points = rod.points.copy()
    place = points[np.argmax(points @ [1.0, 0.2, 0.3])]
    near = np.linalg.norm(points - place, axis=1) < 5.0
    points[near] += np.random.default_rng(1).normal(0.0, 1.5, (near.sum(), 3))
    _, report = mended(Surface(points, rod.triangles))
    assert report.crossing_triangles > 5
    assert np.linalg.norm(report.bad.crossing.mean(axis=1) - place, axis=1).max() < 10.0


def test_two_overlapping_shells_become_one_bone(rod):
    ball = isosurface(lambda p: np.linalg.norm(p - [0, 0, 70], axis=1) - 16.0, (-20, -20, 50), (20, 20, 90), 1.7)
    closed, report = mended(_both(rod, ball))
    assert report.route == "wrapped" and is_closed(closed)
    assert closed.points[:, 2].max() == pytest.approx(86.0, abs=0.3)
    assert closed.points[:, 2].min() == pytest.approx(-70.0, abs=0.3)


def test_an_inner_surface_may_cut_through_itself(rod):
    points = rod.points.copy()
    patch = np.flatnonzero(np.linalg.norm(points - [10, 0, 0], axis=1) < 4)
    points[patch] += np.random.default_rng(0).normal(0, 0.8, (len(patch), 3))
    closed, _ = closed_outward(Surface(points, rod.triangles[:, ::-1]))
    assert closed.n_triangles == rod.n_triangles and enclosed_volume(closed) > 0
