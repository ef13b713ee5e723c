"""The two meshes share the bone that stays, conform, and hold the volume they should."""

import numpy as np
import pytest

from femsim.errors import MeshError
from femsim.implants import Intact, ResurfacingCap
from femsim.implants import twin as twin_module
from femsim.implants.solids import volume_of
from femsim.implants.twin import twin_mesh
from femsim.mesh.generate import MesherTimeout
from femsim.mesh.mesh import FACES
from femsim.mesh.quality import quality_of, signed_inverse_condition, volumes
from femsim.mesh.surface import enclosed_volume
from femsim.mesh.topology import shared_faces, whole_faces
from tests.graft import graft_twin

BOTH = ("operated", "intact")


def corner_faces(mesh):
    return np.sort(mesh.elements[:, :4][:, np.array(FACES)], axis=2)


def keys(faces, n):
    a, b, c = faces.reshape(-1, 3).astype(np.int64).T
    return (a * n + b) * n + c


def test_kept_bone_is_the_same_in_both_to_the_last_bit(twin):
    operated, intact = twin.operated, twin.intact
    assert np.array_equal(operated.elements[: twin.n_kept], intact.elements[: twin.n_kept])
    assert operated.nodes[: twin.n_kept_nodes].tobytes() == intact.nodes[: twin.n_kept_nodes].tobytes()
    for mesh in (operated, intact):
        assert np.array_equal(np.flatnonzero(mesh.in_region("bone_kept")), np.arange(twin.n_kept))
        assert np.array_equal(np.unique(mesh.elements[: twin.n_kept]), np.arange(twin.n_kept_nodes))


@pytest.mark.parametrize("which", BOTH)
def test_every_face_belongs_to_one_element_or_two(twin, which):
    mesh = getattr(twin, which)
    _, counts = np.unique(keys(corner_faces(mesh), mesh.n_nodes), return_counts=True)
    assert set(counts) == {1, 2}


@pytest.mark.parametrize("which", BOTH)
def test_faces_of_one_element_make_a_closed_surface_that_holds_the_mesh(twin, which):
    mesh = getattr(twin, which)
    faces = mesh.elements[:, :4][:, np.array(FACES)].reshape(-1, 3)
    sorted_keys = keys(np.sort(faces, axis=1), mesh.n_nodes)
    _, inverse, counts = np.unique(sorted_keys, return_inverse=True, return_counts=True)
    a, b, c = (mesh.nodes[faces[counts[inverse] == 1][:, k]] for k in range(3))
    inside = np.einsum("fi,fi->", a, np.cross(b, c)) / 6
    # A crack between regions would leave pairs of faces here whose volumes cancel: so the area is checked as well.
    assert inside == pytest.approx(volumes(mesh.nodes, mesh.elements[:, :4]).sum(), rel=1e-9)
    assert len(np.unique(mesh.nodes, axis=0)) == mesh.n_nodes


@pytest.mark.parametrize("pair", [("bone_kept", "cement"), ("cement", "cap"), ("bone_kept", "stem"), ("cap", "stem")])
def test_neighbours_share_their_interface(twin, pair):
    mesh = twin.operated
    first, second = (keys(corner_faces(mesh)[mesh.in_region(name)], mesh.n_nodes) for name in pair)
    assert len(np.intersect1d(first, second)) > 10


def test_kept_and_removed_bone_make_the_femur(twin, femur):
    bone = volumes(twin.intact.nodes, twin.intact.elements[:, :4]).sum()
    assert bone == pytest.approx(enclosed_volume(femur.surface), rel=0.005)


@pytest.mark.parametrize("solid", ["cement", "cap", "stem"])
def test_meshed_solids_have_the_volume_of_the_design(twin, femur, solid):
    mesh = twin.operated
    meshed = volumes(mesh.nodes, mesh.elements[mesh.in_region(solid)][:, :4]).sum()
    assert meshed == pytest.approx(volume_of(ResurfacingCap().place(femur), solid), rel=0.02)


def test_the_mantle_is_a_millimetre_thick(twin, femur):
    solids = ResurfacingCap().place(femur)
    mesh = twin.operated
    local = mesh.nodes[np.unique(mesh.elements[mesh.in_region("cement")][:, :4])] - solids.origin
    high = local[local @ solids.axis > 14]  # above the chamfer
    radii = np.linalg.norm(high, axis=1)
    dome = femur.landmarks.head_radius - 3.5
    assert radii.max() == pytest.approx(dome, abs=0.01)
    assert radii.min() == pytest.approx(dome - 1, abs=0.01)


