"""How a stemmed hip is put in: neck cut, axis in the shaft, version, depth; and what is refused on the way."""

from dataclasses import dataclass, replace

import numpy as np

from femsim.anatomy.femur import Femur
from femsim.errors import GeometryError
from femsim.implants.fit import CORTEX, COVER
from femsim.implants.shapes import Lofted
from femsim.implants.sizes import joint_note
from femsim.implants.solids import BONE, NOTHING, STEM, Sheet, Solids
from femsim.implants.stem_shape import StemFrame, StemWidths, ball_and_neck, body, ring_directions
from femsim.mesh.signed import signed_distance
from femsim.registry import parameter

BALLS = (28.0, 32.0, 36.0)  # mm, heads of the 12/14 taper
NECK_ANGLES = (125.0, 130.0, 135.0)  # degrees that the rule chooses from; assumed
USUAL_HEAD = 24.0  # mm, radius of the head for which widths are given; others in proportion
LEAST_REACH = 6.0  # mm of a stem to its medial side in the neck cut
BEYOND_TIP = 25.0  # mm of shaft that must be left below the tip, for its stress to spread before the support
BESIDE = 2.0  # mm of the tool beside stem and head, in the plane of the neck cut
ABOVE = 12.0  # mm of the tool above the heads
NEAR_CUT = 15.0  # mm below the neck cut within which a stem may come near the edge of the bone
RING_SHARE = 0.5  # of the wanted edge length, where the stem leaves the bone
EVEN = 2.0  # mm between the distal diameters that a rule takes
CALCAR = 10.0  # mm above the lesser trochanter: neck cuts lie 10 to 15 mm above it


@dataclass(frozen=True)
class StemPlacement:
    """The surgery of a stemmed hip."""

    head_diameter_mm: float = parameter(
        36.0, text="diameter of the ball: 28, 32 or 36", unit="mm", low=20, high=60, source="heads of 28–36 mm",
        assumed=True,
    )  # fmt: skip
    neck_cut_above_lesser_mm: float = parameter(
        12.0,
        text="height of the neck cut on the medial side above the lesser trochanter; it rises from there laterally",
        unit="mm",
        low=-60,
        high=40,
        source="10–15 mm",
        assumed=True,
    )
    neck_cut_angle_deg: float = parameter(
        45.0, text="between the plane of the neck cut and the shaft axis", unit="deg", low=30, high=70, assumed=True
    )
    neck_shaft_angle_deg: float | None = parameter(
        None,
        text="angle of the implant between its neck and its stem; by default 125, 130 or 135, nearest to the femur's",
        unit="deg",
        low=115,
        high=150,
        source="135 is usual",
        assumed=True,
    )
    varus_valgus_deg: float = parameter(
        0.0, text="tilt of the stem in the shaft; positive is valgus: its tip points medially", unit="deg", low=-15,
        high=15,
    )  # fmt: skip
    version_deg: float = parameter(
        0.0, text="turn of the stem about its axis; positive brings the ball further forward", unit="deg", low=-40,
        high=40,
    )  # fmt: skip
    medial_shift_mm: float = parameter(0.0, text="stem moved medially in the shaft", unit="mm", low=-10, high=10)
    depth_mm: float = parameter(
        0.0, text="stem seated this much deeper than the natural head centre asks for", unit="mm", low=-15, high=15
    )
    offset_change_mm: float = parameter(
        0.0, text="longer or shorter neck: ball moved medially", unit="mm", low=-20, high=20
    )
    leg_length_change_mm: float = parameter(
        0.0, text="longer or shorter neck: ball moved up", unit="mm", low=-20, high=20
    )


