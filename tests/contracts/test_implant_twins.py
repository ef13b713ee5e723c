"""What the meshes of every implant promise: the bone that stays is one in both twins, and all is sound, of its size."""

import numpy as np
import pytest

from femsim.anatomy import FEMURS
from femsim.implants import IMPLANTS
from femsim.implants.solids import volume_of
from femsim.implants.twin import twin_mesh
from femsim.mesh.quality import quality_of, volumes
from femsim.mesh.surface import enclosed_volume

pytestmark = pytest.mark.slow
OPERATED = [name for name in IMPLANTS if name != "intact"]


@pytest.fixture(scope="module")
def femur():
    return FEMURS["parametric"](shaft_length_mm=230.0).shape()


@pytest.fixture(scope="module", params=OPERATED)
def made(request, femur):
    implant = IMPLANTS[request.param]()
    return implant.place(femur), twin_mesh(femur, implant, size_mm=5.0, order=2), implant


def test_kept_bone_is_the_same_in_both_to_the_last_bit(made):
    _, twin, _ = made
    assert np.array_equal(twin.operated.elements[: twin.n_kept], twin.intact.elements[: twin.n_kept])
    assert twin.operated.nodes[: twin.n_kept_nodes].tobytes() == twin.intact.nodes[: twin.n_kept_nodes].tobytes()
    assert np.array_equal(np.unique(twin.operated.elements[: twin.n_kept]), np.arange(twin.n_kept_nodes))


def test_no_element_is_worse_than_allowed(made):
    for mesh in (made[1].operated, made[1].intact):
        quality = quality_of(mesh)
        assert quality.min_sicn > 0.1 and quality.sicn_p1 > 0.3


def test_solids_have_the_volume_of_the_design(made):
    solids, twin, _ = made
    mesh = twin.operated
    assert set(mesh.regions) == {"bone_kept", *solids.materials}
    for name in solids.materials:
        meshed = volumes(mesh.nodes, mesh.elements[mesh.in_region(name)][:, :4]).sum()
        assert meshed == pytest.approx(volume_of(solids, name), rel=0.03)


def test_kept_and_removed_bone_make_the_femur(made, femur):
    intact = made[1].intact
    bone = volumes(intact.nodes, intact.elements[:, :4]).sum()
    assert bone == pytest.approx(enclosed_volume(femur.surface), rel=0.005)


def test_what_its_bonds_and_its_cement_name_are_interfaces_of_its_mesh(made):
    _, twin, implant = made
    assert {*implant.bonds(), *implant.penetrated()[0]} <= set(twin.interfaces)