@pytest.mark.parametrize("which", BOTH)
def test_no_element_is_worse_than_allowed(twin, which):
    quality = quality_of(getattr(twin, which))
    assert quality.min_sicn > 0.1
    assert quality.sicn_p1 > 0.3


@pytest.mark.parametrize("which", BOTH)
def test_mid_nodes_lie_on_the_middles_of_straight_edges(twin, which):
    mesh = getattr(twin, which)
    for k, (i, j) in enumerate(((0, 1), (1, 2), (0, 2), (0, 3), (1, 3), (2, 3))):
        ends = 0.5 * (mesh.nodes[mesh.elements[:, i]] + mesh.nodes[mesh.elements[:, j]])
        np.testing.assert_allclose(mesh.nodes[mesh.elements[:, 4 + k]], ends, atol=1e-12)


def outward_area(mesh, name):
    a, b, c = (mesh.nodes[mesh.surface(name)[:, k]] for k in range(3))
    return 0.5 * np.cross(b - a, c - a)


@pytest.mark.parametrize("which", BOTH)
def test_the_bearing_faces_away_from_the_head_centre(twin, femur, which):
    mesh = getattr(twin, which)
    centres = mesh.nodes[mesh.surface("bearing")[:, :3]].mean(axis=1)
    assert (np.einsum("fi,fi->f", outward_area(mesh, "bearing"), centres) > 0).mean() > 0.99
    assert np.linalg.norm(centres, axis=1) == pytest.approx(femur.landmarks.head_radius, rel=0.15)


def test_the_cap_bears_on_its_sphere(twin, femur):
    on_it = twin.operated.nodes[np.unique(twin.operated.surface("bearing")[:, :3])]
    assert np.linalg.norm(on_it, axis=1) == pytest.approx(femur.landmarks.head_radius, abs=0.01)


@pytest.mark.parametrize("name", ["bone_outer", "distal"])
def test_outer_bone_and_distal_end_are_the_same_faces_in_both(twin, name):
    assert np.array_equal(twin.operated.surface(name), twin.intact.surface(name))
    assert twin.operated.surface(name).max() < twin.n_kept_nodes


def test_the_distal_end_is_flat_and_faces_down(twin):
    corners = twin.operated.nodes[np.unique(twin.operated.surface("distal"))]
    assert np.ptp(corners[:, 2]) < 1e-6
    area = outward_area(twin.operated, "distal")
    assert (area[:, 2] < 0).all() and np.abs(area[:, :2]).max() < 1e-6


def test_outer_bone_holds_no_face_of_the_cut(twin, femur):
    """Every boundary face of the kept bone is outer, distal or free shelf; the shelf is not outer bone."""
    solids = ResurfacingCap().place(femur)
    centres = twin.operated.nodes[twin.operated.surface("bone_outer")[:, :3]].mean(axis=1)
    along = centres @ solids.axis
    radius = np.linalg.norm(centres - along[:, None] * solids.axis, axis=1)
    shelf = next(sheet for sheet in solids.tool if sheet.name == "shelf").shape.profile[0]
    flat = np.abs(outward_area(twin.operated, "bone_outer") @ solids.axis) > 0.999 * np.linalg.norm(
        outward_area(twin.operated, "bone_outer"), axis=1
    )
    assert not (flat & (np.abs(along - shelf[1]) < 0.01) & (radius < 20)).any()


@pytest.mark.slow
def test_the_same_twin_again_is_the_same_to_the_last_bit(femur):
    first, second = (twin_mesh(femur, ResurfacingCap(), size_mm=5.0, order=1) for _ in range(2))
    for which in BOTH:
        one, other = getattr(first, which), getattr(second, which)
        assert one.nodes.tobytes() == other.nodes.tobytes()
        assert one.elements.tobytes() == other.elements.tobytes()


def test_an_intact_femur_is_its_own_twin(femur):
    twin = twin_mesh(femur, Intact(), size_mm=5.0, order=2)
    assert twin.operated is twin.intact
    assert twin.intact.regions == ("bone_kept",)
    assert twin.n_kept == twin.intact.n_elements and twin.n_kept_nodes == twin.intact.n_nodes
    assert set(twin.intact.surfaces) == {"bearing", "bone_outer", "distal"}


def test_a_graft_fills_the_removed_bone_on_the_same_elements(twin):
    graft = graft_twin(twin).operated
    assert graft.regions == ("bone_kept", "graft")
    assert np.array_equal(graft.elements, twin.intact.elements)


def test_an_unknown_order_is_refused(femur):
    with pytest.raises(MeshError, match="order 3"):
        twin_mesh(femur, Intact(), size_mm=5.0, order=3)