def placed(
    placement: StemPlacement,
    femur: Femur,
    widths: StemWidths,
    *,
    calcar_gap: float,
    mantle: float = 0.0,
    plug: float = 0.0,
    materials: dict[str, str],
) -> Solids:
    """A stem with these half-widths put in; its medial side reaches to `calcar_gap` [mm] from the calcar's outside.

    Parameters
    ----------
    widths : of the metal; `medial` is set here.
    mantle, plug : cement around the metal, and how much of it lies below the tip; 0 for an uncemented stem.

    Raises
    ------
    GeometryError
        Where the ball is not made, the neck cut does not run through the neck, or the stem does not fit the shaft.
    """
    if placement.head_diameter_mm not in BALLS:
        raise GeometryError(
            f"A ball of {placement.head_diameter_mm:g} mm is not made for the taper 12/14; sizes are 28, 32 and 36 mm.",
            where="implant.head_diameter_mm",
            remedy=f"take {min(BALLS, key=lambda size: abs(size - placement.head_diameter_mm)):g} mm",
        )
    ball = placement.head_diameter_mm / 2
    frame = frame_of(placement, femur)
    outer = replace(widths, extra=mantle, below=plug)
    outer = outer.reaching(*_to_calcar(_calcar_at_cut(placement, femur), frame, calcar_gap, outer.length))
    widths = replace(outer, extra=0.0, below=0.0)
    _refuse_long(femur, frame, outer)
    directions = ring_directions(frame)
    metal = body(frame, widths, directions)
    hole = body(frame, outer, directions) if mantle else metal
    room = _refuse_outside(femur, frame, hole)
    _refuse_no_neck(frame, ball, metal.rings[-1])
    circle, clear = _opening(femur, frame, ball, hole.rings[-1])
    name, inside = ("cement_bone", "cement") if mantle else ("stem", "stem")
    tool = (
        Sheet(name, hole, inside, BONE, STEM),
        Sheet("neck_cut", Lofted(np.array([hole.rings[-1], circle])), NOTHING, BONE),
        Sheet("clear", clear, NOTHING, BONE),
    )
    sheets = ball_and_neck(frame, ball, metal.rings[-1])
    if mantle:
        sheets = (
            Sheet("stem_cement", metal, "stem", "cement"),
            Sheet("cement_top", Lofted(np.array([metal.rings[-1], hole.rings[-1]])), NOTHING, "cement"),
            *sheets,
        )
    return Solids(
        frame.entry,
        frame.axis,
        tool,
        sheets,
        materials,
        "head_outer",
        head_centre=frame.centre,
        head_radius=ball,
        stem_levels=(float(frame.entry[2]), float(hole.rings[0, 0, 2])),
        fine=((hole.rings[-1], RING_SHARE),),
        notes=(*_notes(room, widths, placement), *joint_note(frame.centre)),
    )


def frame_of(placement: StemPlacement, femur: Femur) -> StemFrame:
    """Axis, neck cut and ball of a stem.

    Raises
    ------
    GeometryError
        Where the neck cut would not run through the neck.
    """
    marks = femur.landmarks
    shaft, point = marks.shaft_axis, marks.shaft_point
    medial = -(point - (point @ shaft) * shaft)  # from the shaft's axis to the head centre
    medial /= np.linalg.norm(medial)
    slope = np.radians(placement.neck_cut_angle_deg)
    cut = np.cos(slope) * medial + np.sin(slope) * shaft
    level = float(_calcar_at_cut(placement, femur) @ cut)
    turn = np.radians(placement.version_deg)
    front = np.cross(shaft, medial)
    # For a right femur x is lateral and y anterior: forwards is against `front`, whose turn is counted the other way.
    sense = np.sign(front[1]) or 1.0
    neck_side = np.cos(turn) * medial + sense * np.sin(turn) * front
    tilt = np.radians(placement.varus_valgus_deg)
    # In valgus the tip points medially, so the axis leans laterally on its way up.
    axis = np.cos(tilt) * shaft - np.sin(tilt) * neck_side
    leaning = np.cos(tilt) * neck_side + np.sin(tilt) * shaft
    # Made to restore the natural centre where the stem is neither tilted nor shifted; whatever moves it moves the ball.
    neutral = point + (level - cut @ point) / (cut @ shaft) * shaft
    offset = float(-neutral @ medial) + placement.offset_change_mm
    height = float(-neutral @ shaft) + placement.leg_length_change_mm
    pivot = neutral + placement.medial_shift_mm * medial - placement.depth_mm * axis
    centre = pivot + offset * leaning + height * axis
    entry = pivot + (level - cut @ pivot) / (cut @ axis) * axis
    angle = placement.neck_shaft_angle_deg
    if angle is None:
        angle = min(NECK_ANGLES, key=lambda made: abs(made - marks.neck_shaft_angle_deg))
    angle = np.radians(180.0 - angle)
    neck = np.sin(angle) * leaning + np.cos(angle) * axis
    return StemFrame(entry, axis, leaning, np.cross(axis, leaning), cut, level, centre, neck)


