"""The bone laws on one page."""

import numpy as np
import pytest

from femsim.scenario.catalogue import law_curves
from femsim.view.laws_picture import draw


def test_every_law_has_a_curve_and_its_measured_stretch():
    density, modulus, measured = law_curves(0.05, 2.0)["morgan_2003"]
    assert (density[0], density[-1]) == pytest.approx((0.05, 2.0))
    assert measured[np.searchsorted(density, 0.5)] and not measured[[0, -1]].any()
    assert modulus[measured].max() == pytest.approx(6850 * 0.75**1.49, rel=0.02)


def test_a_law_whose_range_nobody_knows_is_thin_all_along():
    assert not law_curves(0.05, 2.0)["keyak_1998"][2].any()


def test_ash_ranges_stand_at_their_apparent_density():
    density, _, measured = law_curves(0.05, 2.0)["keller_1994"]
    assert density[measured].min() == pytest.approx(0.05 / 0.6, rel=0.02)


def test_the_page_is_a_picture_and_the_same_every_time(tmp_path):
    for name in ("a.png", "b.png"):
        draw(law_curves(0.05, 2.0), tmp_path / name)
    first = (tmp_path / "a.png").read_bytes()
    assert first.startswith(b"\x89PNG") and first == (tmp_path / "b.png").read_bytes()
