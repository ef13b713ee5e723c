"""V05, V06, V09: the same problem stated in another way has the same answer.

Turned, mirrored, renumbered, and in other units; isotropic and orthotropic, straight and curved, by both solvers.
"""

from dataclasses import dataclass, replace

import numpy as np
import pytest

from femsim.analyses.static import solve_static
from femsim.fem.elasticity import Isotropic, Orthotropic
from femsim.fem.geometry import integration_weights
from femsim.fem.recovery import principal, strain, strain_energy_density, stress, von_mises
from femsim.fem.sample import box_mesh
from femsim.mesh.mesh import Mesh

# Corners 0 and 1 change places, and with them the nodes on their edges and the integration points nearest them.
SWAP = [1, 0, 2, 3, 4, 6, 5, 8, 7, 9]
SAME = 1e-9  # of the largest value; the solvers are asked for 1e-12


@dataclass(frozen=True)
class Stated:
    """A problem: mesh, elasticity, supports (n, 3) bool, nodal forces (n, 3) and initial strain (e, q, 6)."""

    mesh: Mesh
    elasticity: Isotropic | Orthotropic
    held: np.ndarray
    loads: np.ndarray
    initial: np.ndarray


def turned_tensor(values, turn):
    """(…, 6) components in a turned or mirrored frame."""
    tensor = turn @ values[..., [0, 3, 5, 3, 1, 4, 5, 4, 2]].reshape(*values.shape[:-1], 3, 3) @ turn.T
    return tensor.reshape(*values.shape[:-1], 9)[..., [0, 4, 8, 1, 5, 2]]


def turned(problem, turn, shift=(0.0, 0.0, 0.0)):
    """Everything turned or mirrored and moved."""
    mesh, elasticity = problem.mesh, problem.elasticity
    if isinstance(elasticity, Orthotropic):
        elasticity = replace(elasticity, axes=elasticity.axes @ turn.T)
    moved = replace(
        problem, mesh=replace(mesh, nodes=mesh.nodes @ turn.T + shift), elasticity=elasticity,
        loads=problem.loads @ turn.T, initial=turned_tensor(problem.initial, turn),
    )  # fmt: skip
    return moved if np.linalg.det(turn) > 0 else with_corners_swapped(moved)


def with_corners_swapped(problem):
    """Every element lists its first two corners the other way round: what turns a mirrored one right-handed again."""
    width = problem.mesh.elements.shape[1]
    points = SWAP[:4] if width == 10 else [0]
    by_point = {name: getattr(problem.elasticity, name)[:, points] for name in problem.elasticity.__dataclass_fields__}
    return replace(
        problem, mesh=replace(problem.mesh, elements=problem.mesh.elements[:, SWAP[:width]]),
        elasticity=replace(problem.elasticity, **by_point), initial=problem.initial[:, points],
    )  # fmt: skip


def renumbered(problem, nodes, elements):
    """Node i becomes nodes[i]; element k is what was elements[k]."""
    mesh, back = problem.mesh, np.argsort(nodes)
    by_element = {name: getattr(problem.elasticity, name)[elements] for name in problem.elasticity.__dataclass_fields__}
    return Stated(
        replace(mesh, nodes=mesh.nodes[back], elements=nodes[mesh.elements[elements]]),
        replace(problem.elasticity, **by_element), problem.held[back], problem.loads[back], problem.initial[elements],
    )  # fmt: skip


def in_metres(problem):
    """m, N, Pa."""
    elasticity = problem.elasticity
    moduli = ["youngs_modulus"] if isinstance(elasticity, Isotropic) else ["youngs_moduli", "shear_moduli"]
    return replace(
        problem, mesh=replace(problem.mesh, nodes=problem.mesh.nodes / 1000),
        elasticity=replace(elasticity, **{name: getattr(elasticity, name) * 1e6 for name in moduli}),
    )  # fmt: skip


def column(order, kind, shape):
    """A graded column, held below, pulled, sheared and twisted above, and unevenly warm."""
    mesh = box_mesh((3, 3, 5), (10, 10, 20), order=order, distortion=0.1)
    held = np.repeat(mesh.nodes[:, 2:] == 0, 3, axis=1)
    rng = np.random.default_rng(0)
    places = (mesh.n_elements, 1 if order == 1 else 4)
    modulus = np.exp(rng.uniform(4, 9, places))
    if kind == "isotropic":
        elasticity = Isotropic(modulus, rng.uniform(0.1, 0.4, places))
    else:
        axes = np.linalg.qr(rng.standard_normal((*places, 3, 3)))[0]
        ratios = rng.uniform(0.1, 0.3, (*places, 3))
        elasticity = Orthotropic(
            modulus[..., None] * [1, 0.7, 0.5], ratios, modulus[..., None] * [0.3, 0.2, 0.25], axes
        )
    loads = np.where(mesh.nodes[:, 2:] == 20, rng.normal([1.0, 2.0, -3.0], 1.0, (mesh.n_nodes, 3)), 0.0)
    initial = 1e-4 * rng.standard_normal((*places, 6))
    if shape == "curved":
        x, y, z = mesh.nodes.T
        bend = 0.3 * np.column_stack([np.sin(y), np.sin(z / 2), np.sin(x)])
        mesh = replace(mesh, nodes=mesh.nodes + np.where(held, 0.0, bend))
    return Stated(mesh, elasticity, held, loads, initial)


