"""Bodies that slide on each other: tied across the interface, free along it."""

import numpy as np
import pytest

from femsim.analyses.static import solve_static
from femsim.errors import ModelError
from femsim.fem.elasticity import Isotropic
from femsim.fem.geometry import is_straight
from femsim.fem.sample import box_mesh
from femsim.fem.springs import STIFFER, Springs, tying_springs
from femsim.interfaces.frame import ImplantFrame
from femsim.interfaces.freeing import freed_twin
from femsim.interfaces.sliding import Sliding
from femsim.mesh.mesh import Mesh, Twin
from femsim.verification.mapped import joined
from femsim.verification.shapes import tube
from tests.unit.mesh.test_splitting import bar, between

ORDERS = pytest.mark.parametrize("order", [1, 2])
METHODS = pytest.mark.parametrize("method", ["direct", "multigrid_cg"])
FRAME = ImplantFrame(np.zeros(3), np.eye(3)[[2, 0, 1]])


def parted(
    mesh: Mesh, stiffness: float | tuple[float, float] = 1000.0, stiffer: float = STIFFER
) -> tuple[Mesh, Springs]:
    """The mesh split between its two regions, and the springs that hold them on each other."""
    n_kept = int((mesh.region_of == 0).sum())
    twin = Twin(mesh, mesh, n_kept, int(np.unique(mesh.elements[:n_kept]).size), (), {"seat": between(mesh)})
    freed, loose = freed_twin(twin, {"seat": Sliding()}, FRAME)
    pairs = loose["seat"]
    modulus = np.broadcast_to(np.asarray(stiffness, float), 2)[mesh.region_of][:, None]
    springs = tying_springs(freed.operated, modulus, pairs.pairs, pairs.normals, pairs.areas, stiffer=stiffer)
    return freed.operated, springs


def in_two(mesh: Mesh, is_second) -> Mesh:
    """The mesh with the elements whose middle is_second says so of behind the others, as another region."""
    second = is_second(mesh.nodes[mesh.elements[:, :4]].mean(axis=1))
    rows = np.argsort(second, kind="stable")
    return Mesh(mesh.nodes, mesh.elements[rows], second[rows].astype(int), ("first", "second"))


def at(mesh, axis, place):
    return np.flatnonzero(np.abs(mesh.nodes[:, axis] - place) < 1e-9)


def spread(mesh, nodes, force):
    loads = np.zeros((mesh.n_nodes, 3))
    loads[nodes] = np.asarray(force) / len(nodes)
    return loads


# Two blocks on each other -------------------------------------------------------------------------------------------


@ORDERS
@METHODS
@pytest.mark.parametrize("sense", [-1, 1], ids=["push", "pull"])
def test_across_the_interface_a_column_is_as_stiff_as_in_one_piece(order, method, sense):
    mesh, springs = parted(bar(order, cells=(2, 2, 8)))
    held = np.zeros((mesh.n_nodes, 3), bool)
    held[at(mesh, 2, 0.0)] = held[at(mesh, 2, 2.0)] = True
    pushed = np.zeros((mesh.n_nodes, 3))
    pushed[at(mesh, 2, 2.0), 2] = sense * 0.01
    solution = solve_static(
        mesh, Isotropic(1000.0, 0.0), held, 0 * pushed, springs=springs, prescribed=pushed, method=method
    )
    force = solution.reactions[0, at(mesh, 2, 2.0), 2].sum()
    # E A δ / L, less what the springs give: a thousandth of two elements, of eight.
    assert force == pytest.approx(sense * 1000.0 * 0.01 / 2.0, rel=1e-3)


def test_an_even_pressure_opens_the_springs_by_a_thousandth_of_the_elements_beside():
    mesh, springs = parted(bar(1, cells=(2, 2, 8)))
    held = np.zeros((mesh.n_nodes, 3), bool)
    held[at(mesh, 2, 0.0)] = held[at(mesh, 2, 2.0)] = True
    pushed = np.zeros((mesh.n_nodes, 3))
    pushed[at(mesh, 2, 2.0), 2] = -0.01
    u = solve_static(mesh, Isotropic(1000.0, 0.0), held, 0 * pushed, springs=springs, prescribed=pushed)
    edge = np.cbrt(6 * np.sqrt(2) * 0.5 * 0.5 * 0.25 / 6)  # of the regular tetrahedron of the same volume
    assert -springs.openings(u.displacements[0]) == pytest.approx(2 * edge * 0.01 / 2.0 / 1000, rel=0.01)


