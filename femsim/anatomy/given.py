"""Landmarks that a user gives instead of having them found, and how far they lie from what is found."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from femsim.anatomy.axes import Neck, Shaft, find_neck, find_shaft, given_neck, given_shaft
from femsim.anatomy.head import Head, find_head, given_head
from femsim.arrays import freeze, frozen
from femsim.errors import SurfaceError
from femsim.mesh.surface import Surface


@dataclass(frozen=True)
class Given:
    """Landmarks in the frame of the surface [mm]; None for those to be found.

    head_centre, neck_centre, greater_trochanter, lesser_trochanter : (3,)
    shaft_points : (2, 3) of the shaft axis.
    """

    head_centre: np.ndarray | None = None
    head_radius: float | None = None
    neck_centre: np.ndarray | None = None
    shaft_points: np.ndarray | None = None
    greater_trochanter: np.ndarray | None = None
    lesser_trochanter: np.ndarray | None = None

    def __post_init__(self):
        for name in ("head_centre", "neck_centre", "greater_trochanter", "lesser_trochanter"):
            if getattr(self, name) is not None:
                freeze(self, **{name: frozen(getattr(self, name), np.float64, (3,))})
        if self.shaft_points is not None:
            freeze(self, shaft_points=frozen(self.shaft_points, np.float64, (2, 3)))


NOTHING_GIVEN = Given()


def head_of(surface: Surface, given: Given) -> tuple[Head, str]:
    """The head, and a sentence where it was given."""
    if given.head_centre is None and given.head_radius is None:
        return find_head(surface), ""
    found = _tried(lambda: find_head(surface))
    if given.head_centre is None:
        if found is None:
            raise SurfaceError(
                "No femoral head was found, and only its radius was given.",
                where="femur.head_radius_mm",
                remedy="give femur.head_centre_mm too",
            )
        head = given_head(surface, found.centre, given.head_radius)
        return head, f"Head radius given: {head.radius:.2f} mm, {found.radius:.2f} was found."
    direction = None if given.neck_centre is None else given.neck_centre - given.head_centre
    head = given_head(surface, given.head_centre, given.head_radius, direction)
    low, high = surface.points.min(axis=0), surface.points.max(axis=0)
    if ((head.centre < low) | (head.centre > high)).any():
        raise SurfaceError(
            f"The given head centre {shown(head.centre)} lies outside the surface, which spans {shown(low)} to "
            f"{shown(high)} mm.",
            where="femur.head_centre_mm",
            why="the point is in another frame or unit than the file",
            remedy="give it in the file's own frame, in mm",
        )
    if found is None:
        return head, f"Head centre given: {shown(head.centre)}; none was found by itself."
    away = np.linalg.norm(found.centre - head.centre)
    radius = f", radius {head.radius:.2f} mm given, {found.radius:.2f} found" if given.head_radius is not None else ""
    return head, f"Head centre given: {away:.2f} mm from the one found{radius}."


def neck_of(surface: Surface, head: Head, given: Given) -> tuple[Neck, str]:
    """The neck, and a sentence where it was given."""
    if given.neck_centre is None:
        return find_neck(surface, head), ""
    neck, found = given_neck(surface, head, given.neck_centre), _tried(lambda: find_neck(surface, head))
    if found is None:
        return neck, "Neck centre given; none was found by itself."
    away = np.linalg.norm(found.centre - neck.centre)
    return neck, (
        f"Neck centre given: {away:.1f} mm from the one found, the neck axis {_between(neck.axis, found.axis):.1f}° "
        "from the one found."
    )


def shaft_of(surface: Surface, head: Head, neck: Neck, given: Given) -> tuple[Shaft, str]:
    """The shaft axis, and a sentence where it was given."""
    if given.shaft_points is None:
        return find_shaft(surface, head, neck), ""
    shaft, found = given_shaft(surface, head, given.shaft_points), _tried(lambda: find_shaft(surface, head, neck))
    if found is None:
        return shaft, "Shaft axis given; none was found by itself."
    beside = shaft.point - found.point
    away = np.linalg.norm(beside - (beside @ found.axis) * found.axis)
    return shaft, (f"Shaft axis given: {_between(shaft.axis, found.axis):.1f}° and {away:.1f} mm from the one found.")


def place_of(name: str, given, found: np.ndarray, radius: float) -> tuple[np.ndarray, str]:
    """A trochanter's place, and a sentence where it was given.

    Raises
    ------
    SurfaceError
        Where it lies more than two head radii from the one found.
    """
    if given is None:
        return found, ""
    away = float(np.linalg.norm(given - found))
    if away > 2.0 * radius:
        key = f"femur.{name.replace(' ', '_')}_mm"
        raise SurfaceError(
            f"The given {name} lies {away:.0f} mm from the one found, more than a head's diameter.",
            where=key,
            why="the point is in another frame or unit than the file, or was mistaken for another",
            remedy=f"give {key} in the file's own frame, in mm",
        )
    return np.asarray(given, float), f"{name.capitalize()} given: {away:.1f} mm from the one found."


def shown(point) -> str:
    """'(1.0, 2.0, 3.0)'."""
    return f"({', '.join(f'{x:.1f}' for x in point)})"


def _between(one, other) -> float:
    return float(np.degrees(np.arccos(np.clip(abs(one @ other), -1.0, 1.0))))


def _tried(find: Callable[[], Any]) -> Any:
    try:
        return find()
    except SurfaceError:
        return None
