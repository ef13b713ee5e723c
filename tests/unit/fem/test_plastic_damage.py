"""One point that yields, cracks and crushes, against closed forms and complex steps."""

import numpy as np
import pytest

from femsim.fem.kernels import plastic_damage as kernels

ROOT3 = np.sqrt(3.0)
ONE, TWICE = np.array([1, 1, 1, 0, 0, 0.0]), np.array([1, 1, 1, 2, 2, 2.0])
E, NU = 15000.0, 0.3


def properties(tension, compression, *, hardening=0.0, dilation=1.0, tension_rate=0.0, compression_rate=0.0, rest=1.0):
    lam, mu = E * NU / (1 + NU) / (1 - 2 * NU), E / 2 / (1 + NU)
    alpha = (compression - tension) / (ROOT3 * (compression + tension))
    cohesion = 2 * compression * tension / (ROOT3 * (compression + tension))
    return np.array(
        [lam, mu, alpha, cohesion, dilation * alpha, hardening / ROOT3, tension_rate, compression_rate, rest]
    )


def updated(strain, old, of, *, relax=1.0, follow=1.0):
    number = complex if np.iscomplexobj(strain) else float
    new, tangent = np.zeros(kernels.STATE, number), np.zeros(kernels.TANGENT, number)
    kernels.update_point(
        np.asarray(strain, number), np.asarray(old, number), np.asarray(of, number), relax, follow, new, tangent
    )
    return new, tangent


def matrix(tangent):
    """(6, 6) d stress / d strain, true shear."""
    s = tangent[5:]
    return (
        tangent[0] * np.eye(6) + tangent[1] * np.outer(ONE, ONE) + tangent[2] * np.outer(s, s * TWICE)
        + tangent[3] * np.outer(s, ONE) + tangent[4] * np.outer(ONE, s * TWICE)
    )  # fmt: skip


def stress_of(new):
    return new[kernels.STRESS : kernels.STRESS + 6]


def driven(of, direction, size, *, free, steps=1, relax=1.0):
    """State after strain along `direction` times `size`, the components `free` finding zero stress by Newton."""
    old = np.zeros(kernels.STATE)
    strain = np.zeros(6)
    fixed = [k for k in range(6) if k not in free]
    for n in range(1, steps + 1):
        strain[fixed] = (np.asarray(direction, float) * size * n / steps)[fixed]
        for _ in range(60):
            new, tangent = updated(strain, old, of, relax=relax)
            if not free or np.abs(stress_of(new)[free]).max() < 1e-10:
                break
            # Perfectly plastic flow may leave no single answer: the nearest is taken.
            strain[free] -= np.linalg.lstsq(matrix(tangent)[np.ix_(free, free)], stress_of(new)[free], rcond=1e-12)[0]
        old = new
    return new, strain


UNIAXIAL = {"direction": [1, 0, 0, 0, 0, 0], "free": [1, 2]}


@pytest.mark.parametrize("sign", [1, -1])
def test_von_mises_hardens_as_v45_says(sign):
    new, _ = driven(properties(90, 90, hardening=600), size=0.012 * sign, steps=7, **UNIAXIAL)
    assert stress_of(new)[0] == pytest.approx(sign * 93.46154, rel=1e-6)
    assert abs(new[0]) == pytest.approx(0.005769231, rel=1e-6)


def test_von_mises_shears_at_its_strength_over_root_three():  # V46
    new, _ = driven(properties(90, 90), [0, 0, 0, 1, 0, 0], 0.02, free=[])
    assert stress_of(new)[3] == pytest.approx(51.9615, rel=1e-6)


@pytest.mark.parametrize("dilation", [0.0, 0.4, 1.0])
@pytest.mark.parametrize(
    ("direction", "free", "component", "strength"),
    [
        ([1, 0, 0, 0, 0, 0], [1, 2], 0, 60),
        ([-1, 0, 0, 0, 0, 0], [1, 2], 0, -120),
        ([0, 0, 0, 1, 0, 0], [0, 1, 2], 3, 46.18802),
        ([-1, -1, 0, 0, 0, 0], [2], 0, -240),
    ],
)
def test_drucker_prager_yields_at_the_strengths_of_v47(direction, free, component, strength, dilation):
    of = properties(60, 120, dilation=dilation)
    new, _ = driven(of, direction, 0.03, free=free, steps=60)
    assert stress_of(new)[component] == pytest.approx(strength, rel=1e-6)


def test_the_apex_holds_the_hydrostatic_tension_of_v48():
    new, tangent = updated(0.02 * ONE, np.zeros(kernels.STATE), properties(60, 120))
    assert stress_of(new)[:3] == pytest.approx([80.0] * 3, rel=1e-9)
    assert np.isfinite(tangent).all()


