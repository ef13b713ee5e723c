"""What is written is what VTK, and femsim, read back: every field of every step of both bodies."""

import errno
import os
import subprocess
import sys

import h5py
import numpy as np
import pytest

from femsim.errors import StoreError
from femsim.results import record, vtkhdf
from femsim.results.vtkhdf import Body


@pytest.fixture(scope="module")
def written(small_run, tmp_path_factory):
    """A result file, its bodies and its instants."""
    operated, intact = small_run.outcomes()
    frames = operated.shown_frames
    maps = small_run.maps(operated, intact)
    bodies = [record.body(outcome, maps) for outcome in (operated, intact)]
    path = tmp_path_factory.mktemp("result") / "result.vtkhdf"
    instants = operated.model.history.instants[frames]
    vtkhdf.write(path, bodies, instants)
    return path, bodies, instants


@pytest.fixture(scope="module")
def reader(written):
    """VTK's own reader of the file, as ParaView has it; any complaint of VTK is an error."""
    from vtkmodules.vtkIOHDF import vtkHDFReader

    reader = vtkHDFReader()
    reader.complaints = []
    for part in (reader, reader.GetExecutive()):
        part.AddObserver("ErrorEvent", lambda *told: reader.complaints.append(told))
    reader.SetFileName(str(written[0]))
    reader.UpdateInformation()
    return reader


def of_step(values, step):
    """The row of a field that belongs to a step, in the precision of the file."""
    row = np.asarray(values)[step if len(values) > 1 else 0]
    return row if row.dtype.kind in "iu" else row.astype(np.float32)


def test_vtk_finds_the_instants(written, reader):
    from vtkmodules.vtkCommonExecutionModel import vtkStreamingDemandDrivenPipeline

    steps = reader.GetOutputInformation(0).Get(vtkStreamingDemandDrivenPipeline.TIME_STEPS())
    assert steps == tuple(written[2])


def test_vtk_reads_every_field_of_every_step_of_both_bodies(written, reader):
    from vtkmodules.util.numpy_support import vtk_to_numpy
    from vtkmodules.vtkCommonDataModel import vtkCompositeDataSet

    _, bodies, instants = written
    for step in range(len(instants)):
        reader.SetStep(step)
        reader.Update()
        output = reader.GetOutputDataObject(0)
        assert output.GetNumberOfPartitionedDataSets() == 2
        for index, body in enumerate(bodies):
            assert output.GetMetaData(index).Get(vtkCompositeDataSet.NAME()) == body.name
            grid = output.GetPartition(index, 0)
            for data, fields in ((grid.GetPointData(), body.point_fields), (grid.GetCellData(), body.cell_fields)):
                assert {data.GetArrayName(k) for k in range(data.GetNumberOfArrays())} == set(fields)
                for name, values in fields.items():
                    read = vtk_to_numpy(data.GetArray(name))
                    np.testing.assert_array_equal(read, of_step(values, step), err_msg=f"{body.name} {name} {step}")
    assert not reader.complaints


def test_vtk_reads_the_mesh(written, reader):
    from vtkmodules.util.numpy_support import vtk_to_numpy

    reader.SetStep(1)
    reader.Update()
    for index, body in enumerate(written[1]):
        grid = reader.GetOutputDataObject(0).GetPartition(index, 0)
        np.testing.assert_array_equal(vtk_to_numpy(grid.GetPoints().GetData()), body.mesh.nodes.astype(np.float32))
        cells = vtk_to_numpy(grid.GetCells().GetConnectivityArray()).reshape(-1, 10)
        np.testing.assert_array_equal(cells, body.mesh.elements)
        assert grid.GetCellType(0) == 24  # VTK_QUADRATIC_TETRA


