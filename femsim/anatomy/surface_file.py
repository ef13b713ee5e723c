"""A femur from a surface file: CT-segmented or scanned bone, in any position, left or right, whole or upper part."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from femsim.anatomy.femur import DISTAL_CUT, Femur
from femsim.anatomy.landmarks import Recognised, recognise
from femsim.errors import FemsimError, SurfaceError
from femsim.mesh.surface import Surface, transformed
from femsim.registry import parameter

DEFAULT_SHAFT_MM = 150.0
LEAST_BELOW_LESSER_MM = 35.0  # shaft kept below the lesser trochanter, one shaft diameter and more; assumed
LARGEST_IN_METRES = 1.0  # a femur has 300 to 550 mm; a surface smaller than this across is in metres
SMALLEST_MM, LARGEST_MM = 60.0, 700.0  # what a femur or its upper part can measure across


@dataclass(frozen=True)
class SurfaceFemur:
    """The bone in a surface file; head, axes, trochanters and side are found automatically."""

    file: Path = parameter(text="surface of one femur, closed or open at the shaft's cut: STL, PLY or OBJ in mm")
    side: Literal["auto", "right", "left"] = parameter("auto", text="which femur the file holds")
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

    def shape(self) -> Femur:
        """The femur in its own frame, cut flat across the shaft.

        Raises
        ------
        UsageError
            Where there is no such file.
        SurfaceError
            Where it cannot be read or repaired, is not a femur in mm, has another side, or too short a shaft.
        """
        from femsim.mesh.files import read_surface
        from femsim.mesh.repair import repaired

        surface = read_surface(self.file)
        try:
            _refuse_other_units(surface)
            closed, notes = repaired(surface)
            found = recognise(closed, side=self.side, anteversion_deg=self.anteversion_deg)
            length, cut_note = _length(found, self.shaft_length_mm)
            bone = _cut(transformed(closed, found.to_femur), found, length)
        except FemsimError as error:
            error.where = f"{self.file}" + (f": {error.where}" if error.where else "")
            raise
        return Femur(
            bone,
            found.landmarks,
            found.side,
            np.linalg.inv(found.to_femur),
            (*notes, *_frame_notes(found, self.anteversion_deg is not None), cut_note),
        )


def _refuse_other_units(surface: Surface) -> None:
    size = float(np.linalg.norm(np.ptp(surface.points, axis=0)))
    if size < LARGEST_IN_METRES:
        raise SurfaceError(
            f"The surface measures {size:.3g} across: it is in metres; femsim reads millimetres.",
            why="the exporting program works in metres",
            remedy="scale it by 1000 on export (in ParaView or MeshLab: a Transform with scale 1000)",
        )
    if not SMALLEST_MM <= size <= LARGEST_MM:
        raise SurfaceError(
            f"The surface measures {size:.4g} mm across; a femur or its upper part has {SMALLEST_MM:g} to "
            f"{LARGEST_MM:g} mm.",
            why="it is in other units (cm, inch, µm), or not one femur",
            remedy="export it in mm, one femur alone",
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


def _cut(surface: Surface, found: Recognised, length: float) -> Surface:
    from femsim.mesh.clip import cut_flat

    return cut_flat(surface, (0.0, 0.0, -length), (0.0, 0.0, 1.0), label=DISTAL_CUT, lid_size=2.0)


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
