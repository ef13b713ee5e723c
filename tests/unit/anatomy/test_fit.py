"""Fitting the parametric femur: it finds what it made itself, and comes near real bones."""

from dataclasses import fields

import numpy as np
import pytest

from femsim.anatomy.fit import fit
from femsim.anatomy.frame import MIRROR
from femsim.anatomy.landmarks import recognise
from femsim.anatomy.measure import measured
from femsim.anatomy.parametric import ParametricFemur
from femsim.mesh.closest import closest_points
from femsim.mesh.files import read_surface
from femsim.mesh.repair import repaired
from femsim.mesh.surface import Surface, centroids, transformed

pytestmark = pytest.mark.slow  # a fit takes five seconds


@pytest.fixture(scope="module")
def own():
    """A left femur of the family itself, turned and shifted, and its fit."""
    asked = {"head_diameter_mm": 46.0, "neck_shaft_angle_deg": 122.0, "offset_mm": 48.0, "trochanter_height_mm": 16.0}
    femur = ParametricFemur(**asked, crest_mm=2.0)
    turn = np.eye(4)
    turn[:3, :3] = np.linalg.qr(np.random.default_rng(4).normal(size=(3, 3)))[0]
    turn[:3, :3] *= np.sign(np.linalg.det(turn[:3, :3]))
    turn[:3, 3] = (120.0, 40.0, -700.0)
    surface = transformed(femur.shape().surface, turn @ MIRROR)
    return asked, surface, fit(surface)


def test_a_femur_of_the_family_is_found_again(own):
    asked, _, found = own
    assert found.femur.side == "left"
    for key, value in asked.items():
        assert getattr(found.femur, key) == pytest.approx(value, abs=1.0), key
    assert max(found.to_bone.rms, found.to_shape.rms) < 0.3


def test_the_distances_are_those_between_the_surfaces(own):
    _, surface, found = own
    placed = transformed(surface, found.to_femur)
    points = centroids(found.bone)
    assert closest_points(placed, points).distance.max() < 1e-6  # the bone is where the motion puts it
    again = closest_points(found.shape.surface, points).distance
    assert np.abs(found.away) == pytest.approx(again, abs=1e-9)
    assert found.to_shape.largest == pytest.approx(again.max())


def test_the_sign_says_on_which_side_the_bone_lies(own):
    from femsim.anatomy.fit import _inside

    shape = own[2].shape
    out, inward = (Surface(shape.surface.points * s, shape.surface.triangles) for s in (1.03, 0.97))
    on_head = centroids(out) @ shape.landmarks.neck_axis > 5.0
    assert not _inside(shape, out)[on_head].any() and _inside(shape, inward)[on_head].all()


@pytest.mark.parametrize(
    "name, rms, p95",
    [
        ("femur_libhip/raw_m4_rfemur_mm.stl", 2.0, 4.0),  # the goal; 1.33 and 2.75 measured
        ("femur_libhip/raw_m3_rfemur_mm.stl", 2.0, 4.0),  # 1.23 and 2.56
        ("femur_gfxmorph/femur.stl", 2.0, 4.0),  # whole: 1.51 and 3.11
        ("femur_comodo/femur.stl", 3.5, 7.0),  # whole, bulky: 2.81 and 5.72
    ],
)
@pytest.mark.long
def test_a_real_femur_is_met(name, rms, p95, shared_data):
    surface, _ = repaired(read_surface(shared_data / name))
    found = fit(surface)
    assert max(found.to_bone.rms, found.to_shape.rms) < rms
    assert max(found.to_bone.p95, found.to_shape.p95) < p95
    told = measured(surface, recognise(surface))
    for name in ("neck_height_mm", "neck_depth_mm"):
        assert getattr(found.femur, name) == pytest.approx(getattr(told, name), abs=0.01)  # not thinned by the fit
    keys = {field.name: getattr(found.femur, field.name) for field in fields(found.femur)}
    assert np.array_equal(ParametricFemur(**keys).shape().surface.points, found.shape.surface.points)
