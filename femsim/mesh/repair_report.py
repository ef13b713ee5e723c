"""What repair found on a surface and what it changed."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from femsim.arrays import freeze, frozen


@dataclass(frozen=True)
class BadPlaces:
    """Where a surface was bad, for a picture; in the frame of the surface [mm].

    crossing : (k, 3, 3) corners of triangles that cut through others.
    left_out : (k, 3, 3) corners of triangles that were left out: doubles, other shells.
    borders : (k, 2, 3) ends of open edges.
    """

    crossing: np.ndarray
    left_out: np.ndarray
    borders: np.ndarray

    def __post_init__(self):
        freeze(self, crossing=frozen(self.crossing, np.float64, (None, 3, 3)))
        freeze(self, left_out=frozen(self.left_out, np.float64, (None, 3, 3)))
        freeze(self, borders=frozen(self.borders, np.float64, (None, 2, 3)))


@dataclass(frozen=True)
class RepairReport:
    """What was changed, in numbers and sentences.

    route : "untouched" (same triangles), "sorted" (triangles dropped, joined or turned, none moved), "mended" (holes
        filled, crossing triangles replaced) or "wrapped" (made anew from the distance to the surface).
    triangles_before, triangles_after : of the file and of the result.
    points_joined, triangles_dropped, triangles_turned, shells_left_out : counts.
    openings, opening_area_mm2, largest_opening_mm2 : open borders and the flat area inside them.
    crossing_triangles : that cut through others.
    largest_displacement_mm, rms_displacement_mm : of the result from the surface given (lids on openings not counted).
    volume_change_percent : against the given surface with flat lids on its openings; None where it encloses none.
    notes : the same in sentences. bad : where.
    """

    route: str
    triangles_before: int
    triangles_after: int
    points_joined: int
    triangles_dropped: int
    triangles_turned: int
    shells_left_out: int
    openings: int
    opening_area_mm2: float
    largest_opening_mm2: float
    crossing_triangles: int
    largest_displacement_mm: float
    rms_displacement_mm: float
    volume_change_percent: float | None
    notes: tuple[str, ...]
    bad: BadPlaces

    def record(self) -> dict[str, Any]:
        """As plain numbers and lists, without the places."""
        numbers = {name: value for name, value in vars(self).items() if name not in ("notes", "bad")}
        rounded = {name: round(value, 4) if isinstance(value, float) else value for name, value in numbers.items()}
        return {**rounded, "notes": list(self.notes)}
