"""A twin comes apart where its interfaces are free, and knows which nodes lie on each other."""

from dataclasses import replace

import numpy as np
import pytest

from femsim.errors import ModelError
from femsim.interfaces.bonded import Bonded
from femsim.interfaces.frame import ImplantFrame
from femsim.interfaces.free import Free
from femsim.interfaces.freeing import freed_twin
from femsim.interfaces.superior_half import SuperiorHalf
from femsim.mesh.mesh import Twin
from tests.unit.mesh.test_splitting import bar, between

# The bar stands along its axis; superior is y.
FRAME = ImplantFrame(np.array([0.5, 0.5, 1.0]), np.array([[0, 0, 1], [0, 1, 0], [1, 0, 0]]))


@pytest.fixture(params=[1, 2])
def twin(request):
    mesh = bar(request.param)
    n_kept = int(mesh.in_region("lower").sum())
    n_kept_nodes = int(np.unique(mesh.elements[:n_kept]).size)
    first = np.unique(mesh.elements[:n_kept])
    number = np.concatenate([first, np.setdiff1d(np.arange(mesh.n_nodes), first)])
    rank = np.argsort(number)
    surfaces = {name: rank[faces] for name, faces in mesh.surfaces.items()}
    mesh = replace(mesh, nodes=mesh.nodes[number], elements=rank[mesh.elements], surfaces=surfaces)
    return Twin(mesh, mesh, n_kept, n_kept_nodes, (), {"seat": between(mesh)})


@pytest.mark.parametrize("bonds", [{}, {"seat": Bonded()}])
def test_a_bonded_twin_is_the_very_same(twin, bonds):
    freed, loose = freed_twin(twin, bonds, FRAME)
    assert freed is twin and loose == {}


@pytest.mark.parametrize("condition", [Free(), SuperiorHalf()])
def test_kept_bone_keeps_its_numbers(twin, condition):
    freed, _ = freed_twin(twin, {"seat": condition}, FRAME)
    kept = slice(twin.n_kept)
    assert np.array_equal(freed.operated.elements[kept], twin.intact.elements[kept])
    assert np.array_equal(freed.operated.nodes[: twin.n_kept_nodes], twin.intact.nodes[: twin.n_kept_nodes])


def test_pairs_stand_for_the_whole_area_and_look_out_of_the_first_body(twin):
    _, loose = freed_twin(twin, {"seat": Free()}, FRAME)
    assert loose["seat"].areas.sum() == pytest.approx(1.0)
    assert loose["seat"].normals == pytest.approx(np.tile([0.0, 0, 1], (len(loose["seat"].pairs), 1)))


def test_a_pair_lies_at_one_place_the_first_on_kept_bone(twin):
    freed, loose = freed_twin(twin, {"seat": Free()}, FRAME)
    own, other = loose["seat"].pairs.T
    assert np.array_equal(freed.operated.nodes[own], freed.operated.nodes[other])
    assert (own < twin.n_kept_nodes).all() and (other >= twin.operated.n_nodes).all()


def test_the_free_half_is_the_half_below_the_axis_without_its_rim(twin):
    freed, loose = freed_twin(twin, {"seat": SuperiorHalf()}, FRAME)
    on_seat = twin.operated.nodes[twin.operated.nodes[:, 2] == 1.0]
    pairs = loose["seat"].pairs
    assert {tuple(p) for p in freed.operated.nodes[pairs[:, 0]]} == {tuple(p) for p in on_seat if p[1] < 0.5}
    assert 0 < loose["seat"].areas.sum() < 0.5


def test_interfaces_stay_faces_of_the_split_mesh_and_surfaces_keep_their_names(twin):
    freed, _ = freed_twin(twin, {"seat": Free()}, FRAME)
    assert np.array_equal(freed.interfaces["seat"], twin.interfaces["seat"])
    assert set(freed.operated.surfaces) == set(twin.operated.surfaces)


def test_an_interface_that_is_not_there_is_refused(twin):
    with pytest.raises(ModelError, match=r"no interface 'seet'. Did you mean 'seat'"):
        freed_twin(twin, {"seet": Free()}, FRAME)
