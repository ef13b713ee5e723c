"""VTP files in every encoding; damaged ones are refused in words, with nothing printed."""

import numpy as np
import pytest

from femsim.errors import FemsimError, SurfaceError
from femsim.mesh.files import read_surface
from femsim.mesh.isosurface import isosurface

ENCODINGS = {"ascii": (0, None), "binary": (1, None), "appended": (2, None), "zlib": (2, "ZLib"), "lzma": (1, "LZMA")}


@pytest.fixture(scope="module")
def ball():
    return isosurface(lambda p: np.linalg.norm(p, axis=1) - 20.0, (-24,) * 3, (24,) * 3, 4.0)


@pytest.fixture(scope="module")
def written(ball, tmp_path_factory):
    pyvista = pytest.importorskip("pyvista")
    vtk = pytest.importorskip("vtkmodules.vtkIOXML")
    folder = tmp_path_factory.mktemp("vtp")
    faces = np.hstack([np.full((ball.n_triangles, 1), 3), ball.triangles]).ravel()
    for name, (mode, packing) in ENCODINGS.items():
        writer = vtk.vtkXMLPolyDataWriter()
        writer.SetInputData(pyvista.PolyData(ball.points, faces))
        writer.SetFileName(str(folder / f"{name}.vtp"))
        writer.SetDataMode(mode)
        getattr(writer, f"SetCompressorTypeTo{packing}")()
        writer.Write()
    return folder


@pytest.mark.parametrize("name", ENCODINGS)
def test_every_encoding_gives_the_same_triangles(name, written, ball):
    read = read_surface(written / f"{name}.vtp")
    assert read.n_triangles == ball.n_triangles
    assert np.allclose(np.unique(read.points, axis=0), np.unique(ball.points.astype(np.float32), axis=0), atol=1e-5)


@pytest.mark.parametrize("name", ENCODINGS)
def test_damaged_bytes_are_refused_or_read_and_nothing_is_printed(name, written, tmp_path, capfd):
    random, whole = np.random.default_rng(0), (written / f"{name}.vtp").read_bytes()
    path = tmp_path / "damaged.vtp"
    for k in range(20):
        content = bytearray(whole if k % 2 else whole[: random.integers(len(whole))])
        for _ in range(3 if k % 2 else 0):
            content[random.integers(len(content))] = random.integers(256)
        path.write_bytes(content)
        try:
            assert np.isfinite(read_surface(path).points).all()
        except FemsimError as error:
            assert error.remedy
    assert capfd.readouterr() == ("", "")


def test_half_a_file_says_why(written, tmp_path):
    whole = (written / "ascii.vtp").read_bytes()
    (tmp_path / "half.vtp").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(SurfaceError, match="not a sound VTP") as caught:
        read_surface(tmp_path / "half.vtp")
    assert "0x" not in caught.value.why


def test_another_vtk_file_is_refused(tmp_path):
    (tmp_path / "grid.vtp").write_text('<VTKFile type="UnstructuredGrid"></VTKFile>')
    with pytest.raises(SurfaceError, match="not a sound VTP"):
        read_surface(tmp_path / "grid.vtp")
