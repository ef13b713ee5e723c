"""A body under a load that is driven by its travel: its linear part, its numbering, its tangent and its states."""

from dataclasses import dataclass

import numpy as np
import pytest

from femsim.analyses.loaded_body import LoadedBody
from femsim.analyses.static import solve_static
from femsim.fem.elasticity import Isotropic
from femsim.fem.geometry import centroids
from femsim.fem.plastic_damage import PlasticDamage
from femsim.fem.sample import box_mesh
from femsim.fem.springs import Springs
from femsim.mesh.mesh import Mesh
from femsim.solvers.gmres import gmres
from femsim.solvers.newton import Newton
from femsim.verification.yielding import pushed
from tests.necked_bar import bar

SIZE = 50.0  # N, what the load is told in


@dataclass(frozen=True)
class Set:
    """A body, what it was made of, and the linear solution under its load, by linear statics."""

    body: LoadedBody
    mesh: Mesh
    elasticity: Isotropic
    loads: np.ndarray
    failing: PlasticDamage
    u: np.ndarray
    springs: Springs | None

    @property
    def travel(self) -> float:
        """[mm] of the load, along itself."""
        return float((self.loads * self.u).sum()) / SIZE

    def at(self, share: float) -> np.ndarray:
        """u (3n,) of the body under a share of the load, with the machine where it has to be, from a sound start."""
        self.body.travel = share * (self.body.linear_travel + SIZE / self.body.machine)
        return share * self.body.linear


def made(order: int, *, sprung: bool = False, seed: int = 4) -> Set:
    """A crooked box of uneven bone in random numbers, held at its foot, pulled and bent at its top."""
    box = box_mesh((2, 2, 4), (4.0, 4.0, 10.0), order=order, distortion=0.1)
    if sprung:
        box = _cut(box)
    rng = np.random.default_rng(seed)
    place = rng.permutation(box.n_nodes)  # of each node
    rows = rng.permutation(box.n_elements)
    nodes = np.empty_like(box.nodes)
    nodes[place] = box.nodes
    mesh = Mesh(nodes, place[box.elements][rows], box.region_of[rows], box.regions)
    springs = _springs(mesh) if sprung else None
    shape = (mesh.n_elements, 1 if order == 1 else 4)
    elasticity = Isotropic(rng.uniform(5_000, 15_000, shape), np.broadcast_to(0.3, shape))
    tension = rng.uniform(15.0, 25.0, shape)
    values = (tension, 2.0 * tension, 5.0, 100.0, 0.4, 0.0, 0.2)
    failing = PlasticDamage(*(np.broadcast_to(value, shape) for value in values))
    held = np.repeat(mesh.nodes[:, 2:] == 0, 3, axis=1)
    held[np.argmin(np.abs(mesh.nodes - [0, 0, 5]).sum(axis=1)), 0] = True  # and one direction of a node at its side
    loads = np.zeros((mesh.n_nodes, 3))
    top = mesh.nodes[:, 2] == 10
    loads[top] = np.array([3.0, -1.0, 20.0]) / top.sum()
    loads[mesh.nodes[:, 2] == 0] = [1.0, 2.0, 3.0]  # the support takes it at once
    body = LoadedBody(mesh, elasticity, failing, held, loads, size=SIZE, springs=springs)
    u = solve_static(mesh, elasticity, held, loads, springs=springs).displacements[0]
    return Set(body, mesh, elasticity, loads, failing, u, springs)


def _cut(box: Mesh) -> Mesh:
    """Two boxes whose common face has two nodes at every place."""
    high = box.nodes[box.elements[:, :4], 2].mean(axis=1) > 5
    seam = np.flatnonzero(np.abs(box.nodes[:, 2] - 5) < 1e-9)
    copy = np.arange(box.n_nodes)
    copy[seam] = box.n_nodes + np.arange(len(seam))
    elements = np.where(high[:, None], copy[box.elements], box.elements)
    return Mesh(np.vstack([box.nodes, box.nodes[seam]]), elements, box.region_of, box.regions)


