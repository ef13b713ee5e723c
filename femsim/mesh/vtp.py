"""VTP files (VTK XML PolyData: ASCII, binary, appended, compressed), by VTK's own reader; its only importer here."""

import re
from pathlib import Path

import numpy as np

LONGEST_HEADER = 65_536  # bytes


def read_vtp(path: Path) -> tuple[np.ndarray, np.ndarray]:
    """Points (n, 3) and triangles (t, 3); faces with more corners are split into fans, strips into triangles.

    Raises
    ------
    ValueError
        Where the file is not a whole VTP file; the message says what is wrong.
    """
    from vtkmodules.util.numpy_support import vtk_to_numpy
    from vtkmodules.vtkCommonCore import vtkLogger, vtkOutputWindow, vtkStringOutputWindow
    from vtkmodules.vtkFiltersCore import vtkTriangleFilter
    from vtkmodules.vtkIOXML import vtkXMLPolyDataReader

    _refuse_other_xml(path)
    said: list[str] = []
    reader = vtkXMLPolyDataReader()
    reader.SetFileName(str(path))

    def hear(_, event: str, text: str = "") -> None:
        said.append(" ".join(str(text).split()))

    hear.CallDataType = "string0"
    quiet, before = vtkStringOutputWindow(), vtkOutputWindow.GetInstance()
    vtkOutputWindow.SetInstance(quiet)
    loudness = vtkLogger.GetCurrentVerbosityCutoff()
    vtkLogger.SetStderrVerbosity(vtkLogger.VERBOSITY_OFF)  # VTK logs past its output window
    try:
        reader.AddObserver("ErrorEvent", hear)
        reader.Update()
        surface = reader.GetOutput()
        for name in ("GetVerts", "GetLines", "GetPolys", "GetStrips"):
            cells = getattr(surface, name)()
            _refuse_wild(vtk_to_numpy(cells.GetConnectivityArray()), vtk_to_numpy(cells.GetOffsetsArray()), surface)
        split = vtkTriangleFilter()
        split.SetInputData(surface)
        split.PassVertsOff()
        split.PassLinesOff()
        split.Update()
        made = split.GetOutput()
    finally:
        vtkOutputWindow.SetInstance(before)
        vtkLogger.SetStderrVerbosity(loudness)
    said += [line for line in quiet.GetOutput().splitlines() if "ERR" in line]
    if reader.GetErrorCode() or said:
        raise ValueError(re.sub(r"^.*\(0x[0-9a-f]+\):? *", "", said[0]) if said and said[0] else "VTK cannot read it")
    if not surface.GetNumberOfPoints():
        raise ValueError("it holds no points")
    points = np.asarray(vtk_to_numpy(surface.GetPoints().GetData()), np.float64)
    rows = np.asarray(vtk_to_numpy(made.GetPolys().GetConnectivityArray()), np.int64)
    return points, rows.reshape(-1, 3)


def _refuse_other_xml(path: Path) -> None:
    with path.open("rb") as file:
        head = file.read(LONGEST_HEADER)
    if b"<VTKFile" not in head or b"PolyData" not in head:
        raise ValueError("it does not begin as a VTK XML file of type PolyData")
    if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
        raise ValueError("it declares XML entities, which no VTP file needs")


def _refuse_wild(rows: np.ndarray, offsets: np.ndarray, surface) -> None:
    """Cells that name points or each other beyond the end would crash VTK."""
    n = surface.GetNumberOfPoints()
    if len(rows) and (rows.min() < 0 or rows.max() >= n):
        raise ValueError(f"a cell names point {rows.max() + 1} of {n}")
    if len(offsets) and (offsets[0] != 0 or (np.diff(offsets) < 0).any() or offsets[-1] != len(rows)):
        raise ValueError("its list of cells is torn")
