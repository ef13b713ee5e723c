"""Surface files: what is read, and how everything else is refused."""

import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from femsim.errors import FemsimError, SurfaceError, UsageError
from femsim.mesh.files import read_surface
from femsim.mesh.isosurface import isosurface
from femsim.mesh.surface import Surface, enclosed_volume, is_closed


@pytest.fixture(scope="module")
def ball() -> Surface:
    """A closed surface whose coordinates survive single precision."""
    made = isosurface(lambda p: np.linalg.norm(p, axis=1) - 10.0, (-13, -13, -13), (13, 13, 13), 2.0)
    return Surface(made.points.astype(np.float32).astype(float), made.triangles)


def binary_stl(surface: Surface, title: bytes = b"made by a test") -> bytes:
    corners = surface.points[surface.triangles].astype("<f4")
    facets = b"".join(struct.pack("<3f", 0, 0, 0) + facet.tobytes() + b"\0\0" for facet in corners)
    return title.ljust(80, b"\0") + struct.pack("<I", surface.n_triangles) + facets


def numbers(values) -> str:
    return " ".join(f"{value:.9g}" for value in values)


def ascii_stl(surface: Surface) -> bytes:
    lines = ["solid ball"]
    for facet in surface.points[surface.triangles]:
        corners = [f"vertex {numbers(corner)}" for corner in facet]
        lines += ["facet normal 0 0 0", "outer loop", *corners, "endloop", "endfacet"]
    return "\n".join([*lines, "endsolid ball", ""]).encode()


def ply(surface: Surface) -> bytes:
    head = ["ply", "format ascii 1.0", f"element vertex {surface.n_points}"]
    head += [f"property float {axis}" for axis in "xyz"]
    head += [f"element face {surface.n_triangles}", "property list uchar int vertex_indices", "end_header"]
    points, faces = map(numbers, surface.points), (f"3 {numbers(t)}" for t in surface.triangles)
    return "\n".join([*head, *points, *faces, ""]).encode()


def obj(surface: Surface) -> bytes:
    points = (f"v {numbers(point)}" for point in surface.points)
    return "\n".join([*points, *(f"f {numbers(t + 1)}" for t in surface.triangles), ""]).encode()


def binary_ply(surface: Surface, order: str = "<") -> bytes:
    """As some scanners write it: faces as vertex_index, with a colour, and an element that nobody needs."""
    name = {"<": "binary_little_endian", ">": "binary_big_endian"}[order]
    head = ["ply", f"format {name} 1.0", "comment from a test", f"element vertex {surface.n_points}"]
    head += [
        *(f"property double {axis}" for axis in "xyz"),
        "property uchar red",
        "element scan 1",
        "property int number",
    ]
    head += [f"element face {surface.n_triangles}", "property list uchar int vertex_index", "end_header", ""]
    points = np.zeros(surface.n_points, np.dtype([("p", order + "f8", 3), ("red", "u1")]))
    points["p"] = surface.points
    faces = np.zeros(surface.n_triangles, np.dtype([("n", "u1"), ("t", order + "i4", 3)]))
    faces["n"], faces["t"] = 3, surface.triangles
    return "\n".join(head).encode() + points.tobytes() + np.array([7], order + "i4").tobytes() + faces.tobytes()


FORMATS = {
    "little.ply": binary_ply,
    "big.ply": lambda surface: binary_ply(surface, ">"),
    "binary.stl": binary_stl,
    "ascii.stl": ascii_stl,
    "ball.ply": ply,
    "ball.obj": obj,
    "UPPER.STL": binary_stl,
}


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_gives_the_same_closed_surface(name, ball, tmp_path):
    path = tmp_path / name
    path.write_bytes(FORMATS[name](ball))
    read = read_surface(path)
    assert (read.n_points, read.n_triangles) == (ball.n_points, ball.n_triangles)
    assert is_closed(read)
    assert enclosed_volume(read) == pytest.approx(enclosed_volume(ball), rel=1e-7)  # nine digits in text


def test_a_binary_stl_whose_title_starts_with_solid_is_read(ball, tmp_path):
    path = tmp_path / "solid.stl"
    path.write_bytes(binary_stl(ball, b"solid from a scanner"))
    assert read_surface(path).n_triangles == ball.n_triangles