def _calcar_at_cut(placement: StemPlacement, femur: Femur) -> np.ndarray:
    """Where the neck cut meets the medial outside of the bone (3,) [mm]."""
    marks = femur.landmarks
    height = marks.lesser_trochanter[2] + placement.neck_cut_above_lesser_mm
    points = femur.surface.points
    near = points[np.abs(points[:, 2] - height) < 3.0]
    # In front of and behind the neck's own plane the surface is no calcar.
    side = np.cross(marks.neck_axis, marks.shaft_axis)
    near = near[np.abs((near - marks.neck_centre) @ (side / np.linalg.norm(side))) < marks.neck_radius]
    lowest = 0.35 * marks.lesser_trochanter[2]
    if height > lowest or placement.neck_cut_above_lesser_mm < 0 or not len(near):
        raise GeometryError(
            f"The neck cut {placement.neck_cut_above_lesser_mm:g} mm above the lesser trochanter does not run through "
            f"the neck: at z = {height:.0f} mm from the head centre, where the lesser trochanter lies at "
            f"{marks.lesser_trochanter[2]:.0f} mm.",
            where="implant.neck_cut_above_lesser_mm",
            why="a resection below the trochanter leaves a stem no metaphysis, one in the head no room for its ball",
            remedy=f"take 0 to {lowest - marks.lesser_trochanter[2]:.0f} mm; 10 to 15 mm are usual",
        )
    return near[near[:, 0].argmin()]


def _to_calcar(calcar: np.ndarray, frame: StemFrame, gap: float, length: float) -> tuple[float, float]:
    """Half-width [mm] to the medial side, and the height above the tip, at which a stem keeps `gap` off the outside.

    Both where its medial side meets the neck cut.
    """
    across = frame.medial - (frame.medial @ frame.cut) * frame.cut
    across /= np.linalg.norm(across)
    reach = float((calcar - frame.entry) @ across)
    if reach - gap < LEAST_REACH:
        raise GeometryError(
            f"The stem's axis passes the neck cut {reach:.1f} mm from the medial outside of the bone; at least "
            f"{gap + LEAST_REACH:.0f} mm are needed.",
            where="implant",
            why="the tilt or the shift carries it out of the neck, or the neck is cut too high",
            remedy="bring implant.varus_valgus_deg and implant.medial_shift_mm nearer to 0, or lower "
            "implant.neck_cut_above_lesser_mm",
        )
    end = (reach - gap) * across
    return float(end @ frame.medial), float(end @ frame.axis) + length


def _refuse_long(femur: Femur, frame: StemFrame, widths: StemWidths) -> None:
    end = femur.surface.points[:, 2].min()
    tip = float((frame.entry - (widths.length + widths.below) * frame.axis)[2])
    if tip - BEYOND_TIP < end:
        raise GeometryError(
            f"The stem is too long for this bone: its tip would lie at z = {tip:.0f} mm, the bone ends at "
            f"{end:.0f} mm; {BEYOND_TIP:g} mm of shaft are needed below the tip.",
            where="implant.stem_length_mm",
            remedy=f"take {widths.length - (end - tip + BEYOND_TIP):.0f} mm or less, or a femur with a shaft of at "
            f"least {BEYOND_TIP - tip:.0f} mm (femur.shaft_length_mm)",
        )


def _refuse_outside(femur: Femur, frame: StemFrame, hole: Lofted) -> float:
    """Least bone [mm] between the hole and the outside, away from the neck cut."""
    points = hole.rings[:, ::4].reshape(-1, 3)
    inside = -signed_distance(femur.surface, points)
    deep = points @ frame.cut < frame.level - NEAR_CUT
    worst = int(np.where(deep, inside, np.inf).argmin())
    room = float(inside[worst])
    if room < COVER:
        raise GeometryError(
            f"The stem leaves the bone: {room:.1f} mm of bone beside it at z = {points[worst, 2]:.0f} mm; at least "
            f"{COVER:g} mm is needed.",
            where="implant",
            why="the stem, with its cement, is too thick or too long for this shaft, or tilted in it",
            remedy="take a smaller implant.distal_diameter_mm or implant.stem_length_mm, or bring "
            "implant.varus_valgus_deg nearer to 0",
        )
    return room


