"""Normals at the nodes of triangulated cylinders, cones and spheres."""

import numpy as np
import pytest
from scipy.spatial import ConvexHull, Delaunay

from femsim.mesh.node_normals import node_normals


def cylinder(radius=4.0, edge=1.0, taper=0.0, seed=0):
    """Nodes (n, 3) and faces (f, 3) of half a cylinder or cone about z with irregular triangles; its normals."""
    rng = np.random.default_rng(seed)
    n = (int(np.pi * radius / edge), int(12 / edge))
    flat = np.stack(np.meshgrid(*(np.arange(k + 1) * edge for k in n)), axis=-1).reshape(-1, 2)
    flat += rng.uniform(-0.3, 0.3, flat.shape) * edge
    faces = Delaunay(flat).simplices
    angle, z = flat[:, 0] / radius, flat[:, 1]
    around = np.column_stack([np.cos(angle), np.sin(angle), 0 * z])
    nodes = (radius + taper * z)[:, None] * around + z[:, None] * [0, 0, 1]
    exact = around - [0, 0, taper]
    a, b, c = (nodes[faces[:, k]] for k in range(3))
    inward = np.einsum("fi,fi->f", np.cross(b - a, c - a), around[faces[:, 0]]) < 0
    faces[inward] = faces[inward][:, ::-1]
    inner = (flat > 2 * edge).all(axis=1) & (flat < np.array(n) * edge - 2 * edge).all(axis=1)
    return nodes, faces, exact / np.linalg.norm(exact, axis=1, keepdims=True), inner


def by_area(nodes, faces):
    a, b, c = (nodes[faces[:, k]] for k in range(3))
    normals = np.zeros_like(nodes)
    for k in range(3):
        np.add.at(normals, faces[:, k], np.cross(b - a, c - a))
    return normals / np.linalg.norm(normals, axis=1, keepdims=True)


@pytest.mark.parametrize("taper", [0.0, 0.05], ids=["cylinder", "cone"])
def test_they_waver_far_less_than_those_of_the_faces(taper):
    nodes, faces, exact, inner = cylinder(taper=taper)
    errors = [
        np.linalg.norm(normals - exact, axis=1)[inner]
        for normals in (node_normals(nodes, faces), by_area(nodes, faces))
    ]
    assert np.sqrt((errors[0] ** 2).mean()) < 0.005 < 0.02 < np.sqrt((errors[1] ** 2).mean())


def test_their_error_falls_as_the_third_power_of_the_edge():
    errors = []
    for edge in (1.0, 0.5):
        nodes, faces, exact, inner = cylinder(edge=edge)
        errors.append(np.sqrt(((node_normals(nodes, faces) - exact)[inner] ** 2).sum(axis=1).mean()))
    assert np.log2(errors[0] / errors[1]) > 2.5


def test_on_a_sphere_they_point_out_of_its_centre():
    points = np.random.default_rng(1).normal(size=(400, 3))
    points /= np.linalg.norm(points, axis=1, keepdims=True)
    faces = ConvexHull(points).simplices
    a, b, c = (points[faces[:, k]] for k in range(3))
    inward = np.einsum("fi,fi->f", np.cross(b - a, c - a), a) < 0
    faces[inward] = faces[inward][:, ::-1]
    assert np.abs(node_normals(points, faces) - points).max() < 0.02


def test_a_node_on_an_edge_looks_as_its_ends_do():
    nodes = np.array([(0, 0, 0), (1, 0, 0), (0, 1, 0), (0.5, 0, 0), (0.5, 0.5, 0), (0, 0.5, 0), (9, 9, 9)], float)
    normals = node_normals(nodes, np.arange(6)[None])
    assert normals[:6] == pytest.approx(np.tile([0.0, 0, 1], (6, 1))) and not normals[6].any()


def test_the_sides_of_a_sharp_edge_keep_their_own():
    """Two planes that meet at a right angle: three edges away from it nothing is felt."""
    line = np.arange(7.0)
    flat = np.stack(np.meshgrid(line, line, indexing="ij"), axis=-1).reshape(-1, 2)
    cell = (np.arange(6)[:, None] * 7 + np.arange(6)).ravel()
    faces = np.concatenate([np.column_stack([cell, cell + 7, cell + 8]), np.column_stack([cell, cell + 8, cell + 1])])
    bent = np.column_stack([np.minimum(flat[:, 0], 3.0), flat[:, 1], np.minimum(3.0 - flat[:, 0], 0.0)])
    normals = node_normals(bent, faces)
    assert normals[flat[:, 0] < 3] == pytest.approx(np.tile([0.0, 0, 1], (21, 1)), abs=1e-9)
    assert normals[flat[:, 0] > 3] == pytest.approx(np.tile([1.0, 0, 0], (21, 1)), abs=1e-9)
