"""The published numbers of the bone laws, worked out by hand."""

import numpy as np
import pytest

from femsim.errors import ModelError
from femsim.materials.bone import BONE_LAWS
from femsim.materials.bone.carter_hayes_1977 import CarterHayes1977
from femsim.materials.bone.densitometry import of_its_kind
from femsim.materials.bone.keyak_1998 import Keyak1998
from femsim.materials.bone.two_ranges import TwoRanges
from femsim.materials.bone.wirtz_2000 import BORDER, Wirtz2000


@pytest.mark.parametrize(
    ("name", "density", "modulus"),
    [
        ("morgan_2003", 0.6, 3199.897),
        ("morgan_2003_trochanter", 0.2, 449.39277),
        ("morgan_2003_pooled", 0.5, 2508.88042),
        ("keyak_1998", 0.2, 982.80122),
        ("keyak_1998", 0.4, 2591.8),
        ("keyak_1998", 1.0, 10200.0),
        ("keyak_rossi_2000", 0.5, 4104.59656),
        ("keller_1994", 0.5, 1768.24407),
        ("carter_hayes_1977", 1.0, 2875.00901),
        ("wirtz_2000", 0.5, 610.91073),
        ("wirtz_2000", 1.8, 12697.32093),
        ("two_ranges", 1.0, 6850.0),
        ("two_ranges", 1.4, 10821.12306),
        ("two_ranges", 1.8, 15938.0),
    ],
)
def test_moduli_are_those_of_the_paper(name, density, modulus):
    """Densities of the law's own kind; powers by another program (bc)."""
    assert BONE_LAWS[name]().modulus(density) == pytest.approx(modulus, rel=1e-6)


def test_a_fall_is_met_by_stiffer_bone_than_a_step():
    """FACTS: ×1.3 to 1.5 from 0.01/s to 1 … 10/s."""
    slow, fast = (CarterHayes1977(strain_rate_per_s=rate).modulus(0.5) for rate in (0.01, 1.0))
    assert fast / slow == pytest.approx(100**0.06)


@pytest.mark.parametrize("border", [0.27, 0.60])
def test_the_pieces_of_keyak_meet(border):
    below, above = Keyak1998().modulus(border + np.array([-1e-9, 1e-9]))
    assert above == pytest.approx(below, rel=3e-4)


def test_wirtz_has_no_jump_at_its_border():
    below, above = Wirtz2000().modulus(BORDER + np.array([-1e-9, 1e-9]))
    assert above == pytest.approx(below, rel=1e-7)


def test_wirtz_is_never_stiffer_across_the_grain_than_along_it():
    law, density = Wirtz2000(), np.linspace(0.02, 2.0, 500)
    share = law.transverse_modulus(density) / law.modulus(density)
    assert (share <= 1).all()
    # 2314 · 1.85^1.57 / (2065 · 1.85^3.09) and 1157 · 0.3^1.78 / (1904 · 0.3^1.64)
    assert law.transverse_modulus(1.85) / law.modulus(1.85) == pytest.approx(0.44, abs=0.005)
    assert law.transverse_modulus(0.3) / law.modulus(0.3) == pytest.approx(0.51, abs=0.005)


def test_a_bridge_that_would_fall_is_refused():
    with pytest.raises(ModelError, match="the cortical line gives"):
        TwoRanges(trabecular_up_to_g_per_cm3=1.3, cortical_from_g_per_cm3=1.5)


def test_apparent_density_becomes_ash_by_the_ratio_of_the_law():
    assert of_its_kind(Keyak1998(ash_per_apparent=0.5), np.array([1.0, 1.8])) == pytest.approx([0.5, 0.9])
