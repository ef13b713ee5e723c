"""Forces through sections: in equilibrium with the loads, and shared as springs side by side share them."""

from dataclasses import replace

import numpy as np
import pytest

from femsim.analyses.static import solve_static
from femsim.fem.elasticity import Isotropic
from femsim.fem.forces import surface_traction
from femsim.fem.geometry import centroids
from femsim.fem.recovery import strain, stress
from femsim.fem.sample import box_mesh
from femsim.fem.section_force import body_at_section, section_forces
from femsim.mesh.mesh import Mesh
from femsim.mesh.plane import Plane
from femsim.verification.mapped import joined, mapped_box
from femsim.verification.shapes import quarter_rod, quarter_tube
from femsim.verification.solid import held, solve

ORDERS = pytest.mark.parametrize("order", [1, 2])
MIDDLE = Plane("middle", (0.3, 0.4, 2.1), (0.1, -0.2, 1.0))


def loaded_bar(order):
    """A crooked bar held at z = 0 with random forces on all its nodes above; soft and stiff elements mixed.

    Returns mesh, loads (n, 3), stress (e, q, 6).
    """
    mesh = box_mesh((2, 2, 6), (1.0, 1.2, 4.0), order=order, distortion=0.1)
    region = (np.arange(mesh.n_elements) % 2).astype(np.int32)
    mesh = Mesh(mesh.nodes, mesh.elements, region, ("soft", "stiff"), mesh.surfaces)
    elasticity = Isotropic(np.where(region, 5000.0, 100.0), 0.3)
    loads = np.random.default_rng(0).standard_normal((mesh.n_nodes, 3))
    fixed = np.flatnonzero(mesh.nodes[:, 2] < 1e-9)
    loads[fixed] = 0.0
    found = solve_static(mesh, elasticity, fixed, loads[None], rtol=1e-12)
    return mesh, loads, stress(strain(mesh, found.displacements[0]), elasticity)


def total(cut):
    return np.concatenate([cut.forces.sum(axis=0), cut.moments.sum(axis=0)])


@ORDERS
def test_a_section_balances_the_loads_beyond_it(order):
    mesh, loads, sigma = loaded_bar(order)
    beyond = MIDDLE.beyond(centroids(mesh))
    _, shared = body_at_section(mesh, beyond)
    inside = np.zeros(mesh.n_nodes, bool)
    inside[mesh.elements[beyond]] = True
    inside &= ~shared
    moments = np.cross(mesh.nodes[inside] - MIDDLE.point, loads[inside])
    expected = np.concatenate([loads[inside].sum(axis=0), moments.sum(axis=0)])
    (cut,) = section_forces(mesh, sigma, [MIDDLE])
    np.testing.assert_allclose(total(cut), expected, atol=1e-8 * np.abs(expected).max())


@ORDERS
def test_a_section_within_reach_balances_the_loads_of_its_own_part(order):
    mesh, loads, sigma = loaded_bar(order)
    narrow = replace(MIDDLE, reach=0.5)
    beyond = narrow.beyond(centroids(mesh))
    assert 0 < beyond.sum() < MIDDLE.beyond(centroids(mesh)).sum()
    _, shared = body_at_section(mesh, beyond)
    inside = np.zeros(mesh.n_nodes, bool)
    inside[mesh.elements[beyond]] = True
    (cut,) = section_forces(mesh, sigma, [narrow])
    expected = loads[inside & ~shared].sum(axis=0)
    np.testing.assert_allclose(cut.forces.sum(axis=0), expected, atol=1e-8 * np.abs(loads).max())


def test_numbers_of_nodes_and_elements_do_not_matter():
    mesh, _, sigma = loaded_bar(2)
    rng = np.random.default_rng(1)
    number, order = rng.permutation(mesh.n_nodes), rng.permutation(mesh.n_elements)
    nodes = np.empty_like(mesh.nodes)
    nodes[number] = mesh.nodes
    other = Mesh(nodes, number[mesh.elements][order], mesh.region_of[order], mesh.regions)
    (one,), (two,) = section_forces(mesh, sigma, [MIDDLE]), section_forces(other, sigma[order], [MIDDLE])
    np.testing.assert_allclose(two.forces, one.forces, atol=1e-10)
    np.testing.assert_allclose(two.moments, one.moments, atol=1e-10)


