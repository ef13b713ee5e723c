"""How an implant that was put in lies against neck and shaft: axes, angles, the seat of its rim."""

from dataclasses import dataclass

import numpy as np

from femsim.anatomy.femur import Femur
from femsim.implants.seat import Seat
from femsim.implants.shapes import Turned
from femsim.implants.solids import STEM, Solids


@dataclass(frozen=True)
class Angles:
    """Angles of an implant's neck and stem [degrees].

    to_shaft : between the implant's neck, or the stem of a cap, and the shaft, as the neck–shaft angle is counted.
    varus_valgus, version : against the natural neck, positive is valgus and forwards; as the keys of a cap count them.
    anteversion : of the implant's neck, forward of the condylar line, seen along the shaft.
    stem_tilt : of a stem in the shaft against its axis, positive is valgus; None without one.
    """

    to_shaft: float
    varus_valgus: float
    version: float
    anteversion: float
    stem_tilt: float | None


def neck_of(solids: Solids) -> np.ndarray:
    """(3,) unit, along the implant's neck towards its head: the axis about which the bearing surface is turned."""
    bearing = next((sheet.shape for sheet in solids.all_sheets if sheet.name == solids.bearing), None)
    return bearing.axis if isinstance(bearing, Turned) else solids.axis


def angles_of(femur: Femur, solids: Solids) -> Angles:
    """Angles of an implant in a femur."""
    marks, axis = femur.landmarks, neck_of(solids)
    neck, shaft = marks.neck_axis, marks.shaft_axis
    forward = np.cross(neck, shaft)
    forward /= np.linalg.norm(forward)
    upward = np.cross(forward, neck)
    tilt = None
    if solids.stem_levels is not None:
        medial = axis - (axis @ shaft) * shaft
        tilt = float(np.degrees(np.arctan2(-solids.axis @ medial / np.linalg.norm(medial), solids.axis @ shaft)))
    return Angles(
        to_shaft=180.0 - float(np.degrees(np.arccos(np.clip(axis @ shaft, -1, 1)))),
        varus_valgus=float(np.degrees(np.arctan2(axis @ upward, axis @ neck))),
        version=float(np.degrees(np.arcsin(np.clip(axis @ forward, -1, 1)))),
        anteversion=float(np.degrees(np.arctan2(axis[1], -axis[0]))),
        stem_tilt=tilt,
    )


@dataclass(frozen=True)
class Rim:
    """Where an implant that sits on the neck ends.

    seat : its frame. level : height to which bone is reamed [mm]; reamed : radius of the bone there [mm];
    outer : radius of the bearing surface's edge [mm].
    """

    seat: Seat
    level: float
    reamed: float
    outer: float


def rim_of(femur: Femur, solids: Solids) -> Rim | None:
    """The rim of an implant whose tool is turned about its axis; None where the tool has another shape."""
    beside = [sheet.shape for sheet in solids.tool if sheet.role != STEM]
    bearing = next((sheet.shape for sheet in solids.all_sheets if sheet.name == solids.bearing), None)
    if not beside or not all(isinstance(shape, Turned) for shape in (*beside, bearing)):
        return None
    profile = np.vstack([shape.profile for shape in beside])
    level = float(profile[:, 1].min())
    superior = femur.landmarks.shaft_axis - (femur.landmarks.shaft_axis @ solids.axis) * solids.axis
    superior = superior / np.linalg.norm(superior)
    seat = Seat(solids.origin, solids.axis, superior, np.cross(solids.axis, superior))
    reamed = float(profile[profile[:, 1] < level + 1e-6, 0].min())
    return Rim(seat, level, reamed, float(bearing.profile[[0, -1], 0].max()))
