"""Zones of the proximal femur."""

import dataclasses

import numpy as np
import pytest

from femsim.anatomy.neck_frame import neck_frame
from femsim.anatomy.zones import ZONES, zones_of
from femsim.errors import GeometryError
from femsim.metrics.places import SUPPORT, UNIONS


def _zone(femur, *places):
    rows, names = zones_of(femur, np.array(places, float))
    return [names[row] for row in rows]


def test_known_places_have_the_names_a_surgeon_gives_them(toy_femur):
    marks, neck = toy_femur.landmarks, neck_frame(toy_femur.landmarks)
    near, far = (level * neck.along for level in (1.3 * neck.head_level, 0.95 * neck.base_level))
    up, front = 0.6 * marks.neck_radius * neck.superior, 0.6 * marks.neck_radius * neck.anterior
    places = {
        "head_superior": (0, 0, 15),
        "head_inferior": (-4, 0, -15),
        "head_anterior": (0, 15, 3),
        "head_posterior": (0, -15, 3),
        "neck_superior_proximal": near + up,
        "neck_inferior_proximal": near - up,
        "neck_superior_distal": far + up,
        "neck_inferior_distal": far - up,
        "neck_anterior_proximal": near + front,
        "neck_anterior_distal": far + front,
        "neck_posterior_proximal": near - front,
        "neck_posterior_distal": far - front,
        "greater_trochanter": marks.greater_trochanter_tip - (0, 0, 3),
        "calcar": marks.lesser_trochanter + np.array([2, 0, 2]),
        "shaft_lateral": marks.shaft_point + np.array([10, 0, 10]),
        "shaft_medial": marks.shaft_point - (10, 0, 0),
        "distal_support": marks.shaft_point - (0, 0, 30),
    }
    assert _zone(toy_femur, *places.values()) == list(places)


def test_the_distal_support_reaches_one_shaft_diameter_above_the_cut(toy_femur):
    x, low = toy_femur.landmarks.shaft_point[0], -140.0
    assert _zone(toy_femur, (x, 0, low + 25.0), (x - 5, 0, low + 31.0)) == ["distal_support", "shaft_medial"]


def test_a_long_femur_has_a_distal_shaft(toy_femur):
    marks = dataclasses.replace(toy_femur.landmarks, lesser_trochanter=np.array([31.0, 0, -35.0]))
    femur = dataclasses.replace(toy_femur, landmarks=marks)
    assert _zone(femur, marks.shaft_point - (0, 0, 5)) == ["shaft_distal"]


def test_every_place_has_exactly_one_zone(toy_femur):
    rows, names = zones_of(toy_femur, toy_femur.surface.points)
    assert names == ZONES and rows.shape == (toy_femur.surface.n_points,)
    assert rows.min() >= 0 and rows.max() < len(ZONES)


def test_a_femur_without_a_flat_end_is_refused(toy_femur):
    surface = dataclasses.replace(toy_femur.surface, labels=None)
    with pytest.raises(GeometryError, match="no flat distal end"):
        zones_of(dataclasses.replace(toy_femur, surface=surface), np.zeros((1, 3)))


@pytest.mark.parametrize(
    ("angle_deg", "side"),
    [(0, "superior"), (44, "superior"), (46, "anterior"), (134, "anterior"), (136, "inferior"), (-136, "inferior"),
     (-134, "posterior"), (-46, "posterior"), (-44, "superior")],
)  # fmt: skip
def test_sides_of_head_and_neck_meet_at_diagonals_of_45_degrees(toy_femur, angle_deg, side):
    neck = neck_frame(toy_femur.landmarks)
    outward = np.cos(np.radians(angle_deg)) * neck.superior + np.sin(np.radians(angle_deg)) * neck.anterior
    at_neck = neck.centre + (0.9 * neck.base_level - neck.centre @ neck.along) * neck.along
    assert _zone(toy_femur, 10 * outward, at_neck + 10 * outward) == [f"head_{side}", f"neck_{side}_distal"]


def test_measures_know_zones_by_the_names_they_have_here():
    assert SUPPORT in ZONES
    assert [sum(zone.startswith(start) for zone in ZONES) for start in UNIONS.values()] == [2, 2, 12]
