"""Notched and holed bars that yield, by CalculiX's *PLASTIC: same mesh, same forces, step for step."""

import re
from dataclasses import dataclass

import numpy as np
import pytest

from femsim.analyses.loaded_body import LoadedBody
from femsim.calculix import program
from femsim.errors import MissingPieceError
from femsim.export.columns import lines, within
from femsim.export.inp import NUMBER_WIDTH
from femsim.fem.elasticity import Isotropic
from femsim.fem.forces import surface_traction
from femsim.fem.kernels.plastic_damage import KAPPA_C, KAPPA_T, STRESS
from femsim.mesh.mesh import Mesh
from femsim.verification.mapped import joined, mapped_box
from femsim.verification.shapes import graded
from femsim.verification.solid import held
from femsim.verification.yielding import State, metal, pushed

pytestmark = pytest.mark.slow

# So strong a metal yields at strains of 1e-4, so that strains stay small, as femsim takes them to be.
MODULUS, POISSON, STRENGTH = 200_000.0, 0.3, 20.0  # MPa, -, MPa
WIDTH, LENGTH, THICKNESS = 10.0, 25.0, 2.0  # mm, of the eighth that is meshed
HARDENING = {"perfect": 0.0, "hardening": 8000.0}  # MPa
LIMIT = 2e-5  # CalculiX prints seven digits and stops at 1e-8 of the force, femsim at 1e-9
FAR = np.array([0.6, 1.0, 1.4, 1.8, 2.1, 2.4])  # times the travel at which it yields first


def notched() -> Mesh:
    """An eighth of a strip that is narrowed to 0.6 of its width."""

    def mapping(p):
        narrow = 1 - 0.4 * np.exp(-((p[:, 2] * LENGTH / 4) ** 2))
        return np.column_stack([p[:, 0] * WIDTH * narrow, p[:, 1] * THICKNESS, p[:, 2] * LENGTH])

    names = ("x0", "side", "y0", "face", "z0", "end")
    return mapped_box((5, 2, graded(0, 1, 10, 4.0)), mapping, names, curved=False)


def holed() -> Mesh:
    """An eighth of a strip with a round hole of 0.4 of its width."""
    hole = 0.4 * WIDTH

    def side(p):
        angle = p[:, 2] * np.pi / 4
        ray = np.column_stack([np.cos(angle), np.sin(angle)])
        flat = hole * ray + p[:, :1] * (np.column_stack([np.ones(len(p)), np.tan(angle)]) * WIDTH - hole * ray)
        return np.column_stack([flat[:, 0], p[:, 1] * THICKNESS, flat[:, 1]])

    def above(p):
        return side(p[:, [2, 1, 0]])[:, [2, 1, 0]]

    def rest(p):
        along = WIDTH + p[:, 2] * (LENGTH - WIDTH)
        return np.column_stack([np.tan(p[:, 0] * np.pi / 4) * WIDTH, p[:, 1] * THICKNESS, along])

    growing = graded(0, 1, 4, 3.0)
    return joined(
        [
            mapped_box((growing, 2, 4), side, ("hole", "side", "y0", "face", "z0", "seam"), curved=False),
            mapped_box((4, 2, growing), above, ("x0", "seam", "y0", "face", "hole", "seam"), curved=False),
            mapped_box((4, 2, 4), rest, ("x0", "side", "y0", "face", "seam", "end"), curved=False),
        ]
    )


SHAPES = {"notched": notched, "holed": holed}


@dataclass(frozen=True)
class Theirs:
    """One step by CalculiX.

    u : (n, 3) [mm]. plastic : (e, 4). stress : (e, 4, 6) [MPa] XX YY ZZ XY YZ XZ.
    """

    u: np.ndarray
    plastic: np.ndarray
    stress: np.ndarray


@dataclass(frozen=True)
class Both:
    """A bar by both programs, step for step; loads (n, 3) of a force of 1."""

    body: LoadedBody
    loads: np.ndarray
    ours: list[State]
    theirs: list[Theirs]

    def ours_at_points(self, step: int) -> tuple[np.ndarray, np.ndarray]:
        """(e, 4) plastic strain and (e, 4, 6) stress in the order of the mesh."""
        points = np.empty_like(self.ours[step].points)
        for column in range(points.shape[2]):
            for q in range(points.shape[1]):
                points[:, q, column] = self.body.of_elements(self.ours[step].points[:, q, column])
        return points[..., KAPPA_T] + points[..., KAPPA_C], points[..., STRESS : STRESS + 6]


