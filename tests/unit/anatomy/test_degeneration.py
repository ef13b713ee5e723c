"""Diseases of bone on bodies whose volumes are known."""

from dataclasses import replace

import numpy as np
import pytest

from femsim.anatomy.degeneration.account import account
from femsim.anatomy.degeneration.cysts import Cysts
from femsim.anatomy.degeneration.osteoarthritis import Osteoarthritis
from femsim.anatomy.degeneration.osteonecrosis import Osteonecrosis
from femsim.anatomy.degeneration.osteoporosis import Osteoporosis
from femsim.anatomy.degeneration.state import DENSEST, scaled, sound
from femsim.anatomy.density.rule import DensityRule
from femsim.errors import ModelError
from femsim.fem.geometry import integration_points, integration_weights
from femsim.verification.ball import ball_octant

RADIUS = 24.0  # mm, of the toy femur's head
BALL = 4 / 3 * np.pi * RADIUS**3
UPRIGHT = {"anterior_tilt_deg": 0.0, "medial_tilt_deg": 0.0}


@pytest.fixture(scope="module")
def octant():
    """Integration points of the part of a ball with x, y, z > 0, and their volumes."""
    mesh = ball_octant(RADIUS, 24, order=2)
    return integration_points(mesh).reshape(-1, 3), integration_weights(mesh).ravel()


@pytest.fixture(scope="module")
def ball():
    """Points spread evenly over the part of a head of radius 24 that belongs to it, far from its rim."""
    points = np.random.default_rng(4).uniform(-RADIUS, RADIUS, (400_000, 3))
    points = points[np.linalg.norm(points, axis=1) < RADIUS]
    return points, np.full(len(points), BALL / len(points))


def test_the_mass_of_a_ball_with_a_round_hole(toy_femur, octant):
    """A ball of 0.5 g/cm³ with a cyst of 16 mm in its middle: (π/6)(48³ - 16³ (1 - 0.05/0.5)) · 0.5 mg."""
    points, volumes = octant
    hole = Cysts(centres_mm=((0.0, 0.0, 0.0),), diameters_mm=(16.0,))
    density = hole.applied(sound(points, np.full(len(points), 0.5)), toy_femur).density
    exact = np.pi / 6 * (48**3 * 0.5 - 16**3 * (0.5 - 0.05)) / 8
    assert density @ volumes == pytest.approx(exact, rel=3e-3)
    assert (density < 0.5) @ volumes == pytest.approx(np.pi / 6 * 16**3 / 8, rel=0.03)


@pytest.mark.parametrize("angle", [60.0, 100.0, 115.0])
def test_the_cone_of_dead_bone_has_the_share_of_a_spherical_sector(toy_femur, octant, angle):
    """(1 - cos(angle/2))/2 of the ball; a quarter of the cone about z lies in the octant."""
    points, volumes = octant
    lesion, _ = Osteonecrosis(angle_deg=angle, **UPRIGHT).lesion_and_rim(toy_femur, points)
    share = (1 - np.cos(np.radians(angle / 2))) / 2
    assert volumes[lesion].sum() == pytest.approx(2 * share * volumes.sum(), rel=0.02)


def test_the_rim_has_its_thickness_beside_the_cone(toy_femur, ball):
    points, _ = ball
    disease = Osteonecrosis(angle_deg=90.0, rim_mm=4.0, **UPRIGHT)
    lesion, rim = disease.lesion_and_rim(toy_femur, points)
    out, up = np.hypot(points[:, 0], points[:, 1]), points[:, 2]
    beside = (out - up) / np.sqrt(2)  # from the side of a cone of 90°, where that is nearest
    facing = (out + up > 0) & ~lesion
    assert np.array_equal(rim[facing], (beside < 4.0)[facing])
    behind = (out + up < 0) & (np.linalg.norm(points, axis=1) > 4.0)
    assert not rim[behind].any()


def test_dead_bone_yields_at_another_strain_and_weighs_less(toy_femur):
    points = np.array([[0.0, 0.0, 12.0], [0.0, 0.0, -2.0], [0.0, 0.0, -9.0]])  # lesion, rim, sound
    after = Osteonecrosis(**UPRIGHT).applied(sound(points, np.full(3, 0.4)), toy_femur)
    assert after.density == pytest.approx([0.18, 0.64, 0.4])
    assert after.stiffness_density == pytest.approx([0.4, 0.64, 0.4])
    assert after.modulus_factor == pytest.approx([0.3, 1, 1])
    assert after.yield_strain_factor == pytest.approx([5 / 3, 1, 1])


def test_a_tilt_turns_the_lesion_forwards_and_to_the_midline(toy_femur):
    points = np.array([[0.0, 12.0, 12.0], [0.0, -12.0, 12.0], [-12.0, 0.0, 12.0], [12.0, 0.0, 12.0]])
    forwards = Osteonecrosis(angle_deg=60.0, anterior_tilt_deg=45.0, medial_tilt_deg=0.0)
    inwards = Osteonecrosis(angle_deg=60.0, anterior_tilt_deg=0.0, medial_tilt_deg=45.0)
    assert forwards.lesion_and_rim(toy_femur, points)[0].tolist() == [True, False, False, False]
    assert inwards.lesion_and_rim(toy_femur, points)[0].tolist() == [False, False, True, False]


