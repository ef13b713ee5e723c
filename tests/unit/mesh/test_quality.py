"""Numbers that say how good an element is."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from femsim.mesh.mesh import Mesh
from femsim.mesh.quality import quality_of, signed_inverse_condition, volumes

REGULAR = np.array([[0, 0, 0], [1, 0, 0], [0.5, np.sqrt(3) / 2, 0], [0.5, np.sqrt(3) / 6, np.sqrt(2 / 3)]])
ONE = np.array([[0, 1, 2, 3]])


def test_a_regular_tetrahedron_has_quality_one_at_any_size():
    assert signed_inverse_condition(7 * REGULAR + 3, ONE) == pytest.approx(1)


def test_an_inverted_one_has_minus_one_and_a_flat_one_zero():
    assert signed_inverse_condition(REGULAR, ONE[:, [1, 0, 2, 3]]) == pytest.approx(-1)
    assert signed_inverse_condition(REGULAR * [1, 1, 0], ONE) == pytest.approx(0)
    assert signed_inverse_condition(np.zeros((4, 3)), ONE) == pytest.approx(0)


@given(st.lists(st.floats(-5, 5), min_size=12, max_size=12))
def test_it_is_the_condition_number_of_the_map_from_the_regular_tetrahedron(values):
    nodes = np.array(values).reshape(4, 3)
    jacobian = np.linalg.inv(REGULAR[1:] - REGULAR[0]) @ (nodes[1:] - nodes[0])
    if abs(np.linalg.det(jacobian)) < 1e-3:
        return
    inverse = np.linalg.inv(jacobian)
    expected = np.sign(np.linalg.det(jacobian)) * 3 / (np.linalg.norm(jacobian) * np.linalg.norm(inverse))
    assert signed_inverse_condition(nodes, ONE)[0] == pytest.approx(expected, rel=1e-6)


def test_the_summary_gives_volumes_by_region():
    nodes = np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 1]], float)
    mesh = Mesh(nodes, [[0, 1, 2, 3], [1, 2, 3, 4]], [0, 1], ("bone_kept", "cap"))
    quality = quality_of(mesh)
    assert quality.volume_mm3 == pytest.approx({"bone_kept": 1 / 6, "cap": 1 / 3})
    assert volumes(nodes, mesh.elements).sum() == pytest.approx(0.5)
    assert 0 < quality.min_sicn <= quality.sicn_p1 < 1
    assert (quality.n_nodes, quality.n_elements) == (5, 2)
