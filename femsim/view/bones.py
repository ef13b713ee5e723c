"""A bare bone on paper with its measures on it, as a surgeon's template has them; or with its bad triangles."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from femsim.mesh.surface import Surface
from femsim.view.canvas import Canvas, Eye, Looks, eye_on
from femsim.view.sheet import FAINT, INK, SMALL, TEXT, Sheet

BONE = (0.93, 0.90, 0.82)
LINE, DOUBT = "#0b5fa5", "#b3261e"  # construction lines; what is not sure
LOW = 0.5  # confidence below which a landmark is drawn as doubtful
SHOWN_BELOW = 7.0  # head radii of shaft below the head that are drawn large
PIXELS_PER_INCH = 170
WIDTH, HEIGHT = 12.4, 7.4  # inches of the page
TOP, BOTTOM = 0.95, 0.45  # inches for the title above and the legend below


@dataclass(frozen=True)
class Template:
    """What is drawn of a femur; all places in the femur frame (x lateral, y anterior, z along the shaft) [mm, degrees].

    surface : the bone as a right femur; side : which one it is, a left one is drawn as such.
    measures : key → number, None where it is not defined; rows : (name, value with unit) of the table.
    places : head_centre is the origin; neck_centre, shaft_point, greater_trochanter, lesser_trochanter, neck_axis.
    confidence : landmark → 0…1.
    """

    title: str
    surface: Surface
    side: str
    measures: Mapping[str, Any]
    rows: Sequence[tuple[str, str]]
    places: Mapping[str, np.ndarray]
    confidence: Mapping[str, float]
    assumed_anteversion: float


def draw_template(template: Template, path: Path) -> None:
    """A page with the femur from the front, the side and above, its axes and measures; a PNG."""
    sheet = Sheet(WIDTH, HEIGHT)
    radius = template.measures["head_radius_mm"]
    axis = template.places["neck_axis"]
    lateral = -np.array([axis[0], axis[1], 0.0]) / np.hypot(*axis[:2])
    anterior, up = np.array([-lateral[1], lateral[0], 0.0]), np.array([0.0, 0.0, 1.0])
    out = -1.0 if template.side == "right" else 1.0  # a right femur, seen from the front, has lateral on the left
    bone = _polygons(template.surface)
    upper = bone.clip(normal=(0, 0, 1), origin=(0, 0, -SHOWN_BELOW * radius), invert=False)
    corners = np.asarray(upper.points)
    height = HEIGHT - TOP - BOTTOM
    views = (
        ("from the front, neck in the plane of the paper", _Paper(out * lateral, up, corners, 0.16)),
        ("from the lateral side", _Paper(-out * anterior, up, corners, 0.16)),
    )
    left = 0.2
    with Canvas() as canvas:
        for (name, paper), write in zip(views, (_front, _side)):
            axes = _placed(sheet, canvas, upper, paper, left, BOTTOM, height, mirrored=out > 0)
            write(axes, paper.shown, template, lateral, anterior)
            sheet.text(left + 0.1, BOTTOM - 0.22, name, SMALL, color=FAINT)
            left += height * paper.eye.half_width / paper.eye.half_height + 0.15
        head = upper.clip(normal=(0, 0, 1), origin=(0, 0, -3.2 * radius), invert=False)
        paper = _Paper(out * np.array([1.0, 0, 0]), -np.array([0, 1.0, 0]), np.asarray(head.points), 0.14)
        wide = WIDTH - left - 0.15
        tall = min(wide * paper.eye.half_height / paper.eye.half_width, 3.6)
        axes = _placed(sheet, canvas, head, paper, left, HEIGHT - TOP - tall, tall, mirrored=out > 0)
        _above(axes, paper.shown, template)
        sheet.text(left + 0.1, HEIGHT - TOP + 0.04, "from above, front of the body below", SMALL, color=FAINT)
    _table(sheet, template, left + 0.1, HEIGHT - TOP - tall - 0.3)
    sheet.title(
        template.title, "Lengths in mm. Axes and landmarks as femsim found them; red where confidence is below 0.5."
    )
    sheet.save(path, f"Measures of a {template.side} femur: front, side and top view with landmarks")


@dataclass(frozen=True)
class Damage:
    """Where a surface was bad, as `BadPlaces` has it, and the sentences on what was done."""

    title: str
    surface: Surface
    crossing: np.ndarray
    left_out: np.ndarray
    borders: np.ndarray
    notes: Sequence[str]


def draw_damage(damage: Damage, path: Path) -> None:
    """A page with the mended bone and, on it, crossing triangles red, left-out ones blue, open edges ringed; a PNG."""
    sheet = Sheet(WIDTH, HEIGHT)
    points = damage.surface.points
    directions = np.linalg.svd(points - points.mean(axis=0), full_matrices=False)[2]
    long, broad, thin = directions
    long = long * (np.sign(long[2]) or 1.0)
    things = [Looks(_polygons(damage.surface), BONE, opacity=0.45)]
    parts = (
        ("crosses others", damage.crossing, "#d02020"),
        ("left out (double, other shell)", damage.left_out, "#2266cc"),
    )
    for _, corners, colour in parts:
        if len(corners):
            rows = np.arange(3 * len(corners)).reshape(-1, 3)
            things.append(Looks(_polygons(Surface(corners.reshape(-1, 3), rows)), _rgb(colour), lit=False))
    left, height = 0.2, HEIGHT - TOP - BOTTOM - 0.3
    with Canvas() as canvas:
        for right in (broad, -broad, thin):
            eye = eye_on(points, right, long)
            wide = height * eye.half_width / eye.half_height
            pixels = canvas.draw(things, eye, round(height * PIXELS_PER_INCH))
            axes = sheet.picture(pixels, eye, left, BOTTOM + 0.1, height)
            if len(damage.borders):
                _edges(axes, eye, damage.borders)
            left += wide + 0.1
    named = [(f"{len(corners)} triangles: {name}", colour) for name, corners, colour in parts]
    named.append((f"{len(damage.borders)} open edges, ringed", "#000000"))
    room = max(WIDTH - left - 0.3, 3.0)
    sheet.swatches(named, WIDTH - room, HEIGHT - TOP - 0.75)
    _paragraph(sheet, damage.notes or ("Nothing had to be repaired.",), WIDTH - room, HEIGHT - TOP - 1.25, room)
    sheet.title(damage.title, "The mended bone, and where the surface given was bad.")
    sheet.save(path, "A bone surface with the triangles that repair changed")


class _Paper:
    """An eye with room for labels, and the map from space to paper."""

    def __init__(self, right: np.ndarray, up: np.ndarray, corners: np.ndarray, margin: float):
        self.eye: Eye = eye_on(corners, right, up, margin=0.0)
        room = margin * max(self.eye.half_height, self.eye.half_width)
        self.eye = Eye(
            self.eye.right, self.eye.up, self.eye.centre, self.eye.half_width + room, self.eye.half_height + room
        )

    def shown(self, points) -> np.ndarray:
        """(k, 2) on paper [mm]."""
        return self.eye.on_paper(np.asarray(points, float))


def _placed(sheet: Sheet, canvas: Canvas, bone: Any, paper: _Paper, left, bottom, height, *, mirrored: bool) -> Any:
    # A mirrored view of the right femur is the view of the left one; the eye's own right × up then points away from
    # the viewer, so the picture is drawn from the true side and turned over.
    eye = paper.eye
    drawn = Eye(-eye.right, eye.up, eye.centre, eye.half_width, eye.half_height) if mirrored else eye
    pixels = canvas.draw([Looks(bone, BONE)], drawn, round(height * PIXELS_PER_INCH))
    return sheet.picture(pixels[:, ::-1] if mirrored else pixels, eye, left, bottom, height)


def _front(axes: Any, at, template: Template, lateral: np.ndarray, anterior: np.ndarray) -> None:
    told, places, radius = template.measures, template.places, template.measures["head_radius_mm"]
    axis, shaft = places["neck_axis"], places["shaft_point"]
    up = np.array([0.0, 0.0, 1.0])
    meeting = -told["neck_length_mm"] * axis
    sure = template.confidence
    _circle(axes, at([np.zeros(3)])[0], radius, _ink(sure["head"]))
    _label(axes, at([0.62 * radius * up - 0.35 * radius * lateral])[0], f"Ø {2 * radius:.1f}", _ink(sure["head"]))
    _stroke(axes, at([1.25 * radius * axis, meeting - 0.55 * radius * axis]), _ink(sure["neck_axis"]), "-.")
    low, high = -SHOWN_BELOW * radius * 1.02, places["greater_trochanter"][2] + 0.5 * radius
    on_shaft = np.array([shaft[0], shaft[1], 0.0])
    _stroke(axes, at([on_shaft + low * up, on_shaft + high * up]), _ink(sure["shaft_axis"]), "-.")
    _arc(
        axes, *at([meeting, meeting + axis, meeting - up]), 0.85 * radius, f"{told['neck_shaft_angle_deg']:.1f}°", 0.68
    )
    superior = np.cross(anterior, axis)
    superior = superior * np.sign(superior[2])
    half = 0.5 * told["neck_height_mm"] * superior
    _measure(axes, *at([places["neck_centre"] - half, places["neck_centre"] + half]), f"{told['neck_height_mm']:.1f}")
    top = (max(high, 1.35 * radius)) * up
    foot = (on_shaft @ lateral) * lateral
    _measure(axes, *at([top, foot + top]), f"offset {told['offset_mm']:.1f}", legs=at([np.zeros(3), foot]))
    if told["shaft_width_mm"] is not None:
        level, half = -110.0 / 24.0 * radius * up + foot, 0.5 * told["shaft_width_mm"] * lateral
        _measure(axes, *at([level - half, level + half]), f"{told['shaft_width_mm']:.1f}")
    tip = places["greater_trochanter"]
    beside = foot + (told["trochanter_overhang_mm"] + 0.12 * radius) * lateral
    ends = at([beside, beside + tip[2] * up])
    _measure(axes, *ends, f"{tip[2]:+.1f}", legs=at([np.zeros(3), tip]))
    _trochanters(axes, at, template)


def _side(axes: Any, at, template: Template, lateral: np.ndarray, anterior: np.ndarray) -> None:
    told, places, radius = template.measures, template.places, template.measures["head_radius_mm"]
    up, shaft = np.array([0.0, 0.0, 1.0]), places["shaft_point"]
    on_shaft = np.array([shaft[0], shaft[1], 0.0])
    sure = template.confidence
    _circle(axes, at([np.zeros(3)])[0], radius, _ink(sure["head"]))
    low, high = -SHOWN_BELOW * radius * 1.02, places["greater_trochanter"][2] + 0.5 * radius
    _stroke(axes, at([on_shaft + low * up, on_shaft + high * up]), _ink(sure["shaft_axis"]), "-.")
    if told["shaft_depth_mm"] is not None:
        level = -110.0 / 24.0 * radius * up + on_shaft
        half = 0.5 * told["shaft_depth_mm"] * anterior
        _measure(axes, *at([level - half, level + half]), f"{told['shaft_depth_mm']:.1f}")
    _trochanters(axes, at, template)


def _above(axes: Any, at, template: Template) -> None:
    told, places, radius = template.measures, template.places, template.measures["head_radius_mm"]
    axis = places["neck_axis"]
    x = np.array([1.0, 0.0, 0.0])
    sure = template.confidence
    _circle(axes, at([np.zeros(3)])[0], radius, _ink(sure["head"]))
    meeting = -told["neck_length_mm"] * axis
    _stroke(axes, at([1.4 * radius * axis, meeting - 0.4 * radius * axis]), _ink(sure["neck_axis"]), "-.")
    measured = told["anteversion_deg"] is not None
    _stroke(axes, at([meeting - 0.3 * radius * x, meeting - 3.4 * radius * x]), LINE if measured else FAINT, "--")
    angle = told["anteversion_deg"] if measured else template.assumed_anteversion
    text = f"{angle:.1f}°" + ("" if measured else " assumed")
    _arc(axes, *at([meeting, meeting + axis, meeting - x]), 2.75 * radius, text, reach=0.86)
    _mark(axes, at([places["shaft_point"]])[0], "+", _ink(sure["shaft_axis"]))
    _trochanters(axes, at, template)


def _trochanters(axes: Any, at, template: Template) -> None:
    for name, short in (("greater_trochanter", "GT"), ("lesser_trochanter", "LT")):
        place, ink = at([template.places[name]])[0], _ink(template.confidence[name])
        _mark(axes, place, "o", ink)
        _label(axes, place + np.array([0.0, 6.0 if short == "GT" else -6.0]), short, ink)


def _table(sheet: Sheet, template: Template, left: float, top: float) -> None:
    """The measures in two columns."""
    half, step, column = (len(template.rows) + 1) // 2, 0.2, 2.45
    for k, (name, value) in enumerate(template.rows):
        x, y = left + column * (k // half), top - step * (k % half)
        sheet.text(x, y, name, SMALL, color=FAINT if value == "–" else INK)
        sheet.text(x + column - 0.3, y, value, SMALL, ha="right", color=FAINT if value == "–" else INK)


def _paragraph(sheet: Sheet, notes: Sequence[str], left: float, top: float, room: float) -> None:
    import textwrap

    lines = [line for note in notes for line in [*textwrap.wrap(note, int(room * 14.5)), ""]]
    for k, line in enumerate(lines[:30]):
        sheet.text(left, top - 0.17 * k, line, SMALL)


def _ink(confidence: float) -> str:
    return LINE if confidence >= LOW else DOUBT


_HALO = [("white", 2.6)]


def _stroke(axes: Any, ends: np.ndarray, ink: str, style: str = "-", width: float = 1.1) -> None:
    axes.plot(*ends.T, color=ink, linestyle=style, linewidth=width, solid_capstyle="butt", scalex=False, scaley=False)


def _circle(axes: Any, centre: np.ndarray, radius: float, ink: str) -> None:
    from matplotlib.patches import Circle

    axes.add_patch(Circle(centre, radius, fill=False, edgecolor=ink, linewidth=1.3))
    _mark(axes, centre, "+", ink)


def _mark(axes: Any, place: np.ndarray, shape: str, ink: str) -> None:
    axes.plot(*place, shape, color=ink, markersize=8 if shape == "+" else 4.5, mew=1.2, scalex=False, scaley=False)


def _label(axes: Any, place: np.ndarray, words: str, ink: str = INK, **more: Any) -> None:
    from matplotlib.patheffects import withStroke

    effects = [withStroke(linewidth=width, foreground=colour) for colour, width in _HALO]
    axes.text(*place, words, size=TEXT, color=ink, path_effects=effects, **{"ha": "center", "va": "center", **more})


def _measure(axes: Any, start: np.ndarray, end: np.ndarray, words: str, legs: np.ndarray | None = None) -> None:
    """A dimension line with arrows at both ends, its number beside the middle; `legs` : what its ends stand for."""
    for place, leg in zip((start, end), () if legs is None else legs):
        _stroke(axes, np.array([leg, place]), FAINT, ":", 0.8)
    arrow = {"arrowstyle": "<|-|>", "color": INK, "linewidth": 0.9, "shrinkA": 0, "shrinkB": 0, "mutation_scale": 8}
    axes.annotate("", xy=end, xytext=start, arrowprops=arrow)
    along = (end - start) / max(np.linalg.norm(end - start), 1e-9)
    beside = np.array([-along[1], along[0]])
    if abs(along[1]) > 0.9:
        outward = 1.0 if legs is not None and legs[0][0] < start[0] else -1.0
        _label(axes, (start + end) / 2 + np.array([2.0 * outward, 0.0]), words, ha="left" if outward > 0 else "right")
    else:
        _label(axes, (start + end) / 2 + 5.5 * (beside if beside[1] > 0 else -beside), words)


def _arc(
    axes: Any, corner: np.ndarray, one: np.ndarray, other: np.ndarray, radius: float, words: str, reach: float
) -> None:
    """An angle with its number, which stands at `reach` radii from the corner."""
    from matplotlib.patches import Arc

    angles = [np.degrees(np.arctan2(*(end - corner)[::-1])) for end in (one, other)]
    turn = (angles[1] - angles[0] + 180.0) % 360.0 - 180.0
    low = angles[0] if turn > 0 else angles[1]
    axes.add_patch(Arc(corner, 2 * radius, 2 * radius, theta1=low, theta2=low + abs(turn), color=LINE, linewidth=1.2))
    middle = np.radians(angles[0] + 0.5 * turn)
    _label(axes, corner + reach * radius * np.array([np.cos(middle), np.sin(middle)]), words, LINE)


def _edges(axes: Any, eye: Eye, borders: np.ndarray) -> None:
    from matplotlib.collections import LineCollection

    flat = eye.on_paper(borders.reshape(-1, 3)).reshape(-1, 2, 2)
    axes.add_collection(LineCollection(flat, colors="black", linewidths=1.2))
    if len(flat) < 2000:
        axes.plot(*flat.mean(axis=1).T, "o", mfc="none", mec="black", ms=7, mew=0.7, scalex=False, scaley=False)


def _polygons(surface: Surface) -> Any:
    import pyvista

    faces = np.hstack([np.full((surface.n_triangles, 1), 3), surface.triangles])
    return pyvista.PolyData(surface.points, faces.ravel())


def _rgb(colour: str) -> tuple[float, float, float]:
    from matplotlib.colors import to_rgb

    return to_rgb(colour)
