"""A femur in its own frame, with its landmarks: what every later step is told about whose bone it is.

Frame (OrthoLoad / Bergmann): x lateral, y anterior, z proximal along the proximal shaft axis, origin at the head
centre, always a right femur: a left one is mirrored on entry and `to_source` mirrors it back.
"""

from dataclasses import dataclass

import numpy as np

from femsim.arrays import freeze, frozen
from femsim.mesh.mesh import Mesh
from femsim.mesh.surface import Surface


@dataclass(frozen=True)
class Landmarks:
    """Places and directions on a femur, in the femur frame [mm, degrees].

    head_radius : sphere fitted to the head; its centre is the origin.
    neck_axis : unit (3,), from the neck towards the head.
    neck_centre, neck_radius : narrowest section of the neck: its centroid and the radius of the circle of equal area.
    shaft_point, shaft_axis : a point on the proximal shaft axis and its unit direction, pointing proximally (= z).
    greater_trochanter_tip, lesser_trochanter : (3,) the highest point of one, the most prominent point of the other.
    neck_shaft_angle_deg, anteversion_deg, offset_mm : anteversion is assumed where no condyles define it.
    anteversion_is_assumed : whether the frame's x and y rest on an assumed anteversion.
    """

    head_radius: float
    neck_axis: np.ndarray
    neck_centre: np.ndarray
    neck_radius: float
    shaft_point: np.ndarray
    shaft_axis: np.ndarray
    greater_trochanter_tip: np.ndarray
    lesser_trochanter: np.ndarray
    neck_shaft_angle_deg: float
    anteversion_deg: float
    offset_mm: float
    anteversion_is_assumed: bool = True

    def __post_init__(self):
        for name in (
            "neck_axis",
            "neck_centre",
            "shaft_point",
            "shaft_axis",
            "greater_trochanter_tip",
            "lesser_trochanter",
        ):
            freeze(self, **{name: frozen(getattr(self, name), np.float64, (3,))})


@dataclass(frozen=True)
class Femur:
    """A closed bone surface in the femur frame, cut flat across the shaft, with its landmarks.

    surface : closed, outward, self-intersection free; label DISTAL_CUT on the flat end, 0 elsewhere.
    side : "right" or "left", of the source; the surface itself is always a right femur.
    to_source : (4, 4) maps the femur frame to the source's frame (mm); mirrors when side is "left".
    notes : sentences on what was repaired, cut or assumed, for the report.
    knee_height : of the lowest condyle [mm], the cut aside; None where the femur has no condyles.
    frame : "LPS" or "RAS" where the source's axes are known to be those of a patient, "" where nobody said.
    mesh : the bone's own tetrahedra where they came with it and are to be kept, with the surface "distal" that is held.
    inner_surface : closed surface of the marrow side of the cortex in the femur frame, where it is known.
    """

    surface: Surface
    landmarks: Landmarks
    side: str
    to_source: np.ndarray
    notes: tuple[str, ...] = ()
    frame: str = ""
    mesh: Mesh | None = None
    inner_surface: Surface | None = None
    knee_height: float | None = None

    def __post_init__(self):
        freeze(self, to_source=frozen(self.to_source, np.float64, (4, 4)), notes=tuple(self.notes))


DISTAL_CUT = 1  # label of the flat end of the shaft on Femur.surface


def outer_surface(femur: Femur) -> Surface:
    """The femur's surface without the flat end where the shaft was cut."""
    surface = femur.surface
    return Surface(surface.points, surface.triangles[surface.labels != DISTAL_CUT])
