"""What every density source in DENSITIES promises."""

import dataclasses

import numpy as np
import pytest

from femsim.anatomy.density import DENSITIES
from femsim.mesh.filling import points_inside
from femsim.registry import about
from tests import ct_phantom


@pytest.fixture(scope="module")
def needed(tmp_path_factory):
    """Parameters without a default, for each source."""
    path = tmp_path_factory.mktemp("densities") / "ct.nii.gz"
    return {"ct": dataclasses.asdict(ct_phantom.source(path, ct_phantom.ct()))}


@pytest.fixture(scope="module")
def mapped(request, needed):
    return DENSITIES[request.param](**needed.get(request.param, {})).mapped(ct_phantom.femur())


@pytest.fixture(scope="module")
def points():
    return points_inside(ct_phantom.femur().surface, 5.0)


every_source = pytest.mark.parametrize("mapped", list(DENSITIES), indirect=True)


@every_source
def test_density_lies_within_what_bone_can_be(mapped, points):
    density = mapped.at(points, np.full(len(points), 1.0))
    assert density.shape == (len(points),)
    assert np.isfinite(density).all() and density.min() > 0.0 and density.max() <= 2.2  # g/cm³


@every_source
def test_the_shaft_has_a_denser_cortex_than_canal(mapped):
    marks = ct_phantom.femur().landmarks
    axis = marks.shaft_point[:2]
    ways = np.array([[1.0, 0], [-1, 0], [0, 1], [0, -1]])
    canal = np.array([[*axis, -110.0]])
    wall = np.array([[*(axis + 12.0 * way), -110.0] for way in ways])
    spans = np.ones(5)
    assert mapped.at(wall, spans[:4]).mean() > 2 * mapped.at(canal, spans[:1])[0]


@every_source
def test_the_same_places_have_the_same_density_in_any_order_and_company(mapped, points):
    spans = np.linspace(0.5, 2.0, len(points))
    all_at_once = mapped.at(points, spans)
    order = np.random.default_rng(0).permutation(len(points))
    assert np.allclose(mapped.at(points[order], spans[order]), all_at_once[order], rtol=1e-12, atol=0)
    assert np.allclose(mapped.at(points[:7], spans[:7]), all_at_once[:7], rtol=1e-12, atol=0)


@every_source
def test_notes_are_sentences(mapped):
    assert all(note.endswith(".") for note in mapped.notes)


@pytest.mark.parametrize("kind", list(DENSITIES))
def test_every_parameter_is_described_and_bounded_by_its_unit(kind):
    for field in dataclasses.fields(DENSITIES[kind]):
        known = about(field)
        assert known.text, field.name
        if field.name.endswith(("_mm", "_hu", "_g_per_cm3", "_pct")):
            assert known.unit, field.name
            # A number that only the user can know has no default, and so no source.
            assert known.source or known.assumed or field.default in (None, ()), field.name