def test_vtk_reads_units_and_names_of_a_body_by_itself(written, tmp_path):
    """In a collection VTK 9.7 passes field data over, even its own; wrong ones crash it elsewhere, so they are read."""
    from vtkmodules.vtkIOHDF import vtkHDFReader

    path = tmp_path / "one.vtkhdf"
    with h5py.File(written[0]) as file, h5py.File(path, "w", libver=vtkhdf.LIBRARY_VERSIONS) as one:
        file.copy("VTKHDF/operated", one, "VTKHDF")
    reader = vtkHDFReader()
    reader.SetFileName(str(path))
    reader.UpdateInformation()
    for step in (0, 3):
        reader.SetStep(step)
        reader.Update()
        data = reader.GetOutputDataObject(0).GetFieldData()
        told = {}
        for name in ("units", "region_names", "zone_names"):
            array = data.GetAbstractArray(name)
            told[name] = [array.GetValue(k) for k in range(array.GetNumberOfValues())]
        assert told["region_names"] == ["bone_kept", "cement", "cap"] and told["zone_names"] == ["neck", "shaft"]
        assert "risk_factor [-]" in told["units"] and "displacement [mm]" in told["units"]


def test_units_beyond_ascii_are_spelled_out(small_run, tmp_path):
    mesh = small_run.outcomes()[0].model.mesh
    body = Body("operated", mesh, cell_fields={"rho": np.zeros((1, mesh.n_elements))}, units={"rho": "g/cm³"})
    vtkhdf.write(tmp_path / "r.vtkhdf", [body], [0.0])
    assert vtkhdf.read_step(tmp_path / "r.vtkhdf", "operated", 0).units == {"rho": "g/cm3"}


def test_quadratic_cells_have_positive_volume_in_vtk(written, reader):
    """The node order is VTK's own: a wrong one turns the curved cells inside out."""
    reader.Update()
    grid = reader.GetOutputDataObject(0).GetPartition(0, 0)
    cell, weights = grid.GetCell(0), [0.0] * 10
    corner = [0.0] * 3
    # Half way along edge 0-1 lies node 4, along edge 1-2 node 5, along edge 2-3 node 9.
    for place, node in (((0.5, 0, 0), 4), ((0.5, 0.5, 0), 5), ((0, 0.5, 0.5), 9)):
        cell.EvaluateLocation(vtk_reference(0), place, corner, weights)
        np.testing.assert_allclose(corner, cell.GetPoints().GetPoint(node), atol=1e-5)


def vtk_reference(value):
    """VTK's way to hand back an integer."""
    from vtkmodules.vtkCommonCore import reference

    return reference(value)


def test_femsim_reads_what_it_wrote(written):
    path, bodies, instants = written
    np.testing.assert_array_equal(vtkhdf.instants(path), instants)
    assert vtkhdf.body_names(path) == ("operated", "intact")
    for body in bodies:
        for step in (0, len(instants) - 1):
            read = vtkhdf.read_step(path, body.name, step)
            assert read.instant == instants[step] and read.units == dict(body.units)
            assert read.texts["region_names"] == body.mesh.regions
            for read_fields, fields in (
                (read.point_fields, body.point_fields),
                (read.cell_fields, body.cell_fields),
            ):
                assert set(read_fields) == set(fields)
                for name, values in fields.items():
                    np.testing.assert_array_equal(read_fields[name], of_step(values, step))


def test_a_static_field_and_the_mesh_are_stored_once(written):
    path, bodies, instants = written
    with h5py.File(path) as file:
        group = file["VTKHDF/operated"]
        assert len(group["Points"]) == bodies[0].mesh.n_nodes
        assert len(group["CellData/density"]) == bodies[0].mesh.n_elements
        assert len(group["CellData/risk_factor"]) == bodies[0].mesh.n_elements * len(instants)


def test_linear_tetrahedra_are_linear_in_the_file(small_run, tmp_path):
    from dataclasses import replace

    mesh = small_run.outcomes()[0].model.mesh
    linear = replace(mesh, elements=mesh.elements[:, :4], surfaces={})
    vtkhdf.write(tmp_path / "r.vtkhdf", [Body("operated", linear), Body("intact", linear)], [0.0])
    assert vtkhdf.read_step(tmp_path / "r.vtkhdf", "intact", 0).elements.shape[1] == 4


