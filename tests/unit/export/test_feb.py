"""FEBio's file says what the model says; FEBio itself is not here to read it."""

from xml.etree import ElementTree

import numpy as np
import pytest

from femsim.export.feb import Feb
from tests.small_model import small_export


def febio(tmp_path, **how):
    model = small_export(**how)
    Feb().write(model, tmp_path / "small.feb")
    return model, ElementTree.parse(tmp_path / "small.feb").getroot()


def table(parent) -> np.ndarray:
    return np.array([[float(word) for word in child.text.split(",")] for child in parent])


def numbers(node) -> np.ndarray:
    return np.array([int(word) for word in node.text.split(",")]) - 1


def test_the_sections_stand_in_the_order_that_febio_needs(tmp_path):
    _, root = febio(tmp_path)
    assert root.attrib == {"version": "4.0"}
    assert [section.tag for section in root] == [
        "Module", "Control", "Material", "Mesh", "MeshDomains", "MeshData", "Boundary", "Loads", "LoadData", "Output",
    ]  # fmt: skip


@pytest.mark.parametrize("order", [1, 2])
def test_the_mesh_reads_back_to_the_last_bit(tmp_path, order):
    model, root = febio(tmp_path, order=order)
    assert np.array_equal(table(root.find("Mesh/Nodes")), model.mesh.nodes)
    for block in root.findall("Mesh/Elements"):
        ids = np.array([int(element.attrib["id"]) for element in block]) - 1
        assert block.attrib["type"] == ("tet4", "tet10")[order - 1]
        assert np.array_equal(table(block) - 1, model.mesh.elements[ids])
        assert {block.attrib["name"]} == {model.mesh.regions[k].upper() for k in model.mesh.region_of[ids]}
    assert np.array_equal(numbers(root.find("Mesh/NodeSet[@name='FIXED']")), model.held_nodes)
    for name, faces in model.mesh.surfaces.items():
        assert np.array_equal(table(root.find(f"Mesh/Surface[@name='{name.upper()}']")) - 1, faces)


def test_stiffness_is_a_map_where_it_varies_and_a_number_where_it_does_not(tmp_path):
    model, root = febio(tmp_path)
    bone = model.mesh.region_of == 0
    found = root.find("MeshData/ElementData[@name='E_BONE_KEPT']")
    assert found.attrib["elem_set"] == "BONE_KEPT"
    assert np.array_equal(table(found)[:, 0], model.youngs_modulus[bone])
    assert [int(e.attrib["lid"]) for e in found] == list(range(1, bone.sum() + 1))
    assert root.find("Material/material[@name='BONE_KEPT']/E").attrib == {"type": "map"}
    assert root.find("Material/material[@name='CAP']/E").text == "210000.0"
    domains = {domain.attrib["name"]: domain.attrib for domain in root.find("MeshDomains")}
    assert domains["CAP"] == {"name": "CAP", "mat": "CAP", "elem_type": "TET10G4"}


def test_each_frame_has_a_time_at_which_its_forces_alone_act(tmp_path):
    model, root = febio(tmp_path, frames=(0, 1, 2))
    assert root.find("Control/time_steps").text == "3"
    assert np.array_equal(numbers(root.find("Mesh/NodeSet[@name='LOADED']")), model.loaded)
    curves = {curve.attrib["id"]: table(curve.find("points")) for curve in root.find("LoadData")}
    for row, load in enumerate(root.find("Loads")):
        value = load.find("value")
        forces = table(root.find(f"MeshData/NodeData[@name='{value.text}']"))
        assert np.array_equal(forces, model.forces[row])
        times = [np.interp(time, *curves[value.attrib["lc"]].T) for time in (1, 2, 3)]
        assert times == [float(row == k) for k in range(3)]
