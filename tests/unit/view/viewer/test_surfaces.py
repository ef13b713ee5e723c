"""Skins and sections found from neighbours are those that VTK finds by search."""

import numpy as np
import pytest

from femsim.mesh.topology import neighbours
from femsim.view.scene import load
from femsim.view.shapes import cut, skin
from femsim.view.viewer.surfaces import border, section_of, skin_of


@pytest.fixture(scope="module")
def body(saved):
    return load(saved).operated


def parts(body):
    everything = np.ones(len(body.corners), bool)
    some = np.random.default_rng(1).random(len(body.corners)) < 0.6
    return {"all": everything, "bone": body.bone, "some": some, "one": np.arange(len(body.corners)) == 5}


def area(points, triangles):
    a, b, c = np.moveaxis(points[triangles], 1, 0)
    return 0.5 * np.linalg.norm(np.cross(b - a, c - a), axis=1)


@pytest.mark.parametrize("part", ["all", "bone", "some", "one"])
def test_a_skin_has_the_faces_that_vtk_finds(part, body):
    shown = parts(body)[part]
    found = skin_of(body.corners, neighbours(body.corners), shown)
    true = skin(body, shown)
    surface = true.surface.triangulate()
    theirs = np.asarray(surface.points)[np.asarray(surface.faces).reshape(-1, 4)[:, 1:]].mean(axis=1)
    mine = body.points[found.points][found.triangles].mean(axis=1)
    order, other = np.lexsort(np.round(mine, 4).T), np.lexsort(np.round(theirs, 4).T)
    assert np.allclose(mine[order], theirs[other], atol=1e-3)
    assert np.array_equal(found.element_of[order], true.element_of[other])


def test_a_skin_is_turned_outward(body):
    found = skin_of(body.corners, neighbours(body.corners), np.ones(len(body.corners), bool))
    a, b, c = np.moveaxis(body.points[found.points][found.triangles], 1, 0)
    enclosed = np.einsum("ij,ij->i", a, np.cross(b, c)).sum() / 6.0
    corners = body.points[body.corners]
    true = np.abs(np.linalg.det(corners[:, 1:] - corners[:, :1])).sum() / 6.0
    assert enclosed == pytest.approx(true, rel=1e-6)


def test_nothing_has_no_skin_and_no_section(body):
    nothing = np.zeros(len(body.corners), bool)
    assert len(skin_of(body.corners, neighbours(body.corners), nothing).triangles) == 0
    assert len(section_of(body.points, body.corners, nothing, (0, 1, 0), (0, 0, 0)).triangles) == 0


PLANES = [((0, 1, 0), (0, 0.3, 0)), ((1, 2, -0.5), (1, 0, -30)), ((0, 0, 1), (0, 0, -20.1))]


@pytest.mark.parametrize("normal, origin", PLANES)
@pytest.mark.parametrize("part", ["all", "some"])
def test_a_section_lies_in_its_plane_and_has_the_area_that_vtk_finds(normal, origin, part, body):
    shown = parts(body)[part]
    normal = np.array(normal) / np.linalg.norm(normal)
    found = section_of(body.points, body.corners, shown, normal, origin)
    points = found.points(body.points)
    assert np.abs((points - origin) @ normal).max() < 1e-4
    true = cut(body, shown, normal, origin)
    theirs = np.zeros(len(body.corners))
    np.add.at(theirs, true.element_of, np.asarray(true.surface.compute_cell_sizes()["Area"]))
    mine = np.zeros(len(body.corners))
    np.add.at(mine, found.element_of, area(points, found.triangles))
    assert mine.sum() > 0 and np.allclose(mine, theirs, atol=1e-3)


def test_a_plane_through_nodes_cuts_nothing_twice_and_leaves_nothing_open(body):
    # The bar is made of cells 8 mm high: this plane holds a layer of nodes.
    whole = np.ones(len(body.corners), bool)
    found = section_of(body.points, body.corners, whole, (0, 0, 1), (0, 0, -30.0))
    assert area(found.points(body.points), found.triangles).sum() == pytest.approx(24.0 * 16.0, rel=1e-5)


def test_the_border_of_a_patch_is_its_outer_sides():
    square = np.array([[0, 1, 2], [0, 2, 3]])
    assert {tuple(edge) for edge in border(square)} == {(0, 1), (1, 2), (2, 3), (0, 3)}
