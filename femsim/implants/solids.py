"""What an implant hands to the mesher: surfaces of revolution about one axis, each with a body on either side."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np

from femsim.arrays import freeze, frozen
from femsim.errors import GeometryError

BONE, NOTHING = "bone", ""


@dataclass(frozen=True)
class Sheet:
    """A piece of a surface of revolution that separates two bodies.

    profile : (k, 2) radius and height in the implant's frame [mm].
    left, right : names of the bodies on the two sides of the profile as it is walked; NOTHING is free space. On the
        reaming tool the right side is BONE: the tool is what its profile has on the left.
    """

    name: str
    profile: np.ndarray
    left: str
    right: str

    def __post_init__(self):
        freeze(self, profile=frozen(self.profile, np.float64, (None, 2)))


@dataclass(frozen=True)
class Solids:
    """An implant put in place.

    origin, axis : (3,) of the implant's frame in the femur frame; the axis points out of the bone.
    tool : sheets that, in order, run from the axis to the axis around everything that is taken from the bone.
    sheets : the implant's other surfaces, inside the tool.
    materials : solid → material name, such as {"cement": "pmma"}.
    bearing : name of the sheet on which the joint force acts.

    All empty where nothing was put in.
    """

    origin: np.ndarray
    axis: np.ndarray
    tool: tuple[Sheet, ...] = ()
    sheets: tuple[Sheet, ...] = ()
    materials: Mapping[str, str] = field(default_factory=dict)
    bearing: str = ""

    def __post_init__(self):
        freeze(
            self,
            origin=frozen(self.origin, np.float64, (3,)),
            axis=frozen(self.axis, np.float64, (3,)),
            materials=MappingProxyType(dict(self.materials)),
        )


def outline_of(solids: Solids, name: str) -> np.ndarray:
    """Closed outline (k, 2) of a solid in the (r, z) half-plane, counter-clockwise, first point not repeated.

    Raises
    ------
    GeometryError
        Where the sheets around the solid do not form one closed line, up to the axis.
    """
    runs = []
    for sheet in (*solids.tool, *solids.sheets):
        if sheet.left == name:
            runs.append(sheet.profile)
        elif sheet.right == name:
            runs.append(sheet.profile[::-1])
    if not runs:
        raise GeometryError(f"The implant has no solid {name!r}.")
    chain = [runs.pop(0)]
    while runs:
        end = chain[-1][-1]
        matching = [k for k, run in enumerate(runs) if np.allclose(run[0], end, atol=1e-9)]
        if not matching and abs(end[0]) < 1e-9:  # on the axis: the outline goes on from where it left the axis
            matching = [k for k, run in enumerate(runs) if abs(run[0][0]) < 1e-9]
        if not matching:
            raise GeometryError(f"The outline of the solid {name!r} is open at r = {end[0]:.3f}, z = {end[1]:.3f} mm.")
        chain.append(runs.pop(matching[0]))
    outline = np.vstack(chain)
    repeated = np.linalg.norm(outline - np.roll(outline, 1, axis=0), axis=1) < 1e-9
    outline = outline[~repeated]
    if not (np.allclose(chain[0][0], chain[-1][-1], atol=1e-9) or abs(outline[0][0]) + abs(outline[-1][0]) < 1e-9):
        raise GeometryError(f"The outline of the solid {name!r} does not close.")
    return outline


def volume_of(solids: Solids, name: str) -> float:
    """Volume [mm³] of a solid: its outline turned about the axis (Pappus)."""
    (r, z), (r_next, z_next) = (points.T for points in _sides(outline_of(solids, name)))
    return float(np.pi / 3 * np.sum((r * r + r * r_next + r_next * r_next) * (z_next - z)))


def finest_detail(solids: Solids) -> float:
    """Shortest distance [mm] between two different rings along which the implant's sheets end."""
    ends = np.vstack([sheet.profile[[0, -1]] for sheet in (*solids.tool, *solids.sheets)])
    distances = np.linalg.norm(ends[:, None] - ends[None], axis=2)
    return float(distances[distances > 1e-6].min())


def _sides(outline: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return outline, np.roll(outline, -1, axis=0)
