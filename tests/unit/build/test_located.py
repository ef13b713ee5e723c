"""Where the elements of a model lie: zones of Gruen and sections, by the implant's stem or by the usual one."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from femsim.anatomy.gruen import stem_levels
from femsim.build.pair import located
from femsim.fem.sample import box_mesh
from femsim.mesh.mesh import Mesh
from tests.small_model import small_model
from tests.unit.anatomy.conftest import SHAFT_X, make_toy_femur


@pytest.fixture(scope="module")
def femur():
    return make_toy_femur(4.0)


@pytest.fixture(scope="module")
def model():
    """A column in the shaft of the femur; its front half is bone."""
    box = box_mesh((2, 2, 10), (10.0, 10.0, 80.0), order=1)
    region = (box.nodes[box.elements].mean(axis=1)[:, 1] < 5).astype(np.int32)
    mesh = Mesh(
        box.nodes + np.array([SHAFT_X - 5, -5, -110]), box.elements, region, ("bone_kept", "stem"), box.surfaces
    )
    bone = mesh.in_region("bone_kept")
    like = small_model(1)
    e, n = mesh.n_elements, mesh.n_nodes
    return replace(
        like, mesh=mesh, density=np.where(bone, 1.0, np.nan)[:, None], youngs_modulus=np.full((e, 1), 1000.0),
        poissons_ratio=np.full((e, 1), 0.3), held=np.arange(4), load_basis=np.zeros((2, n, 3)),
        zone_of=np.where(bone, 0, -1), yield_strain_factor=None, gruen_of=None,
    )  # fmt: skip


def lowest_of(model, name):
    """Height of the lowest element of a zone of Gruen."""
    rows = model.gruen_of == model.gruen_zones.index(name)
    return model.mesh.nodes[model.mesh.elements[rows]].mean(axis=1)[:, 2].min()


def test_the_levels_of_the_implants_stem_divide_the_bone(femur, model):
    placed = located(model, femur, SimpleNamespace(stem_levels=(-40.0, -88.0)))
    assert lowest_of(placed, "gruen_1") == pytest.approx(-56.0, abs=4)
    assert lowest_of(placed, "gruen_3") == pytest.approx(-88.0, abs=4)
    assert lowest_of(placed, "gruen_4") < -100
    heights = [plane.point[2] for plane in placed.sections if plane.name.startswith("section_stem")]
    assert heights == pytest.approx([-48.0, -64.0, -80.0])


def test_without_a_stem_the_usual_one_divides_the_bone(femur, model):
    top, tip = stem_levels(femur)
    for solids in (SimpleNamespace(stem_levels=None),):
        placed = located(model, femur, solids)
        assert lowest_of(placed, "gruen_1") == pytest.approx(top - (top - tip) / 3, abs=4)


def test_what_is_no_bone_is_in_no_zone(femur, model):
    placed = located(model, femur, SimpleNamespace(stem_levels=(-40.0, -88.0)))
    metal = model.mesh.in_region("stem")
    assert (placed.gruen_of[metal] == -1).all() and (placed.gruen_of[~metal] >= 0).all()
