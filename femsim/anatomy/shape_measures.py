"""What recognising and measuring a femur would find, read off the implicit shape before there is a surface.

The definitions are those of `femsim.anatomy.axes` and `femsim.anatomy.landmarks`: the neck axis runs from the head
centre through the centroids of the narrowest sections across it, the shaft axis through the centroids of sections below
the lesser trochanter. A shape is made to given measures by measuring it, and correcting it by what was found.
"""

from dataclasses import dataclass, replace

import numpy as np

from femsim.anatomy.axes import SHAFT_FROM, SHAFT_TO
from femsim.anatomy.frame import axes_of
from femsim.anatomy.landmarks import LESSER_FROM, LESSER_TO, trochanter_from
from femsim.anatomy.proximal_shape import ProximalShape
from femsim.errors import GeometryError

SHAFT_LEVEL = 110.0  # mm below the head centre, where width and depth of the shaft are taken
N_RAYS = 48  # of a section
CLOSE = 0.05  # mm and degrees: a measure this near to the wanted one needs no further correction
WITHIN = 0.5  # mm and degrees: nearer than this a shape must come to the wanted measures
ROUNDS = 14


@dataclass(frozen=True)
class ShapeMeasures:
    """Measures of a shape [mm, degrees]; axes and places are in the neck frame.

    neck_axis : unit (3,), to the head; shaft_axis : unit (3,), proximal; shaft_point : (3,) on it.
    neck_height, neck_depth : of the narrowest section, across the neck axis.
    shaft_width, shaft_depth : `SHAFT_LEVEL` below the head centre, along and across the neck's projection.
    trochanter_height : of the tip above the head centre, along the shaft axis.
    trochanter_width : from the shaft axis to the most lateral point of the greater trochanter.
    lesser_trochanter : distance of its tip from the shaft axis, seen half medially and half backward.
    """

    neck_axis: np.ndarray
    shaft_axis: np.ndarray
    shaft_point: np.ndarray
    neck_shaft_angle: float
    offset: float
    neck_height: float
    neck_depth: float
    shaft_width: float
    shaft_depth: float
    trochanter_height: float
    trochanter_width: float
    lesser_trochanter: float


def measured(shape: ProximalShape, shaft_length: float) -> ShapeMeasures:
    """The measures of a shape whose shaft is cut `shaft_length` [mm] below the head centre."""
    shaft_axis, shaft_point = _shaft_axis(shape, shaft_length)
    neck_axis, outline = _neck(shape)
    lateral, anterior, _ = axes_of(neck_axis, shaft_axis, 0.0)
    superior = np.cross(neck_axis, anterior)
    level = shape.head - SHAFT_LEVEL * shaft_axis
    centre = shaft_point + ((level - shaft_point) @ shaft_axis) * shaft_axis
    ring = _section(shape, centre[None], lateral, anterior, 0.7 * shape.radius)[0]
    from_axis = (shape.head - shaft_point) - ((shape.head - shaft_point) @ shaft_axis) * shaft_axis
    frame = np.stack([lateral, anterior, shaft_axis])
    return ShapeMeasures(
        neck_axis=neck_axis,
        shaft_axis=shaft_axis,
        shaft_point=shaft_point,
        neck_shaft_angle=180.0 - float(np.degrees(np.arccos(neck_axis @ shaft_axis))),
        offset=float(np.linalg.norm(from_axis)),
        neck_height=float(np.ptp(outline @ superior)),
        neck_depth=float(np.ptp(outline @ anterior)),
        shaft_width=float(np.ptp(ring @ lateral)),
        shaft_depth=float(np.ptp(ring @ anterior)),
        **_trochanters(shape, frame, frame @ (shaft_point - shape.head)),
    )


def made_to_measure(shape: ProximalShape, wanted: dict[str, float], shaft_length: float) -> ProximalShape:
    """The shape corrected until it has the wanted measures, by name of `ShapeMeasures`.

    Raises
    ------
    GeometryError
        Where the measures do not go together.
    """
    for _ in range(ROUNDS):
        found = measured(shape, shaft_length)
        missing = {name: value - getattr(found, name) for name, value in wanted.items()}
        if max(abs(gap) for gap in missing.values()) < CLOSE:
            return shape
        shape = _corrected(shape, missing)
    if max(abs(gap) for gap in missing.values()) < WITHIN:
        return shape
    name = max(missing, key=lambda name: abs(missing[name]))
    words = name.replace("_", " ")
    raise GeometryError(
        f"These measures make no femur: the {words} came out as {wanted[name] - missing[name]:.1f}, {wanted[name]:g} "
        "was asked for.",
        where="[femur]",
        why="the other measures leave no room for it",
        remedy=f"choose a {words} nearer to {wanted[name] - missing[name]:.0f}, or change the measures beside it",
    )


