"""What the parametric femur is asked for is what is measured on it, wherever it lies."""

import numpy as np
import pytest

from femsim.anatomy.frame import MIRROR
from femsim.anatomy.landmarks import recognise
from femsim.anatomy.measure import measured
from femsim.anatomy.parametric import ParametricFemur
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
    marks, told = found.landmarks, measured(surface, found)
    assert found.side == ("left" if seed % 2 else "right")
    assert told.neck_shaft_angle_deg == pytest.approx(wanted["neck_shaft_angle_deg"], abs=0.2)
    assert told.anteversion_deg == pytest.approx(wanted["anteversion_deg"], abs=1.0)
    assert marks.anteversion_is_assumed is False
    seen = {key: value for key in wanted if key.endswith("_mm") and (value := getattr(told, key, None)) is not None}
    seen |= {
        "head_diameter_mm": 2 * told.head_radius_mm,
        "trochanter_width_mm": told.trochanter_overhang_mm,
        "lesser_trochanter_mm": _lesser_trochanter(transformed(surface, found.to_femur).points, marks),
    }
    for key in seen.keys() & wanted.keys() - {"bow_radius_mm"}:
        assert seen[key] == pytest.approx(wanted[key], abs=0.7), key  # read off chords of 1.6 mm
    if "bow_radius_mm" in wanted:
        assert told.bow_radius_mm == pytest.approx(wanted["bow_radius_mm"], rel=0.01)
    assert len(seen.keys() & wanted.keys()) >= 6
    assert ("bicondylar_width_mm" in seen) == whole
    if whole:  # it is held by its cut condyles
        assert told.femur_length_mm is None and "cut flat" in told.reasons["femur_length_mm"]


def _lesser_trochanter(points: np.ndarray, marks) -> float:
    """How far the lesser trochanter reaches from the shaft axis, half medially and half backward of the neck."""
    lateral = -np.array([*marks.neck_axis[:2], 0.0]) / np.linalg.norm(marks.neck_axis[:2])
    anterior = np.array([-lateral[1], lateral[0], 0.0])
    medial_back = -np.cos(np.radians(50.0)) * lateral - np.sin(np.radians(50.0)) * anterior
    height = points[:, 2] / marks.head_radius
    lesser = points[(height < -1.3) & (height > -3.6)]
    return float(((lesser - marks.shaft_point) @ medial_back).max())
