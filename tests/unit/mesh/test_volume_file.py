"""Volume meshes come in as they went out: the same nodes, elements and named sets, whatever the format."""

import numpy as np
import pytest

from femsim.errors import FemsimError, MeshError, UsageError
from femsim.export import EXPORTS
from femsim.fem.sample import box_mesh
from femsim.mesh.quality import volumes
from femsim.mesh.volume_file import read_volume
from tests.input_deck import as_input
from tests.small_model import small_export

BOX = """*HEADING
a tetrahedron and its neighbour
*NODE, NSET=all
10, 0, 0, 0
20, 1, 0, 0,
30, 0, 1, 0
40, 0, 0, 1.5e0
50, 1, 1, 1
60, 7, 7, 7
*ELEMENT, TYPE=C3D4, ELSET=bone
7, 10, 20, 30, 40
9, 20, 30, 40,
 50
*ELSET, ELSET=both
bone
*ELSET, ELSET=odd, GENERATE
5, 9, 4
*NSET, NSET=base
10, 20, 30
*SURFACE, NAME=under, TYPE=ELEMENT
7, S1
*SURFACE, NAME=every, TYPE=ELEMENT
bone, S2
"""


def corners(faces):
    return {frozenset(face) for face in np.asarray(faces)[:, :3].tolist()}


@pytest.mark.parametrize("order", [1, 2])
@pytest.mark.parametrize("kind", EXPORTS)
def test_what_is_exported_comes_back(kind, order, tmp_path):
    model = small_export(order)
    path = tmp_path / f"bar.{kind}"
    EXPORTS[kind]().write(model, path)
    found, mesh = read_volume(path), model.mesh
    # gmsh and FEBio files hold region after region: elements come back in that order.
    row = np.argsort(mesh.region_of, kind="stable") if kind in ("msh", "feb") else np.arange(mesh.n_elements)
    assert np.array_equal(found.nodes[found.elements], mesh.nodes[mesh.elements[row]])
    sets = {name.lower(): rows for name, rows in found.element_sets.items()}
    for region, name in enumerate(mesh.regions):
        assert np.array_equal(np.sort(sets[name]), np.flatnonzero(mesh.region_of[row] == region))
    surfaces = {name.lower(): faces for name, faces in found.surfaces.items()}
    if kind == "vtu":  # a grid has no surfaces
        return
    places = {tuple(place): n for n, place in enumerate(mesh.nodes.tolist())}
    back = np.array([places[tuple(place)] for place in found.nodes.tolist()])
    for name, faces in mesh.surfaces.items():
        assert corners(back[surfaces[name]]) == corners(faces)


@pytest.mark.parametrize("kind", ["inp", "feb"])
def test_node_sets_come_back(kind, tmp_path):
    model = small_export()
    EXPORTS[kind]().write(model, tmp_path / f"bar.{kind}")
    found = read_volume(tmp_path / f"bar.{kind}")
    assert np.array_equal(found.nodes[found.node_sets["FIXED"]], model.mesh.nodes[model.held_nodes])


def written(tmp_path, text, ending="inp"):
    path = tmp_path / f"mesh.{ending}"
    path.write_text(text)
    return path


def test_an_input_file_is_read_by_its_numbers_not_by_its_order(tmp_path):
    found = read_volume(written(tmp_path, BOX))
    assert found.nodes[found.elements[1]].tolist() == [[1, 0, 0], [0, 1, 0], [0, 0, 1.5], [1, 1, 1]]
    assert {name: rows.tolist() for name, rows in found.element_sets.items()} == {
        "bone": [0, 1], "both": [0, 1], "odd": [1],
    }  # fmt: skip
    assert found.node_sets["base"].tolist() == [0, 1, 2]
    assert found.surfaces["under"].tolist() == [[0, 2, 1]]
    assert corners(found.surfaces["every"]) == {frozenset((0, 1, 3)), frozenset((1, 2, 4))}
    assert found.notes == ("1 nodes that no tetrahedron uses were left out.",)


def test_elements_turned_inside_out_are_turned_back_and_said(tmp_path):
    mesh = box_mesh((1, 1, 2), (1, 2, 3), order=2)
    order = [0, 2, 1, 3, 6, 5, 4, 7, 9, 8]
    found = read_volume(written(tmp_path, as_input(mesh.nodes, mesh.elements[:, order])))
    assert (volumes(found.nodes, found.elements) > 0).all() and "inside out" in found.notes[0]
    assert np.array_equal(found.elements, mesh.elements)


def test_the_node_order_of_gmsh_is_recognised(tmp_path):
    mesh = box_mesh((1, 1, 2), (1, 2, 3), order=2)
    order = [0, 1, 2, 3, 4, 5, 6, 7, 9, 8]
    found = read_volume(written(tmp_path, as_input(mesh.nodes, mesh.elements[:, order])))
    assert "gmsh" in found.notes[0] and np.array_equal(found.elements, mesh.elements)


@pytest.mark.parametrize(
    "change, says",
    [
        (("30, 40\n9", "30, 99\n9"), "names node 99"),
        (("TYPE=C3D4", "TYPE=C3D8"), "C3D8"),
        (("*HEADING", "*INCLUDE, INPUT=/etc/passwd\n*HEADING"), "includes another file"),
        (("10, 0, 0, 0", "10, 0, zero, 0"), "three coordinates"),
        (("10, 0, 0, 0", "10, nan, 0, 0"), "not finite"),
        ((" 50\n", ""), "number and 4 nodes"),
        (("20, 1, 0, 0,", "10, 1, 0, 0,"), "stands twice"),
        (("5, 9, 4", "5, 9999999999999, 1"), "too long"),
        (("40,\n 50", "50,\n 40"), "inverted or flat"),
        (("*ELEMENT, TYPE=C3D4", "*ELEMENT, TYPE=S3"), "no tetrahedra"),
    ],
)
def test_a_wrong_input_file_is_refused_with_its_reason(tmp_path, change, says):
    assert change[0] in BOX
    with pytest.raises(MeshError, match=says):
        read_volume(written(tmp_path, BOX.replace(*change)))


def test_entities_in_an_febio_file_are_refused(tmp_path):
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaa">]><febio_spec version="4.0"><Mesh>&a;</Mesh></febio_spec>'
    with pytest.raises(MeshError, match="FEBio"):
        read_volume(written(tmp_path, bomb, "feb"))


def test_an_unknown_ending_says_which_are_known(tmp_path):
    with pytest.raises(UsageError, match=r"\.inp, \.feb, \.msh, \.vtu"):
        read_volume(written(tmp_path, BOX, "k"))


@pytest.mark.parametrize("kind", EXPORTS)
def test_damaged_files_are_refused_or_read_never_worse(kind, tmp_path):
    path = tmp_path / f"bar.{kind}"
    EXPORTS[kind]().write(small_export(1), path)
    raw, random = path.read_bytes(), np.random.default_rng(3)
    for trial in range(24):
        broken = bytearray(raw[: random.integers(1, len(raw))] if trial % 2 else raw)
        for place in random.integers(0, len(broken), 3):
            broken[place] = random.integers(0, 256)
        path.write_bytes(broken)
        try:
            found = read_volume(path)
        except FemsimError:
            continue
        assert (volumes(found.nodes, found.elements) > 0).all()
        assert found.elements.max() < len(found.nodes)
