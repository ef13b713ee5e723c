"""A femur and its meshes come back from a file as they were."""

import dataclasses

import numpy as np
import pytest

from femsim.anatomy.femur import Femur, Landmarks
from femsim.geometry import packing
from femsim.mesh.mesh import Mesh, Twin
from femsim.mesh.surface import Surface


def _twin():
    nodes = np.random.default_rng(1).normal(size=(5, 3))
    mesh = Mesh(
        nodes, [[0, 1, 2, 3], [1, 2, 3, 4]], [0, 1], ("bone_kept", "cap"), {"distal": np.array([[0, 1, 2]], np.int32)}
    )
    return Twin(mesh, mesh, 1, 4, ("moved by 0.1 mm",), {"stem": np.array([[1, 2, 3]], np.int32)})


def same(a, b) -> bool:
    if dataclasses.is_dataclass(a):
        return type(a) is type(b) and all(same(getattr(a, f.name), getattr(b, f.name)) for f in dataclasses.fields(a))
    if isinstance(a, np.ndarray):
        return a.dtype == b.dtype and np.array_equal(a, b)
    if hasattr(a, "keys"):
        return dict(a).keys() == dict(b).keys() and all(same(a[k], b[k]) for k in a)
    return a == b


def test_meshes_come_back_bit_by_bit(tmp_path):
    twin = _twin()
    packing.write(tmp_path / "x.npz", {"twin": twin})
    assert same(packing.read(tmp_path / "x.npz")["twin"], twin)


def test_one_object_in_two_places_is_one_again(tmp_path):
    packing.write(tmp_path / "x.npz", {"twin": _twin()})
    found = packing.read(tmp_path / "x.npz")["twin"]
    assert found.intact is found.operated


def test_two_objects_of_the_same_kind_stay_two(tmp_path):
    one, other = _twin().intact, _twin().intact
    packing.write(tmp_path / "x.npz", {"twin": Twin(one, dataclasses.replace(other, nodes=other.nodes + 1), 1, 4)})
    found = packing.read(tmp_path / "x.npz")["twin"]
    assert np.array_equal(found.operated.nodes, one.nodes) and np.array_equal(found.intact.nodes, other.nodes + 1)


def test_a_femur_comes_back_with_landmarks_and_frame(tmp_path, toy_femur):
    femur = dataclasses.replace(toy_femur, notes=("cut at 150 mm",), frame="LPS")
    packing.write(tmp_path / "x.npz", {"femur": femur})
    assert same(packing.read(tmp_path / "x.npz")["femur"], femur)


def test_every_part_of_a_femur_can_be_packed():
    """A new dataclass inside a femur or a twin must be named in KINDS, or nothing would be cached any more."""
    for kind in (Femur, Landmarks, Mesh, Twin, Surface):
        assert packing.KINDS[kind.__name__] is kind


def test_what_is_no_plain_data_is_refused(tmp_path):
    with pytest.raises(TypeError, match="cannot be packed"):
        packing.write(tmp_path / "x.npz", {"femur": {"file": tmp_path}})
