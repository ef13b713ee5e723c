"""Construction lines of a surgical plan: axes, arcs with their angle, crosses at centres, a bar of 10 and 50 mm."""

from typing import Any

import numpy as np

from femsim.view.canvas import Eye
from femsim.view.sheet import INK, TEXT

NATURAL, IMPLANT = "#0b5fa5", "#b3470b"


def words(axes: Any, place: np.ndarray, said: str, ink: str = INK, **more: Any) -> None:
    """Words on paper that can be read over bone and metal."""
    from matplotlib.patheffects import withStroke

    more = {"ha": "center", "va": "center", **more}
    axes.text(*place, said, size=TEXT, color=ink, path_effects=[withStroke(linewidth=2.6, foreground="white")], **more)


def line(axes: Any, eye: Eye, point: np.ndarray, along: np.ndarray, ink: str, *, ends=None, style="-.") -> None:
    """An axis across the whole picture, or between two ends (2,)."""
    if ends is None:
        reach = 4.0 * (eye.half_width + eye.half_height)
        ends = (point - reach * along, point + reach * along)
    xs, ys = np.array(ends).T
    width = 1.6 if ink == NATURAL and style == "-." else 1.0  # seen on both sides of an implant's axis that lies on it
    axes.plot(xs, ys, color=ink, linestyle=style, linewidth=width, clip_on=True, scalex=False, scaley=False)


def meeting(point: np.ndarray, along: np.ndarray, other: np.ndarray, other_along: np.ndarray) -> np.ndarray:
    """(2,) where two lines on paper meet; the foot of one's point on the other where they run along each other."""
    turned = np.array([-other_along[1], other_along[0]])
    sine = along @ turned
    if abs(sine) < 1e-6:
        return other + ((point - other) @ other_along) / (other_along @ other_along) * other_along
    return point + ((other - point) @ turned) / sine * along


def angle(
    axes: Any,
    corner: np.ndarray,
    one: np.ndarray,
    other: np.ndarray,
    radius: float,
    said: str,
    ink: str,
    *,
    reach: float = 1.0,
) -> None:
    """An arc between two directions (2,), with words on its middle, `reach` radii from the corner."""
    from matplotlib.patches import Arc

    angles = [np.degrees(np.arctan2(direction[1], direction[0])) for direction in (one, other)]
    turn = (angles[1] - angles[0] + 180.0) % 360.0 - 180.0
    low = angles[0] if turn > 0 else angles[1]
    axes.add_patch(Arc(corner, 2 * radius, 2 * radius, theta1=low, theta2=low + abs(turn), color=ink, linewidth=1.3))
    middle = np.radians(angles[0] + 0.5 * turn)
    if said:
        words(axes, corner + reach * radius * np.array([np.cos(middle), np.sin(middle)]), said, ink)


def ring(axes: Any, centre: np.ndarray, radius: float, ink: str) -> None:
    """The circle of a head."""
    from matplotlib.patches import Circle

    axes.add_patch(Circle(centre, radius, fill=False, edgecolor=ink, linewidth=0.9, linestyle=(0, (1, 1.5))))


def cross(axes: Any, place: np.ndarray, ink: str, shape: str) -> None:
    """A centre."""
    axes.plot(*place, shape, color=ink, markersize=9, mew=1.7, scalex=False, scaley=False)


def distance(axes: Any, start: np.ndarray, end: np.ndarray, said: str, radius: float) -> None:
    """How far two centres are apart, said beside them with a thin leader."""
    away = start + radius * np.array([0.62, -0.45])
    axes.plot(*np.array([start, end]).T, color=INK, linewidth=1.0, scalex=False, scaley=False)
    axes.plot(*np.array([(start + end) / 2, away]).T, color=INK, linewidth=0.6, scalex=False, scaley=False)
    words(axes, away, said, va="top", ha="left")


def scale_bar(axes: Any, eye: Eye) -> None:
    """50 mm, the first 10 of them marked, in the lower right corner; 10 mm alone where the picture is small."""
    length = 50.0 if eye.half_width > 45.0 else 10.0
    right, low = eye.half_width - 3.0, -eye.half_height + 3.0
    left = right - length
    for start, end in (
        ((left, low), (right, low)),
        *(((x, low - 1.2), (x, low + 1.2)) for x in (left, left + 10, right)),
    ):
        axes.plot(*np.array([start, end]).T, color=INK, linewidth=1.2, scalex=False, scaley=False)
    words(axes, np.array([left + 5.0, low + 4.0]), "10" if length > 10.0 else "10 mm")
    if length > 10.0:
        words(axes, np.array([right, low + 4.0]), "50 mm", ha="right")
