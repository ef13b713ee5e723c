"""ParaView's file says what the model says: read back by VTK and by meshio."""

import meshio
import numpy as np
import pytest

from femsim.export.exported import Results
from femsim.export.vtu import Vtu
from tests.small_model import small_export

vtk = pytest.importorskip("vtk")


def read(path):
    from vtk.util.numpy_support import vtk_to_numpy

    reader = vtk.vtkXMLUnstructuredGridReader()
    reader.SetFileName(str(path))
    reader.Update()
    grid = reader.GetOutput()
    arrays = {}
    for data in (grid.GetPointData(), grid.GetCellData(), grid.GetFieldData()):
        arrays |= {data.GetArrayName(k): data.GetArray(k) for k in range(data.GetNumberOfArrays())}
    return grid, arrays, {name: vtk_to_numpy(array) for name, array in arrays.items()}


def with_results(model):
    n, e, f = model.mesh.n_nodes, model.mesh.n_elements, len(model.frames)
    draw = np.random.default_rng(0).standard_normal
    return Results(draw((f, n, 3)), draw((f, e, 6)), draw((f, e)))


@pytest.fixture
def written(tmp_path):
    model = small_export()
    model = small_export(results=with_results(model))
    Vtu().write(model, tmp_path / "small.vtu")
    return model, tmp_path / "small.vtu"


def test_vtk_reads_back_every_bit(written):
    model, path = written
    grid, _, values = read(path)
    from vtk.util.numpy_support import vtk_to_numpy

    assert np.array_equal(vtk_to_numpy(grid.GetPoints().GetData()), model.mesh.nodes)
    assert np.array_equal(vtk_to_numpy(grid.GetCells().GetConnectivityArray()), model.mesh.elements.ravel())
    assert np.array_equal(values["youngs_modulus"], model.youngs_modulus)
    assert np.array_equal(values["region_id"], model.mesh.region_of)
    assert np.array_equal(values["nodal_force"], model.nodal_forces(0))
    assert np.array_equal(np.flatnonzero(values["is_fixed"]), model.held_nodes)
    assert np.array_equal(values["displacement"], model.results.displacement[0])
    assert np.array_equal(values["stress"], model.results.stress[0])
    assert values["region_1_cap"] == [1]


@pytest.mark.parametrize("order", [1, 2])
def test_vtk_finds_the_volume_of_the_bar_so_the_node_order_is_right(tmp_path, order):
    model = small_export(order)
    Vtu().write(model, tmp_path / "small.vtu")
    grid, _, _ = read(tmp_path / "small.vtu")
    sizes = vtk.vtkCellSizeFilter()
    sizes.SetInputData(grid)
    sizes.Update()
    found = sizes.GetOutput().GetCellData().GetArray("Volume")
    from vtk.util.numpy_support import vtk_to_numpy

    volume = vtk_to_numpy(found)
    assert volume.min() > 0
    assert volume.sum() == pytest.approx(np.prod(np.ptp(model.mesh.nodes, axis=0)))


def test_arrays_carry_their_unit_and_the_names_of_their_components(written):
    _, arrays, _ = read(written[1])
    assert arrays["stress"].GetComponentName(3) == "XY"
    assert arrays["stress"].GetInformation().Get(vtk.vtkDataArray.UNITS_LABEL()) == "MPa"
    assert arrays["displacement"].GetInformation().Get(vtk.vtkDataArray.UNITS_LABEL()) == "mm"


def test_meshio_reads_it_too(written):
    model, path = written
    found = meshio.read(path)
    assert np.array_equal(found.cells[0].data, model.mesh.elements)
    assert np.array_equal(found.cell_data["stress"][0], model.results.stress[0])


def test_fields_of_several_frames_are_told_apart(tmp_path):
    Vtu().write(small_export(frames=(0, 2)), tmp_path / "small.vtu")
    _, _, values = read(tmp_path / "small.vtu")
    assert {"nodal_force_frame000", "nodal_force_frame002"} <= set(values)
