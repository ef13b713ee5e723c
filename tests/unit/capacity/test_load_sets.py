"""Sets of hip forces: what belongs to them, and what cannot be asked."""

from dataclasses import replace

import numpy as np
import pytest

from femsim.capacity.load_sets import (
    LOAD_SETS,
    ConeAboutPeak,
    Nominal,
    SpreadBetweenPeople,
    WholeSphere,
    covariance_of,
    set_of,
)
from femsim.errors import UsageError
from femsim.loads.cohort import LEVEL_WALKING as WALKING

PEAK = np.array([54.0, -32.8, -229.2]) * 7.5
NOMINAL = Nominal(PEAK, 750.0, WALKING)


def unit_vectors(n: int, seed: int = 1) -> np.ndarray:
    points = np.random.default_rng(seed).normal(size=(n, 3))
    return points / np.linalg.norm(points, axis=1, keepdims=True)


def test_mean_and_sd_of_walking_are_those_of_the_ten_people():
    # They are told to 0.1, or to 1 for the proximal component.
    assert np.mean(WALKING.subjects, axis=0) == pytest.approx(WALKING.mean_vector, abs=0.15)
    assert np.std(WALKING.subjects, axis=0, ddof=1) == pytest.approx(WALKING.sd_vector, abs=0.15)


def test_the_spread_holds_what_lies_within_its_mahalanobis_distance():
    face = SpreadBetweenPeople(1.5).face(NOMINAL)
    beside = face.forces(unit_vectors(200)) / 7.5 - WALKING.mean_vector
    distance = np.sqrt(np.einsum("ki,ij,kj->k", beside, np.linalg.inv(np.cov(np.transpose(WALKING.subjects))), beside))
    assert distance == pytest.approx(1.5)


def test_people_who_push_harder_push_more_laterally_and_the_set_knows():
    assert covariance_of(WALKING)[0, 2] < -50  # lateral against proximal, which is negative


def test_without_people_the_components_vary_independently():
    unknown = replace(WALKING, subjects=())
    assert covariance_of(unknown) == pytest.approx(np.diag(np.square(WALKING.sd_vector)))


def test_points_pulled_into_a_cone_are_the_nearest_of_it():
    face = ConeAboutPeak(25.0).face(NOMINAL)
    points = np.concatenate([unit_vectors(300), [face.axis, -face.axis]])
    pulled = face.pulled(points)
    angle = np.degrees(np.arccos(np.clip(points @ face.axis, -1, 1)))
    moved = np.degrees(np.arccos(np.clip((pulled * points).sum(axis=1), -1, 1)))
    assert moved == pytest.approx(np.maximum(angle - 25.0, 0.0), abs=1e-4)
    assert np.linalg.norm(face.forces(pulled), axis=1) == pytest.approx(np.linalg.norm(PEAK))


@pytest.mark.parametrize("chosen", [ConeAboutPeak(percent_bw=300.0), WholeSphere(percent_bw=300.0)])
def test_a_size_that_is_given_counts_in_body_weights(chosen):
    assert np.linalg.norm(chosen.face(NOMINAL).forces(unit_vectors(9)), axis=1) == pytest.approx(2250.0)


def test_the_far_and_the_near_side_of_a_spread_lie_on_it():
    face = SpreadBetweenPeople(2.0).face(NOMINAL)
    inside = face.forces(0.9 * unit_vectors(100))
    directions = inside / np.linalg.norm(inside, axis=1, keepdims=True)
    low, high = face.reach(directions)
    for size in (low, high):
        on_it = np.linalg.solve(face.shape, (size[:, None] * directions - face.centre).T)
        assert np.linalg.norm(on_it, axis=0) == pytest.approx(1.0)
    assert (low <= np.linalg.norm(inside, axis=1)).all() and (np.linalg.norm(inside, axis=1) <= high).all()
    assert np.isnan(face.reach(np.array([[0.0, 0.0, 1.0], [1.0, 0.0, 0.0]]))).all()


def test_where_a_spread_ends_rays_only_touch_it():
    face = SpreadBetweenPeople(2.0).face(NOMINAL)
    edge = face.outline()
    edge = edge / np.linalg.norm(edge, axis=1, keepdims=True)
    # Just inside the outline a ray meets the set, just outside none does.
    centre = face.centre / np.linalg.norm(face.centre)
    for share, meets in ((0.999, True), (1.001, False)):
        directions = centre + share * (edge - centre)
        size, _ = face.reach(directions / np.linalg.norm(directions, axis=1, keepdims=True))
        assert (np.isfinite(size) == meets).all()


def test_a_cone_ends_at_its_half_angle_and_a_sphere_nowhere():
    edge = ConeAboutPeak(30.0).face(NOMINAL).outline()
    cosine = edge @ PEAK / np.linalg.norm(edge, axis=1) / np.linalg.norm(PEAK)
    assert np.degrees(np.arccos(cosine)) == pytest.approx(30.0)
    assert WholeSphere().face(NOMINAL).outline() is None


@pytest.mark.parametrize(
    ("name", "given", "words"),
    [
        ("spred", {}, "Did you mean 'spread'"),
        ("cone", {"percent_bw": 0.0}, "percent_bw = 0 is outside 1"),
        ("sphere", {"percent_bw": -240.0}, "outside"),
        ("cone", {"half_angle_deg": 0.0}, "half_angle_deg = 0 is outside"),
        ("cone", {"half_angle_deg": 90.5}, "outside 0.01 … 90 deg"),
        ("cone", {"half_angle_deg": float("nan")}, "outside"),
        ("sphere", {"n_sd": 2.0}, "does not belong to the set 'sphere'"),
    ],
)
def test_what_cannot_be_asked_is_said_in_words(name, given, words):
    with pytest.raises(UsageError, match=words):
        set_of(name, given)


def test_what_is_not_given_stays_at_its_default():
    assert set_of("cone", {"half_angle_deg": None, "percent_bw": 250.0}) == ConeAboutPeak(20.0, 250.0)


def test_a_spread_that_nobody_measured_is_not_invented():
    with pytest.raises(UsageError, match="Nobody has measured"):
        SpreadBetweenPeople().face(Nominal(PEAK, 750.0))


@pytest.mark.parametrize("name", LOAD_SETS)
def test_every_set_says_what_it_holds(name):
    assert str(round(NOMINAL.body_weight)) in LOAD_SETS[name]().words(NOMINAL) or "N (" in LOAD_SETS[name]().words(
        NOMINAL
    )
