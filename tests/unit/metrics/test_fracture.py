"""Where bone broke gets the name that a surgeon gives it, and loads and energies are those of the course."""

from dataclasses import replace

import numpy as np
import pytest

from femsim.analyses.failure_course import FailureCourse
from femsim.anatomy.neck_frame import neck_frame
from femsim.anatomy.parametric import ParametricFemur
from femsim.anatomy.zones import ZONES, zones_of
from femsim.fem.geometry import centroids, integration_weights
from femsim.fem.sample import box_mesh
from femsim.loads.history import LoadHistory
from femsim.mesh.mesh import Mesh
from femsim.mesh.topology import largest_piece
from femsim.metrics.fracture import _first_crack, fracture
from femsim.model import Model

HIP = 2000.0  # N at the peak of the activity
SIZE = np.array([130.0, 100.0, 235.0])
CORNER = np.array([-35.0, -50.0, -200.0])


@pytest.fixture(scope="module")
def femur():
    return ParametricFemur().shape()


@pytest.fixture(scope="module")
def model(femur):
    """A block of bone about the femur with the femur's zones: every place has one, also outside the surface."""
    box = box_mesh((13, 10, 23), tuple(SIZE), order=1)
    cap = np.arange(box.n_elements) < 5
    mesh = Mesh(box.nodes + CORNER, box.elements, cap.astype(int), ("bone_kept", "cement"))
    zone_of, zones = zones_of(femur, centroids(mesh))
    e, n = mesh.n_elements, mesh.n_nodes
    history = LoadHistory(
        ("hip",), ("head",), np.array([[[0.0, 0.0, -HIP]]]), np.array([0.0]), "s", 1.0, False, ("Somebody 2001",)
    )
    return Model(
        "intact", mesh, np.ones((e, 1)), np.full((e, 1), 1e4), np.full((e, 1), 0.3), np.arange(4), history,
        np.zeros((1, n, 3)), np.ones((1, 1)), np.where(cap, -1, zone_of), zones,
    )  # fmt: skip


def course_of(model, damage, **more):
    """Four states: rest, first yield, peak, past it; damage (e,) at the end."""
    e, n = model.mesh.n_elements, model.mesh.n_nodes
    factor = np.array([0.0, 1.0, 2.5, 2.0])
    known = {
        "factor": factor, "travel": np.array([0.0, 0.5, 2.0, 3.0]), "force": HIP * factor,
        "work": np.array([0.0, 500.0, 5750.0, 10250.0]), "stored": np.array([0.0, 500.0, 4000.0, 3000.0]),
        "dissipated": np.array([0.0, 0.0, 1750.0, 7250.0]), "yielded": np.array([0.0, 30.0, 80.0, 200.0]),
        "first_yield": 0.9, "crack_volume": 20.0, "frames": np.array([0, 1, 2, 3]),
        "displacement": np.zeros((4, n, 3)), "damage": np.linspace(0, 1, 4)[:, None] * damage,
        "plastic_strain": np.linspace(0, 1, 4)[:, None] * np.asarray(damage > 0, float), "iterations": np.arange(4),
        "ending": "The load fell by a fifth.", "past_peak": True,
    }  # fmt: skip
    assert e == len(damage)
    return FailureCourse(model=model, **(known | more))


@pytest.fixture(scope="module")
def share(femur, model):
    return neck_frame(femur.landmarks).share(centroids(model.mesh))


def at(model, femur, place, radius=12.0):
    """(e,) damage 1 in a ball about a point."""
    return (np.linalg.norm(centroids(model.mesh) - place, axis=1) < radius).astype(float)


def neck_place(femur, share, superior=0.0):
    neck = neck_frame(femur.landmarks)
    level = neck.head_level + share * (neck.base_level - neck.head_level)
    shift = level - neck.centre @ neck.along
    return neck.centre + shift * neck.along + superior * femur.landmarks.neck_radius * neck.superior


@pytest.mark.parametrize("zone", ZONES)
def test_the_site_is_the_zone_that_is_broken(zone, model, share):
    damage = (model.zone_of == ZONES.index(zone)).astype(float)
    found = fracture(course_of(model, damage), share)
    assert found.site == zone and set(found.broken) == {zone}
    assert found.crack_place == ("" if zone == "distal_support" else zone)  # what yields there belongs to the support
    volume = integration_weights(model.mesh).sum(axis=1)[damage > 0].sum()
    assert found.broken[zone] == pytest.approx(volume)


@pytest.mark.parametrize(
    ("along", "pattern"),
    [(-1.2, "in the head"), (0.0, "subcapital"), (0.5, "transcervical"), (0.9, "basicervical")],
)
def test_a_fracture_of_the_neck_is_named_by_how_far_along_it_lies(along, pattern, model, femur, share):
    found = fracture(course_of(model, at(model, femur, neck_place(femur, along), 8.0)), share)
    assert found.pattern == pattern


@pytest.mark.parametrize(("superior", "side"), [(0.9, "upper"), (-0.9, "lower")])
def test_the_side_of_the_neck_is_said_in_plain_words(superior, side, model, femur, share):
    found = fracture(course_of(model, at(model, femur, neck_place(femur, 0.5, superior), 9.0)), share)
    assert found.side == side


