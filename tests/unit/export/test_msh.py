"""gmsh's file says what the model says: read back by gmsh in a process of its own, and by meshio."""

import json
import subprocess
import sys

import meshio
import numpy as np
import pytest

from femsim.export.msh import Msh
from tests.small_model import small_export

READS = """
import json, sys
import gmsh
gmsh.initialize(["gmsh", "-noenv"], False)
gmsh.option.setNumber("General.Terminal", 0)
gmsh.open(sys.argv[1])
mesh = gmsh.model.mesh
groups = {}
for dim, tag in gmsh.model.getPhysicalGroups():
    members = [int(t) for entity in gmsh.model.getEntitiesForPhysicalGroup(dim, tag) for t in
               [e for es in mesh.getElements(dim, entity)[1] for e in es]]
    groups[gmsh.model.getPhysicalName(dim, tag)] = [dim, members]
tags, points, _ = mesh.getNodes()
kinds, elements, nodes = mesh.getElements(3)
views = {gmsh.view.option.getString(v, "Name"): v for v in gmsh.view.getTags()}
read = {name: [gmsh.view.getModelData(v, s)[1:3] for s in range(int(gmsh.view.option.getNumber(v, "NbTimeStep")))]
        for name, v in views.items()}
print(json.dumps({
    "groups": groups, "tags": tags.tolist(), "points": points.tolist(), "kinds": kinds.tolist(),
    "elements": elements[0].tolist(), "nodes": nodes[0].tolist(),
    "quality": mesh.getElementQualities(elements[0], "minDetJac").tolist(),
    "views": {n: [[t.tolist(), [list(map(float, d)) for d in data]] for t, data in steps] for n, steps in read.items()},
}))
gmsh.finalize()
"""


def gmsh_reads(path) -> dict:
    done = subprocess.run([sys.executable, "-c", READS, str(path)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(params=[1, 2])
def written(request, tmp_path):
    model = small_export(request.param, frames=(0, 2))
    Msh().write(model, tmp_path / "small.msh")
    return model, tmp_path / "small.msh"


def test_gmsh_reads_back_mesh_groups_and_forces(written):
    model, path = written
    found = gmsh_reads(path)
    mesh, width = model.mesh, model.mesh.elements.shape[1]
    order = np.argsort(found["tags"])
    assert np.array_equal(np.reshape(found["points"], (-1, 3))[order], mesh.nodes)
    assert found["kinds"] == [{4: 4, 10: 11}[width]]
    elements = np.empty_like(mesh.elements)
    elements[np.array(found["elements"]) - 1] = np.reshape(found["nodes"], (-1, width)) - 1
    gmsh_order = mesh.elements if width == 4 else mesh.elements[:, [0, 1, 2, 3, 4, 5, 6, 7, 9, 8]]
    assert np.array_equal(elements, gmsh_order)
    # gmsh's own measure is positive only where the node order is gmsh's own.
    assert min(found["quality"]) > 0
    assert sorted(found["groups"]["cap"][1]) == sorted(np.flatnonzero(mesh.region_of == 1) + 1)
    assert found["groups"]["bone_kept"][0] == 3
    for name, faces in mesh.surfaces.items():
        assert found["groups"][name][0] == 2 and len(found["groups"][name][1]) == len(faces)
    for row, (tags, values) in enumerate(found["views"]["nodal_force [N]"]):
        assert np.array_equal(np.array(values)[np.argsort(tags)], model.nodal_forces(row))
    tags, values = found["views"]["youngs_modulus [MPa]"][0]
    moduli = dict(zip(tags, np.ravel(values)))
    assert [moduli[k + 1] for k in range(mesh.n_elements)] == model.youngs_modulus.tolist()


def test_meshio_reads_it_too(written):
    model, path = written
    found = meshio.read(path)
    tetrahedra = np.concatenate([block.data for block in found.cells if block.type.startswith("tetra")])
    # meshio gives VTK's node order and numbers nodes and elements as they stand in the file: region by region.
    by_region = model.mesh.elements[np.argsort(model.mesh.region_of, kind="stable")]
    assert np.array_equal(found.points[tetrahedra], model.mesh.nodes[by_region])
    assert {"bearing", "distal", "cap"} <= set(found.field_data)
    held = found.points[found.point_data["is_fixed"] > 0]
    assert len(held) == len(model.held_nodes) and (held[:, 2] == 0).all()
