"""Anthropometry of a femur: the lengths, angles and sections that people measure, and what each rests on."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np

from femsim.anatomy.axes import SHAFT_FROM
from femsim.anatomy.condyles import CONDYLE_HEIGHT, WHOLE_FEMUR
from femsim.anatomy.confidence import Confidence
from femsim.anatomy.frame import on_directions, on_points
from femsim.anatomy.landmarks import Recognised
from femsim.arrays import freeze, frozen
from femsim.mesh.sections import Outline, outlines
from femsim.mesh.surface import Surface, areas, enclosed_volume

# Where shaft width and depth are taken: 110 mm below the centre of a head of 48 mm, as the parametric femur has them.
SECTION_BELOW = 110.0 / 24.0  # head radii
BOW_SPAN = 110.0  # mm of shaft below SHAFT_FROM without which a bow of about a metre's radius cannot be told
BOW_TO = 0.72  # of the length of a whole femur: below it flare the condyles
STRAIGHT = 10_000.0  # mm; a larger radius of curvature is no bow (0.3 mm over 150 mm)
CONDYLES_WIDTH = 2.2  # head radii; a distal end narrower than this is a shaft's, not a pair of condyles
FLAT, CUT_AREA = 0.05, 0.4  # mm above the lowest point, head radii²: that much flat area there is a cut, no condyle

UNITS = {
    "head_radius_mm": ("head radius", "mm"),
    "neck_shaft_angle_deg": ("neck–shaft angle", "deg"),
    "anteversion_deg": ("anteversion", "deg"),
    "offset_mm": ("offset", "mm"),
    "neck_length_mm": ("neck length", "mm"),
    "neck_height_mm": ("neck height", "mm"),
    "neck_depth_mm": ("neck depth", "mm"),
    "neck_area_mm2": ("neck area", "mm²"),
    "shaft_width_mm": ("shaft width", "mm"),
    "shaft_depth_mm": ("shaft depth", "mm"),
    "trochanter_height_mm": ("trochanter height", "mm"),
    "trochanter_overhang_mm": ("trochanter overhang", "mm"),
    "bow_radius_mm": ("bow radius", "mm"),
    "femur_length_mm": ("femur length", "mm"),
    "bicondylar_width_mm": ("bicondylar width", "mm"),
    "shaft_kept_mm": ("shaft below head", "mm"),
    "volume_cm3": ("volume", "cm³"),
    "surface_area_cm2": ("surface area", "cm²"),
}
"""Measure → its name for people, its unit; in the order in which they are told."""


@dataclass(frozen=True)
class Measures:
    """What a femur measures. None stands where something is not defined; `reasons` says why.

    side, side_confidence : "right" or "left"; 0…1.
    head_centre_mm : (3,) in the file's frame; head_radius_mm.
    neck_shaft_angle_deg : between neck axis and proximal shaft axis.
    anteversion_deg : neck forward of the posterior condylar line, seen along the shaft; given, or None.
    offset_mm : head centre to shaft axis.
    neck_length_mm : head centre to where the neck axis passes nearest to the shaft axis.
    neck_height_mm, neck_depth_mm, neck_area_mm2, neck_centre_mm : narrowest section across the neck axis: extent in
        the plane of neck and shaft, extent across it, area, centroid (3,) in the file's frame.
    shaft_width_mm, shaft_depth_mm : section across the shaft SECTION_BELOW head radii below the head centre, in the
        plane of neck and shaft and across it.
    trochanter_height_mm : tip of the greater trochanter above the head centre, along the shaft.
    trochanter_overhang_mm : how far the greater trochanter reaches lateral of the shaft axis, in the neck's plane.
    bow_radius_mm : radius of curvature of the shaft seen from the side; positive where it is convex forward.
    femur_length_mm, bicondylar_width_mm : of a whole femur: greatest length (Martin 1); greatest width of the
        condyles along the line they rest on.
    shaft_kept_mm : whole shaft below the head centre. volume_cm3, surface_area_cm2 : of the closed surface.
    landmarks : name → (3,) in the file's frame, points in mm and unit directions.
    confidence : landmark → Confidence. reasons : measure → why it is None.
    frame : (4, 4) from the femur frame to the file's frame; mirrors a left femur.
    """

    side: str
    side_confidence: float
    head_centre_mm: np.ndarray
    head_radius_mm: float
    neck_shaft_angle_deg: float
    anteversion_deg: float | None
    offset_mm: float
    neck_length_mm: float
    neck_height_mm: float
    neck_depth_mm: float
    neck_area_mm2: float
    neck_centre_mm: np.ndarray
    shaft_width_mm: float | None
    shaft_depth_mm: float | None
    trochanter_height_mm: float
    trochanter_overhang_mm: float
    bow_radius_mm: float | None
    femur_length_mm: float | None
    bicondylar_width_mm: float | None
    shaft_kept_mm: float
    volume_cm3: float
    surface_area_cm2: float
    landmarks: Mapping[str, np.ndarray]
    confidence: Mapping[str, Confidence]
    reasons: Mapping[str, str]
    frame: np.ndarray

    def __post_init__(self):
        freeze(self, frame=frozen(self.frame, np.float64, (4, 4)))
        for name in ("head_centre_mm", "neck_centre_mm"):
            freeze(self, **{name: frozen(getattr(self, name), np.float64, (3,))})
        places = {name: frozen(place, np.float64, (3,)) for name, place in self.landmarks.items()}
        freeze(self, landmarks=MappingProxyType(places), confidence=MappingProxyType(dict(self.confidence)))
        freeze(self, reasons=MappingProxyType(dict(self.reasons)))

    def record(self) -> dict[str, Any]:
        """As plain numbers, lists and tables."""
        plain = {field.name: _plain(getattr(self, field.name)) for field in dataclasses.fields(self)}
        plain["confidence"] = {
            name: {"value": round(c.value, 3), "basis": c.basis} for name, c in self.confidence.items()
        }
        return plain


def _plain(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return [_plain(item) for item in value] if value.ndim > 1 else [round(float(x), 6) + 0.0 for x in value]
    if isinstance(value, float | np.floating):
        return round(float(value), 4)
    if isinstance(value, Mapping):
        return {name: _plain(inner) for name, inner in value.items() if not isinstance(inner, Confidence)}
    return value


def measured(surface: Surface, found: Recognised) -> Measures:
    """The measures of a closed femur surface in the file's frame [mm], with the landmarks recognised on it."""
    marks, radius = found.landmarks, found.landmarks.head_radius
    own = Surface(on_points(found.to_femur, surface.points), surface.triangles)
    if np.linalg.det(found.to_femur[:3, :3]) < 0:
        own = Surface(own.points, own.triangles[:, ::-1])
    lateral, anterior = _plane_axes(marks.neck_axis)
    superior = np.cross(anterior, marks.neck_axis)
    superior = superior * np.sign(superior[2])
    neck = _section(own, marks.neck_centre, marks.neck_axis, radius)
    reasons: dict[str, str] = {}
    shaft = None
    if SECTION_BELOW * radius <= found.available:
        middle = np.array([*marks.shaft_point[:2], -SECTION_BELOW * radius])
        shaft = _section(own, middle, np.array([0.0, 0.0, 1.0]), radius)
    if shaft is None:
        for name in ("shaft_width_mm", "shaft_depth_mm"):
            reasons[name] = (
                f"taken {SECTION_BELOW * radius:.0f} mm below the head centre; the shaft is whole to "
                f"{found.available:.0f} mm"
            )
    if marks.anteversion_is_assumed:
        reasons["anteversion_deg"] = f"no condyles on the surface; the frame assumes {marks.anteversion_deg:g}°"
    bow = _bow_radius(own, found, reasons)
    length, width = _whole(own, found, reasons)
    beside = own.points[(own.points[:, 2] > -1.6 * radius) & (own.points @ lateral > radius)]
    to_file = np.linalg.inv(found.to_femur)
    places = {
        "head_centre": on_points(to_file, np.zeros(3)),
        "neck_centre": on_points(to_file, marks.neck_centre),
        "shaft_point": on_points(to_file, marks.shaft_point),
        "greater_trochanter": on_points(to_file, marks.greater_trochanter_tip),
        "lesser_trochanter": on_points(to_file, marks.lesser_trochanter),
        "neck_axis": on_directions(to_file, marks.neck_axis),
        "shaft_axis": on_directions(to_file, marks.shaft_axis),
    }
    return Measures(
        side=found.side,
        side_confidence=found.confidence["side"].value,
        head_centre_mm=places["head_centre"],
        head_radius_mm=radius,
        neck_shaft_angle_deg=marks.neck_shaft_angle_deg,
        anteversion_deg=None if marks.anteversion_is_assumed else marks.anteversion_deg,
        offset_mm=marks.offset_mm,
        neck_length_mm=_to_shaft(marks.neck_axis, marks.shaft_point),
        neck_height_mm=_extent(neck, superior),
        neck_depth_mm=_extent(neck, anterior),
        neck_area_mm2=float(np.pi * marks.neck_radius**2),
        neck_centre_mm=places["neck_centre"],
        shaft_width_mm=None if shaft is None else _extent(shaft, lateral),
        shaft_depth_mm=None if shaft is None else _extent(shaft, anterior),
        trochanter_height_mm=float(marks.greater_trochanter_tip[2]),
        trochanter_overhang_mm=float((beside @ lateral).max() - marks.shaft_point @ lateral),
        bow_radius_mm=bow,
        femur_length_mm=length,
        bicondylar_width_mm=width,
        shaft_kept_mm=found.available,
        volume_cm3=enclosed_volume(surface) / 1000.0,
        surface_area_cm2=float(areas(surface).sum()) / 100.0,
        landmarks=places,
        confidence=found.confidence,
        reasons=reasons,
        frame=to_file,
    )