def solved(problem, method):
    """Displacement (n, 3), reactions (n, 3), energy, and stress (e, q, 6)."""
    found = solve_static(
        problem.mesh, problem.elasticity, problem.held, problem.loads,
        initial_strain=problem.initial, rtol=1e-12, method=method,
    )  # fmt: skip
    sigma = stress(strain(problem.mesh, found.displacements[0]) - problem.initial, problem.elasticity)
    return found.displacements[0], found.reactions[0], found.energy[0], sigma


def assert_same(found, expected):
    np.testing.assert_allclose(found, expected, rtol=0, atol=SAME * np.abs(expected).max())


CASES = [
    (order, kind, shape, method)
    for order in (1, 2)
    for kind in ("isotropic", "orthotropic")
    for shape in (("straight", "curved") if order == 2 else ("straight",))
    for method in ("direct", "multigrid_cg")
]


@pytest.fixture(scope="module", params=CASES, ids=lambda case: "-".join(map(str, case)))
def case(request):
    """Problem, method, and its answer."""
    *what, method = request.param
    problem = column(*what)
    return problem, method, solved(problem, method)


def some_turn():
    turn = np.linalg.qr(np.random.default_rng(1).standard_normal((3, 3)))[0]
    return turn * np.sign(np.linalg.det(turn))


@pytest.mark.parametrize("mirror", [1.0, -1.0], ids=["turned", "mirrored"])
def test_v05_a_turned_or_mirrored_problem_has_the_turned_answer(case, mirror):
    problem, method, (u, reactions, energy, sigma) = case
    turn = some_turn() * mirror
    v, others, other_energy, tau = solved(turned(problem, turn, (3, -50, 7)), method)
    assert_same(v, u @ turn.T)
    assert_same(others, reactions @ turn.T)
    assert other_energy == pytest.approx(energy, rel=SAME)
    points = SWAP[:4] if mirror < 0 and problem.mesh.order == 2 else slice(None)
    assert_same(tau, turned_tensor(sigma[:, points], turn))
    for invariant in (von_mises, principal):
        assert_same(invariant(tau), invariant(sigma[:, points]))


def test_v06_the_numbering_of_nodes_and_elements_does_not_matter(case):
    problem, method, (u, reactions, energy, sigma) = case
    rng = np.random.default_rng(2)
    nodes, elements = rng.permutation(problem.mesh.n_nodes), rng.permutation(problem.mesh.n_elements)
    v, others, other_energy, tau = solved(renumbered(problem, nodes, elements), method)
    assert_same(v[nodes], u)
    assert_same(others[nodes], reactions)
    assert other_energy == pytest.approx(energy, rel=SAME)
    assert_same(tau, sigma[elements])


def test_metres_and_pascals_give_the_same_answer(case):
    problem, method, (u, reactions, energy, sigma) = case
    v, others, other_energy, tau = solved(in_metres(problem), method)
    assert_same(1000 * v, u)
    assert_same(others, reactions)
    assert 1000 * other_energy == pytest.approx(energy, rel=SAME)
    assert_same(tau / 1e6, sigma)


def test_energy_is_that_of_stress_and_elastic_strain(case):
    problem, _, (u, _, energy, sigma) = case
    density = strain_energy_density(sigma, strain(problem.mesh, u) - problem.initial)
    assert density.min() >= 0
    assert energy == pytest.approx((integration_weights(problem.mesh) * density).sum(), rel=SAME)


def test_v09_work_is_mutual(case):
    """Betti, with two random loads."""
    problem, method, _ = case
    loads = np.where(problem.held, 0.0, np.random.default_rng(3).standard_normal((2, *problem.loads.shape)))
    u = solve_static(
        problem.mesh, problem.elasticity, problem.held, loads, rtol=1e-12, method=method
    ).displacements  # fmt: skip
    assert np.vdot(loads[0], u[1]) == pytest.approx(np.vdot(loads[1], u[0]), rel=SAME)
