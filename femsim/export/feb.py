"""FEBio's input, format 4.0: written to the format's description and to FEBio's own reader, not run here.

Stiffness is a map over the elements of each region, forces are maps over the loaded nodes, one per frame, each switched
on at a time of its own. FEBio has no small-strain solid: its "isotropic elastic" is St. Venant-Kirchhoff, which agrees
with linear elasticity as strains go to zero.

Source
------
FEBio User Manual 4.0, sections 3.1 to 3.17; FEBio source, FEBioXML (MIT licence), readers of format 4.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import numpy as np

from femsim.errors import UsageError
from femsim.export.columns import exact, lines, list_lines
from femsim.export.exported import ExportedModel
from femsim.export.names import legal_names

_ALONG = ("HELD_X", "HELD_Y", "HELD_Z")  # sets of nodes where some are not held in all directions
# TET10 with the four-point rule, as femsim integrates; FEBio's own choice is eight points.
SHAPES = {4: ("tet4", ""), 10: ("tet10", ' elem_type="TET10G4"')}
FACES = {3: "tri3", 6: "tri6"}


@dataclass(frozen=True)
class Feb:
    """FEBio 4: tet4 or tet10, Young's modulus as a map over the elements, nodal forces, one time step per frame."""

    ending: ClassVar[str] = ".feb"
    shows_results: ClassVar[bool] = False

    def write(self, model: ExportedModel, path: Path) -> None:
        """Write the model; the order of the sections matters to FEBio.

        Raises
        ------
        UsageError
            Where an interface slides: FEBio has no linear spring across a surface between nodes at one place.
        """
        if model.springs is not None:
            raise UsageError(
                f"An interface slides: {len(model.springs.pairs)} pairs of nodes are held across it by springs.",
                where="--format feb",
                why="FEBio has no spring along a direction between two nodes at one place",
                remedy="export with inp, or with stem_fixation = bonded or free",
            )
        mesh = model.mesh
        names = legal_names([*mesh.regions, *mesh.surfaces], reserved=("ALL", "FIXED", *_ALONG, "LOADED"))
        with open(path, "w", encoding="ascii", newline="\n") as file:
            file.write('<?xml version="1.0" encoding="ISO-8859-1"?>\n')
            file.writelines(_head(model))
            file.writelines(_materials(model, names))
            file.writelines(_mesh(model, names))
            file.writelines(_maps(model, names))
            file.writelines(_loads(model))
            file.write("</febio_spec>\n")


def _head(model: ExportedModel) -> Iterator[str]:
    remarks = [model.title, *model.remarks, "Units: mm, N, MPa, tonne, s.", *map(model.label, range(len(model.frames)))]
    yield '<febio_spec version="4.0">\n'
    for remark in remarks:
        yield f"<!-- {remark.replace('-', ' ')} -->\n"  # FEBio's reader stumbles over a '-' before the end of a comment
    yield '<Module type="solid"><units>mm-N-s</units></Module>\n'
    yield (
        f"<Control>\n<analysis>STATIC</analysis>\n<time_steps>{len(model.frames)}</time_steps>\n"
        '<step_size>1</step_size>\n<solver type="solid">\n<symmetric_stiffness>symmetric</symmetric_stiffness>\n'
        "<dtol>1e-06</dtol>\n<etol>1e-06</etol>\n<rtol>0</rtol>\n</solver>\n</Control>\n"
    )


def _materials(model: ExportedModel, names: dict[str, str]) -> Iterator[str]:
    yield "<Material>\n"
    for row, region in enumerate(model.mesh.regions):
        yield f'<material id="{row + 1}" name="{names[region]}" type="isotropic elastic">\n<density>1e-09</density>\n'
        for tag, values in _constants(model, row):
            mapped = f' type="map">{tag}_{names[region]}' if len(values) > 1 else f">{values[0]}"
            yield f"<{tag}{mapped}</{tag}>\n"
        yield "</material>\n"
    yield "</Material>\n"


def _constants(model: ExportedModel, row: int) -> list[tuple[str, list[str]]]:
    """Tag → its values in the elements of a region, or the one value that all of them have."""
    constants = model.materials[model.material_of[model.mesh.region_of == row]]
    return [(tag, exact(v[:1] if (v == v[0]).all() else v)) for tag, v in zip(("E", "v"), constants.T)]