def test_a_field_of_the_wrong_length_is_refused_and_leaves_nothing(small_run, tmp_path):
    mesh = small_run.outcomes()[0].model.mesh
    body = Body("operated", mesh, cell_fields={"density": np.zeros((1, 3))})
    with pytest.raises(ValueError, match="density"):
        vtkhdf.write(tmp_path / "r.vtkhdf", [body], [0.0])
    assert list(tmp_path.iterdir()) == []


TOO_LARGE = """
import resource, signal, sys
import h5py, importlib.util, pathlib
spec = importlib.util.spec_from_file_location("small_run", sys.argv[1])
small_run = importlib.util.module_from_spec(spec); spec.loader.exec_module(small_run)
from femsim.errors import StoreError
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]), int(sys.argv[3])))
try:
    small_run.write(pathlib.Path(sys.argv[2]))
except StoreError as error:
    print(error); raise SystemExit(error.exit_code)
"""


@pytest.mark.parametrize("limit", [30_000, 190_000])
def test_a_disk_that_takes_no_more_is_told_by_its_own_error(root, tmp_path, limit):
    """The system itself refuses the write in the midst of HDF5: the limit of a file's size stands for a full disk."""
    tried = subprocess.run(
        [sys.executable, "-c", TOO_LARGE, str(root / "tests" / "small_run.py"), str(tmp_path), str(limit)],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(root)},
        timeout=120,
    )
    assert tried.returncode == StoreError.exit_code, tried.stderr
    assert os.strerror(errno.EFBIG) in tried.stdout and "MB free" in tried.stdout
    assert list(tmp_path.iterdir()) == []


def test_a_missing_file_is_said_to_be_missing(tmp_path):
    with pytest.raises(StoreError, match="no result file"):
        vtkhdf.instants(tmp_path / "none.vtkhdf")


def test_an_unknown_body_or_step_is_refused(written):
    with pytest.raises(StoreError, match="Did you mean 'intact'"):
        vtkhdf.read_step(written[0], "intakt", 0)
    with pytest.raises(StoreError, match="step 4"):
        vtkhdf.read_step(written[0], "intact", 4)


@pytest.mark.parametrize("share", [0.0, 0.01, 0.3, 0.6, 0.95, 0.999])
def test_a_truncated_file_is_refused(written, tmp_path, share):
    whole = written[0].read_bytes()
    path = tmp_path / "cut.vtkhdf"
    path.write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(StoreError):
        vtkhdf.read_step(path, "intact", 0)


def test_elements_that_name_missing_points_are_refused(written, tmp_path):
    path = tmp_path / "bad.vtkhdf"
    path.write_bytes(written[0].read_bytes())
    with h5py.File(path, "r+") as file:
        file["VTKHDF/operated/Connectivity"][7] = 10**6
    with pytest.raises(StoreError, match="damaged"):
        vtkhdf.read_step(path, "operated", 0)


def test_a_field_that_claims_more_than_the_file_holds_is_not_loaded(written, tmp_path):
    path = tmp_path / "bomb.vtkhdf"
    path.write_bytes(written[0].read_bytes())
    with h5py.File(path, "r+") as file:
        del file["VTKHDF/operated/CellData/density"]
        file["VTKHDF/operated/CellData"].create_dataset("density", shape=(10**11,), chunks=(10**6,), dtype="f4")
    with pytest.raises(StoreError, match="claims"):
        vtkhdf.read_step(path, "operated", 0)


def test_a_flipped_byte_never_crashes_the_reader(written, tmp_path):
    whole = bytearray(written[0].read_bytes())
    path = tmp_path / "flipped.vtkhdf"
    for place in np.random.default_rng(1).integers(0, 6000, 60):  # the structure of the file lies at its head
        flipped = bytearray(whole)
        flipped[place] ^= 0xFF
        path.write_bytes(flipped)
        try:
            vtkhdf.read_step(path, "operated", 1)
        except StoreError:
            pass
