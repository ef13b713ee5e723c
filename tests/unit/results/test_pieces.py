"""A result read piece by piece is the result; of one that is cut off the rest can be read, and what is lost is told."""

import os
import shutil

import numpy as np
import pytest

from femsim.errors import StoreError
from femsim.results import neighbours, vtkhdf
from femsim.results.pieces import Pieces


@pytest.fixture(scope="module")
def result(small_run, tmp_path_factory):
    return small_run.write(tmp_path_factory.mktemp("runs")) / "result.vtkhdf"


@pytest.mark.parametrize("body", ["operated", "intact"])
def test_every_field_of_every_step_is_that_of_the_whole_file(body, result):
    pieces = Pieces(result)
    for step in range(4):
        whole = vtkhdf.read_step(result, body, step)
        assert np.array_equal(pieces.grid(body).points, whole.points)
        assert np.array_equal(pieces.grid(body).corners, whole.elements[:, :4])
        assert np.array_equal(pieces.displacement(body, step), whole.point_fields["displacement"])
        for name in pieces.fields(body):
            assert np.array_equal(pieces.values(body, name, step), whole.cell_fields[name], equal_nan=True)
    assert pieces.grid(body).units == whole.units and pieces.missing == []
    assert np.array_equal(pieces.instants(body), vtkhdf.instants(result))


def test_names_of_regions_and_zones_are_no_fields(result):
    assert not {"region_id", "zone_id", "gruen_id", "displacement"} & set(Pieces(result).fields("operated"))


def test_a_field_that_is_not_there_is_defined_nowhere(result):
    pieces = Pieces(result)
    assert np.isnan(pieces.values("intact", "shielding_change", 0)).all() and pieces.missing == []


@pytest.fixture(params=[0.98, 0.9, 0.7, 0.6])
def cut_off(request, result, tmp_path):
    path = tmp_path / "result.vtkhdf"
    shutil.copy(result, path)
    os.truncate(path, int(request.param * path.stat().st_size))
    return path


def test_of_a_file_that_is_cut_off_the_rest_is_right_and_the_loss_is_told(cut_off, result):
    whole, pieces = Pieces(result), Pieces(cut_off)
    assert "cut off" in pieces.missing[0]
    right = lost = 0
    for body in pieces.bodies:
        for name in pieces.fields(body):
            for step in range(4):
                found, true = pieces.values(body, name, step), whole.values(body, name, step)
                same = np.array_equal(found, true, equal_nan=True)
                right += same
                lost += not same
                assert same or np.isnan(found).all()
    assert right > 0
    told = " ".join(pieces.missing)
    assert (lost == 0 and set(pieces.bodies) == {"operated", "intact"}) or "missing" in told


def test_a_file_without_a_mesh_is_refused(result, tmp_path):
    path = tmp_path / "result.vtkhdf"
    shutil.copy(result, path)
    os.truncate(path, 4096)
    with pytest.raises(StoreError, match="damaged"):
        Pieces(path)


@pytest.mark.parametrize("content", [b"", b"\x89HDF\r\n\x1a\n", b"no HDF5 at all" * 10])
def test_what_is_no_result_is_refused(content, tmp_path):
    path = tmp_path / "result.vtkhdf"
    path.write_bytes(content)
    with pytest.raises(StoreError, match="damaged"):
        Pieces(path)


def test_no_file_is_told_as_such(tmp_path):
    with pytest.raises(StoreError, match="no result file"):
        Pieces(tmp_path / "result.vtkhdf")


def across_by_search(corners):
    """Neighbours by looking at every pair of elements that share three corners."""
    faces = [(0, 2, 1), (0, 1, 3), (1, 2, 3), (0, 3, 2)]
    owner = {}
    found = np.full((len(corners), 4), -1)
    for element, nodes in enumerate(corners):
        for place, face in enumerate(faces):
            key = frozenset(int(nodes[k]) for k in face)
            if key in owner:
                other, there = owner[key]
                found[element, place], found[other, there] = other, element
            owner[key] = element, place
    return found


@pytest.mark.parametrize("body", ["operated", "intact"])
def test_elements_that_share_a_face_are_kept_with_the_run(body, result):
    corners = Pieces(result).grid(body).corners
    kept = np.load(result.parent / neighbours.FILE)[body]
    assert np.array_equal(kept, across_by_search(corners))
    assert np.array_equal(neighbours.read(result.parent, body, corners), kept)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 damaged", None])
def test_a_run_without_them_or_with_damaged_ones_finds_them_anew(content, result, tmp_path):
    corners = Pieces(result).grid("operated").corners
    if content is not None:
        (tmp_path / neighbours.FILE).write_bytes(content)
    assert np.array_equal(neighbours.read(tmp_path, "operated", corners), across_by_search(corners))


def test_those_of_another_mesh_are_not_taken(result):
    corners = Pieces(result).grid("operated").corners[::-1].copy()
    assert np.array_equal(neighbours.read(result.parent, "operated", corners), across_by_search(corners))