def _springs(mesh: Mesh) -> Springs:
    """Three between each two nodes at one place."""
    near = np.round(mesh.nodes * 1e6).astype(int)
    _, which, count = np.unique(near, axis=0, return_inverse=True, return_counts=True)
    pairs = np.array([np.flatnonzero(which.ravel() == k) for k in np.flatnonzero(count == 2)])
    return Springs(np.repeat(pairs, 3, axis=0), np.tile(np.eye(3), (len(pairs), 1)), np.full(3 * len(pairs), 400.0))


KINDS = {
    "TET4": {"order": 1}, "TET10": {"order": 2}, "TET4 on springs": {"order": 1, "sprung": True},
    "TET10 on springs": {"order": 2, "sprung": True},
}  # fmt: skip


@pytest.fixture(params=KINDS)
def one(request) -> Set:
    return made(**KINDS[request.param])


def free(one: Set) -> np.ndarray:
    """(3n,) bool in the order of the body."""
    held = np.repeat(one.mesh.nodes[:, 2:] == 0, 3, axis=1)
    held[np.argmin(np.abs(one.mesh.nodes - [0, 0, 5]).sum(axis=1)), 0] = True
    return ~held[one.body.order].ravel()


def driven(one: Set, share: float) -> np.ndarray:
    """u (3n,) in balance with the machine at a share of the linear travel."""
    one.body.travel = share * one.body.linear_travel
    return Newton(rtol=1e-9).solve(one.body, share * one.body.linear).u


def test_its_linear_response_is_that_of_linear_statics(one):
    assert one.body.motion(one.body.linear) == pytest.approx(one.u, abs=1e-5 * np.abs(one.u).max())
    assert one.body.linear_travel == pytest.approx(one.travel, rel=1e-5)


@pytest.mark.parametrize("share", [0.01, 0.5, -0.3])
def test_what_yields_nowhere_is_in_balance_where_linear_statics_says(one, share):
    share /= float(one.body.yield_ratio().max())
    u = one.at(share)
    r, size = one.body.residual(u)
    assert np.linalg.norm(r) < 2e-5 * size
    assert one.body.force(u) == pytest.approx(share * SIZE, rel=1e-5)


def test_its_elastic_energy_is_half_of_force_times_travel(one):
    share = 0.5 / float(one.body.yield_ratio().max())
    u = one.at(share)
    one.body.residual(u)
    assert one.body.stored(u) == pytest.approx(0.5 * share**2 * SIZE * one.travel, rel=1e-5)
    assert one.body.breaking.lost(one.body.now.state) == 0.0


def test_the_preconditioner_solves_the_elastic_body_and_its_machine(one):
    one.body.residual(np.zeros_like(one.body.linear))
    x = np.where(free(one), np.random.default_rng(1).normal(size=len(one.body.linear)), 0.0)
    assert one.body.precondition(one.body.linearised(False)(x)) == pytest.approx(x, abs=1e-6)


def test_a_motion_is_told_in_the_numbers_of_the_mesh(one):
    assert one.body.motion(one.body.breaking.mesh.nodes.ravel()) == pytest.approx(one.mesh.nodes)


def test_values_of_elements_are_told_in_the_order_of_the_mesh(one):
    height = centroids(one.body.breaking.mesh)[:, 2]
    assert one.body.of_elements(height) == pytest.approx(centroids(one.mesh)[:, 2])


def test_the_material_lies_where_it_was_given(one):
    for k, modulus in enumerate(one.body.elasticity.youngs_modulus.T):
        assert one.body.of_elements(modulus) == pytest.approx(one.elasticity.youngs_modulus[:, k])
    for k, strength in enumerate(one.body.breaking.failing.tension.T):
        assert one.body.of_elements(strength) == pytest.approx(one.failing.tension[:, k])


def test_what_is_held_neither_loads_nor_lacks_anything(one):
    held = ~free(one)
    u = driven(one, 1.5 / float(one.body.yield_ratio().max()))
    r, _ = one.body.residual(u + 0.01)
    moved = one.body.linearised(False)(np.ones_like(u))
    assert not one.body.pattern[held].any() and not r[held].any() and not moved[held].any()


@pytest.mark.parametrize("share", [0.999, 1.001])
def test_it_yields_first_where_its_ratio_is_one(one, share):
    ratio = one.body.yield_ratio()
    u = one.at(share / float(ratio.max()))
    one.body.residual(u)
    yielded = one.body.yielded() > 0
    assert yielded.any() == (share > 1)
    assert not yielded[ratio.max(axis=1) < 0.99 * ratio.max()].any()