@pytest.fixture(scope="module", params=[(shape, name) for shape in SHAPES for name in HARDENING], ids="-".join)
def both(request, tmp_path_factory) -> Both:
    shape, name = request.param
    try:
        ccx = program.find()
    except MissingPieceError as error:
        pytest.skip(str(error))
    mesh = SHAPES[shape]()
    supports = held(mesh, x="x0", y="y0", z="z0")
    loads = surface_traction(mesh, mesh.surface("end"), np.array([0, 0, 1.0]))
    hardening = HARDENING[name]
    body = LoadedBody(mesh, Isotropic(MODULUS, POISSON), metal(mesh, STRENGTH, hardening), supports, loads, size=1.0)
    ours = pushed(body, FAR * body.linear_travel / float(body.yield_ratio().max()))
    deck = tmp_path_factory.mktemp("calculix") / "bar.inp"
    write_deck(deck, mesh, hardening, supports, [state.force * loads for state in ours])
    program.run(ccx, deck)
    return Both(body, loads, ours, read(deck.with_suffix(".dat")))


def write_deck(path, mesh: Mesh, hardening: float, supports, forces) -> None:
    """A step of one increment to each of the nodal forces (n, 3)."""
    with open(path, "w", encoding="ascii") as file:
        file.write("*NODE, NSET=NALL\n")
        columns = (within(NUMBER_WIDTH, mesh.nodes[:, k]) for k in range(3))
        file.writelines(lines("%d, %s, %s, %s\n", np.arange(1, mesh.n_nodes + 1), *columns))
        file.write("*ELEMENT, TYPE=C3D10, ELSET=EALL\n")
        file.writelines(lines(", ".join(["%d"] * 11) + "\n", np.arange(1, mesh.n_elements + 1), mesh.elements + 1))
        file.write(f"*MATERIAL, NAME=METAL\n*ELASTIC\n{MODULUS}, {POISSON}\n*PLASTIC\n{STRENGTH}, 0.\n")
        if hardening:
            file.write(f"{STRENGTH + 0.1 * hardening}, 0.1\n")
        file.write("*SOLID SECTION, ELSET=EALL, MATERIAL=METAL\n*BOUNDARY\n")
        node, direction = np.nonzero(supports)
        file.writelines(lines("%d, %d, %d\n", node + 1, direction + 1, direction + 1))
        for force in forces:
            file.write("*STEP, INC=100\n*STATIC, DIRECT\n1., 1.\n*CONTROLS, PARAMETERS=FIELD, FIELD=DISPLACEMENT\n")
            file.write("1.E-8, 1.E-6\n*CLOAD, OP=NEW\n")
            node, direction = np.nonzero(force)
            columns = within(NUMBER_WIDTH, force[node, direction])
            file.writelines(lines("%d, %d, %s\n", node + 1, direction + 1, columns))
            file.write("*NODE PRINT, NSET=NALL\nU\n*EL PRINT, ELSET=EALL\nPEEQ, S\n*END STEP\n")


def read(path) -> list[Theirs]:
    """Every step of a .dat file; rows are node or element and point, then values."""
    title = r"^ (\w[^\n(]*?) *\([^\n]*\) *for set \S+ and time +\S+\s*$"
    parts = re.split(title, path.read_text(encoding="ascii"), flags=re.MULTILINE)
    found = {}
    for name, text in zip(parts[1::2], parts[2::2]):
        found.setdefault(name, []).append(np.array(text.split(), float))
    steps = zip(found["displacements"], found["equivalent plastic strain"], found["stresses"])
    return [
        Theirs(
            u.reshape(-1, 4)[:, 1:], plastic.reshape(-1, 4, 3)[..., 2],
            stress.reshape(-1, 4, 8)[..., 2:][..., [0, 1, 2, 3, 5, 4]],
        )
        for u, plastic, stress in steps
    ]  # fmt: skip


def test_the_bar_yields_far(both):
    assert (both.ours_at_points(-1)[0] > 0).mean() > 0.1
    assert both.ours_at_points(-1)[0].max() > 2 * STRENGTH / MODULUS


def test_travel_under_every_force_is_the_same(both):
    theirs = [(both.loads * step.u).sum() for step in both.theirs]
    assert [state.travel for state in both.ours] == pytest.approx(theirs, rel=LIMIT)


def test_displacements_are_the_same(both):
    for ours, theirs in zip(both.ours, both.theirs):
        assert ours.u == pytest.approx(theirs.u, abs=LIMIT * np.abs(theirs.u).max())


def test_plastic_strains_are_the_same_at_every_point(both):
    for step, theirs in enumerate(both.theirs):
        assert both.ours_at_points(step)[0] == pytest.approx(theirs.plastic, abs=LIMIT * both.theirs[-1].plastic.max())


def test_stresses_are_the_same_at_every_point(both):
    for step, theirs in enumerate(both.theirs):
        assert both.ours_at_points(step)[1] == pytest.approx(theirs.stress, abs=LIMIT * STRENGTH)
