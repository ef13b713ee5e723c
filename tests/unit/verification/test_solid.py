"""A solved solid and its answers at places."""

import numpy as np
import pytest

from femsim.errors import MeshError
from femsim.fem.elasticity import Isotropic
from femsim.verification.mapped import joined, mapped_box
from femsim.verification.solid import held, node_at, solve


@pytest.fixture(scope="module")
def two_bars():
    """Two cubes side by side, stretched by one per mille; the second is three times as stiff."""

    def cube(start, region):
        faces = ("x0", "x1", "y0", "y1", "bottom", "top")
        return mapped_box((1, 1, 1), lambda p: p + np.array([start, 0, 0]), faces, region=region)

    mesh = joined([cube(0, "soft"), cube(1, "stiff")])
    stretched = np.where(mesh.nodes[:, 2:] == 1, [0, 0, 1e-3], 0.0)
    elasticity = Isotropic(np.where(mesh.in_region("soft"), 1000.0, 3000.0), 0.0)
    return solve(mesh, elasticity, held(mesh, x="x0", y="y0", z=("bottom", "top")), prescribed=stretched)


@pytest.mark.parametrize("region, expected", [("soft", 1.0), ("stiff", 3.0)])
def test_stress_where_regions_meet_is_that_of_the_region_asked_for(two_bars, region, expected):
    assert two_bars.stress_at((1, 0.5, 0.5), region)[2] == pytest.approx(expected)
    assert two_bars.mean_stress(region)[2] == pytest.approx(expected)


def test_stress_is_that_of_elastic_strain_alone():
    mesh = mapped_box((1, 1, 1), lambda p: p)
    heat = np.array([1e-3, 1e-3, 1e-3, 0, 0, 0])
    supports = held(mesh, x="u0", y="v0", z="w0")
    free = solve(mesh, Isotropic(1000.0, 0.3), supports, initial_strain=heat)
    assert np.abs(free.stress).max() < 1e-9
    np.testing.assert_allclose(free.displacement_at((1, 1, 1)), 1e-3, rtol=1e-9)


def test_no_node_at_a_point_is_an_error(two_bars):
    with pytest.raises(MeshError, match=r"nearest is 0\.1 mm away"):
        node_at(two_bars.mesh, (0.1, 0, 0))
