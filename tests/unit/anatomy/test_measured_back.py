"""What the parametric femur is asked for is what is measured on it, wherever it lies."""

import numpy as np
import pytest

from femsim.anatomy.frame import MIRROR
from femsim.anatomy.landmarks import greater_trochanter_tip, recognise
from femsim.anatomy.parametric import ParametricFemur
from femsim.mesh.sections import outlines
from femsim.mesh.surface import transformed

QUICK = [{}, {"extent": "whole", "sex": "female", "anteversion_deg": 25.0}]
SLOW = [
    {"sex": "female", "height_cm": 150.0},
    {"height_cm": 200.0, "shaft_length_mm": 200.0},
    {"neck_shaft_angle_deg": 110.0, "offset_mm": 50.0},
    {"neck_shaft_angle_deg": 137.0, "offset_mm": 40.0},
    {"neck_shaft_angle_deg": 143.0, "offset_mm": 38.0},
    {"head_diameter_mm": 54.0, "neck_height_mm": 42.0, "neck_depth_mm": 38.0, "offset_mm": 56.0},
    {"neck_height_mm": 35.0, "neck_depth_mm": 25.0, "neck_shaft_angle_deg": 132.0},
    {"neck_height_mm": 28.0, "neck_depth_mm": 34.0},
    {"shaft_width_mm": 36.0, "shaft_depth_mm": 25.0},
    {"shaft_width_mm": 24.0, "shaft_depth_mm": 34.0, "shaft_length_mm": 125.0},
    {"trochanter_height_mm": 25.0, "trochanter_width_mm": 30.0},
    {"trochanter_height_mm": 2.0, "trochanter_width_mm": 20.0, "lesser_trochanter_mm": 43.0},
    {"neck_length_mm": 62.0, "neck_shaft_angle_deg": 122.0},
    {"extent": "whole", "anteversion_deg": -8.0},
    {"extent": "whole", "anteversion_deg": 38.0, "height_cm": 188.0},
    {"extent": "whole", "anteversion_deg": 12.0, "femur_length_mm": 400.0, "bicondylar_width_mm": 76.0},
    {"extent": "whole", "neck_shaft_angle_deg": 118.0, "bow_radius_mm": 750.0},
]


def askew(seed: int) -> np.ndarray:
    """A motion somewhere in space, of every other seed a mirroring one."""
    random = np.random.default_rng(seed)
    matrix = np.eye(4)
    matrix[:3, :3] = np.linalg.qr(random.normal(size=(3, 3)))[0]
    matrix[:3, :3] *= np.sign(np.linalg.det(matrix[:3, :3]))
    matrix[:3, 3] = random.uniform(-500, 500, 3)
    return matrix @ MIRROR if seed % 2 else matrix


@pytest.mark.parametrize("asked", QUICK + [pytest.param(each, marks=pytest.mark.slow) for each in SLOW], ids=str)
def test_measuring_a_femur_returns_the_measures_that_made_it(asked):
    femur = ParametricFemur(**asked)
    wanted = femur.measures().value
    whole = femur.extent == "whole"
    seed = len(str(asked))
    known = None if whole else wanted["anteversion_deg"]
    surface = transformed(femur.shape().surface, askew(seed))
    found = recognise(surface, side="auto", anteversion_deg=known)
    marks = found.landmarks
    assert found.side == ("left" if seed % 2 else "right")
    assert marks.neck_shaft_angle_deg == pytest.approx(wanted["neck_shaft_angle_deg"], abs=0.2)
    assert marks.anteversion_deg == pytest.approx(wanted["anteversion_deg"], abs=1.0)
    assert marks.anteversion_is_assumed is False
    seen = {"head_diameter_mm": 2 * marks.head_radius, "offset_mm": marks.offset_mm}
    seen |= _sections(transformed(surface, found.to_femur), marks)
    for key, value in seen.items():
        if key in wanted:
            assert value == pytest.approx(wanted[key], abs=0.7), key  # read off chords of 1.6 mm
    assert len(seen.keys() & wanted.keys()) >= 6


def _sections(surface, marks) -> dict[str, float]:
    """Neck and shaft read off plane sections, trochanters off the points, in the femur frame."""
    anterior = np.cross((0.0, 0.0, 1.0), -marks.neck_axis)
    anterior /= np.linalg.norm(anterior)
    lateral, superior = np.cross(anterior, (0.0, 0.0, 1.0)), np.cross(marks.neck_axis, anterior)
    down = -marks.neck_axis
    (pieces,) = outlines(surface, np.zeros(3), down, [marks.neck_centre @ down])
    neck = min(pieces, key=lambda piece: np.linalg.norm(piece.centroid - marks.neck_centre)).points
    (pieces,) = outlines(surface, np.zeros(3), (0.0, 0.0, 1.0), [-110.0])
    shaft = max(pieces, key=lambda piece: piece.area).points
    upper = surface.points[surface.points[:, 2] > -2.0 * marks.head_radius]
    tip = greater_trochanter_tip(surface.points, marks.head_radius, marks.shaft_point, marks.anteversion_deg)
    medial_back = -np.cos(np.radians(50.0)) * lateral - np.sin(np.radians(50.0)) * anterior
    height = surface.points[:, 2] / marks.head_radius
    lesser = surface.points[(height < -1.3) & (height > -3.6)]
    return {
        "neck_height_mm": np.ptp(neck @ superior),
        "neck_depth_mm": np.ptp(neck @ anterior),
        "shaft_width_mm": np.ptp(shaft @ lateral),
        "shaft_depth_mm": np.ptp(shaft @ anterior),
        "trochanter_height_mm": tip[2],
        "trochanter_width_mm": (upper @ lateral).max() - marks.shaft_point @ lateral,
        "lesser_trochanter_mm": ((lesser - marks.shaft_point) @ medial_back).max(),
    }
