"""A femur from a surface file: CT-segmented or scanned bone, in any position, left or right, whole or upper part."""

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Literal

import numpy as np

from femsim.anatomy.confidence import LOW
from femsim.anatomy.femur import DISTAL_CUT, Femur
from femsim.anatomy.given import Given
from femsim.anatomy.head import LARGEST_RADIUS, SMALLEST_RADIUS
from femsim.anatomy.landmarks import Recognised, recognise
from femsim.errors import FemsimError, SurfaceError
from femsim.mesh.repair_report import RepairReport
from femsim.mesh.surface import Surface, transformed
from femsim.registry import parameter

DEFAULT_SHAFT_MM = 150.0
LEAST_BELOW_LESSER_MM = 35.0  # shaft kept below the lesser trochanter, one shaft diameter and more; assumed
MM_PER = {"mm": 1.0, "cm": 10.0, "m": 1000.0}
LARGEST_IN_METRES = 1.0  # a femur has 300 to 550 mm; a surface smaller than this across is in metres
SMALLEST_MM, LARGEST_MM = 60.0, 700.0  # what a femur or its upper part can measure across
IN_THE_FILE = "in the file's own frame"
A_PLACE = {"unit": "mm", "low": -10_000.0, "high": 10_000.0, "source": "given where the automatic one is wrong"}
Place = tuple[float, float, float]


@dataclass(frozen=True)
class Opened:
    """A surface file, read: the closed surface in the file's frame in mm, what repair did, what is on it, sentences."""

    surface: Surface
    report: RepairReport
    found: Recognised
    notes: tuple[str, ...]


@dataclass(frozen=True)
class SurfaceFemur:
    """The bone in a surface file; head, axes, trochanters and side are found automatically, or given."""

    endings: ClassVar[tuple[str, ...]] = (".stl", ".ply", ".obj", ".vtp")

    file: Path = parameter(text="surface of one femur, closed or open at the shaft's cut: STL, PLY, OBJ or VTP")
    unit: Literal["auto", "mm", "cm", "m"] = parameter(
        "auto", text="unit of the file; auto takes mm and asks where that makes no femur"
    )
    frame: Literal["unknown", "LPS", "RAS"] = parameter(
        "unknown",
        text="axes of the file if a patient's: x to the left, y back (LPS), or to the right, front (RAS)",
    )
    side: Literal["auto", "right", "left"] = parameter("auto", text="which femur the file holds")
    inner_file: Path | None = parameter(
        None, text="inner (endosteal) surface of the cortex, same frame and unit: cortex is what lies outside it"
    )
    shaft_length_mm: float | None = parameter(
        None,
        text="shaft kept below the head centre; by default 150, or what the file has",
        unit="mm",
        low=80.0,
        high=300.0,
        assumed=True,
    )
    anteversion_deg: float | None = parameter(
        None,
        text="known anteversion; by default measured from the condyles, 12.5 assumed where there are none",
        unit="deg",
        low=-30.0,
        high=60.0,
        source="implant version 12.5 ± 8.9 of ten OrthoLoad patients (landmarks in RWTHmediTEC/HipJointForceModel)",
        assumed=True,
    )
    head_centre_mm: Place | None = parameter(None, text=f"head centre {IN_THE_FILE}, instead of the found", **A_PLACE)
    head_radius_mm: float | None = parameter(
        None,
        text="head radius, instead of the found",
        unit="mm",
        low=SMALLEST_RADIUS,
        high=LARGEST_RADIUS,
        source="heads of 43 ± 3 to 48 ± 3 mm diameter, as usually quoted, with room",
    )
    neck_centre_mm: Place | None = parameter(
        None, text=f"a point on the neck axis {IN_THE_FILE}, inside the neck, instead of the found", **A_PLACE
    )
    shaft_points_mm: tuple[Place, Place] | None = parameter(
        None, text=f"two points on the proximal shaft axis {IN_THE_FILE}, instead of the found", **A_PLACE
    )
    greater_trochanter_mm: Place | None = parameter(
        None, text=f"tip of the greater trochanter {IN_THE_FILE}, instead of the found", **A_PLACE
    )
    lesser_trochanter_mm: Place | None = parameter(
        None, text=f"most prominent point of the lesser trochanter {IN_THE_FILE}, instead of the found", **A_PLACE
    )

    def shape(self) -> Femur:
        """The femur in its own frame, cut flat across the shaft.

        Raises
        ------
        UsageError
            Where there is no such file.
        SurfaceError
            Where it cannot be read or repaired, is no femur in its unit, has another side, or too short a shaft.
        """
        opened = self.opened()
        found, to_source = opened.found, np.linalg.inv(opened.found.to_femur)
        try:
            length, cut_note = _length(found, self.shaft_length_mm)
            bone = cut_across(transformed(opened.surface, found.to_femur), length)
        except FemsimError as error:
            raise error.within(self.file) from None
        inner, inner_notes = self._inner(bone, found)
        notes = (*opened.notes, *_frame_notes(found, self.anteversion_deg is not None), cut_note, *inner_notes)
        frame = "" if self.frame == "unknown" else self.frame
        return Femur(bone, found.landmarks, found.side, to_source, notes, frame, inner_surface=inner)

    def surface(self) -> Surface:
        """The surface as it stands in the file.

        Raises
        ------
        UsageError, SurfaceError
            Where there is none that can be read.
        """
        from femsim.mesh.files import read_surface

        return read_surface(self.file)

    def opened(self) -> Opened:
        """The whole surface of the file in mm, mended, with what was recognised on it.

        Raises
        ------
        UsageError, SurfaceError
            As for `shape`.
        """
        from femsim.mesh.repair import mended

        surface = self.surface()
        try:
            surface, in_mm = in_millimetres(surface, self.unit)
            closed, report = mended(surface)
            given = Given(
                self.head_centre_mm,
                self.head_radius_mm,
                self.neck_centre_mm,
                self.shaft_points_mm,
                self.greater_trochanter_mm,
                self.lesser_trochanter_mm,
            )
            found = recognise(closed, side=self.side, anteversion_deg=self.anteversion_deg, given=given)
            _refuse_other_frame(found, self.frame)
        except FemsimError as error:
            raise error.within(self.file) from None
        notes = (*in_mm, *report.notes, *found.remarks, *_doubts(found, self.file))
        return Opened(closed, report, found, notes)

    def _inner(self, bone: Surface, found: Recognised) -> tuple[Surface | None, tuple[str, ...]]:
        if self.inner_file is None:
            return None, ()
        from femsim.anatomy.inner import inner_surface
        from femsim.mesh.files import read_surface

        inner = read_surface(self.inner_file)
        try:
            inner, _ = in_millimetres(inner, self.unit)
            return inner_surface(transformed(inner, found.to_femur), bone)
        except FemsimError as error:
            raise error.within(self.inner_file) from None


