"""Abaqus input, which CalculiX 2.20 runs unchanged.

Written by the rules both share: labels of capital letters, at most 16 entries on a line, numbers in at most 20
characters (CalculiX reads no more of them), node order and faces of C3D4 and C3D10 as both manuals number them.

Source
------
Dhondt, CalculiX CrunchiX User's Manual version 2.20; Abaqus 2016 Keywords Reference and Input Syntax Rules.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from textwrap import wrap
from typing import ClassVar

import numpy as np

from femsim.export.columns import lines, list_lines, within
from femsim.export.exported import ExportedModel
from femsim.export.faces import sides
from femsim.export.names import legal_names

NUMBER_WIDTH = 20  # characters; "Floating point numbers can occupy a maximum of 20 spaces", and CalculiX reads F20.0
ELEMENT_NAMES = {4: "C3D4", 10: "C3D10"}


@dataclass(frozen=True)
class Inp:
    """Abaqus and CalculiX: nodes, C3D4 or C3D10, one material per stiffness, *CLOAD, *BOUNDARY, one *STEP per frame.

    Sliding interfaces are SPRINGA elements between each pair of nodes.
    """

    ending: ClassVar[str] = ".inp"
    shows_results: ClassVar[bool] = False

    def write(self, model: ExportedModel, path: Path) -> None:
        """Write the deck."""
        with open(path, "w", encoding="ascii", newline="\n") as file:
            file.writelines(_head(model))
            file.writelines(_mesh(model))
            file.writelines(_materials(model))
            if model.springs is not None:
                file.writelines(_springs(model))
            file.writelines(_boundary(model))
            for row in range(len(model.frames)):
                file.writelines(_step(model, row))


def _head(model: ExportedModel) -> Iterator[str]:
    yield f"*HEADING\n{model.title}\n"
    for remark in (*model.remarks, "Units: mm, N, MPa, tonne, s; energies in N.mm."):
        yield from (f"** {line}\n" for line in wrap(remark, 100))


def _mesh(model: ExportedModel) -> Iterator[str]:
    mesh = model.mesh
    number = np.arange(1, mesh.n_nodes + 1)
    width = mesh.elements.shape[1]
    yield "*NODE, NSET=NALL\n"
    yield from lines("%d, %s, %s, %s\n", number, *(within(NUMBER_WIDTH, mesh.nodes[:, k]) for k in range(3)))
    yield f"*ELEMENT, TYPE={ELEMENT_NAMES[width]}, ELSET=EALL\n"
    yield from lines(", ".join(["%d"] * (width + 1)) + "\n", np.arange(1, mesh.n_elements + 1), mesh.elements + 1)
    yield "** The nodes that are held, and those that carry a force\n*NSET, NSET=FIXED\n"
    yield from list_lines(model.held_nodes + 1)
    yield "*NSET, NSET=LOADED\n"
    yield from list_lines(model.loaded + 1)
    yield "** What is what\n"
    names = legal_names([*mesh.regions, *mesh.surfaces], reserved=("NALL", "EALL", "FIXED", "LOADED"))
    for row, region in enumerate(mesh.regions):
        yield f"*ELSET, ELSET={names[region]}\n"
        yield from list_lines(np.flatnonzero(mesh.region_of == row) + 1)
    for surface, faces in mesh.surfaces.items():
        yield f"*SURFACE, NAME={names[surface]}, TYPE=ELEMENT\n"
        element, side = sides(mesh, faces)
        yield from lines("%d, S%d\n", element + 1, side + 1)


def _materials(model: ExportedModel) -> Iterator[str]:
    digits = len(str(len(model.materials)))
    order = np.argsort(model.material_of, kind="stable")
    ends = np.cumsum(np.bincount(model.material_of, minlength=len(model.materials)))
    moduli, ratios = (within(NUMBER_WIDTH, model.materials[:, k]) for k in range(2))
    yield f"** {len(model.materials)} materials: Young's modulus [MPa], Poisson's ratio\n"
    for row, (start, end) in enumerate(zip([0, *ends[:-1]], ends)):
        name = f"MAT{row + 1:0{digits}d}"
        yield f"*MATERIAL, NAME={name}\n*ELASTIC\n{moduli[row]}, {ratios[row]}\n*ELSET, ELSET={name}\n"
        yield from list_lines(order[start:end] + 1)
        yield f"*SOLID SECTION, ELSET={name}, MATERIAL={name}\n"


def _springs(model: ExportedModel) -> Iterator[str]:
    """A SPRINGA acts along the line between its nodes, which a pair at one place has not: a node that stands off along
    the normal and moves with the second of the pair gives it one.
    """
    springs, mesh = model.springs, model.mesh
    first, second = springs.pairs.T + 1
    row = np.arange(1, len(first) + 1)
    off = mesh.n_nodes + row
    places = mesh.nodes[springs.pairs[:, 0]] + springs.directions
    yield "** Interfaces that slide: springs along their normals\n*NODE\n"
    yield from lines("%d, %s, %s, %s\n", off, *(within(NUMBER_WIDTH, places[:, k]) for k in range(3)))
    for direction in (1, 2, 3):
        yield from lines(
            f"*EQUATION\n2\n%d, {direction}, 1., %d, {direction}, -1.\n", off, second
        )  # fmt: skip
    yield from lines(
        "*ELEMENT, TYPE=SPRINGA, ELSET=SLIDE%d\n%d, %d, %d\n*SPRING, ELSET=SLIDE%d\n\n%s\n",
        row, mesh.n_elements + row, first, off, row, within(NUMBER_WIDTH, springs.stiffness),
    )  # fmt: skip


def _boundary(model: ExportedModel) -> Iterator[str]:
    """One line for all nodes where each is held in all directions, else one for each direction of a node."""
    if model.held[model.held_nodes].all():
        yield "*BOUNDARY\nFIXED, 1, 3\n"
        return
    node, direction = np.nonzero(model.held)
    yield "*BOUNDARY\n"
    yield from lines("%d, %d, %d\n", node + 1, direction + 1, direction + 1)


def _step(model: ExportedModel, row: int) -> Iterator[str]:
    """One frame: its forces replace those of the step before."""
    yield f"** {model.label(row)}\n*STEP\n*STATIC\n*CLOAD, OP=NEW\n"
    node, direction = np.nonzero(model.forces[row])
    yield from lines(
        "%d, %d, %s\n", model.loaded[node] + 1, direction + 1, within(NUMBER_WIDTH, model.forces[row][node, direction])
    )
    yield _OUTPUT


# *.dat: what a comparison needs; *.frd: what cgx and its converters draw.
_OUTPUT = """\
*NODE PRINT, NSET=NALL
U
*NODE PRINT, NSET=FIXED, TOTALS=YES
RF
*EL PRINT, ELSET=EALL
S, E, ENER
*EL PRINT, ELSET=EALL, TOTALS=YES
ELSE
*NODE FILE
U, RF
*EL FILE
S, E, ENER
*END STEP
"""