def _mesh(model: ExportedModel, names: dict[str, str]) -> Iterator[str]:
    mesh = model.mesh
    width = mesh.elements.shape[1]
    shape, rule = SHAPES[width]
    yield '<Mesh>\n<Nodes name="ALL">\n'
    coordinates = (exact(mesh.nodes[:, k]) for k in range(3))
    yield from lines('<node id="%d">%s,%s,%s</node>\n', np.arange(1, mesh.n_nodes + 1), *coordinates)
    yield "</Nodes>\n"
    for row, region in enumerate(mesh.regions):
        mine = np.flatnonzero(mesh.region_of == row)
        yield f'<Elements type="{shape}" name="{names[region]}">\n'
        pattern = '<elem id="%d">' + ",".join(["%d"] * width) + "</elem>\n"
        yield from lines(pattern, mine + 1, mesh.elements[mine] + 1)
        yield "</Elements>\n"
    for name, nodes in {"FIXED": model.held_nodes, **_held_along(model), "LOADED": model.loaded}.items():
        yield f'<NodeSet name="{name}">\n'
        yield from list_lines(nodes + 1)
        yield "</NodeSet>\n"
    for surface, faces in mesh.surfaces.items():
        face = FACES[faces.shape[1]]
        yield f'<Surface name="{names[surface]}">\n'
        pattern = f'<{face} id="%d">' + ",".join(["%d"] * faces.shape[1]) + f"</{face}>\n"
        yield from lines(pattern, np.arange(1, len(faces) + 1), faces + 1)
        yield "</Surface>\n"
    yield "</Mesh>\n<MeshDomains>\n"
    for region in mesh.regions:
        yield f'<SolidDomain name="{names[region]}" mat="{names[region]}"{rule}/>\n'
    yield "</MeshDomains>\n"


def _held_along(model: ExportedModel) -> dict[str, np.ndarray]:
    """Name of a set → nodes held along one axis; nothing where all are held in all directions."""
    if model.held[model.held_nodes].all():
        return {}
    return {name: nodes for name, along in zip(_ALONG, model.held.T) if len(nodes := np.flatnonzero(along))}


def _maps(model: ExportedModel, names: dict[str, str]) -> Iterator[str]:
    """`lid` counts the entries of the set that a map lies on, from 1."""
    yield "<MeshData>\n"
    for row, region in enumerate(model.mesh.regions):
        for tag, values in _constants(model, row):
            if len(values) > 1:
                yield f'<ElementData name="{tag}_{names[region]}" elem_set="{names[region]}" data_type="scalar">\n'
                yield from lines('<e lid="%d">%s</e>\n', np.arange(1, len(values) + 1), values)
                yield "</ElementData>\n"
    for row, forces in enumerate(model.forces):
        yield f'<NodeData name="FORCE_{row + 1}" node_set="LOADED" data_type="vec3">\n'
        columns = (exact(forces[:, k]) for k in range(3))
        yield from lines('<node lid="%d">%s,%s,%s</node>\n', np.arange(1, len(forces) + 1), *columns)
        yield "</NodeData>\n"
    yield "</MeshData>\n"


def _loads(model: ExportedModel) -> Iterator[str]:
    yield "<Boundary>\n"
    for name in _held_along(model) or ("FIXED",):
        x, y, z = (int(name in ("FIXED", along)) for along in _ALONG)
        yield (
            f'<bc name="{name}" type="zero displacement" node_set="{name}">\n'
            f"<x_dof>{x}</x_dof>\n<y_dof>{y}</y_dof>\n<z_dof>{z}</z_dof>\n</bc>\n"
        )
    yield "</Boundary>\n<Loads>\n"
    for row in range(len(model.frames)):
        yield (
            f'<nodal_load name="FORCE_{row + 1}" type="nodal_force" node_set="LOADED">\n'
            f'<value lc="{row + 1}" type="map">FORCE_{row + 1}</value>\n</nodal_load>\n'
        )
    yield "</Loads>\n<LoadData>\n"
    for row in range(len(model.frames)):
        time = row + 1
        yield (
            f'<load_controller id="{time}" name="LC_{time}" type="loadcurve">\n'
            "<interpolate>LINEAR</interpolate>\n<extend>CONSTANT</extend>\n<points>\n"
            f"<pt>{time - 1},0</pt>\n<pt>{time},1</pt>\n<pt>{time + 1},0</pt>\n</points>\n</load_controller>\n"
        )
    yield _OUTPUT


_OUTPUT = """\
</LoadData>
<Output>
<plotfile type="febio">
<var type="displacement"/>
<var type="stress"/>
<var type="strain energy density"/>
<var type="reaction forces"/>
</plotfile>
<logfile>
<node_data data="ux;uy;uz" delim=","/>
<node_data data="Rx;Ry;Rz" delim="," node_set="FIXED"/>
<element_data data="sx;sy;sz;sxy;syz;sxz" delim=","/>
<element_data data="sed" delim=","/>
</logfile>
</Output>
"""