def in_millimetres(surface: Surface, unit: str) -> tuple[Surface, tuple[str, ...]]:
    """The surface in mm, and a sentence where its unit is another.

    Raises
    ------
    SurfaceError
        Where it is no femur in that unit; "auto" stands for mm.
    """
    size = float(np.linalg.norm(np.ptp(surface.points, axis=0)))
    factor = MM_PER.get(unit, 1.0)
    if SMALLEST_MM <= size * factor <= LARGEST_MM:
        if factor == 1.0:
            return surface, ()
        scaled = Surface(surface.points * factor, surface.triangles, surface.labels)
        return scaled, (f"The file is in {unit}; it was scaled by {factor:g} to mm, in which all places are told.",)
    fitting = [name for name, mm in MM_PER.items() if SMALLEST_MM <= size * mm <= LARGEST_MM]
    if unit != "auto":
        raise SurfaceError(
            f'With femur.unit = "{unit}" the surface measures {size * factor:.4g} mm across; a femur or its upper part '
            f"has {SMALLEST_MM:g} to {LARGEST_MM:g} mm.",
            why="the unit is another, or the surface is not one femur",
            remedy=_say_unit(fitting) or "export one femur alone, in mm",
        )
    if size < LARGEST_IN_METRES:
        raise SurfaceError(
            f"The surface measures {size:.3g} across: it is in metres, unless it is no femur; femsim takes mm.",
            why="the exporting program works in metres",
            remedy=_say_unit(["m"]) + ", or scale it by 1000 on export",
        )
    raise SurfaceError(
        f"The surface measures {size:.4g} mm across; a femur or its upper part has {SMALLEST_MM:g} to "
        f"{LARGEST_MM:g} mm.",
        why="it is in other units (cm, inch, µm), or not one femur",
        remedy=(_say_unit(fitting) + ", or " if fitting else "") + "export it in mm, one femur alone",
    )


