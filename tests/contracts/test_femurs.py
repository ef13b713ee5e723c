"""What every femur in FEMURS promises, whatever it is made from."""

import dataclasses
import functools

import numpy as np
import pytest

from femsim.anatomy import FEMURS
from femsim.anatomy.femur import DISTAL_CUT
from femsim.anatomy.frame import on_points
from femsim.errors import FemsimError
from femsim.imaging.files import write_image
from femsim.implants import IMPLANTS
from femsim.implants.twin import twin_mesh
from femsim.mesh.files import write_stl
from femsim.mesh.repair import repaired
from femsim.mesh.surface import area_vectors, areas, enclosed_volume, is_closed, transformed
from femsim.registry import about
from tests import ct_phantom
from tests.input_deck import as_input


@pytest.fixture(scope="module")
def needed(tmp_path_factory):
    """Parameters without a default, for each kind: a surface femur needs a file, here one that lies askew."""
    bone = FEMURS["parametric"]().shape()
    turn = np.eye(4)
    turn[:3, :3] = np.linalg.qr(np.random.default_rng(2).normal(size=(3, 3)))[0]
    turn[:3, :3] *= np.sign(np.linalg.det(turn[:3, :3]))
    turn[:3, 3] = (30, -400, 80)
    folder = tmp_path_factory.mktemp("contract")

    def of(kind):
        if kind == "surface":
            write_stl(folder / "femur.stl", transformed(bone.surface, turn))
            return {"file": folder / "femur.stl"}
        if kind == "volume_mesh":
            mesh = twin_mesh(bone, IMPLANTS["intact"](), size_mm=6.0, order=1).intact
            (folder / "femur.inp").write_text(as_input(on_points(turn, mesh.nodes), mesh.elements))
            return {"file": folder / "femur.inp"}
        if kind == "ct":
            write_image(folder / "ct.nii.gz", ct_phantom.ct(1.5))
            return {"file": folder / "ct.nii.gz", "side": "right"}
        return {}

    return functools.cache(of)


VARIANTS = {"parametric, whole": {"extent": "whole", "sex": "female"}}  # of a kind, beside its defaults


@pytest.fixture(scope="module")
def femur(request, needed):
    kind = request.param.split(",")[0]
    return FEMURS[kind](**needed(kind), **VARIANTS.get(request.param, {})).shape()


KINDS = [pytest.param(kind, marks=pytest.mark.slow) if kind == "ct" else kind for kind in [*FEMURS, *VARIANTS]]
every_femur = pytest.mark.parametrize("femur", KINDS, indirect=True)


@every_femur
def test_the_surface_is_closed_outward_and_cuts_itself_nowhere(femur):
    assert is_closed(femur.surface)
    assert enclosed_volume(femur.surface) > 50_000  # mm³
    assert areas(femur.surface).min() > 0
    again, notes = repaired(femur.surface)
    assert notes == () and again.n_triangles == femur.surface.n_triangles


@every_femur
def test_the_shaft_ends_in_a_flat_labelled_lid(femur):
    surface = femur.surface
    lid = surface.labels == DISTAL_CUT
    assert set(np.unique(surface.labels)) == {0, DISTAL_CUT}
    lowest = surface.points[:, 2].min()
    assert np.abs(surface.points[surface.triangles[lid]][:, :, 2] - lowest).max() < 1e-6
    assert (area_vectors(surface)[lid, 2] < 0).all()
    assert areas(surface)[lid].sum() > 250  # mm²


@every_femur
def test_the_head_centre_is_the_origin(femur):
    points, marks = femur.surface.points, femur.landmarks
    bearing = points[points @ marks.neck_axis > 0.2 * marks.head_radius]
    distance = np.linalg.norm(bearing, axis=1)
    near = distance[distance < 1.2 * marks.head_radius]
    assert np.sqrt(((near - marks.head_radius) ** 2).mean()) < 0.3


@every_femur
def test_landmarks_agree_with_each_other(femur):
    marks = femur.landmarks
    assert marks.shaft_axis == pytest.approx([0, 0, 1])
    assert np.linalg.norm(marks.neck_axis) == pytest.approx(1.0)
    assert 180 - np.degrees(np.arccos(marks.neck_axis[2])) == pytest.approx(marks.neck_shaft_angle_deg)
    assert np.degrees(np.arctan2(marks.neck_axis[1], -marks.neck_axis[0])) == pytest.approx(marks.anteversion_deg)
    assert np.hypot(*marks.shaft_point[:2]) == pytest.approx(marks.offset_mm)
    assert 0.4 * marks.head_radius < marks.neck_radius < 0.93 * marks.head_radius
    # Lateral, posterior and high; medial of the shaft, posterior and low.
    assert marks.greater_trochanter_tip[0] > marks.head_radius and marks.greater_trochanter_tip[1] < 0
    assert marks.lesser_trochanter[0] < marks.shaft_point[0]
    assert marks.lesser_trochanter[1] < marks.shaft_point[1] and marks.lesser_trochanter[2] < -marks.head_radius


@every_femur
def test_to_source_is_rigid_and_mirrors_a_left_femur_only(femur):
    linear = femur.to_source[:3, :3]
    assert linear @ linear.T == pytest.approx(np.eye(3), abs=1e-12)
    assert np.linalg.det(linear) == pytest.approx(1.0 if femur.side == "right" else -1.0)


@every_femur
def test_it_says_what_was_found_or_assumed(femur):
    assert femur.notes and all(note.endswith(".") for note in femur.notes)


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_parameters_give_the_same_femur(kind, needed):
    name, more = kind.split(",")[0], VARIANTS.get(kind, {})
    one, other = (FEMURS[name](**needed(name), **more).shape() for _ in range(2))
    assert np.array_equal(one.surface.points, other.surface.points)
    assert np.array_equal(one.surface.triangles, other.surface.triangles)


@pytest.mark.parametrize("kind", list(FEMURS))
def test_every_parameter_is_described_and_bounded_by_its_unit(kind):
    for field in dataclasses.fields(FEMURS[kind]):
        known = about(field)
        assert known.text, field.name
        if field.name.endswith(("_mm", "_deg")):
            assert known.unit == field.name.rsplit("_", 1)[1]
            assert known.low < known.high
            assert known.source or known.assumed, field.name


@pytest.mark.slow
@pytest.mark.parametrize(
    "field",
    [field for field in dataclasses.fields(FEMURS["parametric"]) if about(field).low is not None],
    ids=lambda field: field.name,
)
@pytest.mark.parametrize("end", ["low", "high"])
def test_a_parameter_at_its_bound_gives_a_sound_femur_or_a_typed_refusal(field, end):
    name = field.name
    extent = "whole" if about(field).text.startswith("whole femur") else "proximal"
    try:
        femur = FEMURS["parametric"](**{name: getattr(about(field), end), "extent": extent}).shape()
    except FemsimError as error:
        assert error.remedy
    else:
        assert is_closed(femur.surface) and repaired(femur.surface)[1] == ()
