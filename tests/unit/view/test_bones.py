"""Pictures of a bare bone: drawn without a display, with ink where the landmarks are."""

import numpy as np
import pytest
from PIL import Image

from femsim.mesh.isosurface import isosurface
from femsim.view.bones import Damage, Template, draw_damage, draw_template


@pytest.fixture(scope="module")
def bone():
    def shape(p):
        t = np.clip(p[:, 2], -150.0, 0.0)
        shaft = np.linalg.norm(p - [40.0, 0, 0] - t[:, None] * [0, 0, 1.0], axis=1) - 13.0
        along = np.clip((p @ [40.0, 0, -30.0]) / 2500.0, 0, 1)
        neck = np.linalg.norm(p - along[:, None] * [40.0, 0, -30.0], axis=1) - 12.0
        return np.minimum(np.minimum(np.linalg.norm(p, axis=1) - 22.0, shaft), neck)

    return isosurface(shape, (-26, -26, -168), (60, 26, 26), 3.0)


def template(bone, side, sure=1.0, version=10.0):
    axis = np.array([-0.8, 0.0, 0.6])
    places = {
        "neck_axis": axis,
        "neck_centre": -25 * axis,
        "shaft_point": np.array([40.0, 0, -100.0]),
        "greater_trochanter": np.array([42.0, -4.0, 13.0]),
        "lesser_trochanter": np.array([28.0, -8.0, -60.0]),
    }
    measures = {
        "head_radius_mm": 22.0,
        "neck_shaft_angle_deg": 126.9,
        "anteversion_deg": version,
        "offset_mm": 40.0,
        "neck_length_mm": 50.0,
        "neck_height_mm": 24.0,
        "shaft_width_mm": 26.0,
        "shaft_depth_mm": None,
        "trochanter_overhang_mm": 13.0,
    }
    marks = ("head", "neck_axis", "shaft_axis", "greater_trochanter", "lesser_trochanter", "side")
    rows = [("offset", "40.0 mm"), ("anteversion", "–")]
    return Template("bone.stl", bone, side, measures, rows, places, dict.fromkeys(marks, sure), 12.5)


def ink(path, colour) -> np.ndarray:
    """(k, 2) columns and rows of a page where a colour stands."""
    page = np.asarray(Image.open(path).convert("RGB")).astype(int)
    return np.argwhere((np.abs(page - colour) < 25).all(axis=2))


BLUE, RED = (11, 95, 165), (179, 38, 30)


def test_a_template_has_the_bone_and_its_lines(bone, tmp_path):
    draw_template(template(bone, "right"), tmp_path / "right.png")
    assert len(ink(tmp_path / "right.png", (232, 225, 205))) > 20_000
    assert len(ink(tmp_path / "right.png", BLUE)) > 1000 and len(ink(tmp_path / "right.png", RED)) == 0


def test_what_is_doubtful_is_red(bone, tmp_path):
    draw_template(template(bone, "right", sure=0.3, version=None), tmp_path / "doubt.png")
    assert len(ink(tmp_path / "doubt.png", RED)) > 500


def test_a_left_femur_is_drawn_as_a_left_one(bone, tmp_path):
    """Seen from the front a right femur has its head on the right, a left one on the left."""
    where = {}
    for side in ("right", "left"):
        draw_template(template(bone, side), tmp_path / f"{side}.png")
        page = np.asarray(Image.open(tmp_path / f"{side}.png").convert("RGB")).astype(int)
        front = page[int(0.15 * len(page)) : int(0.9 * len(page)), : page.shape[1] // 4]
        bony = np.abs(front - (225, 217, 198)).max(axis=2) < 30
        shaft = np.argwhere(bony[int(0.8 * len(bony)) :])[:, 1].mean()
        head = np.argwhere(bony[: int(0.3 * len(bony))])[:, 1].mean()
        where[side] = head - shaft
    assert where["right"] > 20 and where["left"] < -20


def test_bad_triangles_are_shown_in_their_colours(bone, tmp_path):
    crossing = bone.points[bone.triangles[:200]]
    damage = Damage("bone.stl", bone, crossing, np.zeros((0, 3, 3)), np.zeros((0, 2, 3)), ("It was bad.",))
    draw_damage(damage, tmp_path / "bad.png")
    assert len(ink(tmp_path / "bad.png", (208, 32, 32))) > 500


def test_the_same_template_gives_the_same_bytes(bone, tmp_path):
    for name in ("one.png", "other.png"):
        draw_template(template(bone, "right"), tmp_path / name)
    assert (tmp_path / "one.png").read_bytes() == (tmp_path / "other.png").read_bytes()
