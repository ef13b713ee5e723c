"""A proximal femur from measurements: head, neck, both trochanters and shaft as one smooth closed surface."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from femsim.anatomy.femur import DISTAL_CUT, Femur, Landmarks
from femsim.anatomy.frame import MIRROR, neck_direction
from femsim.errors import GeometryError
from femsim.mesh.surface import Surface
from femsim.registry import parameter

SPACING_MM = 1.6  # of the sampling grid; edges of the surface come out about as long
TEN_PATIENTS = "ten OrthoLoad patients (landmarks in RWTHmediTEC/HipJointForceModel)"
TRIO = "LibHip m3, m4 and gfxmorph femora, scaled to a head of 48 mm"


@dataclass(frozen=True)
class ParametricFemur:
    """A femur of given measures; its trochanters are the mean of three segmented femora, in proportion to the head."""

    head_diameter_mm: float = parameter(
        48.0,
        text="diameter of the head",
        unit="mm",
        low=36.0,
        high=60.0,
        source="men 48 ± 3, women 43 ± 3, as usually quoted",
        assumed=True,
    )
    neck_shaft_angle_deg: float = parameter(
        127.0,
        text="angle between neck axis and proximal shaft axis; smaller is varus",
        unit="deg",
        low=105.0,
        high=150.0,
        source="125–130, as usually quoted",
        assumed=True,
    )
    anteversion_deg: float = parameter(
        12.5,
        text="angle of the neck forward of the condylar line, seen along the shaft",
        unit="deg",
        low=-20.0,
        high=45.0,
        source=f"implant version 12.5 ± 8.9 of {TEN_PATIENTS}",
        assumed=True,
    )
    offset_mm: float = parameter(
        45.0,
        text="distance of the head centre from the proximal shaft axis",
        unit="mm",
        low=28.0,
        high=65.0,
        source=f"47 in the TLEM2.0 cadaver, 42–43 in {TEN_PATIENTS}",
        assumed=True,
    )
    neck_height_mm: float = parameter(
        33.0,
        text="narrowest neck, from its upper to its lower side",
        unit="mm",
        low=20.0,
        high=48.0,
        source=f"32.3, 33.5 and 33.4 in {TRIO}",
    )
    neck_depth_mm: float = parameter(
        29.5,
        text="narrowest neck, from front to back",
        unit="mm",
        low=18.0,
        high=45.0,
        source=f"28.3, 31.2 and 30.0 in {TRIO}",
    )
    shaft_width_mm: float = parameter(
        30.0,
        text="shaft 110 mm below the head centre, side to side",
        unit="mm",
        low=20.0,
        high=42.0,
        source=f"30.3, 29.6 and 30.1 in {TRIO}",
    )
    shaft_depth_mm: float = parameter(
        27.5,
        text="shaft 110 mm below the head centre, front to back",
        unit="mm",
        low=20.0,
        high=42.0,
        source=f"25.0, 27.3 and 30.0 in {TRIO}",
    )
    shaft_length_mm: float = parameter(
        150.0, text="shaft kept below the head centre", unit="mm", low=110.0, high=250.0, assumed=True
    )
    side: Literal["auto", "right", "left"] = parameter(
        "auto", text="which femur it stands for; auto is right. A left one is computed mirrored"
    )

    def shape(self) -> Femur:
        """The femur in its own frame, cut flat across the shaft.

        Raises
        ------
        GeometryError
            Where the measures do not go together.
        """
        from femsim.anatomy.proximal_shape import ProximalShape
        from femsim.mesh.clip import cut_flat
        from femsim.mesh.isosurface import isosurface

        _refuse_impossible(self)
        shape = ProximalShape.of(self)
        low, high = shape.box()
        bone = isosurface(shape, low, high, SPACING_MM)
        bone = cut_flat(bone, (0.0, 0.0, -self.shaft_length_mm), (0.0, 0.0, 1.0), label=DISTAL_CUT, lid_size=SPACING_MM)
        landmarks = _landmarks(self, shape.shaft_point, bone)
        note = (
            f"Parametric femur: head {self.head_diameter_mm:g} mm, neck–shaft angle {self.neck_shaft_angle_deg:g}°, "
            f"anteversion {self.anteversion_deg:g}° (by construction), offset {self.offset_mm:g} mm; trochanters "
            "and metaphysis "
            "are the mean of three segmented femora."
        )
        side = "left" if self.side == "left" else "right"
        return Femur(bone, landmarks, side, MIRROR if side == "left" else np.eye(4), (note,))


def _refuse_impossible(femur: ParametricFemur) -> None:
    head, height, depth = femur.head_diameter_mm, femur.neck_height_mm, femur.neck_depth_mm
    length = femur.offset_mm / np.sin(np.radians(180.0 - femur.neck_shaft_angle_deg))
    problems = [
        (
            max(height, depth) > 0.88 * head,
            f"a neck of {height:g} × {depth:g} mm is too thick for a head of {head:g} mm (at most {0.88 * head:.1f})",
            "a thinner neck or a larger head",
        ),
        (
            min(height, depth) < 0.42 * head,
            f"a neck of {height:g} × {depth:g} mm is too thin for a head of {head:g} mm (at least {0.42 * head:.1f})",
            "a thicker neck or a smaller head",
        ),
        (
            not 0.7 <= height / depth <= 1.7,
            f"a neck of {height:g} × {depth:g} mm is too flat (height over depth 0.7 … 1.7)",
            "neck_height_mm and neck_depth_mm nearer to each other",
        ),
        (
            length < 1.85 * head / 2,
            f"an offset of {femur.offset_mm:g} mm at {femur.neck_shaft_angle_deg:g}° leaves no neck: head "
            f"centre and shaft axis are {length:.0f} mm apart along it, a head of {head:g} mm needs "
            f"{1.85 * head / 2:.0f}",
            "a larger offset_mm, a larger neck_shaft_angle_deg or a smaller head",
        ),
        (
            not 0.6 <= femur.shaft_width_mm / femur.shaft_depth_mm <= 1.6,
            f"a shaft of {femur.shaft_width_mm:g} × {femur.shaft_depth_mm:g} mm is too flat (0.6 … 1.6)",
            "shaft_width_mm and shaft_depth_mm nearer to each other",
        ),
        (
            not 0.42 * head
            <= min(femur.shaft_width_mm, femur.shaft_depth_mm)
            <= max(femur.shaft_width_mm, femur.shaft_depth_mm)
            <= 0.85 * head,
            f"a shaft of {femur.shaft_width_mm:g} × {femur.shaft_depth_mm:g} mm does not go with a head of {head:g} mm "
            f"({0.42 * head:.0f} … {0.85 * head:.0f})",
            "a shaft in proportion to the head",
        ),
        (
            femur.shaft_length_mm < 4.6 * head / 2,
            f"a shaft of {femur.shaft_length_mm:g} mm ends near the lesser trochanter of a head "
            f"of {head:g} mm (at least {4.6 * head / 2:.0f})",
            "a longer shaft_length_mm",
        ),
    ]
    for wrong, what, remedy in problems:
        if wrong:
            raise GeometryError(f"These measures make no femur: {what}.", where="[femur]", remedy=f"choose {remedy}")


def _landmarks(femur: ParametricFemur, shaft_point: np.ndarray, bone: Surface) -> Landmarks:
    """Axes by construction; neck section and trochanters as they came out."""
    from femsim.anatomy.axes import narrowest_section
    from femsim.anatomy.landmarks import greater_trochanter_tip, lesser_trochanter

    radius = femur.head_diameter_mm / 2
    axis = neck_direction(femur.neck_shaft_angle_deg, femur.anteversion_deg)
    centre, neck_radius = narrowest_section(bone, np.zeros(3), radius, -axis)
    if not neck_radius < 0.93 * radius:
        raise GeometryError(
            f"These measures make no femur: the narrowest neck section came out with a radius of {neck_radius:.1f} "
            "mm, the head "
            f"has {radius:.1f} mm.",
            where="[femur]",
            remedy="choose a larger offset_mm, a thinner neck or a larger neck_shaft_angle_deg",
        )
    return Landmarks(
        head_radius=radius,
        neck_axis=axis,
        neck_centre=centre,
        neck_radius=neck_radius,
        shaft_point=shaft_point,
        shaft_axis=(0.0, 0.0, 1.0),
        greater_trochanter_tip=greater_trochanter_tip(bone.points, radius, femur.anteversion_deg),
        lesser_trochanter=lesser_trochanter(bone.points, radius, shaft_point, femur.anteversion_deg),
        neck_shaft_angle_deg=femur.neck_shaft_angle_deg,
        anteversion_deg=femur.anteversion_deg,
        offset_mm=femur.offset_mm,
        anteversion_is_assumed=False,
    )