def test_a_turned_body_has_turned_forces():
    mesh, _, sigma = loaded_bar(2)
    turn = np.linalg.qr(np.random.default_rng(2).standard_normal((3, 3)))[0]
    turn *= np.sign(np.linalg.det(turn))
    tensors = turn @ sigma[..., [0, 3, 5, 3, 1, 4, 5, 4, 2]].reshape(*sigma.shape[:-1], 3, 3) @ turn.T
    turned = tensors.reshape(*sigma.shape[:-1], 9)[..., [0, 4, 8, 1, 5, 2]]
    plane = Plane("middle", turn @ MIDDLE.point, turn @ MIDDLE.normal)
    other = Mesh(mesh.nodes @ turn.T, mesh.elements, mesh.region_of, mesh.regions)
    (one,), (two,) = section_forces(mesh, sigma, [MIDDLE]), section_forces(other, turned, [plane])
    np.testing.assert_allclose(two.forces, one.forces @ turn.T, atol=1e-10)
    np.testing.assert_allclose(two.axial, one.axial, atol=1e-10)
    np.testing.assert_allclose(two.bending, one.bending @ turn.T, atol=1e-10)


def test_a_plane_beside_the_body_cuts_nothing():
    mesh, _, sigma = loaded_bar(1)
    assert section_forces(
        mesh, sigma, [Plane("above", (0, 0, 9), (0, 0, 1)), Plane("below", (0, 0, -9), (0, 0, 1))]
    ) == (
        None,
        None,
    )


def stressed(mesh, elasticity, supports, **loading):
    solved = solve(mesh, elasticity, supports, **loading)
    return stress(strain(mesh, solved.u), elasticity)


@ORDERS
def test_bars_side_by_side_share_as_their_stiffness(order):
    """V27: 1000 against 200 000 MPa on equal areas."""
    bars = [
        mapped_box(
            (1, 2, 5), lambda p, start=start: p * (5, 10, 50) + (start, 0, 0), (*faces, "y0", "y1", "bottom", "top"),
            order=order, region=region,
        )
        for start, faces, region in ((0, ("x0", "seam"), "soft"), (5, ("seam", "x1"), "stiff"))
    ]  # fmt: skip
    mesh = joined(bars)
    elasticity = Isotropic(np.where(mesh.in_region("soft"), 1000.0, 200_000.0), 0.0)
    lifted = np.zeros((mesh.n_nodes, 3))
    lifted[np.unique(mesh.surface("top")), 2] = 0.1
    sigma = stressed(mesh, elasticity, held(mesh, x="x0", y="y0", z=("bottom", "top")), prescribed=lifted)
    (cut,) = section_forces(mesh, sigma, [Plane("middle", (5, 5, 23.0), (0, 0, 1))])
    of = dict(zip(mesh.regions, cut.axial / cut.axial.sum()))
    assert of["soft"] == pytest.approx(1000 / 201_000, rel=1e-6)
    assert cut.axial.sum() == pytest.approx(50 * 201_000 * 0.1 / 50, rel=1e-6)


def test_bone_in_a_metal_tube_carries_its_share_of_the_column():
    """V30: E A of each over their sum."""
    planes = np.linspace(0, 50, 5)
    core = quarter_rod(20.0, planes, 4, 2, "seam", region="bone")
    tube = quarter_tube(np.array([20.0, 25.0]), planes, 4, ("seam", "outer"), region="metal")
    mesh = joined([core, tube])
    elasticity = Isotropic(np.where(mesh.in_region("bone"), 1000.0, 210_000.0), 0.3)
    pressed = np.zeros((mesh.n_nodes, 3))
    pressed[np.unique(mesh.surface("top")), 2] = -0.05
    sigma = stressed(mesh, elasticity, held(mesh, x="x0", y="y0", z=("bottom", "top")), prescribed=pressed)
    (cut,) = section_forces(mesh, sigma, [Plane("middle", (0, 0, 30.0), (0, 0, 1))])
    bone, metal = 1000.0 * 20.0**2, 210_000.0 * (25.0**2 - 20.0**2)
    of = dict(zip(mesh.regions, cut.axial / cut.axial.sum()))
    assert of["bone"] == pytest.approx(bone / (bone + metal), rel=0.01)
    assert cut.axial.sum() < 0


def test_the_bending_moment_of_a_cantilever_is_force_times_arm():
    mesh = mapped_box((2, 2, 8), lambda p: p * (4, 4, 40), ("x0", "x1", "y0", "y1", "bottom", "top"))
    pull = surface_traction(mesh, mesh.surface("top"), np.array([1.0, 0, 0]))
    sigma = stressed(mesh, Isotropic(1000.0, 0.3), held(mesh, x="bottom", y="bottom", z="bottom"), loads=pull)
    (cut,) = section_forces(mesh, sigma, [Plane("middle", (2, 2, 12.0), (0, 0, 1))])
    np.testing.assert_allclose(cut.forces[0], (16, 0, 0), atol=1e-6)
    np.testing.assert_allclose(cut.bending[0], (0, 16 * 28, 0), atol=1e-5)
