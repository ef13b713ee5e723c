"""VTK's XML unstructured grid, for ParaView: the model as it is exported, and femsim's answer where there is one.

Arrays are stored as they are in memory, in base64. VTK's node order of the TET10 is femsim's own.
"""

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar
from xml.sax.saxutils import quoteattr

import numpy as np

from femsim.export.exported import ExportedModel
from femsim.fem.recovery import von_mises

CELL_TYPE = {4: 10, 10: 24}  # VTK_TETRA, VTK_QUADRATIC_TETRA
TYPES = {"float64": "Float64", "int64": "Int64", "int32": "Int32", "uint8": "UInt8"}
UNITS = "Units: mm, N, MPa, tonne, s."
COMPONENTS = {3: "XYZ", 6: ("XX", "YY", "ZZ", "XY", "YZ", "XZ")}


@dataclass(frozen=True)
class Vtu:
    """ParaView: mesh, regions, stiffness, supports, forces; displacement, stress and energy when a run is exported."""

    ending: ClassVar[str] = ".vtu"
    shows_results: ClassVar[bool] = True

    def write(self, model: ExportedModel, path: Path) -> None:
        """Write the grid."""
        mesh = model.mesh
        width = mesh.elements.shape[1]
        with open(path, "w", encoding="ascii", newline="\n") as file:
            file.write('<?xml version="1.0"?>\n')
            file.writelines(f"<!-- {text.replace('--', '- -')} -->\n" for text in (model.title, *model.remarks, UNITS))
            file.write('<VTKFile type="UnstructuredGrid" version="1.0" ')
            file.write('byte_order="LittleEndian" header_type="UInt64">\n<UnstructuredGrid>\n<FieldData>\n')
            for row, region in enumerate(mesh.regions):
                file.write(_array(f"region_{row}_{region}", "-", np.array([row]), ' NumberOfTuples="1"'))
            file.write(f'</FieldData>\n<Piece NumberOfPoints="{mesh.n_nodes}" NumberOfCells="{mesh.n_elements}">\n')
            file.write("<PointData>\n")
            file.writelines(_array(*field) for field in _point_fields(model))
            file.write("</PointData>\n<CellData>\n")
            file.writelines(_array(*field) for field in _cell_fields(model))
            file.write("</CellData>\n<Points>\n")
            file.write(_array("Points", "mm", mesh.nodes))
            file.write("</Points>\n<Cells>\n")
            file.write(_array("connectivity", "", mesh.elements.ravel()))
            file.write(_array("offsets", "", np.arange(width, mesh.elements.size + 1, width)))
            file.write(_array("types", "", np.full(mesh.n_elements, CELL_TYPE[width], np.uint8)))
            file.write("</Cells>\n</Piece>\n</UnstructuredGrid>\n</VTKFile>\n")


def _point_fields(model: ExportedModel) -> Iterator[tuple[str, str, np.ndarray]]:
    yield "is_fixed", "-", model.held.all(axis=1).astype(np.uint8)
    if not model.held.all(axis=1)[model.held_nodes].all():
        yield "held_directions", "-", model.held.astype(np.uint8)
    for row, ending in enumerate(_endings(model)):
        yield f"nodal_force{ending}", "N", model.nodal_forces(row)
        if model.results:
            yield f"displacement{ending}", "mm", model.results.displacement[row]


def _cell_fields(model: ExportedModel) -> Iterator[tuple[str, str, np.ndarray]]:
    yield "region_id", "-", model.mesh.region_of
    yield "youngs_modulus", "MPa", model.youngs_modulus
    yield "poissons_ratio", "-", model.poissons_ratio
    for row, ending in enumerate(_endings(model) if model.results else ()):
        yield f"stress{ending}", "MPa", model.results.stress[row]
        yield f"stress_von_mises{ending}", "MPa", von_mises(model.results.stress[row])
        yield f"strain_energy_density{ending}", "MPa", model.results.energy_density[row]


def _endings(model: ExportedModel) -> list[str]:
    """What tells the fields of several frames apart; nothing where there is one frame."""
    return [f"_frame{frame:03d}" for frame in model.frames] if len(model.frames) > 1 else [""]


def _array(name: str, unit: str, values: np.ndarray, more: str = "") -> str:
    """One array; its unit as VTK keeps it, behind the numbers, where readers that know no units do not meet it."""
    values = np.ascontiguousarray(values).astype(values.dtype.newbyteorder("<"), copy=False)
    coded = base64.b64encode(np.uint64(values.nbytes).tobytes() + values.tobytes()).decode("ascii")
    if values.ndim == 2:
        more += f' NumberOfComponents="{values.shape[1]}"'
        more += "".join(f' ComponentName{k}="{text}"' for k, text in enumerate(COMPONENTS[values.shape[1]]))
    head = f'type="{TYPES[values.dtype.name]}" Name={quoteattr(name)}{more}'
    key = f'<InformationKey name="UNITS_LABEL" location="vtkDataArray">{unit}</InformationKey>\n' if unit else ""
    return f'<DataArray {head} format="binary">\n{coded}\n{key}</DataArray>\n'