def _say_unit(fitting: list[str]) -> str:
    return f'set femur.unit = "{fitting[0]}" (--unit {fitting[0]} on the command line)' if fitting else ""


def _refuse_other_frame(found: Recognised, frame: str) -> None:
    """A patient's axes say the side too: the head lies medial of the shaft."""
    if frame == "unknown":
        return
    medial = -np.linalg.inv(found.to_femur)[:3, 0]
    left = medial[0] if frame == "LPS" else -medial[0]  # of the patient; medial is leftward in a right femur
    seen = "right" if left > 0 else "left"
    # Turned far out of the patient's upright position the x axis says nothing of the side.
    if abs(left) > 0.7 and seen != found.side:
        raise SurfaceError(
            f"With femur.frame = {frame!r} the head points to the patient's {'left' if left > 0 else 'right'}, as in a "
            f"{seen} femur; but this is a {found.side} one.",
            why="the frame is the other one of LPS and RAS, or the file was mirrored on export",
            remedy='say the other frame, or femur.frame = "unknown"',
        )


def _length(found: Recognised, wanted: float | None) -> tuple[float, str]:
    """Where the shaft is cut, below the head centre [mm], and a sentence on it."""
    least = -float(found.landmarks.lesser_trochanter[2]) + LEAST_BELOW_LESSER_MM
    # The cut keeps a little off the file's own end, which is often oblique or rounded.
    length = min(found.available, DEFAULT_SHAFT_MM) if wanted is None else wanted
    if length > found.available:
        raise SurfaceError(
            f"The shaft cannot be cut {length:g} mm below the head centre: it is whole only down to "
            f"{found.available:.0f} mm.",
            why="the file holds less of the shaft, or its lower end is oblique",
            remedy=f"choose shaft_length_mm up to {found.available:.0f}, or leave it out",
        )
    if length < least:
        raise SurfaceError(
            f"A cut {length:.0f} mm below the head centre leaves less than {LEAST_BELOW_LESSER_MM:g} mm of shaft "
            "below the "
            f"lesser trochanter.",
            why="the support would change the strains where the implant sits",
            remedy=f"give at least {least:.0f} mm of shaft below the head centre",
        )
    whole = f"the file has whole shaft down to {found.available:.0f} mm"
    return length, f"Shaft cut flat {length:.1f} mm below the head centre ({whole})."


def cut_across(surface: Surface, length: float) -> Surface:
    """A bone in the femur frame, cut flat across the shaft a length below the head centre [mm]."""
    from femsim.mesh.clip import cut_flat

    return cut_flat(surface, (0.0, 0.0, -length), (0.0, 0.0, 1.0), label=DISTAL_CUT, lid_size=2.0)


def _doubts(found: Recognised, file: Path) -> tuple[str, ...]:
    key = {"head": "head_centre_mm", "neck_axis": "neck_centre_mm", "shaft_axis": "shaft_points_mm", "side": "side"}
    return tuple(
        f"Low confidence in the {name.replace('_', ' ')} ({c.value:.2f}: {c.basis}): look at femsim femur measure "
        f"{file.name} --picture femur.png, or give femur.{key.get(name, name + '_mm')}."
        for name, c in found.confidence.items()
        if c.value < LOW
    )


def _frame_notes(found: Recognised, given: bool) -> tuple[str, ...]:
    marks = found.landmarks
    lesser, greater = (abs(x) for x in found.posterior)
    sure = "" if found.side_is_sure else " (not sure: check the picture)"
    version = (
        "given" if given else "assumed: no condyles" if marks.anteversion_is_assumed else "measured from the condyles"
    )
    return (
        f"{found.side.capitalize()} femur{sure}: lesser trochanter {lesser:.1f} mm, greater trochanter "
        f"{greater:.1f} mm behind "
        "the neck plane" + ("; mirrored to a right one." if found.side == "left" else "."),
        f"Head radius {marks.head_radius:.2f} mm, neck–shaft angle {marks.neck_shaft_angle_deg:.1f}°, offset "
        f"{marks.offset_mm:.1f} mm, "
        f"anteversion {marks.anteversion_deg:.1f}° ({version}).",
    )