def _with_nan(surface: Surface) -> bytes:
    content = bytearray(binary_stl(surface))
    content[84 + 12 : 84 + 16] = struct.pack("<f", float("nan"))
    return bytes(content)


BAD = {
    "empty.stl": lambda ball: b"",
    "cut.stl": lambda ball: binary_stl(ball)[:-30],
    "cut_head.stl": lambda ball: binary_stl(ball)[:40],
    "cut_ascii.stl": lambda ball: ascii_stl(ball)[:-200],
    "word_ascii.stl": lambda ball: ascii_stl(ball).replace(b"vertex ", b"vertex x", 1),
    "nan.stl": _with_nan,
    "picture.stl": lambda ball: b"\x89PNG\r\n\x1a\n" + bytes(500),
    "text.stl": lambda ball: b"dear reader, this is no surface\n" * 20,
    "few.stl": lambda ball: binary_stl(Surface(ball.points, ball.triangles[:99])),
    "none.stl": lambda ball: binary_stl(Surface(ball.points, ball.triangles[:0])),
    "cut.ply": lambda ball: ply(ball)[:-300],
    "cut_binary.ply": lambda ball: binary_ply(ball)[:-1],
    "cut_header.ply": lambda ball: ply(ball)[:60],
    "claims.ply": lambda ball: ply(ball).replace(b"element vertex ", b"element vertex 9999999", 1),
    "two_corners.ply": lambda ball: ply(ball).replace(b"\n3 ", b"\n2 ", 1),
    "text.ply": lambda ball: b"not a ply",
    "cloud.ply": lambda ball: ply(Surface(ball.points, ball.triangles[:0])),
    "beyond.ply": lambda ball: ply(ball).replace(b"\n3 ", b"\n3 9", 40),
    "empty.obj": lambda ball: b"",
    "text.obj": lambda ball: b"f one two three\n" * 200,
    "beyond.obj": lambda ball: obj(ball) + b"f 1 2 99999\n",
    "nan.obj": lambda ball: obj(ball).replace(b"v ", b"v nan ", 1),
}


@pytest.mark.parametrize("name", BAD)
def test_a_damaged_file_is_refused_with_place_and_remedy_and_nothing_printed(name, ball, tmp_path, capfd):
    path = tmp_path / name
    path.write_bytes(BAD[name](ball))
    with pytest.raises(SurfaceError) as caught:
        read_surface(path)
    assert caught.value.exit_code == 3
    assert str(path) in caught.value.where and caught.value.remedy
    assert capfd.readouterr() == ("", "")


def test_a_missing_file_is_a_mistake_of_the_user(tmp_path):
    with pytest.raises(UsageError, match="no such surface file") as caught:
        read_surface(tmp_path / "femur.stl")
    assert caught.value.exit_code == 2


def test_a_folder_is_refused(tmp_path):
    with pytest.raises(SurfaceError, match="folder"):
        read_surface(tmp_path)


def test_an_unknown_ending_names_the_known_ones(tmp_path):
    path = tmp_path / "femur.docx"
    path.write_bytes(b"x")
    with pytest.raises(UsageError, match=r"\.stl, \.ply, \.obj"):
        read_surface(path)


@pytest.mark.parametrize("name", ["binary.stl", "ascii.stl", "ball.ply", "little.ply", "ball.obj"])
@given(at=st.floats(0, 1), length=st.integers(1, 40), cut=st.booleans(), seed=st.integers(0, 2**16))
def test_flipped_and_missing_bytes_give_a_surface_or_a_typed_error(name, at, length, cut, seed, ball, tmp_path_factory):
    content = bytearray(FORMATS[name](ball))
    start = int(at * (len(content) - 1))
    if cut:
        del content[start:]
    else:
        content[start : start + length] = np.random.default_rng(seed).bytes(length)
    path = tmp_path_factory.getbasetemp() / name
    path.write_bytes(bytes(content))
    try:
        assert np.isfinite(read_surface(path).points).all()
    except FemsimError:
        pass
