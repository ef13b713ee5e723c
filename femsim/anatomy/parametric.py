"""A femur from measurements, upper part or whole: head, neck, trochanters, shaft and condyles, one smooth surface."""

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Literal

import numpy as np

from femsim.anatomy.femur import DISTAL_CUT, Femur, Landmarks
from femsim.anatomy.frame import MIRROR, neck_direction
from femsim.errors import GeometryError
from femsim.mesh.surface import Surface
from femsim.registry import about, parameter

if TYPE_CHECKING:
    from collections.abc import Mapping

    from femsim.anatomy.femur_shape import FemurShape
    from femsim.anatomy.shape_measures import ShapeMeasures
    from femsim.anatomy.stature import Measures

SPACING_MM = 1.6  # of the sampling grid; edges of the surface come out about as long
TEN_PATIENTS = "ten OrthoLoad patients (landmarks in RWTHmediTEC/HipJointForceModel)"
TRIO = "LibHip m3, m4 and gfxmorph femora, scaled to a head of 48 mm"


@dataclass(frozen=True)
class ParametricFemur:
    """A femur of given measures; what nobody gives follows from sex and height, or from the mean of three femora."""

    sex: Literal["male", "female"] = parameter(
        "male", text="whose usual measures stand where none is given", assumed=True
    )
    height_cm: float | None = parameter(
        None,
        text="body height, with which usual lengths go; by default 175 for a man, 162 for a woman",
        unit="cm",
        low=140.0,
        high=210.0,
        source="lengths in proportion to height, assumed",
        assumed=True,
    )
    extent: Literal["proximal", "whole"] = parameter(
        "proximal", text="upper femur cut across its shaft, or with shaft and condyles"
    )
    side: Literal["auto", "right", "left"] = parameter(
        "auto", text="which femur it stands for; auto is right. A left one is computed mirrored"
    )
    head_diameter_mm: float | None = parameter(
        None,
        text="diameter of the head; by default from sex and height",
        unit="mm",
        low=36.0,
        high=60.0,
        source="men 48 ± 3, women 43 ± 3, as usually quoted",
        assumed=True,
    )
    neck_shaft_angle_deg: float | None = parameter(
        None,
        text="angle between neck axis and proximal shaft axis, smaller is varus; by default 127",
        unit="deg",
        low=105.0,
        high=150.0,
        source="125–130, as usually quoted",
        assumed=True,
    )
    anteversion_deg: float | None = parameter(
        None,
        text="angle of the neck forward of the condylar line, seen along the shaft; by default 12.5",
        unit="deg",
        low=-20.0,
        high=45.0,
        source=f"implant version 12.5 ± 8.9 of {TEN_PATIENTS}",
        assumed=True,
    )
    offset_mm: float | None = parameter(
        None,
        text="distance of the head centre from the proximal shaft axis; 45 in a man of usual height",
        unit="mm",
        low=28.0,
        high=70.0,
        source=f"47 in the TLEM2.0 cadaver, 42–43 in {TEN_PATIENTS}",
        assumed=True,
    )
    neck_length_mm: float | None = parameter(
        None,
        text="head centre to shaft axis along the neck, in place of offset_mm or neck_shaft_angle_deg",
        unit="mm",
        low=30.0,
        high=110.0,
        source="offset = neck length × sin(180° − angle)",
    )
    neck_height_mm: float | None = parameter(
        None,
        text="narrowest neck, from its upper to its lower side; 33 in a man of usual height",
        unit="mm",
        low=20.0,
        high=48.0,
        source=f"32.3, 33.5 and 33.4 in {TRIO}",
        assumed=True,
    )
    neck_depth_mm: float | None = parameter(
        None,
        text="narrowest neck, from front to back; 29.5 in a man of usual height",
        unit="mm",
        low=18.0,
        high=45.0,
        source=f"28.3, 31.2 and 30.0 in {TRIO}",
        assumed=True,
    )
    shaft_width_mm: float | None = parameter(
        None,
        text="shaft 110 mm below the head centre, side to side; 30 in a man of usual height",
        unit="mm",
        low=20.0,
        high=42.0,
        source=f"30.3, 29.6 and 30.1 in {TRIO}",
        assumed=True,
    )
    shaft_depth_mm: float | None = parameter(
        None,
        text="shaft 110 mm below the head centre, front to back; 27.5 in a man of usual height",
        unit="mm",
        low=20.0,
        high=42.0,
        source=f"25.0, 27.3 and 30.0 in {TRIO}",
        assumed=True,
    )
    trochanter_height_mm: float | None = parameter(
        None,
        text="tip of the greater trochanter above the head centre; by default as it comes out, 12 in a usual man",
        unit="mm",
        low=-30.0,
        high=50.0,
        source=f"23, 19 and 9 in {TRIO}",
        assumed=True,
    )
    trochanter_width_mm: float | None = parameter(
        None,
        text="shaft axis to the most lateral point of the greater trochanter; by default as it comes out, 24",
        unit="mm",
        low=14.0,
        high=45.0,
        source=f"26, 23 and 27 in {TRIO}",
        assumed=True,
    )
    lesser_trochanter_mm: float | None = parameter(
        None,
        text="tip of the lesser trochanter from the shaft axis; by default as it comes out, 38 in a usual man",
        unit="mm",
        low=22.0,
        high=60.0,
        source=f"37, 33 and 35 in {TRIO}",
        assumed=True,
    )
    trochanter_back_mm: float | None = parameter(
        None,
        text="top of the greater trochanter, moved backward from the mean of three femora",
        unit="mm",
        low=-10.0,
        high=10.0,
        source=f"mean of {TRIO}",
        assumed=True,
    )
    trochanter_swell_mm: float | None = parameter(
        None,
        text="how much fuller the greater trochanter is than the mean of three femora",
        unit="mm",
        low=-3.0,
        high=3.0,
        source=f"mean of {TRIO}",
        assumed=True,
    )
    lesser_drop_mm: float | None = parameter(
        None,
        text="lesser trochanter, moved down from the mean of three femora",
        unit="mm",
        low=-8.0,
        high=8.0,
        source=f"mean of {TRIO}",
        assumed=True,
    )
    crest_mm: float | None = parameter(
        None,
        text="intertrochanteric crest, moved backward from the mean of three femora",
        unit="mm",
        low=-6.0,
        high=6.0,
        source=f"mean of {TRIO}",
        assumed=True,
    )
    calcar_mm: float | None = parameter(
        None,
        text="medial side below the neck, moved medially from the mean of three femora",
        unit="mm",
        low=-5.0,
        high=5.0,
        source=f"mean of {TRIO}",
        assumed=True,
    )
    shaft_behind_mm: float | None = parameter(
        None,
        text="by which the shaft axis passes behind the neck axis; by default the mean of three femora",
        unit="mm",
        low=0.0,
        high=14.0,
        source=f"3.7, 6.4 and 10.8 in {TRIO}",
        assumed=True,
    )
    neck_sag_mm: float | None = parameter(
        None,
        text="by which the neck curves up towards its base; by default the mean of three femora",
        unit="mm",
        low=-3.0,
        high=6.0,
        source=f"mean fitted to {TRIO}",
        assumed=True,
    )
    flare_width_mm: float | None = parameter(
        None,
        text="shaft at the lesser trochanter, widening side to side; by default the mean of three femora",
        unit="mm",
        low=-4.0,
        high=6.0,
        source=f"mean fitted to {TRIO}",
        assumed=True,
    )
    flare_depth_mm: float | None = parameter(
        None,
        text="shaft at the lesser trochanter, widening in depth; by default the mean of three femora",
        unit="mm",
        low=-4.0,
        high=6.0,
        source=f"mean fitted to {TRIO}",
        assumed=True,
    )
    bow_radius_mm: float | None = parameter(
        None,
        text="radius of curvature of the shaft, which is convex forward; by default 24 head diameters",
        unit="mm",
        low=600.0,
        high=4000.0,
        source="1.1 m in a man of usual height, working value of femsim",
        assumed=True,
    )
    shaft_length_mm: float | None = parameter(
        None,
        text="proximal femur: shaft kept below the head centre; by default 150",
        unit="mm",
        low=110.0,
        high=250.0,
        assumed=True,
    )
    femur_length_mm: float | None = parameter(
        None,
        text="whole femur: top of the head to the lowest condyle, along the shaft axis; by default from height",
        unit="mm",
        low=300.0,
        high=560.0,
        source="Trotter and Gleser 1952, as usually quoted; TLEM2.0 cadaver 414",
        assumed=True,
    )
    bicondylar_width_mm: float | None = parameter(
        None,
        text="whole femur: width over the epicondyles; 84 in a man of usual height",
        unit="mm",
        low=60.0,
        high=105.0,
        source="working value of femsim",
        assumed=True,
    )
    condyle_depth_mm: float | None = parameter(
        None,
        text="whole femur: condyles from front to back; 66 in a man of usual height",
        unit="mm",
        low=48.0,
        high=85.0,
        source="working value of femsim",
        assumed=True,
    )
    distal_cut_mm: float | None = parameter(
        None,
        text="whole femur: cut flat this far above the lowest condyle, as if potted; 12 in a man of usual height",
        unit="mm",
        low=6.0,
        high=40.0,
        source="working value of femsim",
        assumed=True,
    )

    def measures(self) -> "Measures":
        """Every measure, given or usual.

        Raises
        ------
        GeometryError
            Where given measures contradict each other.
        """
        from femsim.anatomy.stature import resolved

        given = {field.name: getattr(self, field.name) for field in fields(self) if about(field).unit in ("mm", "deg")}
        return resolved(
            {key: value for key, value in given.items() if value is not None},
            sex=self.sex,
            height_cm=self.height_cm,
            whole=self.extent == "whole",
        )

    def shape(self) -> Femur:
        """The femur in its own frame, cut flat across the shaft, or across the condyles where it is whole.

        Raises
        ------
        GeometryError
            Where the measures do not go together.
        """
        from femsim.anatomy.femur_shape import femur_shape
        from femsim.anatomy.proportions import refuse_impossible
        from femsim.mesh.clip import cut_flat
        from femsim.mesh.isosurface import isosurface

        measures = self.measures()
        refuse_impossible(measures.value)
        shape, found = femur_shape(measures)
        low, high = shape.box()
        bone = isosurface(shape, low, high, SPACING_MM)
        bone = cut_flat(
            bone,
            (0.0, 0.0, shape.cut),
            (0.0, 0.0, 1.0),
            label=DISTAL_CUT,
            lid_size=SPACING_MM,
            pieces=1 if shape.distal is None else 2,
        )
        landmarks = _landmarks(measures.value, shape, bone)
        side = "left" if self.side == "left" else "right"
        value = measures.value
        return Femur(
            bone,
            landmarks,
            side,
            MIRROR if side == "left" else np.eye(4),
            _notes(measures, found),
            knee_height=value["head_diameter_mm"] / 2 - value["femur_length_mm"] if self.extent == "whole" else None,
        )


