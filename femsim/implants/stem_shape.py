"""The shape of a stem for the shaft: rounded rectangles along an axis, trimmed by the plane of the neck cut."""

from dataclasses import dataclass, replace

import numpy as np

from femsim.arrays import freeze, frozen
from femsim.implants.shapes import Lofted, Turned
from femsim.implants.solids import NOTHING, Sheet
from femsim.mesh.loft import POLE
from femsim.mesh.revolve import arc

SQUARENESS = 3.0  # exponent of the superellipse of its sections: 2 is an ellipse
FLARE = 0.45  # share of the length, at the top, over which the medial side curves towards the calcar
TAPER = 0.35  # share of what the medial side gains in width that it gains by a straight taper, not by the flare
N_RINGS = 36
FACE = 2.5  # mm of the ball's flat face beside the trunnion
NECK_RUN = 9.0  # mm above the neck cut over which the body goes over into the round neck
NECK_RADIUS = 6.5  # mm
# Taper 12/14: 14 mm at its opening, 5°43' of full angle. Widely quoted, not checked.
TRUNNION_RADIUS, TRUNNION_LENGTH = 7.0, 13.0
TRUNNION_TAPER = np.tan(np.radians(5 + 43 / 60) / 2)
ARC_STEP = 1.0  # mm


@dataclass(frozen=True)
class StemFrame:
    """Where a stem lies: its axis, the side of the head, the plane of the neck cut, and the ball.

    entry : (3,) where the axis passes the neck cut. axis (up), medial, front : unit (3,), axis × medial = front.
    cut : unit normal (3,) of the neck cut, towards the head; level : cut·x of the plane [mm].
    centre : (3,) of the ball; neck : unit (3,) of the implant's neck, towards the ball.
    """

    entry: np.ndarray
    axis: np.ndarray
    medial: np.ndarray
    front: np.ndarray
    cut: np.ndarray
    level: float
    centre: np.ndarray
    neck: np.ndarray

    def __post_init__(self):
        for name in ("entry", "axis", "medial", "front", "cut", "centre", "neck"):
            freeze(self, **{name: frozen(getattr(self, name), np.float64, (3,))})