@pytest.mark.parametrize("stable_before", [True, False])
def test_its_tangent_is_the_derivative_of_its_residual(one, stable_before):
    """In the middle of a step that cracks, machine and springs included, whatever tangent was asked before."""
    share = 1.0 / float(one.body.yield_ratio().max())
    u = driven(one, 1.2 * share)
    one.body.accept()
    one.body.travel = 1.5 * share * one.body.linear_travel
    u = 2.0 * u
    way = np.where(free(one), np.random.default_rng(2).normal(size=len(u)), 0.0) * np.abs(u).max() * 1e-6
    one.body.residual(u)
    if stable_before:
        one.body.linearised(True)
    assert one.body.damage().max() > 0.01
    slope = one.body.linearised(False)(way)
    after, before = one.body.residual(u + way)[0], one.body.residual(u - way)[0]
    assert slope == pytest.approx((before - after) / 2, abs=1e-4 * np.abs(slope).max())


def test_the_stable_tangent_resists_more_than_the_consistent_one(one):
    u = driven(one, 1.3 / float(one.body.yield_ratio().max()))
    one.body.residual(u)
    stable = float(u @ one.body.linearised(True)(u))
    assert stable > float(u @ one.body.linearised(False)(u))


def test_an_accepted_state_is_not_written_over(one):
    u = driven(one, 1.2 / float(one.body.yield_ratio().max()))
    one.body.accept()
    kept = one.body.old.copy()
    for away in (1.1, 1.3, 0.5):
        one.body.residual(away * u)
        one.body.linearised(True)
    assert (one.body.old == kept).all() and kept.any()


def test_a_state_follows_from_that_which_was_accepted_and_not_from_those_tried_since(one):
    u = driven(one, 1.2 / float(one.body.yield_ratio().max()))
    one.body.accept()
    first = one.body.residual(1.2 * u)[0].copy()
    one.body.residual(3.0 * u)
    assert (one.body.residual(1.2 * u)[0] == first).all()


def test_it_unloads_with_what_is_left_of_its_stiffness(one):
    """Back to no force it has yielded for good, and on the way there lost nothing."""
    u = driven(one, 1.5 / float(one.body.yield_ratio().max()))
    one.body.accept()
    lost, force = one.body.breaking.lost(one.body.now.state), one.body.force(u)
    one.body.travel *= 0.9
    back = Newton(rtol=1e-9).solve(one.body, 0.9 * u).u
    slope = (force - one.body.force(back)) / float(one.body.pattern @ (u - back))
    assert 0.5 * SIZE / one.body.linear_travel < slope < SIZE / one.body.linear_travel
    assert one.body.breaking.lost(one.body.now.state) == pytest.approx(lost, rel=1e-9)


def test_a_preconditioner_for_the_softened_body_does_better_there():
    body = bar(2, 60, 120, 20, 300, 0.4)
    first = body.linear_travel / float(body.yield_ratio().max())
    u = pushed(body, first * np.array([0.9, *np.arange(1, 2.2, 0.02)]), rtol=1e-6)[-1].u[body.order].ravel()
    assert body.damage().max() > 0.5

    def iterations():
        r, _ = body.residual(1.01 * u)
        return gmres(body.linearised(False), body.precondition, r, rtol=1e-6, restart=100, most=100).iterations

    before = iterations()
    body.soften()
    assert iterations() <= before / 2


def test_the_size_of_its_load_is_the_largest_it_bore():
    one = made(2)
    u = one.at(1e-3)
    norm = np.linalg.norm(one.body.pattern)
    assert one.body.residual(u)[1] == pytest.approx(1e-3 * SIZE * norm, rel=1e-4)
    one.body.largest = 2 * SIZE
    assert one.body.residual(u)[1] == pytest.approx(2 * SIZE * norm)


def test_bone_is_judged_where_it_was_said_to_be():
    one = made(2)
    judged = centroids(one.mesh)[:, 2] > 5
    held = np.flatnonzero(one.mesh.nodes[:, 2] == 0)
    body = LoadedBody(one.mesh, one.elasticity, one.failing, held, one.loads, size=SIZE, judged=judged)
    assert (body.judged == (centroids(body.breaking.mesh)[:, 2] > 5)).all()
