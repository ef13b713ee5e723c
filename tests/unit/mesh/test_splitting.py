"""Nodes on freed faces are doubled, and only there."""

import time

import numpy as np
import pytest

from femsim.errors import MeshError
from femsim.fem.constraints import connected_parts
from femsim.fem.sample import box_mesh
from femsim.mesh.mesh import Mesh
from femsim.mesh.splitting import split
from femsim.mesh.topology import boundary_faces, faces_of, quadratic_faces, shared_faces, whole_faces

ORDERS = pytest.mark.parametrize("order", [1, 2])


def bar(order, cells=(2, 2, 4), size=(1.0, 1.0, 2.0)):
    """A bar whose upper half is another region, its elements behind those of the lower half."""
    mesh = box_mesh(cells, size, order=order)
    upper = mesh.nodes[mesh.elements[:, :4]].mean(axis=1)[:, 2] > size[2] / 2
    rows = np.argsort(upper, kind="stable")
    elements = mesh.elements[rows]
    faces, owners = boundary_faces(elements[:, :4])
    surface = faces if order == 1 else quadratic_faces(faces, elements, owners)
    return Mesh(mesh.nodes, elements, upper[rows].astype(int), ("lower", "upper"), {"outer": surface})


def between(mesh):
    """(f, 3 or 6) faces between the two regions, turned outward from the first."""
    rows = shared_faces(mesh.elements[:, :4])
    region = mesh.region_of[rows // 4]
    return whole_faces(mesh.elements)[rows[region[:, 0] != region[:, 1], 0]]


def halfway(mesh, faces):
    """Those of the faces that lie in the half x < 0.5."""
    return faces[mesh.nodes[faces[:, :3]].mean(axis=1)[:, 0] < 0.5]


@ORDERS
def test_without_faces_nothing_changes(order):
    mesh = bar(order)
    assert split(mesh, between(mesh)[:0], mesh.in_region("lower")).mesh is mesh


@ORDERS
def test_a_mesh_split_all_along_two_regions_is_two_meshes(order):
    mesh = bar(order)
    parted = split(mesh, between(mesh), mesh.in_region("lower"))
    part_of, n_parts = connected_parts(parted.mesh)
    assert n_parts == 2
    level = np.unique(mesh.nodes[mesh.elements[mesh.in_region("lower")]][..., 2])
    assert len(parted.pairs) == (mesh.nodes[:, 2] == level[-1]).sum() == parted.mesh.n_nodes - mesh.n_nodes
    for region, part in (("lower", 0), ("upper", 1)):
        assert (part_of[parted.mesh.elements[parted.mesh.in_region(region)]] == part).all()


@ORDERS
@pytest.mark.parametrize("which", [between, lambda mesh: halfway(mesh, between(mesh))])
def test_what_stays_keeps_its_numbers_and_nothing_moves(order, which):
    mesh = bar(order)
    parted = split(mesh, which(mesh), mesh.in_region("lower"))
    lower = mesh.in_region("lower")
    assert np.array_equal(parted.mesh.elements[lower], mesh.elements[lower])
    assert np.array_equal(parted.mesh.nodes[parted.mesh.elements], mesh.nodes[mesh.elements])
    assert np.array_equal(parted.mesh.nodes[: mesh.n_nodes], mesh.nodes)


@ORDERS
def test_nodes_on_the_rim_stay_shared(order):
    mesh = bar(order)
    parted = split(mesh, halfway(mesh, between(mesh)), mesh.in_region("lower"))
    opened = mesh.nodes[parted.pairs[:, 0]]
    on_plane = mesh.nodes[mesh.nodes[:, 2] == 1.0]
    assert {tuple(p) for p in opened} == {tuple(p) for p in on_plane if p[0] < 0.5}
    assert connected_parts(parted.mesh)[1] == 1


@ORDERS
def test_one_face_inside_opens_nothing(order):
    mesh = bar(order, cells=(3, 3, 4))
    faces = between(mesh)
    middle = np.linalg.norm(mesh.nodes[faces[:, :3]].mean(axis=1)[:, :2] - 0.5, axis=1).argmin()
    parted = split(mesh, faces[[middle]], mesh.in_region("lower"))
    assert len(parted.pairs) == 0 and np.array_equal(parted.mesh.elements, mesh.elements)


@ORDERS
def test_both_sides_of_a_freed_face_lie_at_the_same_place(order):
    mesh = bar(order)
    faces = between(mesh)
    parted = split(mesh, faces, mesh.in_region("lower"))
    own, other = parted.sides
    assert np.array_equal(own, faces)
    assert np.array_equal(parted.mesh.nodes[own], parted.mesh.nodes[other]) and (own != other).all()
    assert np.isin(other, parted.mesh.elements[parted.mesh.in_region("upper")]).all()


@ORDERS
def test_surfaces_go_with_the_elements_they_bound(order):
    mesh = bar(order)
    parted = split(mesh, between(mesh), mesh.in_region("lower")).mesh
    whole = {tuple(face) for face in whole_faces(parted.elements)[:, :3]}
    assert {tuple(face) for face in parted.surface("outer")[:, :3]} <= whole
    assert not np.array_equal(parted.surface("outer"), mesh.surface("outer"))
    assert np.array_equal(parted.nodes[parted.surface("outer")], mesh.nodes[mesh.surface("outer")])


@ORDERS
def test_three_bodies_around_a_line_come_apart_in_three(order):
    mesh = bar(order)
    upper = mesh.in_region("upper")
    left = mesh.nodes[mesh.elements[:, :4]].mean(axis=1)[:, 0] < 0.5
    three = Mesh(mesh.nodes, mesh.elements, np.where(upper, 1 + left, 0), ("bone", "cement", "cap"), mesh.surfaces)
    rows = shared_faces(three.elements[:, :4])
    region = three.region_of[rows // 4]
    faces = whole_faces(three.elements)[rows[region[:, 0] != region[:, 1], 0]]
    parted = split(three, faces, three.in_region("bone"))
    assert connected_parts(parted.mesh)[1] == 3
    kept, doubles = np.unique(parted.pairs[:, 0], return_counts=True)
    on_line = (three.nodes[kept, 2] == 1.0) & (three.nodes[kept, 0] == 0.5)
    assert (doubles[on_line] == 2).all() and (doubles[~on_line] == 1).all()


def test_where_nothing_stays_the_first_element_keeps_its_nodes():
    mesh = bar(1)
    parted = split(mesh, between(mesh), np.zeros(mesh.n_elements, bool))
    lower = mesh.in_region("lower")
    assert np.array_equal(parted.mesh.elements[lower], mesh.elements[lower])


def test_bodies_that_met_in_a_node_before_still_do():
    """Two elements that share one node and no face hang together by it, whatever is freed elsewhere."""
    mesh = bar(1)
    node = int(np.flatnonzero((mesh.nodes == (0, 0, 1)).all(axis=1))[0])
    nodes = np.vstack([mesh.nodes, mesh.nodes[node] + [[-1, 0, 0], [-1, -1, 0], [-1, 0, 1]]])
    tip = [[node, mesh.n_nodes, mesh.n_nodes + 1, mesh.n_nodes + 2]]
    hung = Mesh(nodes, np.vstack([mesh.elements, tip]), [*mesh.region_of, 2], ("lower", "upper", "tip"))
    parted = split(hung, between(mesh), hung.in_region("lower"))
    assert parted.mesh.elements[-1, 0] == node


@pytest.mark.parametrize("face", [[0, 1, 2], [0, 0, 0]])
def test_a_face_without_a_neighbour_is_refused(face):
    mesh = bar(1)
    outer = mesh.surface("outer")[:1] if face[1] else np.array([face])
    with pytest.raises(MeshError, match="not an element on either side"):
        split(mesh, outer, mesh.in_region("lower"))


def test_faces_of_and_whole_faces_agree():
    elements = bar(2).elements
    assert np.array_equal(whole_faces(elements)[:, :3], faces_of(elements))
    assert np.array_equal(
        whole_faces(elements), quadratic_faces(faces_of(elements), elements, np.repeat(np.arange(len(elements)), 4))
    )


def test_a_large_mesh_is_split_in_far_less_than_a_second():
    mesh = bar(2, cells=(20, 20, 40), size=(1.0, 1.0, 2.0))
    faces = between(mesh)
    start = time.perf_counter()
    split(mesh, faces, mesh.in_region("lower"))
    assert mesh.n_nodes * 3 > 250_000
    assert time.perf_counter() - start < 1.0