def _refuse_no_neck(frame: StemFrame, ball: float, ring: np.ndarray) -> None:
    """Refuse a ball that would sit in the neck cut, or a neck that does not spring from the stem."""
    above = float(frame.cut @ frame.centre) - frame.level
    if above < ball + 3.0:
        raise GeometryError(
            f"The ball of {2 * ball:g} mm would sit in the neck cut: its centre lies {above:.1f} mm above it.",
            where="implant.neck_cut_above_lesser_mm",
            remedy="cut the neck lower, or take a smaller implant.head_diameter_mm",
        )
    pierced = frame.centre + (frame.level - frame.cut @ frame.centre) / (frame.cut @ frame.neck) * frame.neck
    reach = np.linalg.norm(ring - ring.mean(axis=0), axis=1).max()
    if np.linalg.norm(pierced - ring.mean(axis=0)) > reach:
        raise GeometryError(
            f"The neck of {np.degrees(np.arccos(frame.neck @ frame.axis)):.0f}° to the stem's axis would not spring "
            f"from the stem: it passes the neck cut {np.linalg.norm(pierced - ring.mean(axis=0)):.0f} mm from its "
            f"middle, which reaches {reach:.0f} mm.",
            where="implant.neck_shaft_angle_deg",
            remedy="bring implant.neck_shaft_angle_deg nearer to the femur's, or implant.offset_change_mm nearer to 0",
        )


def _opening(femur: Femur, frame: StemFrame, ball: float, ring: np.ndarray) -> tuple[np.ndarray, Lofted]:
    """The line in the plane of the neck cut that bounds the tool, and the tool's wall and roof above it.

    It goes around the stem and around what is taken of head and neck, and spares the trochanter beside them.
    """
    natural = femur.landmarks.head_radius + BESIDE
    neck = frame.level / (frame.cut @ femur.landmarks.neck_axis) * femur.landmarks.neck_axis
    circles = [(frame.level * frame.cut, natural), (neck, natural)]
    over = frame.centre - (frame.centre @ frame.cut - frame.level) * frame.cut
    circles.append((over, ball + BESIDE))
    middle = 0.6 * ring.mean(axis=0) + 0.4 * frame.level * frame.cut
    away = ring - middle
    distance = np.linalg.norm(away, axis=1)
    rays = away / distance[:, None]
    radius = distance + BESIDE
    for centre, size in circles:
        to_centre = rays @ (centre - middle)
        square = size**2 - (np.linalg.norm(centre - middle) ** 2 - to_centre**2)
        radius = np.maximum(radius, np.where(square > 0, to_centre + np.sqrt(np.maximum(square, 0.0)), 0.0))
    line = middle + radius[:, None] * rays
    roof = max(natural, frame.centre @ frame.cut + ball) - frame.level + ABOVE
    top = line + roof * frame.cut
    return line, Lofted(np.array([line, top, np.tile(top.mean(axis=0), (len(top), 1))]))


def _notes(room: float, widths: StemWidths, placement: StemPlacement) -> list[str]:
    notes = []
    if room < CORTEX:
        notes.append(f"The stem comes within {room:.1f} mm of the outside of the bone: it touches the cortex.")
    if placement.neck_cut_above_lesser_mm < CALCAR:
        notes.append(
            f"The neck cut lies {placement.neck_cut_above_lesser_mm:g} mm above the lesser trochanter: calcar is lost."
        )
    return notes


def in_proportion(given: float | None, usual: float, femur: Femur) -> float:
    """A width [mm] that was given, or the usual one in proportion to the head."""
    return usual * femur.landmarks.head_radius / USUAL_HEAD if given is None else given


def distal_by_rule(femur: Femur, placement: StemPlacement, length: float, *, cortex: float, largest: float) -> float:
    """The thickest even diameter [mm] of a stem at its tip that leaves `cortex` [mm] of bone beside it."""
    frame = frame_of(placement, femur)
    heights = np.linspace(0.0, 0.35 * length, 8)
    on_axis = frame.entry + (heights - length)[:, None] * frame.axis
    room = float(-signed_distance(femur.surface, on_axis).max()) - cortex
    return float(np.clip(EVEN * np.floor(2 * room / EVEN), 8.0, largest))
