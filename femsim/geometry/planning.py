"""The surgical plan of a scenario: where the implant comes to lie and what it does to the bone, before any mesh."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from types import MappingProxyType

import numpy as np

from femsim.anatomy.femur import Femur
from femsim.arrays import freeze
from femsim.geometry.alignment import angles_of, neck_of, rim_of
from femsim.geometry.contact import bone_lost, groove_depth, overhang, stem_contact, step_depth, uncovered
from femsim.implants import IMPLANTS
from femsim.implants.arrangement import refuse_misplaced, tool_surface
from femsim.implants.given_mesh import given_twin
from femsim.implants.solids import BED, STEM, Solids, surface_of
from femsim.materials import SOLIDS
from femsim.mesh.boolean import Cut, cut
from femsim.mesh.surface import Surface, enclosed_volume
from femsim.scenario.reading import Scenario

# Key → what it is, its unit. All of an implant are None where the implant has no such part.
NUMBERS = {
    "head_diameter_mm": ("diameter of the new head", "mm"),
    "natural_head_diameter_mm": ("diameter of the natural head", "mm"),
    "stem_shaft_angle_deg": ("stem–shaft angle", "deg"),
    "neck_shaft_angle_deg": ("natural neck–shaft angle", "deg"),
    "varus_valgus_deg": ("varus/valgus, + valgus", "deg"),
    "version_deg": ("version, + forwards", "deg"),
    "implant_anteversion_deg": ("anteversion of the implant", "deg"),
    "anteversion_deg": ("natural anteversion", "deg"),
    "stem_tilt_deg": ("stem in the shaft, + valgus", "deg"),
    "leg_length_change_mm": ("leg length change", "mm"),
    "offset_change_mm": ("offset change, + medial", "mm"),
    "anterior_change_mm": ("head centre forwards", "mm"),
    "centre_moved_mm": ("head centre moved by", "mm"),
    "bone_removed_cm3": ("bone removed", "cm3"),
    "bone_cm3": ("bone of the intact femur", "cm3"),
    "head_neck_removed_percent": ("removed of head and neck", "%"),
    "bed_uncovered_percent": ("bed without bone", "%"),
    "notch_mm": ("notch in the neck", "mm"),
    "neck_step_mm": ("reamer into the neck", "mm"),
    "rim_overhang_mm": ("rim beyond the bone", "mm"),
    "bone_beside_stem_mm": ("least bone beside the stem", "mm"),
    "stem_on_cortex_percent": ("stem surface on cortex", "%"),
    "stem_outside_percent": ("stem surface outside bone", "%"),
    "tip_to_end_mm": ("stem tip to the bone's end", "mm"),
}
SHOWN = 0.05  # mm, %: less than that is nothing
STEP = 3.0  # mm between rings of the tool along straight lines; curves have their own, finer ones


@dataclass(frozen=True)
class Piece:
    """A solid of the implant.

    surface : closed, in the femur frame [mm]; volume [cm³]; mass [g].
    """

    material: str
    surface: Surface
    volume: float
    mass: float


@dataclass(frozen=True)
class Plan:
    """What a surgeon would see before the operation.

    side : of the femur that came; all places are those of a right one. kind : the implant's name in a scenario.
    size_from : how the head's diameter was chosen, "rule", "given" or "default"; "" without an implant.
    numbers : the keys of NUMBERS → value, None where the implant has no such thing.
    pieces : solid → Piece.
    kept, removed : closed surfaces of the bone after the cut, in the femur frame; `removed` may be empty.
    axes : `neck`, `shaft`, with an implant `implant_neck`, with a stem in the shaft `stem` → a point (3,) [mm] and the
        direction, unit (3,).
    new_head : (3,) centre of the joint after the operation [mm]; None without an implant.
    stem_tip : height of the tip of a stem in the shaft, its cement included [mm]; else None.
    warnings : what a surgeon should look at. notes : sentences on the femur.
    """

    name: str
    side: str
    kind: str
    size_from: str
    numbers: Mapping[str, float | None]
    pieces: Mapping[str, Piece]
    femur: Femur
    kept: Surface
    removed: Surface
    axes: Mapping[str, tuple[np.ndarray, np.ndarray]]
    new_head: np.ndarray | None
    stem_tip: float | None
    warnings: tuple[str, ...]
    notes: tuple[str, ...]

    def __post_init__(self):
        freeze(self, **{name: MappingProxyType(dict(getattr(self, name))) for name in ("numbers", "pieces", "axes")})


def plan(scenario: Scenario) -> Plan:
    """Put the implant of a scenario into its femur, cut the bone as it is, and measure; no mesh is made.

    Raises
    ------
    SurfaceError, ImageError
        Where there is no femur, or no density.
    GeometryError
        Where femur and implant do not go together; the same that a run would refuse.
    """
    femur = scenario.femur.shape()
    solids = scenario.implant.place(femur)
    if femur.mesh is not None and solids.tool:
        given_twin(femur, solids, scenario.mesh.order)  # refuses it: the elements are to be kept as they are
    numbers = dict.fromkeys(NUMBERS)
    numbers |= _of_the_femur(femur)
    if solids.tool:
        tool = tool_surface(solids, STEP)
        parts = cut(femur.surface, tool)
        refuse_misplaced(parts, tool, solids)
        numbers |= _of_the_joint(femur, solids)
        numbers |= _of_the_bone(scenario, femur, solids, tool, parts)
        kept, removed = _surface([parts.kept[0]]), _surface([*parts.removed, *parts.kept[1:]])
    else:
        parts, kept, removed = None, femur.surface, Surface(np.empty((0, 3)), np.empty((0, 3), int))
    lost, whole, head_neck, lost_there = bone_lost(femur, parts)
    numbers["bone_removed_cm3"], numbers["bone_cm3"] = lost, whole
    numbers["head_neck_removed_percent"] = 100.0 * lost_there / head_neck
    pieces = _pieces(solids)
    return Plan(
        name=scenario.name,
        side=femur.side,
        kind=next(name for name, kind in IMPLANTS.items() if type(scenario.implant) is kind),
        size_from=_size_from(scenario.implant) if solids.tool else "",
        numbers={key: None if value is None else float(value) + 0.0 for key, value in numbers.items()},
        pieces=pieces,
        femur=femur,
        kept=kept,
        removed=removed,
        axes=_axes(femur, solids),
        new_head=solids.head_centre if solids.tool else None,
        stem_tip=None if solids.stem_levels is None else solids.stem_levels[1],
        warnings=(*solids.notes, *_warnings(numbers)),
        notes=femur.notes,
    )


def _of_the_femur(femur: Femur) -> dict[str, float]:
    marks = femur.landmarks
    return {
        "natural_head_diameter_mm": 2.0 * marks.head_radius,
        "neck_shaft_angle_deg": marks.neck_shaft_angle_deg,
        "anteversion_deg": marks.anteversion_deg,
    }


def _of_the_joint(femur: Femur, solids: Solids) -> dict[str, float | None]:
    angles, (lateral, anterior, up) = angles_of(femur, solids), solids.head_centre
    return {
        "head_diameter_mm": 2.0 * solids.head_radius,
        "stem_shaft_angle_deg": angles.to_shaft,
        "varus_valgus_deg": angles.varus_valgus,
        "version_deg": angles.version,
        "implant_anteversion_deg": angles.anteversion,
        "stem_tilt_deg": angles.stem_tilt,
        "leg_length_change_mm": up,
        "offset_change_mm": -lateral,
        "anterior_change_mm": anterior,
        "centre_moved_mm": np.linalg.norm(solids.head_centre),
    }


def _of_the_bone(
    scenario: Scenario, femur: Femur, solids: Solids, tool: Surface, parts: Cut
) -> dict[str, float | None]:
    source = scenario.bone.density
    for degeneration in scenario.bone.degenerations:
        source = degeneration.on_source(source)
    rim = rim_of(femur, solids)
    stem = stem_contact(femur, parts, tool, solids, rim, source.mapped(femur).at)
    found = {
        "bed_uncovered_percent": uncovered(parts, tool, solids, BED),
        "stem_outside_percent": uncovered(parts, tool, solids, STEM),
    }
    if rim is not None:
        found["notch_mm"] = groove_depth(femur, parts, tool, solids)
        found["neck_step_mm"] = step_depth(femur, rim)
        found["rim_overhang_mm"] = overhang(femur, rim)
    if stem is not None:
        found["bone_beside_stem_mm"], found["tip_to_end_mm"] = stem.least, stem.to_end
        found["stem_on_cortex_percent"] = stem.cortical
    return found


def _surface(parts) -> Surface:
    """Pieces of a cut as one surface."""
    if not parts:
        return Surface(np.empty((0, 3)), np.empty((0, 3), int))
    starts = np.cumsum([0, *(len(part.points) for part in parts[:-1])])
    triangles = [part.triangles + start for part, start in zip(parts, starts, strict=True)]
    return Surface(np.vstack([part.points for part in parts]), np.vstack(triangles))


def _pieces(solids: Solids) -> dict[str, Piece]:
    pieces = {}
    for name, material in solids.materials.items():
        surface = surface_of(solids, name, step=STEP)
        volume = enclosed_volume(surface) / 1000.0
        pieces[name] = Piece(material, surface, volume, volume * SOLIDS[material]().density_g_per_cm3)
    return pieces


def _size_from(implant) -> str:
    """How the diameter of the head was chosen."""
    key = next((field for field in fields(implant) if field.name == "head_diameter_mm"), None)
    if key is None:
        return "given"
    value = getattr(implant, key.name)
    return "rule" if value is None else "default" if value == key.default else "given"


def _axes(femur: Femur, solids: Solids) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Name → a point of the axis (3,) [mm] and its direction, unit (3,)."""
    marks = femur.landmarks
    axes = {"neck": (np.zeros(3), marks.neck_axis), "shaft": (marks.shaft_point, marks.shaft_axis)}
    if solids.tool:
        axes["implant_neck"] = (solids.head_centre, neck_of(solids))
        if solids.stem_levels is not None:
            axes["stem"] = (solids.origin, solids.axis)
    return axes


def _warnings(numbers: Mapping[str, float | None]) -> list[str]:
    """What the implants do not say themselves."""
    said = []
    if (numbers["notch_mm"] or 0.0) > SHOWN:
        said.append(f"A notch {numbers['notch_mm']:.1f} mm deep weakens the neck below the rim.")
    if (numbers["stem_outside_percent"] or 0.0) > SHOWN:
        said.append(f"{numbers['stem_outside_percent']:.1f} % of the stem's surface lies outside the bone.")
    return said