@pytest.mark.parametrize(
    ("zones", "pattern"),
    [
        (("greater_trochanter",), "of the greater trochanter"),
        (("calcar",), "of the calcar"),
        (("greater_trochanter", "calcar"), "intertrochanteric"),
        (("shaft_lateral",), "subtrochanteric"),
        (("shaft_medial", "shaft_lateral"), "subtrochanteric"),
        (("shaft_distal",), "of the shaft"),
        (("distal_support",), "beside the support"),
    ],
)
def test_below_the_neck_the_zones_say_what_broke(zones, pattern, model, share):
    damage = np.zeros(model.mesh.n_elements)
    for zone in zones:  # the same size in each
        damage[np.flatnonzero(model.zone_of == ZONES.index(zone))[:20]] = 1.0
    found = fracture(course_of(model, damage), share)
    assert found.pattern == pattern and found.side == ""


def test_a_neck_that_broke_in_many_zones_goes_before_one_larger_zone_elsewhere(model, femur, share):
    damage = at(model, femur, neck_place(femur, 0.5), 18.0)
    n = min(60, int(damage.sum()) // 2)
    damage[np.flatnonzero(model.zone_of == ZONES.index("shaft_distal"))[:n]] = 1.0
    assert fracture(course_of(model, damage), share).pattern == "transcervical"


def test_where_nothing_is_broken_the_most_damaged_place_speaks(model, share):
    damage = np.where(model.zone_of == ZONES.index("calcar"), 0.3, 0.0)
    found = fracture(course_of(model, damage), share)
    assert found.site == "calcar" and found.broken == {}


def test_without_any_damage_there_is_no_site(model, share):
    found = fracture(course_of(model, np.zeros(model.mesh.n_elements), first_yield=None), share)
    assert (found.site, found.pattern, found.crack_load, found.crack_place) == ("", "none", None, "")


def test_bone_goes_before_the_cement_that_cracked(model, share):
    damage = (model.mesh.region_of == 1).astype(float)
    alone = fracture(course_of(model, damage), share)
    assert (alone.site, alone.pattern) == ("cement", "of the cement")
    damage[np.flatnonzero(model.zone_of == ZONES.index("calcar"))[0]] = 1.0
    assert fracture(course_of(model, damage), share).site == "calcar"


def test_loads_and_energies_are_those_of_the_course(model, share):
    found = fracture(course_of(model, np.zeros(model.mesh.n_elements)), share)
    assert (found.load, found.factor, found.is_peak) == (2.5 * HIP, 2.5, True)
    assert (found.crack_load, found.crack_factor) == (0.9 * HIP, 0.9)
    assert (found.energy_to_peak, found.dissipated) == (5750.0, 7250.0)
    assert found.stiffness == pytest.approx(HIP / 0.5)


def test_the_first_crack_is_looked_for_where_it_first_was_large_enough(model, share):
    e = model.mesh.n_elements
    strain = np.zeros((4, e))
    strain[1, np.flatnonzero(model.zone_of == ZONES.index("calcar"))[:5]] = 1e-3
    strain[2:, np.flatnonzero(model.zone_of == ZONES.index("shaft_distal"))] = 1e-3
    assert fracture(course_of(model, np.zeros(e), plastic_strain=strain), share).crack_place == "calcar"


def test_it_is_told_how_many_elements_a_first_crack_is(model, share):
    e = model.mesh.n_elements
    strain = np.zeros((4, e))
    strain[1:, model.zone_of == ZONES.index("calcar")] = 1e-3
    course = course_of(model, np.zeros(e), plastic_strain=strain)
    volumes = integration_weights(model.mesh).sum(axis=1)
    found = fracture(replace(course, crack_volume=3.0 * float(volumes[_first_crack(course)].mean())), share)
    assert found.crack_elements == pytest.approx(3.0)


def test_marrow_strains_and_does_not_break(model, share):
    zone = np.flatnonzero(model.zone_of == ZONES.index("shaft_distal"))
    light = replace(model, density=np.where(np.isin(np.arange(len(model.density)), zone), 0.05, 1.0)[:, None])
    damage = np.zeros(len(light.density))
    damage[zone] = 1.0
    found = fracture(course_of(light, damage), share)
    assert (found.site, found.crack_place, found.broken) == ("", "", {})


def test_a_piece_hangs_together_by_faces(model):
    middle = centroids(model.mesh)
    low, high = middle[:, 2] < -170, middle[:, 2] > -20  # the higher piece is larger and far from the lower
    mesh = model.mesh
    volumes = integration_weights(mesh).sum(axis=1)
    assert np.array_equal(largest_piece(mesh.elements, volumes, low | high), high)
    assert not largest_piece(mesh.elements, volumes, np.zeros(len(low), bool)).any()


def test_a_course_that_ended_before_its_peak_says_so(model, share):
    course = replace(course_of(model, np.zeros(model.mesh.n_elements)), past_peak=False)
    assert not fracture(course, share).is_peak


def test_a_fracture_is_named_after_what_broke_while_the_load_fell(model, share):
    trochanter, neck = (model.zone_of == ZONES.index(zone) for zone in ("greater_trochanter", "neck_superior_distal"))
    at_peak = np.where(trochanter, 0.9, 0.0)  # the larger volume, but it did not end it
    end = np.maximum(at_peak, np.where(neck, 0.9, 0.0))
    damage = np.stack([np.zeros_like(end), np.zeros_like(end), at_peak, end])
    course = course_of(model, end)
    found = fracture(replace(course, damage=damage), share)
    assert found.site == "neck_superior_distal" and set(found.broken) == {"greater_trochanter", "neck_superior_distal"}
    held = fracture(replace(course, damage=damage, past_peak=False), share)
    assert held.site == "greater_trochanter"  # the load did not fall: all that is broken speaks