@pytest.mark.slow
@pytest.mark.parametrize(
    "cap",
    [
        ResurfacingCap(varus_valgus_deg=5.0),
        ResurfacingCap(varus_valgus_deg=-5.0, version_deg=5.0),
        ResurfacingCap(cement_mm=0.6),
        ResurfacingCap(cement_mm=2.0),
        ResurfacingCap(rim_below_centre_mm=11.0),
        ResurfacingCap(stem_diameter_mm=12.0, stem_tip_diameter_mm=12.0),
    ],
    ids=["valgus", "varus-anteverted", "thin mantle", "thick mantle", "low rim", "thick stem"],
)
def test_other_designs_and_placements_mesh_as_well(femur, cap):
    twin = twin_mesh(femur, cap, size_mm=4.0, order=1)
    assert signed_inverse_condition(twin.operated.nodes, twin.operated.elements).min() > 0.05


@pytest.mark.slow
@pytest.mark.parametrize(
    "file",
    [
        "femur_libhip/raw_m4_rfemur_mm.stl",
        "femur_libhip/raw_m3_rfemur_mm.stl",
        "femur_gfxmorph/femur.stl",
        "femur_comodo/femur.stl",
    ],
)
@pytest.mark.long
def test_real_femora_mesh(shared_data, file):
    from femsim.anatomy import FEMURS

    femur = FEMURS["surface"](file=shared_data / file).shape()
    twin = twin_mesh(femur, ResurfacingCap(), size_mm=4.0, order=1)
    assert min(quality_of(twin.operated).min_sicn, quality_of(twin.intact).min_sicn) > 0.05
    bone = sum(quality_of(twin.intact).volume_mm3.values())
    assert bone == pytest.approx(enclosed_volume(femur.surface), rel=0.005)


def test_a_mesher_that_hangs_is_not_tried_again(femur, monkeypatch):
    calls = []

    def hang(regions):
        calls.append(regions)
        raise MesherTimeout("The mesher did not finish in 300 s.")

    monkeypatch.setattr(twin_module, "fill", hang)
    with pytest.raises(MesherTimeout):
        twin_mesh(femur, ResurfacingCap(), size_mm=5.0, order=1)
    assert len(calls) == 1


def test_a_cut_that_cannot_be_filled_is_made_again_beside_it(femur, monkeypatch):
    fill, calls = twin_module.fill, []

    def fail_once(regions):
        calls.append(regions)
        if len(calls) == 1:
            raise MeshError("The region 'cement' could not be filled with tetrahedra.")
        return fill(regions)

    monkeypatch.setattr(twin_module, "fill", fail_once)
    steps = []
    twin_mesh(femur, ResurfacingCap(), size_mm=5.0, order=1, progress=steps.append)
    assert "cutting the bone again, +0.12 mm along the stem" in steps


INTERFACES = {
    "stem": ("bone_kept", "stem"),
    "mantle_bone": ("bone_kept", "cement"),
    "mantle_shelf": ("bone_kept", "cement"),
    "mantle_cap": ("cement", "cap"),
    "stem_collar": ("cement", "stem"),
    "stem_root": ("cap", "stem"),
}


def turned_alike(faces):
    """Corners of faces, the smallest number first, in the same sense of rotation."""
    return [tuple(np.roll(face, -int(np.argmin(face)))) for face in faces]


def sides_of(mesh, faces):
    """(2, f) elements from which faces are turned outward, and those on their other side."""
    element_of = {face: row // 4 for row, face in enumerate(turned_alike(whole_faces(mesh.elements)[:, :3]))}
    return np.array([[element_of[face] for face in turned_alike(side)] for side in (faces[:, :3], faces[:, 2::-1])])


@pytest.mark.parametrize("name", INTERFACES)
def test_interfaces_part_the_two_bodies_and_are_turned_out_of_the_first(twin, name):
    mesh = twin.operated
    for elements, region in zip(sides_of(mesh, twin.interfaces[name]), INTERFACES[name], strict=True):
        assert mesh.in_region(region)[elements].all()


def test_every_face_between_two_regions_is_of_one_interface(twin):
    assert set(twin.interfaces) == set(INTERFACES)
    rows = shared_faces(twin.operated.elements[:, :4])
    region = twin.operated.region_of[rows // 4]
    assert sum(map(len, twin.interfaces.values())) == (region[:, 0] != region[:, 1]).sum()


def test_faces_of_interfaces_carry_the_mid_nodes_of_their_edges(twin):
    nodes = twin.operated.nodes
    for faces in twin.interfaces.values():
        for k in range(3):
            middle = (nodes[faces[:, k]] + nodes[faces[:, (k + 1) % 3]]) / 2
            assert nodes[faces[:, 3 + k]] == pytest.approx(middle, abs=1e-9)
