"""The picture of a surgical plan: drawn without a display, different for different plans."""

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from femsim.mesh.revolve import revolved
from femsim.mesh.surface import Surface
from femsim.view.plan_picture import Sketch, draw

ORANGE, BLUE, CUT = (179, 71, 11), (11, 95, 165), (160, 40, 28)
NECK = np.array([-0.8, 0.1, np.sqrt(1 - 0.65)])


def ball(radius, centre=(0.0, 0.0, 0.0)):
    turn = np.linspace(-np.pi / 2, np.pi / 2, 25)
    profile = radius * np.column_stack([np.cos(turn), np.sin(turn)])
    profile[[0, -1], 0] = 0.0
    return revolved(profile, np.zeros(24), origin=np.array(centre), axis=np.array([0.0, 0.0, 1.0]), step=5.0)


def shaft():
    profile = np.array([(0, -180), (14, -180), (14, 10), (0, 10)], float)
    return revolved(profile, np.zeros(3), origin=np.array([40.0, 0, 0]), axis=np.array([0.0, 0, 1]), step=10.0)


@pytest.fixture(scope="module")
def sketch():
    nothing = Surface(np.empty((0, 3)), np.empty((0, 3), int))
    axes = {"neck": (np.zeros(3), NECK), "shaft": (np.array([40.0, 0, -100.0]), np.array([0.0, 0, 1.0]))}
    numbers = {"neck_shaft_angle_deg": 126.3, "anteversion_deg": 7.1, "centre_moved_mm": None}
    return Sketch(
        "walking: plan", "Nothing put in; right femur.", shaft(), nothing, {}, axes, None, (24.0, None), None, True,
        numbers, [("natural neck–shaft angle", "126.3°")], [],
    )  # fmt: skip


def with_cap(sketch, **more):
    numbers = dict(sketch.numbers) | {"stem_shaft_angle_deg": 126.3, "version_deg": 5.0, "centre_moved_mm": 3.0}
    axis = NECK + np.array([0.0, 0.09, 0.0])
    axes = dict(sketch.axes) | {"implant_neck": (3 * NECK, axis / np.linalg.norm(axis))}
    pieces = {"cap": (ball(25.0), False), "cement": (ball(22.0), True)}
    return replace(
        sketch, removed=ball(24.0), pieces=pieces, axes=axes, new_head=3 * NECK, head_radii=(24.0, 25.0),
        numbers=numbers, warnings=["A notch 3.0 mm deep weakens the neck below the rim."], **more,
    )  # fmt: skip


def page(sketch, path):
    draw(sketch, path)
    return np.asarray(Image.open(path).convert("RGB")).astype(int)


def ink(picture, colour):
    return int((np.abs(picture - colour) < 25).all(axis=2).sum())


def test_an_intact_femur_has_natural_axes_alone(can_draw, sketch, tmp_path):
    picture = page(sketch, tmp_path / "plan.png")
    assert ink(picture, BLUE) > 500 and ink(picture, ORANGE) == 0 and ink(picture, CUT) == 0


def test_a_cap_has_its_own_axis_and_what_is_removed(can_draw, sketch, tmp_path):
    picture = page(with_cap(sketch), tmp_path / "plan.png")
    assert ink(picture, BLUE) > 500 and ink(picture, ORANGE) > 500 and ink(picture, CUT) > 500


def test_a_stem_in_the_shaft_gets_a_third_view(can_draw, sketch, tmp_path):
    cap = with_cap(sketch)
    told = dict(cap.numbers) | {"stem_tilt_deg": 2.0, "implant_anteversion_deg": 12.0}
    axes = dict(cap.axes) | {"stem": (np.array([40.0, 0, -10.0]), np.array([0.0, 0, 1.0]))}
    stem = replace(cap, stem_tip=-140.0, axes=axes, numbers=told)
    one, other = page(cap, tmp_path / "cap.png"), page(stem, tmp_path / "stem.png")
    assert one.shape != other.shape and ink(other, ORANGE) > 500


def test_the_same_plan_gives_the_same_picture(can_draw, sketch, tmp_path):
    draw(sketch, tmp_path / "one.png")
    draw(sketch, tmp_path / "two.png")
    assert (tmp_path / "one.png").read_bytes() == (tmp_path / "two.png").read_bytes()


def test_many_warnings_make_a_longer_page(can_draw, sketch, tmp_path):
    few, many = with_cap(sketch), replace(with_cap(sketch), warnings=["Mind this."] * 25)
    assert page(many, tmp_path / "many.png").shape[0] > page(few, tmp_path / "few.png").shape[0]