def test_sclerosis_is_a_shell_of_the_head(toy_femur, ball):
    """Volume of the shell 24 … 18 mm under a cap of 90°: (1 - cos 45°)/2 of 4π/3 (24³ - 18³)."""
    points, volumes = ball
    disease = Osteoarthritis(depth_mm=6.0, angle_deg=90.0, **UPRIGHT)
    after = disease.applied(sound(points, np.full(len(points), 0.4)), toy_femur)
    dense = after.density > 0.4
    exact = (1 - np.cos(np.pi / 4)) / 2 * 4 / 3 * np.pi * (24**3 - 18**3)
    assert volumes[dense].sum() == pytest.approx(exact, rel=0.03)
    assert after.density[dense] == pytest.approx(0.52)


def test_no_sclerosis_is_denser_than_bone_tissue(toy_femur):
    after = Osteoarthritis().applied(sound(np.array([[0.0, 0.0, 23.0]]), np.array([1.85])), toy_femur)
    assert after.density[0] == DENSEST


def test_marrow_below_the_floor_stays_as_light_as_it_was():
    light = np.array([0.004, 0.012, 0.004])
    where = np.array([True, True, False])
    assert scaled(light, where, 0.5).tolist() == [0.004, 0.01, 0.004]


def test_a_cyst_in_dead_bone_is_marrow_again(toy_femur):
    state = Osteonecrosis(**UPRIGHT).applied(sound(np.array([[0.0, 0.0, 12.0]]), np.array([0.4])), toy_femur)
    after = Cysts(centres_mm=((0.0, 0.0, 12.0),), diameters_mm=(4.0,)).applied(state, toy_femur)
    assert (after.density[0], after.stiffness_density[0], after.modulus_factor[0]) == (0.05, 0.05, 1.0)


def test_a_named_cyst_lies_in_the_head_at_its_depth(toy_femur):
    for site in ("superior_head", "anterior_superior_head"):
        ((centre, size),) = Cysts(site=site, depth_mm=8.0).spheres(toy_femur)
        assert np.linalg.norm(centre) == pytest.approx(RADIUS - 8.0) and size == 10.0
        assert centre[2] > 0 and centre[0] < 0


def test_a_cyst_outside_the_bone_is_refused(toy_femur, ball):
    points, volumes = ball
    away = Cysts(centres_mm=((0.0, 0.0, 90.0),), diameters_mm=(10.0,))
    with pytest.raises(ModelError, match="changes no bone"):
        away.told(toy_femur, DensityRule(), points, volumes)


def test_cysts_and_their_diameters_have_to_be_as_many():
    with pytest.raises(ModelError, match="1 centres_mm and 2 diameters_mm"):
        Cysts(centres_mm=((0.0, 0.0, 0.0),), diameters_mm=(5.0, 6.0))


def test_osteoporosis_thins_every_cortex_of_the_rule():
    thin, whole = Osteoporosis(cortex_factor=0.5).on_source(DensityRule()), DensityRule()
    for key in ("cortex_head_mm", "cortex_superior_neck_mm", "cortex_calcar_mm", "cortex_trochanter_mm"):
        assert getattr(thin, key) == 0.5 * getattr(whole, key)
    assert thin.cortex_shaft_mm == 0.5 * whole.cortex_shaft_mm
    assert replace(thin, **{k: getattr(whole, k) for k in vars(whole) if k.startswith("cortex_")}) == whole


def test_osteoporosis_says_so_where_no_cortex_can_be_thinned(toy_femur):
    from dataclasses import make_dataclass

    scan = make_dataclass("Scan", [("file", str)], frozen=True)("ct.nii")
    assert Osteoporosis().on_source(scan) == scan
    (said,) = Osteoporosis().told(toy_femur, scan, np.zeros((1, 3)), np.ones(1))
    assert "cortex_factor is not applied" in said


def test_the_share_of_dead_bone_is_told_against_the_indication(toy_femur, ball):
    points, volumes = ball
    small, large = (Osteonecrosis(angle_deg=a, **UPRIGHT).told(toy_femur, None, points, volumes)[0] for a in (60, 170))
    assert "within the 30 to 33 %" in small and "beyond the 30 to 33 %" in large


def test_mass_is_density_times_volume():
    counted = account(np.array([[1.0, 0.5]]), np.array([[1.0, 0.25]]), np.array([[2000.0, 2000.0]]))
    assert (counted.sound_mass_g, counted.mass_g) == pytest.approx((3.0, 2.5))
    assert counted.mean_density_g_per_cm3 == pytest.approx(0.625)