@ORDERS
def test_along_the_interface_nothing_is_carried(order):
    """The upper block has its own supports; a force along the interface on the lower one is the lower one's alone."""
    mesh, springs = parted(bar(order, cells=(2, 2, 8)))
    held = np.concatenate([at(mesh, 2, 0.0), at(mesh, 2, 2.0)])
    own = springs.pairs[:, 0]
    solution = solve_static(mesh, Isotropic(1000.0, 0.0), held, spread(mesh, own, (10.0, -4.0, 0)), springs=springs)
    upper = np.unique(mesh.elements[mesh.in_region("upper")])
    assert solution.reactions[0, upper, :2].sum(axis=0) == pytest.approx([0, 0], abs=1e-8)
    assert solution.reactions[0].sum(axis=0) == pytest.approx([-10.0, 4.0, 0], abs=1e-8)


@ORDERS
@METHODS
def test_reactions_balance_loads_and_work_becomes_energy(order, method):
    mesh, springs = parted(bar(order, cells=(3, 3, 6)))
    held = np.concatenate([at(mesh, 2, 0.0), at(mesh, 0, 0.0)])
    loads = spread(mesh, at(mesh, 2, 2.0), (3.0, -2.0, -10.0))
    solution = solve_static(mesh, Isotropic(1000.0, 0.3), held, loads, springs=springs, method=method)
    work = 0.5 * np.vdot(loads, solution.displacements[0])
    assert solution.energy[0] == pytest.approx(work, rel=1e-8)
    assert springs.energy(solution.displacements[0]) > 0
    assert np.abs((solution.reactions[0] + loads).sum(axis=0)).max() < 1e-8
    assert np.abs(np.cross(mesh.nodes, solution.reactions[0] + loads).sum(axis=0)).max() < 1e-8


@pytest.mark.parametrize("bent", [False, True], ids=["matrix-free", "assembled"])
def test_factors_and_multigrid_agree(bent):
    mesh = bar(2, cells=(3, 3, 6))
    if bent:
        mesh = Mesh(
            mesh.nodes + 0.01 * np.sin(7 * mesh.nodes[:, [1, 2, 0]]), mesh.elements, mesh.region_of, mesh.regions
        )
    mesh, springs = parted(mesh, (17_000.0, 200_000.0))
    modulus = np.where(mesh.region_of == 0, 17_000.0, 200_000.0)[:, None]
    assert is_straight(mesh) != bent
    held = np.concatenate([at(mesh, 2, mesh.nodes[:, 2].min()), at(mesh, 2, 0.0), springs.pairs[:3, 1]])
    loads = spread(mesh, springs.pairs[5:, 1], (3.0, -2.0, -10.0))
    found = [
        solve_static(mesh, Isotropic(modulus, 0.3), held, loads, springs=springs, method=method).displacements
        for method in ("direct", "multigrid_cg")
    ]
    assert found[0] == pytest.approx(found[1], rel=1e-6, abs=1e-7 * np.abs(found[0]).max())


@ORDERS
def test_what_moves_there_under_a_force_here_moves_here_under_that_force_there(order):
    """Betti."""
    mesh, springs = parted(bar(order, cells=(3, 3, 6)))
    held = np.concatenate([at(mesh, 2, 0.0), at(mesh, 0, 0.0)])
    rng = np.random.default_rng(0)
    loads = rng.normal(size=(2, mesh.n_nodes, 3))
    u = solve_static(mesh, Isotropic(1000.0, 0.3), held, loads, springs=springs).displacements
    assert np.vdot(loads[0], u[1]) == pytest.approx(np.vdot(loads[1], u[0]), rel=1e-9)


