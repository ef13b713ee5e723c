"""A body that reactions balance, in every format: held at three nodes, direction by direction, with its reactions."""

from xml.etree import ElementTree

import meshio
import numpy as np
import pytest

from femsim.calculix import program
from femsim.calculix.comparison import compare_with_calculix
from femsim.errors import MissingPieceError
from femsim.export.feb import Feb
from femsim.export.from_model import exported
from femsim.export.inp import Inp
from femsim.export.msh import Msh
from femsim.export.vtu import Vtu
from femsim.supports.physiological import Physiological
from tests.unit.supports.conftest import body_of, model_of


@pytest.fixture(scope="module")
def model():
    body = body_of(2)
    return model_of(body, Physiological().hold(body))


@pytest.fixture(scope="module")
def described(model):
    return exported([model], name="bar", frames=np.array([0]))[0]


def test_the_forces_of_the_file_are_in_balance(described):
    forces = described.nodal_forces(0)
    assert np.abs(forces.sum(axis=0)).max() < 1e-9 * np.abs(forces).sum()
    assert np.abs(np.cross(described.mesh.nodes, forces).sum(axis=0)).max() < 1e-6 * np.abs(forces).sum()
    assert any("balance" in remark for remark in described.remarks)


def test_the_deck_holds_six_directions(described, tmp_path):
    Inp().write(described, tmp_path / "bar.inp")
    text = (tmp_path / "bar.inp").read_text("ascii")
    rows = text.partition("*BOUNDARY\n")[2].partition("*")[0].splitlines()
    rows = [[int(word) for word in row.split(",")] for row in rows if row[0].isdigit()]
    assert [(node - 1, first - 1) for node, first, last in rows if first == last] == list(
        zip(*map(np.ndarray.tolist, np.nonzero(described.held)))
    )


def test_febio_holds_each_direction_by_a_set_of_its_own(described, tmp_path):
    Feb().write(described, tmp_path / "bar.feb")
    root = ElementTree.parse(tmp_path / "bar.feb").getroot()
    held = np.zeros_like(described.held)
    for bc in root.find("Boundary"):
        nodes = root.find(f"Mesh/NodeSet[@name='{bc.attrib['node_set']}']").text.split(",")
        dofs = [bool(int(bc.find(f"{axis}_dof").text)) for axis in "xyz"]
        held[np.array(nodes, int) - 1] |= dofs
    assert np.array_equal(held, described.held)


def test_pictures_of_the_model_show_the_directions(described, tmp_path):
    Vtu().write(described, tmp_path / "bar.vtu")
    Msh().write(described, tmp_path / "bar.msh")
    assert 'Name="held_directions"' in (tmp_path / "bar.vtu").read_text("ascii")
    assert np.array_equal(meshio.read(tmp_path / "bar.vtu").point_data["held_directions"], described.held)
    assert '"held_directions"' in (tmp_path / "bar.msh").read_text("utf-8")


def test_calculix_finds_the_same_strains(model):
    try:
        program.find()
    except MissingPieceError:
        pytest.skip("CalculiX is not installed")
    found = compare_with_calculix([model], name="bar")
    assert found.passed, [row for row in found.rows if not row.passed]
