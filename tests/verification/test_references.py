"""The closed forms of the cases agree with numbers worked out elsewhere: each was evaluated twice."""

import pytest

from femsim.verification import (
    v17_lame_cylinder,
    v18_lame_sphere,
    v21_eshelby_sphere,
    v22_layered_sphere,
    v23_square_bar_torsion,
    v24_tube_cantilever,
    v28_graded_bar,
    v49_yielding_sphere,
    v50_plastic_bending,
    v71_polar_orthotropic_tube,
)


def layered(radius, layer):
    a, b = v22_layered_sphere.exact()[layer]
    return a * radius + b / radius**2


# (evaluated by the case, evaluated by hand or by another program)
REFERENCES = {
    "cylinder, bore": (v17_lame_cylinder.exact(10), (0.01121569, 16.6667, 2.0)),
    "cylinder, outside": (v17_lame_cylinder.exact(20), (0.007137255, 6.66667, 2.0)),
    "hollow sphere, inside": (v18_lame_sphere.exact(10), (0.004705882, 7.142857)),
    "hollow sphere, outside": (v18_lame_sphere.exact(20), (0.001764706, 2.142857)),
    "stiff sphere": (v21_eshelby_sphere.exact(210_000.0), (1.92959, -0.159464)),
    "soft sphere": (v21_eshelby_sphere.exact(100.0), (0.191936, 0.0169355)),
    "layered sphere": (
        (layered(20, 0), layered(22, 1), layered(25, 2)), (-0.003551834, -0.003463674, -0.003164904)
    ),
    "torsion": (v23_square_bar_torsion.exact(), (0.03263859, 24.0194)),
    "tube": (v24_tube_cantilever.exact(), (1.209816, 1.091785e-3)),
    "graded bar": ((v28_graded_bar.EXACT,), (0.2161662,)),
    "yielding sphere, pressures": (
        tuple(v49_yielding_sphere.pressure(front) for front in (10, 15, 20)), (58.33333, 119.6347, 138.6294)
    ),
    "yielding sphere, outside": ((v49_yielding_sphere.moved(20, 15),), (0.03474265,)),
    "bent beam": (tuple(v50_plastic_bending.bent(core) for core in (1, 0.5, 0)), (1.0, 1.375, 1.5)),
}  # fmt: skip


@pytest.mark.parametrize("name", REFERENCES)
def test_closed_forms_give_the_numbers_of_the_verification_plan(name):
    evaluated, expected = REFERENCES[name]
    assert evaluated == pytest.approx(expected, rel=5e-6)


def test_the_yielding_sphere_moves_alike_on_both_sides_of_its_front():
    within, beyond = (v49_yielding_sphere.moved(15 + away, 15) for away in (-1e-9, 1e-9))
    assert within == pytest.approx(beyond, rel=1e-8)


def test_a_sphere_that_just_yields_moves_as_lames_does():
    elastic = v18_lame_sphere.exact(10)[0] * v49_yielding_sphere.pressure(10) / v18_lame_sphere.PRESSURE
    assert v49_yielding_sphere.moved(10, 10) == pytest.approx(elastic, rel=1e-9)


@pytest.mark.parametrize("radius", [10.0, 20.0])
def test_the_polar_orthotropic_tube_becomes_lames_cylinder(radius, monkeypatch):
    modulus, poisson = 17_000.0, 0.3
    for name in ("E1", "E2", "E3"):
        monkeypatch.setattr(v71_polar_orthotropic_tube, name, modulus)
    for name in ("NU12", "NU23", "NU13"):
        monkeypatch.setattr(v71_polar_orthotropic_tube, name, poisson)
    assert v71_polar_orthotropic_tube.exact(radius) == pytest.approx(v17_lame_cylinder.exact(radius), rel=1e-9)