@ORDERS
def test_a_turned_body_gives_the_turned_answer(order):
    turn = np.linalg.qr(np.random.default_rng(1).normal(size=(3, 3)))[0]
    turn *= np.sign(np.linalg.det(turn))
    upright = bar(order, cells=(3, 3, 6))
    turned = Mesh(upright.nodes @ turn.T, upright.elements, upright.region_of, upright.regions)
    held = np.concatenate([at(upright, 2, 0.0), at(upright, 0, 0.0)])
    loads = np.random.default_rng(2).normal(size=(upright.n_nodes, 3))
    found = []
    for mesh, axes in ((upright, np.eye(3)), (turned, turn)):
        mesh, springs = parted(mesh)
        forces = np.zeros((mesh.n_nodes, 3))
        forces[: len(loads)] = loads @ axes.T
        u = solve_static(mesh, Isotropic(1000.0, 0.3), held, forces, springs=springs, rtol=1e-12).displacements[0]
        found.append(u @ axes)
    assert found[0] == pytest.approx(found[1], rel=1e-9, abs=1e-9 * np.abs(found[0]).max())


@ORDERS
def test_metres_give_the_answer_of_millimetres(order):
    small = bar(order, cells=(3, 3, 6))
    large = Mesh(small.nodes / 1e3, small.elements, small.region_of, small.regions)
    held = np.concatenate([at(small, 2, 0.0), at(small, 0, 0.0)])
    found = []
    for mesh, modulus, length in ((small, 1000.0, 1.0), (large, 1000.0e6, 1e3)):
        mesh, springs = parted(mesh, modulus)
        loads = spread(mesh, springs.pairs[:, 1], (1.0, 2.0, -10.0))
        u = solve_static(mesh, Isotropic(modulus, 0.3), held, loads, springs=springs, rtol=1e-12).displacements[0]
        found.append(length * u)
    assert found[0] == pytest.approx(found[1], rel=1e-9, abs=1e-9 * np.abs(found[0]).max())


# Beams: without shear between them, they bend side by side ------------------------------------------------------------

LENGTH = 40.0


def layered_tip(sliding: bool, stiffer: float = STIFFER) -> float:
    """Deflection [mm] of two cantilevers of 1 x 1 mm on each other under 1 N at their tip, E = 1000 MPa."""
    mesh = in_two(box_mesh((40, 1, 4), (LENGTH, 1.0, 2.0), order=2), lambda middle: middle[:, 2] > 1.0)
    springs = None
    if sliding:
        mesh, springs = parted(mesh, stiffer=stiffer)
    tip = at(mesh, 0, LENGTH)
    u = solve_static(mesh, Isotropic(1000.0, 0.0), at(mesh, 0, 0.0), spread(mesh, tip, (0, 0, -1.0)), springs=springs)
    return -float(u.displacements[0, tip, 2].mean())


@pytest.mark.parametrize("sliding, second_moment", [(True, 2 / 12), (False, 8 / 12)], ids=["sliding", "bonded"])
def test_layers_that_slide_bend_each_about_its_own_middle(sliding, second_moment):
    """P L³ / 3 E I, with 2 (b h³/12) or b (2h)³/12: four times as stiff in one piece."""
    assert layered_tip(sliding) == pytest.approx(LENGTH**3 / (3 * 1000.0 * second_moment), rel=0.02)


@pytest.mark.parametrize("factor", [0.1, 10.0])
def test_the_stiffness_of_the_springs_does_not_matter(factor):
    """V44."""
    assert layered_tip(True, factor * STIFFER) == pytest.approx(layered_tip(True), rel=2e-3)


# A rod in a tube ------------------------------------------------------------------------------------------------------

RADII = 2.0, 3.0, 4.0  # of the hollow rod, of both, of the tube


def rod_in_tube(length: float, n_along: int) -> Mesh:
    angles, heights = np.linspace(0, 2 * np.pi, 17), np.linspace(0, length, n_along + 1)
    inner, outer = (
        tube(np.array(radii), angles, heights, region=region)
        for radii, region in ((RADII[1:], "tube"), (RADII[:2], "rod"))
    )
    return joined([inner, outer])