@dataclass(frozen=True)
class StemWidths:
    """Half-widths of a stem's body [mm]: round at its tip; to the medial and lateral side and to front and back at the
    height of the entry. length : from the entry to the tip. extra : cement all around, below the tip `below` more.
    """

    tip: float
    medial: float
    lateral: float
    front: float
    length: float
    extra: float = 0.0
    below: float = 0.0

    def at(self, height: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Medial, lateral and front half-width at heights above the tip; straight tapers, the medial one flared."""
        share = height / self.length
        medial = self.tip + (self.medial - self.tip) * _medial_course(share)
        lateral = self.tip + (self.lateral - self.tip) * share
        front = self.tip + (self.front - self.tip) * share
        return medial + self.extra, lateral + self.extra, front + self.extra

    def reaching(self, medial: float, height: float) -> "StemWidths":
        """The stem whose medial half-width, cement included, is `medial` [mm] at a height above the tip."""
        course = float(_medial_course(height / self.length))
        return replace(self, medial=self.tip + (medial - self.extra - self.tip) / course)


def _medial_course(share: np.ndarray) -> np.ndarray:
    """How much of its width at the entry the medial side has gained at a share of the length."""
    return TAPER * share + (1 - TAPER) * np.clip((share - 1 + FLARE) / FLARE, 0, None) ** 2


def body(frame: StemFrame, widths: StemWidths, directions: np.ndarray) -> Lofted:
    """The stem from its tip to the neck cut, whose last ring lies in that plane.

    directions : (n, 3) unit vectors, roughly across the axis, counter-clockwise about it; one point of a ring each.
    """
    angle = np.arctan2(directions @ frame.front, directions @ frame.medial)
    cosine, sine = np.cos(angle), np.sin(angle)
    tip_height = -widths.below

    def places(heights):  # (n,) above the tip → (n, 3)
        medial, lateral, front = widths.at(heights)
        across = np.where(cosine > 0, medial, lateral)
        radius = (np.abs(cosine / across) ** SQUARENESS + np.abs(sine / front) ** SQUARENESS) ** (-1 / SQUARENESS)
        # Rounded towards the tip: a quarter of an ellipse as long as the tip is wide.
        rounding = widths.tip + widths.extra
        low = np.clip((heights - tip_height) / rounding, 0, 1)
        radius = radius * np.sqrt(np.clip(1 - (1 - low) ** 2, 0, 1))
        across = radius[:, None] * (cosine[:, None] * frame.medial + sine[:, None] * frame.front)
        return frame.entry + (heights - widths.length)[:, None] * frame.axis + across

    # Each line along the stem ends where it meets the plane; above the entry the taper goes on.
    low, high = np.full(len(angle), tip_height + 5.0), np.full(len(angle), 2.0 * widths.length)
    for _ in range(60):
        middle = 0.5 * (low + high)
        beyond = places(middle) @ frame.cut > frame.level
        low, high = np.where(beyond, low, middle), np.where(beyond, middle, high)
    ends = 0.5 * (low + high)
    rounding = widths.tip + widths.extra
    near_tip = rounding * (1 - np.cos(np.linspace(0, np.pi / 2, 9)))
    shares = np.concatenate([near_tip / (ends - tip_height).mean(), np.linspace(0, 1, N_RINGS)])
    shares = np.unique(np.round(shares, 9))
    # Rings are level near the tip and tilt into the plane of the cut on their way up.
    rounded = near_tip[-1] / (ends - tip_height).mean()
    rings = []
    for share in shares:
        if share <= rounded:
            heights = np.full(len(angle), tip_height + share * (ends - tip_height).mean())
        else:
            start = tip_height + near_tip[-1]
            heights = start + (share - rounded) / (1 - rounded) * (ends - start)
        rings.append(places(heights))
    rings[0][:] = rings[0].mean(axis=0)
    rings[-1] = rings[-1] - np.outer(rings[-1] @ frame.cut - frame.level, frame.cut)
    assert np.ptp(rings[0], axis=0).max() < POLE
    return Lofted(np.array(rings))


def ball_and_neck(frame: StemFrame, ball_radius: float, cut_ring: np.ndarray) -> tuple[Sheet, ...]:
    """Neck, trunnion and ball above the neck cut, on the ring in which the stem passes it."""
    face_radius = TRUNNION_RADIUS + FACE
    face = -float(np.sqrt(ball_radius**2 - face_radius**2))
    top, end = face + TRUNNION_LENGTH, TRUNNION_RADIUS - TRUNNION_LENGTH * TRUNNION_TAPER

    def turned(*profile) -> Turned:
        return Turned(np.array(profile, float), frame.centre, frame.neck)

    opening = turned((TRUNNION_RADIUS, face), (TRUNNION_RADIUS, face + 1)).ring(0)
    pierced = (frame.level - frame.cut @ frame.centre) / (frame.cut @ frame.neck)  # where the neck's axis meets the cut
    run = min(NECK_RUN, 0.6 * (face - pierced))
    shoulder = turned((NECK_RADIUS, pierced + run), (NECK_RADIUS, face)).ring(0)
    outer = arc(ball_radius, (face_radius, face), (0, ball_radius), step=ARC_STEP)
    return (
        Sheet("neck", Lofted(np.array([cut_ring, shoulder, opening])), "stem", NOTHING),
        Sheet("trunnion", turned((TRUNNION_RADIUS, face), (end, top), (0, top)), "stem", "head"),
        Sheet("head_face", turned((TRUNNION_RADIUS, face), (face_radius, face)), "head", NOTHING),
        Sheet("head_outer", Turned(outer, frame.centre, frame.neck), "head", NOTHING),
    )


def ring_directions(frame: StemFrame) -> np.ndarray:
    """(n, 3) unit vectors from the neck's axis to the points of its circles, which the body's rings follow."""
    ring = Turned(np.array([(1.0, 0.0), (1.0, 1.0)]), np.zeros(3), frame.neck).ring(0)
    return ring