def _corrected(shape: ProximalShape, missing: dict[str, float]) -> ProximalShape:
    """The shape with each of its numbers moved by what is missing of the measure it governs."""

    def gap(name: str, limit: float) -> float:
        return float(np.clip(missing.get(name, 0.0), -limit, limit))

    tilt = np.arctan2(-shape.head[0], shape.head[2]) - np.radians(gap("neck_shaft_angle", 5.0))
    across = max(-shape.head[0] + gap("offset", 8.0), 0.8 * shape.radius)
    halves = np.array([*shape.neck_half, *shape.shaft_half]) + 0.5 * np.array(
        [gap(name, 6.0) for name in ("neck_height", "neck_depth", "shaft_width", "shaft_depth")]
    )
    halves = np.maximum(halves, 0.15 * shape.radius)
    form = shape.form
    form = replace(
        form,
        greater_rise=form.greater_rise + gap("trochanter_height", 8.0),
        greater_lateral=form.greater_lateral + gap("trochanter_width", 8.0),
        lesser_out=form.lesser_out + gap("lesser_trochanter", 8.0),
    )
    head = np.array([-across, 0.0, across / np.tan(np.clip(tilt, 0.3, 1.5))])
    return replace(shape, head=head, neck_half=tuple(halves[:2]), shaft_half=tuple(halves[2:]), form=form)


def _shaft_axis(shape: ProximalShape, shaft_length: float) -> tuple[np.ndarray, np.ndarray]:
    radius = shape.radius
    depths = np.arange(SHAFT_FROM * radius, min(SHAFT_TO * radius, shaft_length - 1.5) + 1e-9, 3.0)
    axis, point = np.array([0.0, 0.0, 1.0]), np.array([0.0, -shape.form.shaft_behind, shape.head[2] - depths.mean()])
    for _ in range(3):
        u, v = np.linalg.svd(axis[None])[2][1:]
        levels = (shape.head - point) @ axis - depths
        rings = _section(shape, point + levels[:, None] * axis, u, v, 0.7 * radius)
        middle = np.array([_centroid(ring, u, v)[1] for ring in rings])
        new = np.linalg.svd(middle - middle.mean(axis=0), full_matrices=False)[2][0]
        axis, point = new * np.sign(new[2]), middle.mean(axis=0)
    return axis, point


def _neck(shape: ProximalShape) -> tuple[np.ndarray, np.ndarray]:
    """Neck axis, and the outline (k, 3) of the narrowest section."""
    down = -shape.head / np.linalg.norm(shape.head)
    depths = np.arange(0.8, 2.05, 0.05) * shape.radius
    for _ in range(25):
        u, v = np.linalg.svd(down[None])[2][1:]
        rings = _section(shape, shape.head + depths[:, None] * down, u, v, 0.7 * shape.radius)
        area, centroids = (np.array(each) for each in zip(*(_centroid(ring, u, v) for ring in rings)))
        narrowest = int(np.argmin(area))
        narrow = np.flatnonzero(area < 1.08 * area[narrowest])
        narrow = narrow[np.abs(narrow - narrowest) <= 6]
        new = (centroids[narrow] - shape.head).mean(axis=0)
        new = new / np.linalg.norm(new)
        turn, down = np.linalg.norm(new - down), new
        if turn < 2e-4:
            break
    return -down, rings[narrowest]


def _section(shape: ProximalShape, centres: np.ndarray, u: np.ndarray, v: np.ndarray, guess: float) -> np.ndarray:
    """(s, k, 3) outlines of sections across u and v, as seen from the centres (s, 3)."""
    angle = 2 * np.pi * np.arange(N_RAYS) / N_RAYS
    rays = np.cos(angle)[:, None] * u + np.sin(angle)[:, None] * v
    starts = np.repeat(centres, N_RAYS, axis=0)
    reach = _first_crossing(shape, starts, np.tile(rays, (len(centres), 1)), inside=True, longest=4 * guess)
    return (starts + reach[:, None] * np.tile(rays, (len(centres), 1))).reshape(len(centres), N_RAYS, 3)


