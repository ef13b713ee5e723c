"""VTK's image files (.vti), which say where voxels lie but not in whose axes; the only importer of vtkmodules here."""

from pathlib import Path

import numpy as np

from femsim.errors import ImageError
from femsim.imaging.files import damaged, refuse_flat, refuse_size
from femsim.imaging.image import Image


def read_vti(path: Path) -> Image:
    """The point values of a VTI file: its first array, or the one that it calls its scalars.

    Raises
    ------
    ImageError
        Where the file is damaged, or has no such values.
    """
    from vtkmodules.util.numpy_support import vtk_to_numpy
    from vtkmodules.vtkIOXML import vtkXMLImageDataReader

    with path.open("rb") as file:
        head = file.read(65536)
        file.seek(max(0, path.stat().st_size - 100))
        tail = file.read()
    if b"ImageData" not in head or b"<!ENTITY" in head:
        raise damaged(path, "it is not a VTI file")
    if b"</VTKFile>" not in tail:
        raise damaged(path, "it is cut short: its end is missing")
    reader, errors = vtkXMLImageDataReader(), []
    for part in (reader, reader.GetExecutive()):
        part.AddObserver("ErrorEvent", lambda *_: errors.append("error"))
        part.AddObserver("WarningEvent", lambda *_: None)
    _mute(reader)
    reader.SetFileName(str(path))
    reader.UpdateInformation()
    extent = reader.GetOutputInformation(0).Get(_whole_extent()) if not errors else None
    if errors or extent is None:
        raise damaged(path, "its header cannot be read")
    shape = tuple(extent[2 * k + 1] - extent[2 * k] + 1 for k in range(3))
    refuse_size(path, shape, 1, path.stat().st_size, packed=True)
    refuse_flat(path, shape)
    reader.Update()
    made = reader.GetOutput()
    data = made.GetPointData()
    array = data.GetScalars() or (data.GetArray(0) if data.GetNumberOfArrays() else None)
    if errors or made.GetDimensions() != shape:
        raise damaged(path, "it is cut short or damaged")
    if array is None:
        raise ImageError(
            "The VTI file holds no values at its points.",
            where=str(path),
            why="its values belong to cells, or it holds none",
            remedy="turn cell values into point values first (ParaView: Cell Data to Point Data)",
        )
    if array.GetNumberOfComponents() != 1:
        raise ImageError(f"Each point holds {array.GetNumberOfComponents()} numbers; a CT has one.", where=str(path))
    if array.GetNumberOfTuples() != int(np.prod(shape)):
        raise damaged(path, "it is cut short")
    # VTK counts with the first index running fastest.
    values = vtk_to_numpy(array).astype(np.float32).reshape(shape[::-1]).transpose(2, 1, 0)
    affine = np.eye(4)
    turn = made.GetDirectionMatrix()
    affine[:3, :3] = np.array([[turn.GetElement(r, c) for c in range(3)] for r in range(3)]) * made.GetSpacing()
    affine[:3, 3] = np.array(made.GetOrigin()) + affine[:3, :3] @ np.array(extent[::2])
    return Image(values, affine, "", path.name)


def write_vti(path: Path, image: Image) -> None:
    """Write an image; its frame is not kept, since VTI has no place for it."""
    from vtkmodules.util.numpy_support import numpy_to_vtk
    from vtkmodules.vtkCommonDataModel import vtkImageData
    from vtkmodules.vtkIOXML import vtkXMLImageDataWriter

    made = vtkImageData()
    made.SetDimensions(*image.shape)
    made.SetSpacing(*image.spacing)
    made.SetOrigin(*image.affine[:3, 3])
    made.SetDirectionMatrix(*(image.affine[:3, :3] / image.spacing).ravel())
    array = numpy_to_vtk(image.values.transpose(2, 1, 0).ravel(), deep=True)
    array.SetName("HU")
    made.GetPointData().SetScalars(array)
    writer = vtkXMLImageDataWriter()
    _mute(writer)
    writer.SetFileName(str(path))
    writer.SetInputData(made)
    if not writer.Write() or writer.GetErrorCode():
        raise ImageError("The image cannot be written.", where=str(path), remedy="check the folder and its permissions")


def _whole_extent():
    from vtkmodules.vtkCommonExecutionModel import vtkStreamingDemandDrivenPipeline

    return vtkStreamingDemandDrivenPipeline.WHOLE_EXTENT()


def _mute(algorithm) -> None:
    """Errors come back as observed events; nothing of VTK's own goes to the screen."""
    from vtkmodules.vtkCommonCore import vtkObject

    vtkObject.GlobalWarningDisplayOff()
    algorithm.AddObserver("ErrorEvent", lambda *_: None)