def _landmarks(value: "Mapping[str, float]", shape: "FemurShape", bone: Surface) -> Landmarks:
    """Axes by construction; neck section and trochanters as they came out."""
    from femsim.anatomy.axes import narrowest_section
    from femsim.anatomy.landmarks import greater_trochanter_tip, lesser_trochanter

    radius, version = value["head_diameter_mm"] / 2, value["anteversion_deg"]
    axis = neck_direction(value["neck_shaft_angle_deg"], version)
    centre, neck_radius = narrowest_section(bone, np.zeros(3), radius, -axis)
    if not neck_radius < 0.93 * radius:
        raise GeometryError(
            f"These measures make no femur: the narrowest neck section came out with a radius of {neck_radius:.1f} "
            f"mm, the head has {radius:.1f} mm.",
            where="[femur]",
            remedy="choose a larger offset_mm, a thinner neck or a larger neck_shaft_angle_deg",
        )
    return Landmarks(
        head_radius=radius,
        neck_axis=axis,
        neck_centre=centre,
        neck_radius=neck_radius,
        shaft_point=shape.shaft_point,
        shaft_axis=(0.0, 0.0, 1.0),
        greater_trochanter_tip=greater_trochanter_tip(bone.points, radius, shape.shaft_point, version),
        lesser_trochanter=lesser_trochanter(bone.points, radius, shape.shaft_point, version),
        neck_shaft_angle_deg=value["neck_shaft_angle_deg"],
        anteversion_deg=version,
        offset_mm=float(np.hypot(*shape.shaft_point[:2])),
        anteversion_is_assumed=False,
    )


def _notes(measures: "Measures", found: "ShapeMeasures") -> tuple[str, ...]:
    """Every measure and where it comes from."""
    by_origin: dict[str, list[str]] = {}
    for key, value in measures.value.items():
        name, unit = key.rsplit("_", 1)
        words = "head" if key == "head_diameter_mm" else name.replace("_", " ")
        by_origin.setdefault(measures.origin[key], []).append(
            f"{words} {value:.4g}" + ("°" if unit == "deg" else " mm")
        )
    said = "; ".join(f"{', '.join(words)} ({origin})" for origin, words in by_origin.items())
    came_out = {
        "trochanter_height_mm": f"greater trochanter {found.trochanter_height:.1f} mm above the head centre",
        "trochanter_width_mm": f"{found.trochanter_width:.1f} mm lateral of the shaft axis",
        "lesser_trochanter_mm": f"lesser trochanter {found.lesser_trochanter:.1f} mm from it",
    }
    rest = [words for key, words in came_out.items() if key not in measures.value]
    notes = [f"Parametric femur, by construction: {said}."]
    if rest:
        notes.append(f"Came out of the mean of three segmented femora: {', '.join(rest)}.")
    return tuple(notes)
