"""What a femur measures where nobody measured it: from sex and body height, and what follows from what is given."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from femsim.errors import GeometryError

USUAL_HEIGHT_CM = {"male": 175.0, "female": 162.0}  # of the usual measures below; assumed
# Of a man of usual height [mm]. Head: men 48 ± 3, women 43 ± 3, as usually quoted; sources of the rest at the keys.
USUAL_LENGTHS = {
    "head_diameter_mm": 48.0,
    "offset_mm": 45.0,
    "neck_height_mm": 33.0,
    "neck_depth_mm": 29.5,
    "shaft_width_mm": 30.0,
    "shaft_depth_mm": 27.5,
    "bicondylar_width_mm": 84.0,
    "condyle_depth_mm": 66.0,
}
WOMAN_TO_MAN = 43.0 / 48.0  # every length goes with the head; assumed
USUAL_ANGLES = {"neck_shaft_angle_deg": 127.0, "anteversion_deg": 12.5}
# Height of a body from its femur [cm], height = slope × length + intercept: Trotter and Gleser, Am J Phys Anthropol 10
# (1952) 463, as usually quoted; here turned round. The TLEM2.0 cadaver has 414 mm.
HEIGHT_OF_FEMUR = {"male": (2.38, 61.41), "female": (2.47, 54.10)}
SAME_ANGLE_DEG = 0.5  # by which offset, neck length and angle may disagree before they contradict each other
WHOLE_ONLY = ("femur_length_mm", "bicondylar_width_mm", "condyle_depth_mm", "distal_cut_mm")


@dataclass(frozen=True)
class Measures:
    """Every measure of a femur by its key, and where it comes from.

    value : [mm, degrees]; a key that is absent takes the mean of three femora in proportion to the head.
    origin : of each value, in words.
    """

    value: Mapping[str, float]
    origin: Mapping[str, str]

    def __post_init__(self):
        object.__setattr__(self, "value", MappingProxyType(dict(self.value)))
        object.__setattr__(self, "origin", MappingProxyType(dict(self.origin)))


def resolved(given: Mapping[str, float], *, sex: str, height_cm: float | None, whole: bool) -> Measures:
    """All measures from the given ones.

    Parameters
    ----------
    given : by key; what nobody gave is absent.

    Raises
    ------
    GeometryError
        Where given measures contradict each other, or belong to another extent.
    """
    _refuse_other_extent(given, whole)
    given, derived = _neck_triangle(given)
    value = usual(sex, height_cm)
    if not whole:
        value = {key: number for key, number in value.items() if key not in WHOLE_ONLY} | {"shaft_length_mm": 150.0}
    person = "man" if sex == "male" else "woman"
    of_usual = f"usual for a {person}" + (f" of {height_cm:g} cm" if height_cm is not None else "")
    origin = {key: "default" if key in ("shaft_length_mm", "distal_cut_mm") else of_usual for key in value}
    origin |= dict.fromkeys(USUAL_ANGLES, "usual") | dict.fromkeys(given, "given") | derived
    return Measures(value | given, origin)


def usual(sex: str, height_cm: float | None = None) -> dict[str, float]:
    """Usual measures [mm, degrees] of a whole femur of a man or woman; all lengths go with the height."""
    height = USUAL_HEIGHT_CM[sex] if height_cm is None else height_cm
    scale = height / USUAL_HEIGHT_CM[sex] * (1.0 if sex == "male" else WOMAN_TO_MAN)
    slope, intercept = HEIGHT_OF_FEMUR[sex]
    return {
        **{key: length * scale for key, length in USUAL_LENGTHS.items()},
        **USUAL_ANGLES,
        "femur_length_mm": 10.0 * (height - intercept) / slope,
        "distal_cut_mm": 12.0 * scale,
    }


def _neck_triangle(given: Mapping[str, float]) -> tuple[dict[str, float], dict[str, str]]:
    """Offset and angle from any two of offset, neck length and angle: offset = length × sin(180° - angle)."""
    given = dict(given)
    length = given.pop("neck_length_mm", None)
    if length is None:
        return given, {}
    offset, angle = given.get("offset_mm"), given.get("neck_shaft_angle_deg")
    if offset is not None and offset >= length:
        raise GeometryError(
            f"offset_mm = {offset:g} and neck_length_mm = {length:g} contradict each other: the neck, from the head "
            "centre to the shaft axis, is longer than the offset.",
            where="[femur]",
            remedy="give two of offset_mm, neck_length_mm and neck_shaft_angle_deg",
        )
    if offset is None:
        tilt = 180.0 - (USUAL_ANGLES["neck_shaft_angle_deg"] if angle is None else angle)
        how = "usual angle" if angle is None else "angle"
        given["offset_mm"] = float(length * np.sin(np.radians(tilt)))
        return given, {"offset_mm": f"from neck length {length:g} mm and {how}"}
    follows = 180.0 - float(np.degrees(np.arcsin(offset / length)))
    if angle is None:
        given["neck_shaft_angle_deg"] = follows
        return given, {"neck_shaft_angle_deg": f"from neck length {length:g} mm and offset"}
    if abs(follows - angle) > SAME_ANGLE_DEG:
        raise GeometryError(
            f"offset_mm = {offset:g}, neck_length_mm = {length:g} and neck_shaft_angle_deg = {angle:g} contradict each "
            f"other: offset and length give {follows:.1f}°.",
            where="[femur]",
            why="offset = neck length × sin(180° − angle)",
            remedy="give two of the three",
        )
    return given, {}


def _refuse_other_extent(given: Mapping[str, float], whole: bool) -> None:
    wrong = [key for key in given if key in (("shaft_length_mm",) if whole else WHOLE_ONLY)]
    if wrong:
        here, there = ("whole", "proximal") if whole else ("proximal", "whole")
        raise GeometryError(
            f"{', '.join(wrong)} {'belong' if len(wrong) > 1 else 'belongs'} to a {there} femur; this one is {here}.",
            where="[femur]",
            remedy=f'leave {"them" if len(wrong) > 1 else "it"} out, or say extent = "{there}"',
        )