def random_states(n):
    rng = np.random.default_rng(3)
    for k in range(n):
        of = properties(
            60, rng.uniform(60, 160), hardening=rng.choice([0, 600.0]), dilation=rng.choice([0, 0.5, 1.0]),
            tension_rate=rng.choice([0, 30.0]), compression_rate=rng.choice([0, 20.0]), rest=0.4,
        )  # fmt: skip
        old, before = np.zeros(kernels.STATE), rng.normal(size=6) * 0.006
        if k % 2:
            old, _ = updated(before, old, of)
        hydrostatic = ONE * rng.uniform(0.005, 0.02) if k % 5 == 0 else before
        yield of, old, hydrostatic + rng.normal(size=6) * (0.001 if k % 5 == 0 else 0.006)


@pytest.mark.parametrize("relax", [1.0, 0.6])
def test_the_tangent_is_the_derivative_of_the_stress(relax):  # V08, by complex steps
    worst = 0.0
    for of, old, strain in random_states(300):
        _, tangent = updated(strain, old, of, relax=relax)
        for k in range(6):
            stepped = strain.astype(complex)
            stepped[k] += 1e-30j
            derivative = stress_of(updated(stepped, old, of, relax=relax)[0]).imag / 1e-30
            worst = max(worst, np.abs(matrix(tangent)[:, k] - derivative).max())
    assert worst < 1e-12 * E


def test_associated_flow_without_damage_has_a_symmetric_tangent():
    of = properties(60, 100, dilation=1.0)
    tangent = updated([0.004, -0.001, 0.002, 0.003, 0.001, 0], np.zeros(kernels.STATE), of)[1]
    engineering = matrix(tangent) / np.array([1, 1, 1, 2, 2, 2.0])  # strain with engineering shear
    assert engineering == pytest.approx(engineering.T, abs=1e-9)


def test_a_tangent_that_takes_damage_as_it_is_resists_every_strain():
    for of, old, strain in random_states(100):
        of[kernels.BETA], of[kernels.HARDENING] = of[kernels.ALPHA], 0.0  # associated, perfectly plastic
        tangent = updated(strain, old, of, follow=0.0)[1]
        symmetric = matrix(tangent) / np.array([1, 1, 1, 2, 2, 2.0])
        assert np.linalg.eigvalsh((symmetric + symmetric.T) / 2).min() > -1e-9 * E


@pytest.mark.parametrize(("follow", "share"), [(1.0, 0.0), (0.0, kernels.AT_APEX)])
def test_at_the_apex_only_the_stable_tangent_resists(follow, share):
    of = properties(100.0, 150.0)
    tangent = updated(5e-2 * ONE, np.zeros(kernels.STATE), of, follow=follow)[1]
    elastic = updated(1e-9 * ONE, np.zeros(kernels.STATE), of)[1]
    assert matrix(tangent) == pytest.approx(share * matrix(elastic), abs=1e-6)
    assert kernels.AT_APEX > 0


@pytest.mark.parametrize("dilation", [0.0, 1.0])
def test_tension_dissipates_the_energy_of_its_softening(dilation):
    """κ scale of 0.01: ∫ t e^(-κ/0.01) dε with dε = (1 + √3 β) dκ, and what was stored at first yield."""
    of = properties(60, 120, dilation=dilation, tension_rate=100.0)
    new, _ = driven(of, size=0.2, steps=2000, **UNIAXIAL)
    energy = 60 * 0.01 * (1 + ROOT3 * of[kernels.BETA]) + 60**2 / (2 * E)
    assert new[kernels.LOST] + new[kernels.STORED] == pytest.approx(energy, rel=2e-3)  # the trapezoids of 2000 steps


def test_compression_crushes_to_its_rest_over_its_energy():
    of = properties(60, 120, dilation=0.0, compression_rate=100.0, rest=0.4)
    new, _ = driven(of, size=-0.3, steps=1000, **UNIAXIAL)
    assert stress_of(new)[0] == pytest.approx(-0.4 * 120, rel=1e-3)


def test_unloading_follows_the_damaged_modulus():
    of = properties(60, 120, dilation=0.0, tension_rate=100.0)
    loaded, strain = driven(of, size=0.012, steps=50, **UNIAXIAL)
    slope = matrix(updated(strain - 1e-5 * np.array([1, -NU, -NU, 0, 0, 0]), loaded, of)[1])
    inner = slope[0, 0] - slope[0, 1:3] @ np.linalg.solve(slope[1:3, 1:3], slope[1:3, 0])
    assert inner == pytest.approx((1 - loaded[kernels.DAMAGE]) * E, rel=1e-9)


def test_many_steps_end_where_one_does_under_proportional_strain():  # V52, von Mises
    of = properties(90, 90, hardening=600)
    few, many = (driven(of, size=0.012, steps=n, **UNIAXIAL)[0] for n in (5, 50))
    assert stress_of(few) == pytest.approx(stress_of(many), rel=2e-3)


def test_damage_never_heals():
    of = properties(60, 120, tension_rate=100.0)
    loaded, _ = driven(of, size=0.012, steps=20, **UNIAXIAL)
    back, _ = updated(np.zeros(6), loaded, of)
    assert back[kernels.DAMAGE] >= loaded[kernels.DAMAGE] > 0.3
