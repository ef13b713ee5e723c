"""Which measures can stand together in one femur; a bound that a message names is one that holds."""

import math
from collections.abc import Mapping

import numpy as np

from femsim.errors import GeometryError

# Working limits of femsim on what its shapes can follow, relative to the head.
THICKEST_NECK, THINNEST_NECK = 0.88, 0.42
THICKEST_SHAFT, THINNEST_SHAFT = 0.85, 0.42
SHORTEST_NECK, LONGEST_NECK = 1.85, 3.3  # head radii from head centre to shaft axis; 2.2 to 2.4 in the three
SHORTEST_SHAFT = 4.6  # head radii below the head centre


def refuse_impossible(value: Mapping[str, float]) -> None:
    """Raises GeometryError where measures, by key, make no femur."""
    head, height, depth = (value[key] for key in ("head_diameter_mm", "neck_height_mm", "neck_depth_mm"))
    width, thickness = value["shaft_width_mm"], value["shaft_depth_mm"]
    length = value["offset_mm"] / np.sin(np.radians(180.0 - value["neck_shaft_angle_deg"]))
    problems = [
        (
            max(height, depth) > THICKEST_NECK * head,
            f"a neck of {height:g} × {depth:g} mm is too thick for a head of {head:g} mm (at most "
            f"{_down(THICKEST_NECK * head)})",
            "a thinner neck or a larger head",
        ),
        (
            min(height, depth) < THINNEST_NECK * head,
            f"a neck of {height:g} × {depth:g} mm is too thin for a head of {head:g} mm (at least "
            f"{_up(THINNEST_NECK * head)})",
            "a thicker neck or a smaller head",
        ),
        (
            not 0.7 <= height / depth <= 1.7,
            f"a neck of {height:g} × {depth:g} mm is too flat (height over depth 0.7 … 1.7)",
            "neck_height_mm and neck_depth_mm nearer to each other",
        ),
        (
            length < SHORTEST_NECK * head / 2,
            f"an offset of {value['offset_mm']:g} mm at {value['neck_shaft_angle_deg']:g}° leaves no neck: head "
            f"centre and shaft axis are {_down(length)} mm apart along it, a head of {head:g} mm needs "
            f"{_up(SHORTEST_NECK * head / 2)}",
            "a larger offset_mm, a larger neck_shaft_angle_deg or a smaller head",
        ),
        (
            length > LONGEST_NECK * head / 2,
            f"an offset of {value['offset_mm']:g} mm at {value['neck_shaft_angle_deg']:g}° makes a neck of "
            f"{_up(length)} mm, too long for a head of {head:g} mm (at most {_down(LONGEST_NECK * head / 2)})",
            "a smaller offset_mm or neck_shaft_angle_deg",
        ),
        (
            not 0.6 <= width / thickness <= 1.6,
            f"a shaft of {width:g} × {thickness:g} mm is too flat (width over depth 0.6 … 1.6)",
            "shaft_width_mm and shaft_depth_mm nearer to each other",
        ),
        (
            not THINNEST_SHAFT * head <= min(width, thickness) <= max(width, thickness) <= THICKEST_SHAFT * head,
            f"a shaft of {width:g} × {thickness:g} mm does not go with a head of {head:g} mm "
            f"({_up(THINNEST_SHAFT * head)} … {_down(THICKEST_SHAFT * head)})",
            "a shaft in proportion to the head",
        ),
    ]
    if "shaft_length_mm" in value:
        least = SHORTEST_SHAFT * head / 2
        problems.append(
            (
                value["shaft_length_mm"] < least,
                f"a shaft of {value['shaft_length_mm']:g} mm ends near the lesser trochanter of a head of {head:g} mm "
                f"(at least {_up(least)})",
                "a longer shaft_length_mm",
            )
        )
    if "femur_length_mm" in value:
        least = 15.0 * head / 2  # where femsim takes a femur for whole, and some more
        condyles = value["bicondylar_width_mm"] / value["condyle_depth_mm"]
        problems += [
            (
                value["femur_length_mm"] < least,
                f"a femur of {value['femur_length_mm']:g} mm is too short for a head of {head:g} mm (at least "
                f"{_up(least)})",
                "a longer femur_length_mm or a smaller head",
            ),
            (
                not 1.0 <= condyles <= 1.6,
                f"condyles of {value['bicondylar_width_mm']:g} × {value['condyle_depth_mm']:g} mm are no condyles "
                "(width over depth 1.0 … 1.6)",
                "bicondylar_width_mm and condyle_depth_mm in proportion",
            ),
            (
                not 1.4 * head <= value["bicondylar_width_mm"] <= 2.2 * head,
                f"condyles {value['bicondylar_width_mm']:g} mm wide do not go with a head of {head:g} mm "
                f"({_up(1.4 * head)} … {_down(2.2 * head)})",
                "bicondylar_width_mm in proportion to the head",
            ),
        ]
    for wrong, what, remedy in problems:
        if wrong:
            raise GeometryError(f"These measures make no femur: {what}.", where="[femur]", remedy=f"choose {remedy}")


def _up(limit: float) -> str:
    return f"{math.ceil(10 * limit - 1e-9) / 10:g}"


def _down(limit: float) -> str:
    return f"{math.floor(10 * limit + 1e-9) / 10:g}"