def _plane_axes(neck_axis: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Unit vectors lateral and anterior across the shaft, in the plane of neck and shaft and off it."""
    lateral = -np.array([neck_axis[0], neck_axis[1], 0.0])
    lateral /= np.linalg.norm(lateral)
    return lateral, np.array([-lateral[1], lateral[0], 0.0])


def _section(surface: Surface, middle: np.ndarray, normal: np.ndarray, radius: float) -> Outline | None:
    """The outline around a point of the plane through it."""
    pieces = [piece for piece in outlines(surface, middle, normal, [0.0])[0] if piece.area > 0]
    best = min(pieces, key=lambda piece: np.linalg.norm(piece.centroid - middle), default=None)
    return best if best is not None and np.linalg.norm(best.centroid - middle) < radius else None


def _extent(piece: Outline | None, direction: np.ndarray) -> float:
    return float(np.ptp(piece.points @ direction)) if piece is not None else float("nan")


def _to_shaft(neck_axis: np.ndarray, shaft_point: np.ndarray) -> float:
    """From the head centre down the neck axis to where the shaft axis (along z) is nearest."""
    across = neck_axis[:2]
    return float(-(across @ shaft_point[:2]) / (across @ across))


def _bow_radius(own: Surface, found: Recognised, reasons: dict[str, str]) -> float | None:
    radius = found.landmarks.head_radius
    end = found.available - 2.0
    if found.available > WHOLE_FEMUR * radius:
        end = BOW_TO * found.available
    start = SHAFT_FROM * radius
    if end - start < BOW_SPAN:
        reasons["bow_radius_mm"] = f"{max(end - start, 0.0):.0f} mm of shaft are too short; a bow needs {BOW_SPAN:g}"
        return None
    heights = -np.arange(start, end, 4.0)
    middle = []
    for height, pieces in zip(heights, outlines(own, np.zeros(3), np.array([0.0, 0.0, 1.0]), heights)):
        near = max((piece for piece in pieces if piece.area > 0), key=lambda piece: piece.area, default=None)
        if near is not None:
            middle.append((height, near.centroid[1]))
    height, forward = np.array(middle).T
    bend = 2.0 * np.polyfit(height, forward, 2)[0]
    if abs(bend) < 1.0 / STRAIGHT:
        reasons["bow_radius_mm"] = f"the shaft is straight (radius beyond {STRAIGHT / 1000:g} m)"
        return None
    return float(-1.0 / bend)


def _whole(own: Surface, found: Recognised, reasons: dict[str, str]) -> tuple[float | None, float | None]:
    """Greatest length and bicondylar width of a whole femur."""
    from scipy.spatial import ConvexHull
    from scipy.spatial.distance import cdist

    radius, points = found.landmarks.head_radius, own.points
    lowest = points[:, 2].min()
    distal = points[points[:, 2] < lowest + CONDYLE_HEIGHT * radius]
    width = float(np.ptp(distal[:, 0]))
    if -lowest < WHOLE_FEMUR * radius or width < CONDYLES_WIDTH * radius:
        for name in ("femur_length_mm", "bicondylar_width_mm"):
            reasons[name] = "the surface has no condyles"
        return None, None
    lid = own.triangles[(points[own.triangles][:, :, 2] < lowest + FLAT).all(axis=1)]
    if len(lid) and float(areas(Surface(points, lid)).sum()) > CUT_AREA * radius**2:
        reasons["femur_length_mm"] = "the condyles are cut flat: the end of the bone is not on the surface"
        return None, width
    hull = points[ConvexHull(points).vertices]
    top, bottom = hull[hull[:, 2] > -radius], hull[hull[:, 2] < lowest + CONDYLE_HEIGHT * radius]
    return float(cdist(top, bottom).max()), width
