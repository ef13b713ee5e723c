"""What an implant hands to the mesher: surfaces with a body on either side, and what a surgeon would say of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

import numpy as np

from femsim.arrays import freeze, frozen
from femsim.errors import GeometryError
from femsim.implants.shapes import Lofted, Turned
from femsim.mesh.complex import joined
from femsim.mesh.surface import Surface, enclosed_volume, is_closed

BONE, NOTHING = "bone", ""
# What a sheet of the tool is for; it says how much bone there must be at it.
BED, STEM, CLEAR = "bed", "stem", "clear"
STEP = 1.0  # mm between the rings by which volumes are measured


@dataclass(frozen=True)
class Sheet:
    """A piece of surface that separates two bodies.

    shape : Turned or Lofted.
    left, right : names of the bodies on the two sides of the shape as it is walked; NOTHING is free space. On the
        reaming tool the right side is BONE: the tool is what lies on the left.
    thickness : [mm] of a layer beside it that elements must resolve; None where nothing thin lies beside it.
    role : BED where an implant rests on bone, STEM where it must lie inside bone, CLEAR where no bone may be met.
    """

    name: str
    shape: Turned | Lofted
    left: str
    right: str
    role: str = ""
    thickness: float | None = None


@dataclass(frozen=True)
class Solids:
    """An implant put in place.

    origin, axis : (3,) of the implant's frame in the femur frame; the axis points out of the bone.
    tool : sheets that, in order, run from pole to pole around everything that is taken from the bone.
    sheets : the implant's other surfaces, inside the tool.
    materials : solid → material name, such as {"cement": "pmma"}.
    bearing : name of the sheet on which the joint force acts.
    burrs : closed sheets that take more bone, besides the tool: a notch.
    head_centre, head_radius : of the joint after the operation [mm]; None without an implant.
    stem_levels : heights (top, tip) of a stem in the shaft, for its zones; None without one.
    fine : (points (k, 3), share of the wanted edge length there) of places to be meshed finer.
    layers : part of a solid that is meshed on its own, so that two elements lie through a wall → that solid.
    notes : sentences on what a surgeon would see in the plan.

    All empty where nothing was put in.
    """

    origin: np.ndarray
    axis: np.ndarray
    tool: tuple[Sheet, ...] = ()
    sheets: tuple[Sheet, ...] = ()
    materials: Mapping[str, str] = field(default_factory=dict)
    bearing: str = ""
    burrs: tuple[Sheet, ...] = ()
    head_centre: np.ndarray = (0.0, 0.0, 0.0)
    head_radius: float | None = None
    stem_levels: tuple[float, float] | None = None
    fine: tuple[tuple[np.ndarray, float], ...] = ()
    layers: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def __post_init__(self):
        freeze(
            self,
            origin=frozen(self.origin, np.float64, (3,)),
            axis=frozen(self.axis, np.float64, (3,)),
            materials=MappingProxyType(dict(self.materials)),
            layers=MappingProxyType(dict(self.layers)),
            head_centre=frozen(self.head_centre, np.float64, (3,)),
            fine=tuple((frozen(points, np.float64, (None, 3)), share) for points, share in self.fine),
        )

    @property
    def cutting(self) -> tuple[Sheet, ...]:
        """Every sheet that cuts bone: of the tool, then the burrs."""
        return (*self.tool, *self.burrs)

    @property
    def all_sheets(self) -> tuple[Sheet, ...]:
        """Of the tool, the burrs, then the others; a sheet's row here is its number everywhere."""
        return (*self.cutting, *self.sheets)


def moved(solids: Solids, by: np.ndarray) -> Solids:
    """The implant, its tool and its joint moved by a vector (3,) [mm]."""

    def shifted(sheets):
        return tuple(replace(sheet, shape=sheet.shape.moved(by)) for sheet in sheets)

    return replace(
        solids,
        origin=solids.origin + by,
        tool=shifted(solids.tool),
        sheets=shifted(solids.sheets),
        burrs=shifted(solids.burrs),
        head_centre=solids.head_centre + by,
        fine=tuple((points + by, share) for points, share in solids.fine),
    )


def surface_of(solids: Solids, name: str, *, step: float = STEP) -> Surface:
    """The closed, outward-facing surface of a solid as it was designed.

    Raises
    ------
    GeometryError
        Where the sheets around the solid leave a gap.
    """
    patches, parts = [], _parts_of(solids, name)
    for sheet in solids.all_sheets:
        if (sheet.left in parts) != (sheet.right in parts):
            patch = sheet.shape.surface(step)
            patches.append(patch if sheet.left in parts else Surface(patch.points, patch.triangles[:, ::-1]))
    if not patches:
        raise GeometryError(f"The implant has no solid {name!r}.")
    surface = joined(patches)
    if not is_closed(surface):
        raise GeometryError(f"The sheets around the solid {name!r} leave a gap.")
    return surface


def volume_of(solids: Solids, name: str) -> float:
    """Volume [mm³] of a solid as it was designed."""
    return enclosed_volume(surface_of(solids, name))


def outline_of(solids: Solids, name: str) -> np.ndarray:
    """Closed outline (k, 2) of a solid of revolution in the (r, z) half-plane, counter-clockwise, no point repeated.

    Raises
    ------
    GeometryError
        Where the solid is not one of revolution, or its sheets do not form one closed line, up to the axis.
    """
    runs, parts = [], _parts_of(solids, name)
    for sheet in solids.all_sheets:
        if (sheet.left in parts) != (sheet.right in parts):
            if not isinstance(sheet.shape, Turned):
                raise GeometryError(f"The solid {name!r} is no solid of revolution.")
            runs.append(sheet.shape.profile if sheet.left in parts else sheet.shape.profile[::-1])
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


def _parts_of(solids: Solids, name: str) -> set[str]:
    """The solid and the layers that are meshed on their own."""
    return {name, *(part for part, whole in solids.layers.items() if whole == name)}


def finest_detail(solids: Solids) -> float:
    """Shortest distance [mm] between two different rings along which the implant's sheets end."""
    from scipy.spatial import cKDTree

    rings: list[np.ndarray] = []
    for sheet in solids.all_sheets:
        for ring in sheet.shape.ends():
            if not any(ring.shape == other.shape and np.abs(ring - other).max() < 1e-6 for other in rings):
                rings.append(ring)
    trees = [cKDTree(ring) for ring in rings]
    return min(float(tree.query(ring)[0].min()) for k, tree in enumerate(trees) for ring in rings[k + 1 :])
