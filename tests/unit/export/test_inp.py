"""The deck says what the model says: read back by meshio, and by eye."""

import re

import meshio
import numpy as np
import pytest

from femsim.export.inp import Inp
from femsim.mesh.mesh import FACES
from tests.small_model import small_export


def deck(tmp_path, **how):
    model = small_export(**how)
    Inp().write(model, tmp_path / "small.inp")
    return model, (tmp_path / "small.inp").read_text("ascii")


def sections(text: str, keyword: str) -> list[tuple[str, list[str]]]:
    """(parameters, data lines) of each use of a keyword."""
    blocks = re.split(r"(?m)^\*(?!\*)", re.sub(r"(?m)^\*\*.*\n", "", text))[1:]
    return [
        (head.partition(",")[2].strip(), lines) for head, *lines in map(str.splitlines, blocks) if _is(head, keyword)
    ]


def _is(head: str, keyword: str) -> bool:
    return head.split(",")[0].strip() == keyword


def rows(lines: list[str]) -> np.ndarray:
    return np.array([[float(word) for word in line.split(",")] for line in lines])


@pytest.mark.parametrize("order", [1, 2])
def test_meshio_reads_back_every_bit_of_the_mesh(tmp_path, order):
    model, _ = deck(tmp_path, order=order)
    found = meshio.read(tmp_path / "small.inp")
    assert np.array_equal(found.points, model.mesh.nodes)
    assert found.cells[0].type == ("tetra", "tetra10")[order - 1]
    assert np.array_equal(found.cells[0].data, model.mesh.elements)
    assert np.array_equal(found.point_sets["FIXED"], model.held_nodes)
    assert np.array_equal(found.cell_sets["CAP"][0], np.flatnonzero(model.mesh.region_of == 1))


def test_every_element_has_its_own_stiffness(tmp_path):
    model, text = deck(tmp_path, n_bins=5)
    materials = [head.removeprefix("NAME=") for head, _ in sections(text, "MATERIAL")]
    constants = [rows(lines)[0] for _, lines in sections(text, "ELASTIC")]
    sets = dict(sections(text, "ELSET"))
    found = np.full((model.mesh.n_elements, 2), np.nan)
    for name, values in zip(materials, constants):
        elements = np.array(re.findall(r"\d+", " ".join(sets[f"ELSET={name}"])), int) - 1
        assert np.isnan(found[elements]).all()
        found[elements] = values
    assert np.array_equal(found, np.column_stack([model.youngs_modulus, model.poissons_ratio]))
    assert {head for head, _ in sections(text, "SOLID SECTION")} == {f"ELSET={m}, MATERIAL={m}" for m in materials}
    assert len(materials) == 5 + 1


def test_each_frame_is_a_step_with_its_forces_alone(tmp_path):
    model, text = deck(tmp_path, frames=(0, 1, 2))
    loads = sections(text, "CLOAD")
    assert len(loads) == len(sections(text, "STEP")) == len(sections(text, "END STEP")) == 3
    for row, (head, lines) in enumerate(loads):
        assert head == "OP=NEW"
        forces = np.zeros((model.mesh.n_nodes, 3))
        node, direction, value = rows(lines).T
        forces[node.astype(int) - 1, direction.astype(int) - 1] = value
        assert np.allclose(forces, model.nodal_forces(row), rtol=1e-15, atol=0)
    assert "** frame 1, 33.3333 % gait cycle" in text


def test_faces_of_a_surface_are_named_by_element_and_side(tmp_path):
    model, text = deck(tmp_path)
    surfaces = dict(sections(text, "SURFACE"))
    for name, faces in model.mesh.surfaces.items():
        found = [re.fullmatch(r"(\d+), S([1-4])", line) for line in surfaces[f"NAME={name.upper()}, TYPE=ELEMENT"]]
        corners = [model.mesh.elements[int(f[1]) - 1][list(FACES[int(f[2]) - 1])] for f in found]
        assert np.array_equal(np.sort(corners, axis=1), np.sort(faces[:, :3], axis=1))


def test_the_deck_keeps_to_the_rules_of_both_programs(tmp_path):
    _, text = deck(tmp_path, frames=(0, 2), remarks=("a word " * 60,))
    for line in text.splitlines():
        assert len(line) <= 132
        words = [word.strip() for word in line.removesuffix(",").split(",")]
        if not line.startswith("*"):
            assert len(words) <= 16
            assert all(len(word) <= 20 for word in words) or line.startswith("femsim:")
    names = re.findall(r"(?:NAME|NSET|ELSET|MATERIAL)=([^,\n]+)", text)
    assert all(re.fullmatch(r"[A-Z][A-Z0-9_]{0,79}", name) for name in names)


def test_the_head_says_units_and_what_few_materials_cost(tmp_path):
    _, text = deck(tmp_path, n_bins=5)
    head = " ".join(text[: text.index("*NODE")].replace("\n** ", " ").split())
    assert "mm, N, MPa" in head
    assert "moved to the nearest of" in head and "One stiffness per element" in head
