"""From HU to apparent density by each of the three ways, against lines known beforehand."""

import numpy as np
import pytest

from femsim.anatomy.density.calibration import ASH, Calibration, line_of_rods, line_of_tissues, tissue_modes
from femsim.errors import ImageError
from femsim.imaging.image import Image

KNOWN = {"air": -0.84, "fat": -0.08, "muscle": 0.03}


def test_the_steps_are_those_of_the_sources():
    line = Calibration(0.0007, 0.01, *ASH["k2hpo4"], 0.6)
    # QCT = 0.0007 · 1000 + 0.01 = 0.71; ash = 0.0633 + 0.887 · 0.71 = 0.69307; apparent = ash / 0.6.
    assert line.apparent(np.array([1000.0])) == pytest.approx([1.155116667])
    assert line.hu(line.apparent(np.array([-50.0, 300.0]))) == pytest.approx([-50.0, 300.0])
    assert ASH["schileo_2008"] == (0.079, 0.877)


def tissues(n=60, **hu) -> Image:
    random = np.random.default_rng(0)
    values = np.full((n, n, n), hu.get("air", -1000.0))
    values[: n // 3] = hu.get("fat", -100.0)
    values[n // 3 : 2 * n // 3] = hu.get("muscle", 50.0)
    values += random.normal(0, 15, values.shape)
    values = np.maximum(values, -1024.0)
    values[-8:] = -1024.0  # what scanners pad with
    return Image(values.astype(np.float32), np.eye(4), "LPS")


def test_modes_of_air_fat_and_muscle_are_found_in_noise():
    modes = tissue_modes(tissues(air=-990.0, fat=-104.0, muscle=44.0))
    assert modes == pytest.approx({"air": -990.0, "fat": -104.0, "muscle": 44.0}, abs=4.0)


def test_a_line_through_tissues_is_the_one_they_lie_on():
    measured = {name: (density - 0.01) / 0.0008 for name, density in KNOWN.items()}
    slope, intercept, note = line_of_tissues(measured, KNOWN, 0.99)
    assert (slope, intercept) == pytest.approx((0.0008, 0.01))
    assert "muscle" in note


def test_without_muscle_or_with_one_tissue_only_there_is_no_line():
    with pytest.raises(ImageError, match="muscle was not found"):
        line_of_tissues({"air": -1000, "fat": -100}, KNOWN, 0.99)
    with pytest.raises(ImageError, match="needs muscle"):
        line_of_tissues({"muscle": 40}, KNOWN, 0.99)


RODS = ((10.0, 10.0, 10.0), (30.0, 10.0, 10.0), (50.0, 10.0, 10.0), (10.0, 30.0, 10.0))
DENSITIES = (0.0, 0.1, 0.3, 0.8)


def phantom() -> Image:
    values = np.full((60, 40, 20), 40.0)
    for (x, y, _), density in zip(RODS, DENSITIES):
        i, j = np.meshgrid(np.arange(60), np.arange(40), indexing="ij")
        values[np.hypot(i - x, j - y) < 7] = (density - 0.02) / 0.00075
    values += np.random.default_rng(1).normal(0, 10, values.shape)
    return Image(values.astype(np.float32), np.eye(4), "LPS")


def test_rods_give_the_line_they_were_made_with():
    slope, intercept, _ = line_of_rods(phantom(), DENSITIES, 0.99, centres=RODS, radius=4.0)
    assert slope == pytest.approx(0.00075, rel=0.01) and intercept == pytest.approx(0.02, abs=0.003)


def test_a_mask_of_rods_gives_the_same_line():
    labels = np.zeros((60, 40, 20), np.float32)
    for n, (x, y, _) in enumerate(RODS):
        labels[int(x) - 3 : int(x) + 4, int(y) - 3 : int(y) + 4] = n + 1
    slope, intercept, _ = line_of_rods(phantom(), DENSITIES, 0.99, mask=Image(labels, np.eye(4), "LPS"))
    assert slope == pytest.approx(0.00075, rel=0.01) and intercept == pytest.approx(0.02, abs=0.003)


def test_rods_in_another_order_are_no_line_and_are_refused():
    with pytest.raises(ImageError, match="no line: R²"):
        line_of_rods(phantom(), DENSITIES, 0.99, centres=(RODS[2], RODS[0], RODS[3], RODS[1]), radius=4.0)


def test_a_rod_outside_the_image_is_refused():
    with pytest.raises(ImageError, match="outside the image"):
        line_of_rods(phantom(), DENSITIES, 0.99, centres=((900.0, 0, 0), *RODS[1:]), radius=4.0)
