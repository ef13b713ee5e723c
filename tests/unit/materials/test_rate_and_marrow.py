"""Bone that is strained fast: stiffer and stronger by its rate, and by marrow that cannot flow out."""

import numpy as np
import pytest

from femsim.materials.bone.rate import StrainRate
from femsim.materials.bone.undrained import UndrainedMarrow


@pytest.mark.parametrize(("rate", "factor"), [(0.01, 1.0), (1.0, 100**0.06), (10.0, 1000**0.06), (1e-4, 0.01**0.06)])
def test_the_rate_counts_by_its_power(rate, factor):
    assert StrainRate(strain_rate_per_s=rate).factor == pytest.approx(factor, rel=1e-12)


def test_an_impact_stiffens_by_a_third_to_a_half():
    """The published factor from 0.01 to 1–10 per second: 1.3 to 1.5."""
    assert 1.3 < StrainRate(strain_rate_per_s=1.0).factor < StrainRate(strain_rate_per_s=10.0).factor < 1.52


def bulk_and_shear(modulus, poisson):
    return modulus / (3 * (1 - 2 * poisson)), modulus / (2 * (1 + poisson))


def stiffened(modulus, density, poisson=0.3, **keys):
    found = UndrainedMarrow(**keys).stiffened(np.array([float(modulus)]), poisson, np.array([float(density)]))
    return [float(one[0]) for one in found]


def test_the_bulk_modulus_is_that_of_gassmann():
    """Worked by hand: K 1500 of 1800 MPa and 0.3, Ks 15000, α 0.9, φ 0.8, 1/M = 0.0004 + 0.1/15000, α² M = 1991.8."""
    modulus, poisson = stiffened(1800, 0.4)
    bulk, shear = bulk_and_shear(modulus, poisson)
    assert bulk == pytest.approx(1500 + 0.81 / (0.8 / 2000 + 0.1 / 15000), rel=1e-12)
    assert bulk == pytest.approx(3491.8, abs=0.1)
    assert shear == pytest.approx(1800 / 2.6, rel=1e-12)


def test_shear_stays_at_every_density():
    density = np.linspace(0.02, 1.95, 50)
    modulus = 6850 * density**1.49
    found, ratio = UndrainedMarrow().stiffened(modulus, 0.3, density)
    assert found / (2 * (1 + ratio)) == pytest.approx(modulus / 2.6, rel=1e-12)
    assert (found >= modulus * (1 - 1e-12)).all()


def test_poissons_ratio_ends_before_elements_lock():
    assert stiffened(80, 0.05)[1] == pytest.approx(0.49, rel=1e-12)
    assert stiffened(80, 0.05, largest_poissons_ratio=0.45)[1] == pytest.approx(0.45, rel=1e-12)


@pytest.mark.parametrize(("modulus", "density"), [(18000, 2.0), (20000, 1.9), (18000, 2.1)])
def test_bone_as_stiff_as_its_tissue_stays(modulus, density):
    assert stiffened(modulus, density) == pytest.approx([modulus, 0.3], rel=1e-12)


def test_bone_without_pores_is_as_incompressible_as_its_tissue():
    """φ = 0: M = Ks/α, and K + α Ks is Ks."""
    assert bulk_and_shear(*stiffened(17000, 2.0))[0] == pytest.approx(15000, rel=1e-12)


def test_grains_that_nothing_compresses_leave_marrow_over_its_share_of_pores():
    """Ks → ∞: α = 1, M = Kf/φ, the sum of a skeleton and of its marrow, which takes up all the change of volume."""
    rigid = {"tissue_modulus_mpa": 25000, "tissue_poissons_ratio": 0.45}  # Ks 83 GPa
    modulus, poisson = stiffened(100, 1.0, marrow_bulk_modulus_mpa=100, **rigid)
    assert bulk_and_shear(modulus, poisson)[0] == pytest.approx(100 / 1.2 + 100 / 0.5, rel=5e-3)