def test_a_rod_that_slides_in_a_tube_bends_with_it():
    """V24: both bend about one axis, so P L³ / 3 (E1 I1 + E2 I2), bonded or sliding."""
    length, moduli = 60.0, (1000.0, 4000.0)
    whole = rod_in_tube(length, 20)
    found = {}
    for name in ("sliding", "bonded"):
        mesh, springs = parted(whole, moduli) if name == "sliding" else (whole, None)
        modulus = np.array(moduli)[mesh.region_of][:, None]
        tip, held = at(mesh, 2, length), at(mesh, 2, 0.0)
        u = solve_static(mesh, Isotropic(modulus, 0.0), held, spread(mesh, tip, (1.0, 0, 0)), springs=springs)
        found[name] = float(u.displacements[0, tip, 0].mean())
    second = np.pi / 4 * np.diff(np.array(RADII) ** 4)
    exact = length**3 / (3 * (moduli[1] * second[0] + moduli[0] * second[1]))
    assert found["sliding"] == pytest.approx(exact, rel=0.03)
    assert found["bonded"] == pytest.approx(found["sliding"], rel=0.02)


def test_a_rod_pulled_out_of_a_tube_leaves_nothing_in_it():
    mesh, springs = parted(rod_in_tube(20.0, 8))
    held, tip = at(mesh, 2, 0.0), at(mesh, 2, 20.0)
    rod = np.unique(mesh.elements[mesh.in_region("rod")])
    loads = spread(mesh, np.intersect1d(tip, rod), (0, 0, 5.0))
    solution = solve_static(mesh, Isotropic(1000.0, 0.0), held, loads, springs=springs)
    tube_nodes = np.unique(mesh.elements[mesh.in_region("tube")])
    assert solution.reactions[0, tube_nodes, 2].sum() == pytest.approx(0, abs=1e-3 * 5)
    assert solution.displacements[0, np.intersect1d(tip, rod), 2].mean() == pytest.approx(
        5.0 * 20.0 / (1000.0 * np.pi * (RADII[1] ** 2 - RADII[0] ** 2)), rel=0.05
    )


def test_a_round_rod_that_nothing_keeps_in_its_tube_is_refused():
    mesh, springs = parted(rod_in_tube(20.0, 8))
    held = np.intersect1d(at(mesh, 2, 0.0), mesh.elements[mesh.in_region("tube")])
    with pytest.raises(ModelError, match=r"in rod around .* 2 free motions \(1 translation, 1 rotation") as caught:
        solve_static(mesh, Isotropic(1000.0, 0.0), held, np.zeros((mesh.n_nodes, 3)), springs=springs)
    assert "slide along it" in caught.value.why and "bond a part" in caught.value.remedy


def test_a_block_that_slides_on_a_plane_is_refused():
    mesh, springs = parted(bar(1))
    with pytest.raises(ModelError, match=r"3 free motions \(2 translations, 1 rotation"):
        solve_static(mesh, Isotropic(1.0, 0.0), at(mesh, 2, 0.0), np.zeros((mesh.n_nodes, 3)), springs=springs)


def test_a_plug_that_its_hole_grips_on_every_side_is_held_by_springs_alone():
    """A block set into the top of another: five faces, no free motion; it is lifted, for springs pull too."""
    mesh = in_two(
        box_mesh((3, 3, 3), (3.0, 3.0, 3.0), order=2),
        lambda m: (np.abs(m[:, 0] - 1.5) < 0.5) & (np.abs(m[:, 1] - 1.5) < 0.5) & (m[:, 2] > 1.0),
    )
    mesh, springs = parted(mesh)
    plug = np.unique(mesh.elements[mesh.in_region("second")])
    loads = spread(mesh, plug, (0, 0, 1.0))
    solution = solve_static(mesh, Isotropic(1000.0, 0.3), at(mesh, 2, 0.0), loads, springs=springs)
    assert solution.reactions[0].sum(axis=0) == pytest.approx([0, 0, -1.0], abs=1e-9)
    assert 0 < solution.displacements[0, plug, 2].mean() < 0.01