def _first_crossing(shape, starts: np.ndarray, rays: np.ndarray, *, inside: bool, longest: float) -> np.ndarray:
    """(n,) distance along the rays to the surface, from inside or from outside; at most `longest` [mm]."""
    sign = -1.0 if inside else 1.0
    reach = np.zeros(len(starts))
    open_rays = np.arange(len(starts))
    for _ in range(40):
        value = sign * shape(starts[open_rays] + reach[open_rays, None] * rays[open_rays])
        reach[open_rays] = np.minimum(reach[open_rays] + value, longest)
        open_rays = open_rays[(np.abs(value) > 0.01) & (reach[open_rays] < longest)]
        if not len(open_rays):
            break
    return np.maximum(reach, 0.0)


def _centroid(ring: np.ndarray, u: np.ndarray, v: np.ndarray) -> tuple[float, np.ndarray]:
    """Area and centroid (3,) of a plane polygon (k, 3)."""
    base = ring[0]
    x, y = (ring - base) @ u, (ring - base) @ v
    x1, y1 = np.roll(x, -1), np.roll(y, -1)
    twice = x * y1 - x1 * y
    area = twice.sum() / 2
    if abs(area) < 1.0:  # mm²: what was to be cut is not there
        raise GeometryError(
            "These measures make no femur: neck or shaft came out without a section.",
            where="[femur]",
            remedy="choose measures nearer to the usual ones",
        )
    middle = ((x + x1) * twice).sum() / (6 * area) * u + ((y + y1) * twice).sum() / (6 * area) * v
    return float(abs(area)), base + middle


def _trochanters(shape: ProximalShape, frame: np.ndarray, shaft: np.ndarray) -> dict[str, float]:
    """Height and width of the greater trochanter and prominence of the lesser one.

    frame : rows lateral, anterior, proximal, about the head centre; shaft : (3,) of its axis in it.
    """
    radius, scale = shape.radius, shape.scale

    def furthest(direction, first, second, corner, out: float) -> float:
        """How far the bone reaches along a direction, over a grid of rays."""
        one, two = np.meshgrid(first, second)
        starts = np.asarray(corner, float) + one.reshape(-1, 1) * axis_1 + two.reshape(-1, 1) * axis_2
        starts = starts + out * np.asarray(direction)
        rays = np.tile(-np.asarray(direction) @ frame, (len(starts), 1))
        away = _first_crossing(shape, starts @ frame + shape.head, rays, inside=False, longest=2 * out)
        return out - float(away.min())

    step = 2.0 * scale
    axis_1, axis_2 = np.array([1.0, 0.0, 0.0]), np.array([0.0, 1.0, 0.0])
    across = np.arange(trochanter_from(radius, shaft[0]), max(shaft[0], 1.2 * radius) + 0.9 * radius, step)
    back = np.arange(shaft[1] - 1.3 * radius, shaft[1] + 1.2 * radius, step)
    height = furthest((0.0, 0.0, 1.0), across, back, (0.0, 0.0, 0.0), 4.0 * radius)
    axis_1, axis_2 = np.array([0.0, 1.0, 0.0]), np.array([0.0, 0.0, 1.0])
    levels = np.arange(-2.0 * radius, 1.2 * radius, step)
    width = furthest((1.0, 0.0, 0.0), back, levels, (shaft[0], 0.0, 0.0), 4.0 * radius)
    direction = np.array([-np.cos(np.radians(50.0)), -np.sin(np.radians(50.0)), 0.0])
    axis_1, axis_2 = np.array([direction[1], -direction[0], 0.0]), np.array([0.0, 0.0, 1.0])
    levels = np.arange(-LESSER_TO * radius, -LESSER_FROM * radius, step)
    sideways = np.arange(-0.8 * radius, 0.8 * radius, step)
    lesser = furthest(direction, sideways, levels, (shaft[0], shaft[1], 0.0), 3.0 * radius)
    return {"trochanter_height": height, "trochanter_width": width, "lesser_trochanter": lesser}
