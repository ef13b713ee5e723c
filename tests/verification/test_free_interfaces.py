"""A bar of two blocks with a free interface: nothing is carried across, and a crack is a crack."""

import numpy as np
import pytest

from femsim.analyses.static import solve_static
from femsim.fem.elasticity import Isotropic
from femsim.fem.sample import box_mesh
from femsim.mesh.mesh import Mesh
from femsim.mesh.splitting import split
from tests.unit.mesh.test_splitting import bar, between, halfway

STIFF = Isotropic(1000.0, 0.3)
ORDERS = pytest.mark.parametrize("order", [1, 2])


def at_level(mesh, z):
    return np.flatnonzero(mesh.nodes[:, 2] == z)


def pulled(mesh, nodes, force):
    loads = np.zeros((mesh.n_nodes, 3))
    loads[nodes] = np.asarray(force) / len(nodes)
    return loads


@ORDERS
@pytest.mark.parametrize("force", [(0, 0, 10.0), (0, 0, -10.0), (10.0, 0, 0)], ids=["pull", "push", "shear"])
def test_a_free_interface_carries_nothing_across(order, force):
    mesh = bar(order)
    parted = split(mesh, between(mesh), mesh.in_region("lower"))
    held = np.concatenate([at_level(parted.mesh, 0.0), at_level(parted.mesh, 2.0)])
    solution = solve_static(parted.mesh, STIFF, held, pulled(parted.mesh, parted.pairs[:, 0], force))
    upper = np.unique(parted.mesh.elements[parted.mesh.in_region("upper")])
    lower = np.unique(parted.mesh.elements[parted.mesh.in_region("lower")])
    assert (solution.displacements[0, upper] == 0).all() and (solution.reactions[0, upper] == 0).all()
    assert solution.reactions[0, lower].sum(axis=0) == pytest.approx(-np.array(force), abs=1e-8)
    assert np.abs(solution.displacements[0, lower]).max() > 1e-3


@ORDERS
def test_a_bonded_interface_carries_half_of_what_is_put_on_it(order):
    """The counterpart: two equal blocks, held at both ends, share a force in the middle."""
    mesh = bar(order, cells=(2, 2, 8))
    held = np.concatenate([at_level(mesh, 0.0), at_level(mesh, 2.0)])
    solution = solve_static(mesh, Isotropic(1000.0, 0.0), held, pulled(mesh, at_level(mesh, 1.0), (0, 0, 10.0)))
    assert solution.reactions[0, at_level(mesh, 2.0), 2].sum() == pytest.approx(-5.0, rel=1e-2)


def cracked_by_hand(order):
    """Two boxes on each other whose nodes are one on the seam, but for x < 0.5."""
    lower, upper = box_mesh((2, 2, 2), (1, 1, 1), order=order), box_mesh((2, 2, 2), (1, 1, 1), order=order)
    nodes = np.vstack([lower.nodes, upper.nodes + np.array([0, 0, 1])])
    number = np.arange(len(nodes))
    place = {tuple(p): row for row, p in enumerate(lower.nodes) if p[2] == 1.0}
    for row in range(lower.n_nodes, len(nodes)):
        p = tuple(nodes[row])
        if p in place and p[0] >= 0.5:
            number[row] = place[p]
    used, number = np.unique(number, return_inverse=True)
    elements = np.vstack([lower.elements, upper.elements + lower.n_nodes])
    return Mesh(nodes[used], number[elements])


@ORDERS
@pytest.mark.parametrize("force", [(0, 0, 10.0), (3.0, -2.0, 5.0)])
def test_a_half_free_interface_is_a_crack_made_by_hand(order, force):
    mesh, hand = bar(order), cracked_by_hand(order)
    parted = split(mesh, halfway(mesh, between(mesh)), mesh.in_region("lower")).mesh
    assert parted.n_nodes == hand.n_nodes
    by_element = []
    for one in (parted, hand):
        solution = solve_static(one, STIFF, at_level(one, 0.0), pulled(one, at_level(one, 2.0), force))
        by_element.append(solution.displacements[0][one.elements])
    assert by_element[0] == pytest.approx(by_element[1], rel=1e-9, abs=1e-9 * np.abs(by_element[1]).max())


@ORDERS
def test_a_crack_makes_the_bar_softer_the_longer_it_is(order):
    mesh = bar(order, cells=(4, 2, 4))
    faces = between(mesh)
    reach = mesh.nodes[faces[:, :3]].mean(axis=1)[:, 0]
    stretch = []
    for length in (0.0, 0.25, 0.5, 0.75):
        parted = split(mesh, faces[reach < length], mesh.in_region("lower")).mesh
        top = at_level(parted, 2.0)
        solution = solve_static(parted, STIFF, at_level(parted, 0.0), pulled(parted, top, (0, 0, 10.0)))
        stretch.append(solution.displacements[0, top, 2].mean())
    assert (np.diff(stretch) > 0).all()
