"""Cuts and skins have the right area and know their elements."""

import numpy as np
import pytest

from femsim.view.canvas import eye_on
from femsim.view.scene import load
from femsim.view.shapes import cut, outline, skin


@pytest.fixture(scope="module")
def body(saved):
    return load(saved).operated


def test_a_cut_across_the_bar_has_its_section(body):
    section = cut(body, np.ones(len(body.corners), bool), np.array([0.0, 0, 1]), (0, 0, -31.3))
    assert section.surface.area == pytest.approx(24 * 16, rel=1e-5)


def test_a_cut_polygon_lies_in_its_element(body):
    section = cut(body, np.ones(len(body.corners), bool), np.array([0.0, 1, 0]), (0, 0.3, 0))
    corners = body.points[body.corners[section.element_of]]
    centres = np.asarray(section.surface.cell_centers().points)
    assert (centres >= corners.min(axis=1) - 1e-4).all() and (centres <= corners.max(axis=1) + 1e-4).all()


def test_a_cut_beside_the_body_is_empty(body):
    section = cut(body, np.ones(len(body.corners), bool), np.array([0.0, 1, 0]), (0, 50, 0))
    assert section.surface.n_cells == 0 and len(section.element_of) == 0


def test_the_skin_of_a_box_has_the_area_of_a_box(body):
    faces = skin(body, np.ones(len(body.corners), bool))
    assert faces.surface.area == pytest.approx(2 * (24 * 16 + 24 * 80 + 16 * 80), rel=1e-5)


def test_the_outline_of_a_section_is_its_perimeter(body):
    section = cut(body, np.ones(len(body.corners), bool), np.array([0.0, 0, 1]), (0, 0, -31.3))
    lengths = outline(section).compute_cell_sizes().cell_data["Length"]
    assert lengths.sum() == pytest.approx(2 * (24 + 16), rel=1e-5)


def test_the_eye_sees_every_point_where_it_says(body):
    eye = eye_on(body.points, np.array([-1.0, 0, 0]), np.array([0.0, 0, 1]))
    flat = eye.on_paper(body.points)
    left, right, bottom, top = eye.extent
    assert (flat[:, 0] > left).all() and (flat[:, 0] < right).all()
    assert (flat[:, 1] > bottom).all() and (flat[:, 1] < top).all()
    np.testing.assert_allclose(eye.towards, [0, 1, 0], atol=1e-12)


def test_the_picture_shows_a_point_where_the_eye_says(can_draw):
    """Labels are put on the paper by the eye's map; it must be VTK's."""
    import pyvista

    from femsim.view.canvas import Canvas, Looks, eye_on

    box = pyvista.Cube(center=(10, 0, -20), x_length=60, y_length=10, z_length=100)
    dot = pyvista.Cube(center=(25, 20, -50), x_length=4, y_length=1, z_length=4)
    eye = eye_on(np.asarray(box.points), np.array([-1.0, 0, 0]), np.array([0.0, 0, 1]))
    with Canvas() as canvas:
        pixels = canvas.draw([Looks(box, (0.5, 0.5, 0.5), lit=False), Looks(dot, (1, 0, 0), lit=False)], eye, 500)
    red = (pixels[..., 0] > 200) & (pixels[..., 1] < 60)
    row, column = (np.mean(where) for where in np.nonzero(red))
    x, y = eye.on_paper(np.array([[25.0, 20, -50]]))[0]
    height, width = red.shape
    assert column == pytest.approx((x / eye.half_width + 1) / 2 * width, abs=1.5)
    assert row == pytest.approx((1 - y / eye.half_height) / 2 * height, abs=1.5)
