"""Machines of the standards: absolute forces, told in the femur."""

import numpy as np
import pytest

from femsim.build.attitude import in_femur_frame
from femsim.loads.axial_compression import AxialCompression
from femsim.loads.bench_iso7206 import BenchIso7206
from femsim.loads.pose import downwards
from femsim.loads.subject import Subject
from femsim.loads.wear_iso14242 import WearIso14242
from femsim.supports.distal_fixed import DistalFixed
from femsim.supports.rig import Rig


def _turn(axis, degrees):
    """Right-handed rotation about a coordinate axis."""
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    i, j = (axis + 1) % 3, (axis + 2) % 3
    matrix = np.eye(3)
    matrix[i, i] = matrix[j, j] = c
    matrix[j, i], matrix[i, j] = s, -s
    return matrix


@pytest.mark.parametrize("pose", [(25, 3, -10), (-18, 7, 2), (0, -4, 0), (9, 10, 0)])
def test_down_is_turned_into_the_femur_by_three_rotations(pose):
    flexion, adduction, inwards = pose
    # Flexion takes the knee (-z) forward (+y), adduction takes it inwards (-x), rotation takes the front inwards.
    to_lab = _turn(0, flexion) @ _turn(1, adduction) @ _turn(2, inwards)
    assert downwards(*pose) == pytest.approx(to_lab.T @ (0, 0, -1), abs=1e-15)


def test_each_motion_goes_the_way_it_is_named():
    assert (_turn(0, 20) @ (0, 0, -1))[1] > 0  # the knee goes forward
    assert (_turn(1, 20) @ (0, 0, -1))[0] < 0  # the knee goes inwards
    assert (_turn(2, 20) @ (0, 1, 0))[0] < 0  # the front turns inwards


@pytest.mark.parametrize("part, force", [("stem", 2300.0), ("neck", 5340.0)])
def test_the_bench_pushes_with_the_force_of_the_standard_whatever_the_mass(part, force):
    for mass in (40, 120):
        history = BenchIso7206(part=part).history(Subject(body_mass_kg=mass))
        assert np.linalg.norm(history.hip[0]) == pytest.approx(force, rel=1e-12)
    assert history.frame == "femur"


def test_the_bench_leans_as_walking_does_outwards_and_backwards():
    lateral, anterior, proximal = BenchIso7206().history(Subject()).hip[0]
    assert lateral > 0 > anterior and proximal < 0
    assert np.degrees(np.arctan2(-anterior, -proximal)) == pytest.approx(9.0, abs=0.3)
    assert np.degrees(np.arctan2(lateral, -proximal)) == pytest.approx(10.0, abs=0.3)


def _pressed(machine, support):
    """The force (3,) [N] in the femur that a support holds."""
    return in_femur_frame(machine.history(Subject()), np.eye(3), support.from_lab).hip[0]


def test_the_machine_presses_straight_down_an_upright_shaft_with_the_force_given():
    for force in (1000.0, 5900.0):
        assert _pressed(AxialCompression(force_n=force), DistalFixed()) == pytest.approx([0, 0, -force], abs=1e-9)


def test_a_shaft_tilted_under_the_machine_or_in_its_rig_is_pressed_alike():
    by_load = _pressed(AxialCompression(adduction_deg=10.0, flexion_deg=9.0), DistalFixed())
    by_rig = _pressed(AxialCompression(), Rig(potting_depth_mm=60.0, adduction_deg=10.0, flexion_deg=9.0))
    assert by_load == pytest.approx(by_rig, abs=1e-9)
    assert by_load[0] > 0 > by_load[1] and by_load[2] < 0  # outwards, backwards, down


def test_the_simulator_pushes_with_the_forces_of_the_standard():
    history = WearIso14242(frames=100).history(Subject())
    size = dict(zip(np.round(history.instants).astype(int), np.linalg.norm(history.hip, axis=1)))
    for instant, force in {0: 300, 12: 3000, 32: 1500, 50: 3000, 62: 300, 90: 300}.items():
        assert size[instant] == pytest.approx(force, rel=1e-9)


def test_the_simulator_turns_its_force_in_the_femur():
    history = WearIso14242(frames=100).history(Subject())
    unit = history.hip / np.linalg.norm(history.hip, axis=1, keepdims=True)
    at = {round(instant): direction for instant, direction in zip(history.instants, unit)}
    assert at[0] == pytest.approx(downwards(25, 3, -10)) and at[0][1] < -0.4  # flexed: pressed backwards
    assert at[50][1] > 0.25  # extended: pressed forward
    assert at[21][0] > at[83][0]  # adducted: pressed outwards
