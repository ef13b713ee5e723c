"""How far a landmark that was found can be trusted: a number 0…1 with what it rests on.

The number is no probability. 1: the evidence is as good as on cleanly segmented femora; 0: a little worse and the
finder refuses. Below LOW one looks at the picture before one relies on the landmark.
"""

from dataclasses import dataclass

import numpy as np

from femsim.anatomy.axes import Neck, Shaft
from femsim.anatomy.head import LEAST_COVER, Head

LOW = 0.5
# Where evidence is as good as on sound femora, and where it is worth nothing. Seen on LibHip m3 and m4, gfxmorph and
# Comodo in brackets; the bounds between are femsim's own choice (assumed).
GOOD_COVER = 0.55  # of the head's sphere (0.56–0.81); LEAST_COVER is refused
GOOD_RESIDUAL, BAD_RESIDUAL = 0.025, 0.10  # of the head radius, RMS away from the sphere (0.018–0.031)
GOOD_NARROW, BAD_NARROW = 0.70, 0.93  # neck's radius over the head's (0.62–0.72)
GOOD_SPREAD, BAD_SPREAD = 1.5, 6.0  # degrees, centroids of the narrow sections off the axis (0.7–3.3)
GOOD_WANDER, BAD_WANDER = 0.04, 0.15  # of the head radius, RMS of the shaft's centroids off the axis (0.008–0.027)
GOOD_FITTED, BAD_FITTED = 1.8, 0.3  # head radii of shaft that the axis rests on (1.9–2.8)
GOOD_RISE, BAD_RISE = (
    0.35,
    0.0,
)  # head radii of the greater trochanter above the saddle beside the neck (0.5–0.9)
GOOD_BULGE, BAD_BULGE = 0.4, 0.02  # head radii by which the lesser one stands out of the shaft's contour (0.55–0.72)
SURE_SIDE = 10.0  # mm, sum of both trochanters behind the neck plane


@dataclass(frozen=True)
class Confidence:
    """value : 0…1; basis : what it rests on, in words."""

    value: float
    basis: str


GIVEN = Confidence(1.0, "given, not found")


def of_head(head: Head) -> Confidence:
    """From the sphere's cover and the bone's distance from it."""
    value = _ramp(head.cover, LEAST_COVER, GOOD_COVER) * _ramp(
        head.residual, BAD_RESIDUAL * head.radius, GOOD_RESIDUAL * head.radius
    )
    return Confidence(
        value, f"bone lies on {100 * head.cover:.0f} % of the sphere, {head.residual:.2f} mm RMS off its upper half"
    )


def of_neck(neck: Neck, head: Head) -> Confidence:
    """From how narrow the neck is beside the head, and how straight its sections lie."""
    narrow = neck.radius / head.radius
    value = _ramp(narrow, BAD_NARROW, GOOD_NARROW) * _ramp(neck.spread_deg, BAD_SPREAD, GOOD_SPREAD)
    return Confidence(
        value,
        f"narrowest section has {100 * narrow:.0f} % of the head's radius, section centres lie {neck.spread_deg:.1f}° "
        "RMS off the axis",
    )


def of_shaft(shaft: Shaft, head: Head) -> Confidence:
    """From how straight the shaft is, and how much of it there is."""
    value = _ramp(shaft.residual, BAD_WANDER * head.radius, GOOD_WANDER * head.radius)
    value *= _ramp(shaft.fitted, BAD_FITTED * head.radius, GOOD_FITTED * head.radius)
    return Confidence(
        value, f"section centres over {shaft.fitted:.0f} mm of shaft lie {shaft.residual:.2f} mm RMS off the axis"
    )


def of_greater(points: np.ndarray, tip: np.ndarray, radius: float) -> Confidence:
    """From how far the tip rises above the saddle between head and trochanter.

    points : (n, 3) of the surface with the neck in the x–z plane, head centre at the origin; tip : (3,) in that frame.
    """
    stations = np.linspace(0.9 * radius, max(tip[0], 1.2 * radius), 25)
    width = stations[1] - stations[0]
    upper = points[points[:, 2] > -2.5 * radius]
    tops = [upper[np.abs(upper[:, 0] - x) < max(width, 0.06 * radius), 2].max(initial=-np.inf) for x in stations]
    tops = [top for top in tops if np.isfinite(top)]
    rise = float(tip[2] - min(tops)) if tops else 0.0
    return Confidence(
        _ramp(rise, BAD_RISE * radius, GOOD_RISE * radius), f"tip stands {rise:.1f} mm above the saddle beside the neck"
    )


def of_lesser(points: np.ndarray, place: np.ndarray, shaft_point: np.ndarray, radius: float) -> Confidence:
    """From how far it stands out of the contour of the shaft a head radius above and below it; frame as above."""
    across = place[:2] - shaft_point[:2]
    reach = float(np.linalg.norm(across))
    towards = across / max(reach, 1e-9)
    beside = points[:, :2] - shaft_point[:2]
    inward = beside @ towards > 0.8 * np.linalg.norm(beside, axis=1)

    def contour(height: float) -> float:
        near = inward & (np.abs(points[:, 2] - height) < 0.12 * radius)
        return float((beside[near] @ towards).max(initial=0.0)) if near.any() else reach

    bulge = reach - contour(place[2] - 0.8 * radius)
    return Confidence(
        _ramp(bulge, BAD_BULGE * radius, GOOD_BULGE * radius), f"stands {bulge:.1f} mm out of the shaft below it"
    )


def of_side(posterior: tuple[float, float], sure: bool) -> Confidence:
    """From how far both trochanters lie behind the neck plane; little where they contradict each other."""
    lesser, greater = posterior
    value = _ramp(abs(lesser + greater), 0.0, SURE_SIDE) * (1.0 if lesser * greater > 0 else 0.4)
    basis = (
        f"lesser trochanter {abs(lesser):.1f} mm and greater trochanter {abs(greater):.1f} mm behind the neck plane"
        if lesser * greater > 0
        else f"lesser ({lesser:+.1f} mm) and greater trochanter ({greater:+.1f} mm) speak for different sides"
    )
    return Confidence(value if sure else min(value, LOW), basis)


def _ramp(value: float, bad: float, good: float) -> float:
    """0 at bad, 1 at good, straight between; good may lie below bad."""
    return float(np.clip((value - bad) / (good - bad), 0.0, 1.0)) if np.isfinite(value) else 0.0
