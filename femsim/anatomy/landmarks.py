"""Landmarks and frame of a femur in any position, left or right, whole or only its upper part."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np

from femsim.anatomy import confidence
from femsim.anatomy.axes import REMEDY, Neck, Shaft
from femsim.anatomy.condyles import measured_anteversion
from femsim.anatomy.confidence import GIVEN, Confidence
from femsim.anatomy.femur import Landmarks
from femsim.anatomy.frame import MIRROR, axes_of, frame_of, on_directions, on_points
from femsim.anatomy.given import NOTHING_GIVEN, Given, head_of, neck_of, place_of, shaft_of
from femsim.anatomy.head import Head
from femsim.arrays import freeze, frozen
from femsim.errors import SurfaceError
from femsim.mesh.surface import Surface, transformed

# Implant version of ten OrthoLoad patients, 12.5 ± 8.9 (landmarks in RWTHmediTEC/HipJointForceModel); of natural femora
# assumed.
ASSUMED_ANTEVERSION_DEG = 12.5
# Where trochanters are looked for, in head radii below the head centre: the lesser lies at 2.7 in ten OrthoLoad
# patients, at 1.7 … 2.1 in the LibHip, gfxmorph and Comodo femora.
LESSER_FROM, LESSER_TO = 1.3, 3.6
# How far behind the neck–shaft plane both trochanters must lie for the side to be sure [mm]; those four femora show
# 11–13 for the lesser and 7–12 for the greater trochanter.
SURE_LESSER, SURE_GREATER, BARE_SUM = 4.0, 2.0, 5.0


@dataclass(frozen=True)
class Recognised:
    """A femur recognised on a surface.

    side : "right" or "left"; side_is_sure : whether both trochanters say so clearly.
    to_femur : (4, 4) from the surface's frame to the femur frame; mirrors a left femur.
    landmarks : in the femur frame.
    available : whole shaft below the head centre, along the shaft axis [mm].
    head_cover : share of the head sphere that bone lies on.
    posterior : how far the lesser and the greater trochanter speak for the side [mm].
    confidence : landmark (head, neck_axis, shaft_axis, greater_trochanter, lesser_trochanter, side) → Confidence.
    remarks : sentences on the landmarks that were given.
    """

    side: str
    side_is_sure: bool
    to_femur: np.ndarray
    landmarks: Landmarks
    available: float
    head_cover: float
    posterior: tuple[float, float]
    confidence: Mapping[str, Confidence]
    remarks: tuple[str, ...] = ()

    def __post_init__(self):
        freeze(self, to_femur=frozen(self.to_femur, np.float64, (4, 4)))
        freeze(self, confidence=MappingProxyType(dict(self.confidence)), remarks=tuple(self.remarks))


def recognise(
    surface: Surface, *, side: str = "auto", anteversion_deg: float | None = None, given: Given = NOTHING_GIVEN
) -> Recognised:
    """Find head, neck, shaft, trochanters and side of a closed, outward-facing surface of one femur [mm].

    Parameters
    ----------
    side : "auto", "right" or "left"
        A side against clear evidence is refused; where evidence is weak, the given side holds.
    anteversion_deg : float, optional
        Known anteversion. Otherwise measured from the condyles, or assumed where there are none.
    given : Given
        Landmarks to take instead of finding them.

    Raises
    ------
    SurfaceError
        Where the surface is not a femur, or its side cannot be told.
    """
    head, of_head = head_of(surface, given)
    neck, of_neck = neck_of(surface, head, given)
    shaft, of_shaft = shaft_of(surface, head, neck, given)
    _refuse_one_line(neck, shaft)
    posterior = _posterior_evidence(surface, head, neck, shaft, given)
    side_given, (side, sure) = side, _decided(side, posterior)
    flip = MIRROR if side == "left" else np.eye(4)
    right = transformed(surface, flip)
    centre, point = on_points(flip, head.centre), on_points(flip, shaft.point)
    right_head = replace(head, centre=centre, neck_direction=on_directions(flip, head.neck_direction))
    neck_axis, shaft_axis = on_directions(flip, neck.axis), on_directions(flip, shaft.axis)
    assumed = False
    if anteversion_deg is None:
        anteversion_deg = measured_anteversion(right, right_head, neck_axis, shaft_axis, point, shaft.available)
    if anteversion_deg is None:
        anteversion_deg, assumed = ASSUMED_ANTEVERSION_DEG, True
    to_femur = frame_of(centre, neck_axis, shaft_axis, anteversion_deg)
    points, shaft_point = on_points(to_femur, right.points), on_points(to_femur, point)
    greater, of_greater = place_of(
        "greater trochanter",
        _moved(to_femur @ flip, given.greater_trochanter),
        greater_trochanter_tip(points, head.radius, shaft_point, anteversion_deg),
        head.radius,
    )
    lesser, of_lesser = place_of(
        "lesser trochanter",
        _moved(to_femur @ flip, given.lesser_trochanter),
        lesser_trochanter(points, head.radius, shaft_point, anteversion_deg),
        head.radius,
    )
    landmarks = Landmarks(
        head_radius=head.radius,
        neck_axis=on_directions(to_femur, neck_axis),
        neck_centre=on_points(to_femur, on_points(flip, neck.centre)),
        neck_radius=neck.radius,
        shaft_point=shaft_point,
        shaft_axis=(0.0, 0.0, 1.0),
        greater_trochanter_tip=greater,
        lesser_trochanter=lesser,
        neck_shaft_angle_deg=180.0 - float(np.degrees(np.arccos(np.clip(neck.axis @ shaft.axis, -1, 1)))),
        anteversion_deg=float(anteversion_deg),
        offset_mm=float(np.hypot(*shaft_point[:2])),
        anteversion_is_assumed=assumed,
    )
    to_plane = _turned_by(-anteversion_deg)
    in_plane, greater, lesser, middle = (p @ to_plane.T for p in (points, greater, lesser, shaft_point))
    trust = {
        "head": GIVEN if given.head_centre is not None else confidence.of_head(head),
        "neck_axis": GIVEN if given.neck_centre is not None else confidence.of_neck(neck, head),
        "shaft_axis": GIVEN if given.shaft_points is not None else confidence.of_shaft(shaft, head),
        "greater_trochanter": GIVEN
        if given.greater_trochanter is not None
        else confidence.of_greater(in_plane, greater, head.radius),
        "lesser_trochanter": GIVEN
        if given.lesser_trochanter is not None
        else confidence.of_lesser(in_plane, lesser, middle, head.radius),
        "side": GIVEN if side_given != "auto" else confidence.of_side(posterior, sure),
    }
    remarks = tuple(filter(None, (of_head, of_neck, of_shaft, of_greater, of_lesser)))
    return Recognised(side, sure, to_femur @ flip, landmarks, shaft.available, head.cover, posterior, trust, remarks)


def _moved(matrix: np.ndarray, place) -> np.ndarray | None:
    return None if place is None else on_points(matrix, place)


def _turned_by(degrees: float) -> np.ndarray:
    """(3, 3) rotation about z that takes the neck of a femur with this much less anteversion into the x–z plane."""
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    return np.array([[c, s, 0.0], [-s, c, 0.0], [0.0, 0.0, 1.0]])


def _refuse_one_line(neck: Neck, shaft: Shaft) -> None:
    if abs(neck.axis @ shaft.axis) > 0.95:
        raise SurfaceError("Neck and shaft lie in one line.", why="the surface is not a femur", remedy=REMEDY)


def _posterior_evidence(surface: Surface, head: Head, neck: Neck, shaft: Shaft, given: Given) -> tuple[float, float]:
    """How far lesser and greater trochanter lie behind the neck–shaft plane [mm] if the femur is a right one.

    Lesser: by how much the medial shaft bulges further backward than forward; a given one: how far it lies behind the
    shaft axis. Greater: distance of its tip from the plane through the neck axis along the shaft. Both are negative
    on a left femur.
    """
    axes = np.array(axes_of(neck.axis, shaft.axis, 0.0))
    points = (surface.points - head.centre) @ axes.T
    if given.greater_trochanter is None:
        tip = greater_trochanter_tip(points, head.radius, (shaft.point - head.centre) @ axes.T, 0.0)
        if not -1.3 * head.radius < tip[2] < 1.7 * head.radius:
            raise SurfaceError(
                f"No greater trochanter was found: the highest point beside the neck lies {tip[2]:+.0f} mm from the "
                "height of the head centre.",
                why="the surface is not a femur, or its trochanter is cut off",
                remedy=REMEDY,
            )
    else:
        tip = (given.greater_trochanter - head.centre) @ axes.T
    middle = (shaft.point - head.centre) @ axes.T
    zone = _lesser_zone(points, head.radius, middle)
    if not zone.any():
        raise SurfaceError("No bone was found where the lesser trochanter should be.", remedy=REMEDY)
    if given.lesser_trochanter is not None:
        place = (given.lesser_trochanter - head.centre) @ axes.T
        return float(middle[1] - place[1]), float(-tip[1])
    across = points[zone, :2] - middle[:2]
    behind, before = (float((across @ _medial_and(sign * 60.0)).max()) for sign in (1, -1))
    return behind - before, float(-tip[1])


def _decided(side: str, posterior: tuple[float, float]) -> tuple[str, bool]:
    lesser, greater = posterior
    agree = lesser * greater > 0
    sure = agree and abs(lesser) >= SURE_LESSER and abs(greater) >= SURE_GREATER
    seen = "right" if lesser + greater > 0 else "left"
    found = (
        f"lesser trochanter {abs(lesser):.1f} mm behind the neck plane of a {'right' if lesser > 0 else 'left'} femur, "
        f"greater trochanter {abs(greater):.1f} mm of a {'right' if greater > 0 else 'left'} one"
    )
    if side == "auto":
        if not sure and (not agree or abs(lesser + greater) < BARE_SUM):
            raise SurfaceError(
                "Left or right cannot be told from the surface.",
                where=found,
                why="the trochanters are worn away, cut off or not shaped as usual",
                remedy='say femur.side = "right" or "left"',
            )
        return seen, sure
    if sure and side != seen:
        raise SurfaceError(
            f"The scenario says this is a {side} femur, but the surface is a {seen} one.",
            where=found,
            why="the side is mistyped, or the file's frame is mirrored (as when x was negated on export)",
            remedy=f'say femur.side = "{seen}" or "auto"; if the bone truly is {side}, export it without mirroring',
        )
    return side, sure


def _medial_and(posterior_deg: float) -> np.ndarray:
    """Unit (2,) in the plane across the shaft: from medial, turned backward by an angle (right femur)."""
    angle = np.radians(posterior_deg)
    return np.array([-np.cos(angle), -np.sin(angle)])


def _lesser_zone(points: np.ndarray, radius: float, shaft_point: np.ndarray) -> np.ndarray:
    height = points[:, 2] / radius
    return (height < -LESSER_FROM) & (height > -LESSER_TO) & (points[:, 0] < shaft_point[0])


def lesser_trochanter(points: np.ndarray, radius: float, shaft_point: np.ndarray, anteversion_deg: float) -> np.ndarray:
    """(3,) the point of the upper shaft furthest from its axis, half medially and half backward seen from the neck.

    Parameters
    ----------
    points : (n, 3) of the surface in the femur frame, or in a frame with another anteversion about z
    radius : of the head [mm]
    """
    zone = np.flatnonzero(_lesser_zone(points, radius, shaft_point))
    across = points[zone, :2] - shaft_point[:2]
    return points[zone[np.argmax(across @ _medial_and(50.0 - anteversion_deg))]]


def trochanter_from(radius: float, to_shaft: float) -> float:
    """How far lateral of the head centre the greater trochanter's tip is looked for, the shaft axis being `to_shaft`.

    Beside the head, and not in the neck, which rises as high in a valgus femur: in LibHip m4, m3, gfxmorph and Comodo
    the tip lies 1, -1, 6 and 15 mm lateral of the shaft axis.
    """
    return max(1.15 * radius, to_shaft - 0.35 * radius)


def greater_trochanter_tip(
    points: np.ndarray, radius: float, shaft_point: np.ndarray, anteversion_deg: float
) -> np.ndarray:
    """(3,) the highest point beside the neck; arguments as for `lesser_trochanter`."""
    angle = np.radians(anteversion_deg)
    along_neck = np.array([np.cos(angle), -np.sin(angle)])  # across the shaft
    lateral = points[:, :2] @ along_neck
    from_here = trochanter_from(radius, shaft_point[:2] @ along_neck)
    beside = np.flatnonzero((lateral > from_here) & (points[:, 2] > -2.5 * radius))
    return points[beside[np.argmax(points[beside, 2])]] if len(beside) else points[np.argmin(points[:, 2])]
