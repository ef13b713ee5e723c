"""A femur that comes as a volume mesh: remeshed from its surface, or computed on its own elements."""

from dataclasses import replace

import numpy as np
import pytest

from femsim.anatomy.parametric import ParametricFemur
from femsim.anatomy.volume_mesh import VolumeMeshFemur
from femsim.errors import GeometryError, MeshError
from femsim.implants import IMPLANTS
from femsim.implants.twin import twin_mesh
from femsim.mesh.quality import volumes
from tests.input_deck import as_input

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def mesh():
    bone = ParametricFemur(anteversion_deg=15.0).shape()
    return twin_mesh(bone, IMPLANTS["intact"](), size_mm=6.0, order=2).intact


@pytest.fixture(scope="module")
def file(mesh, tmp_path_factory):
    path = tmp_path_factory.mktemp("volume") / "femur.inp"
    nodes = mesh.nodes * [-1, 1, 1] / 1000 + [0.5, 0, 0]  # a left femur in metres
    turned = mesh.elements[:, [0, 2, 1, 3, 6, 5, 4, 7, 9, 8]]
    lower = np.unique(mesh.surface("distal")) + 1
    sets = "*NSET, NSET=lower end\n" + "".join(f"{n}\n" for n in lower.tolist()) + "*NSET, NSET=middle\n1\n"
    path.write_text(as_input(nodes, turned, sets=sets))
    return path


@pytest.fixture(scope="module")
def kept(file):
    return VolumeMeshFemur(file=file, unit="m", keep_elements=True).shape()


def test_its_surface_is_the_boundary_of_its_elements(file, mesh):
    femur = VolumeMeshFemur(file=file, unit="m", anteversion_deg=15.0).shape()
    assert femur.side == "left" and femur.mesh is None
    assert femur.landmarks.head_radius == pytest.approx(24.0, abs=0.1)


def test_the_elements_are_the_files_own_in_the_femur_frame(kept, mesh):
    assert kept.side == "left"
    assert kept.mesh.n_elements == mesh.n_elements and (volumes(kept.mesh.nodes, kept.mesh.elements) > 0).all()
    assert volumes(kept.mesh.nodes, kept.mesh.elements).sum() == pytest.approx(
        volumes(mesh.nodes, mesh.elements).sum(), rel=1e-9
    )
    assert np.linalg.norm(kept.to_source[:3, 3] - [500, 0, 0]) < 0.5  # the head centre in the file, in mm


def test_what_is_held_is_the_lower_end(kept, mesh):
    assert len(kept.mesh.surface("distal")) == len(mesh.surface("distal"))


def test_a_named_set_can_be_held_instead(file, kept):
    named = VolumeMeshFemur(file=file, unit="m", keep_elements=True, support_set="lower end").shape()
    assert np.array_equal(named.mesh.surface("distal"), kept.mesh.surface("distal"))


@pytest.mark.parametrize(
    "keys, error, says",
    [
        ({"keep_elements": True, "support_set": "lowr end"}, MeshError, "lower end"),
        ({"keep_elements": True, "support_set": "middle"}, MeshError, "No outer face"),
        ({"support_set": "lower end"}, GeometryError, "meshed anew"),
        ({"bone_sets": ("BOEN",)}, MeshError, "'BONE'"),
    ],
)
def test_sets_that_do_not_fit_are_refused(file, keys, error, says):
    with pytest.raises(error, match=says):
        VolumeMeshFemur(file=file, unit="m", **keys).shape()


@pytest.mark.parametrize("order", [1, 2])
def test_the_twin_is_these_very_elements(kept, order):
    twin = twin_mesh(kept, IMPLANTS["intact"](), size_mm=3.0, order=order)
    assert twin.operated is twin.intact and twin.intact.n_elements == kept.mesh.n_elements
    assert twin.intact.order == order
    assert {name: len(faces) > 10 for name, faces in twin.intact.surfaces.items()} == {
        "bearing": True, "bone_outer": True, "distal": True,
    }  # fmt: skip


def test_linear_elements_are_made_quadratic_where_asked(kept):
    linear = twin_mesh(kept, IMPLANTS["intact"](), size_mm=3.0, order=1).intact
    femur = replace(kept, mesh=replace(linear))
    again = twin_mesh(femur, IMPLANTS["intact"](), size_mm=3.0, order=2).intact
    assert again.order == 2 and again.n_nodes == len(np.unique(again.elements))


def test_no_implant_goes_into_kept_elements(kept):
    with pytest.raises(GeometryError, match="no implant"):
        twin_mesh(kept, IMPLANTS["resurfacing_cap"](), size_mm=3.0, order=1)
