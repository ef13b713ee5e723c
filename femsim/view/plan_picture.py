"""The surgical plan on paper: the femur from two sides, what is cut and put in, axes with their angles, a table."""

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from femsim.durable import whole_file
from femsim.mesh.surface import Surface
from femsim.view.canvas import Canvas, Eye, Looks
from femsim.view.figures.section import CEMENT, METAL
from femsim.view.plan_axes import IMPLANT, NATURAL, angle, cross, distance, line, meeting, ring, scale_bar, words
from femsim.view.sheet import FAINT, SMALL, Sheet

BONE, REMOVED = (0.86, 0.83, 0.75), (0.86, 0.42, 0.34)
PALE = 0.75  # of the bone that is kept on paper; metal shows through it
SHADE = {"removed": 0.45, "metal": 0.85, "cement": 0.5}
REMOVED_ON_PAPER = (0.94, 0.74, 0.70)  # as it comes out over white
OUTLINE, CUT = "#6f6653", "#a0281c"
HEIGHT, TOP, BOTTOM = 6.6, 0.75, 0.5  # inches of the tall views, above and below them
RIGHT = 5.2  # inches of the column with the second view or the small one, and the table
STEP, ABOVE_TABLE = 0.2, 0.5  # inches between lines, and between the small view and what is below it
ROOM = 0.55  # head radii around what is shown
PIXELS_PER_INCH = 120  # of the bones; lines and words are drawn finer
LIMIT = 0.05  # mm, degrees: less is not drawn
DISCLAIMER = "Research and engineering use; not a medical device."


@dataclass(frozen=True)
class Sketch:
    """What is drawn; all places in the femur frame (x lateral, y anterior, z along the shaft, head centre 0) [mm].

    kept, removed : the bone after the cut. pieces : name → (surface, whether it is cement).
    axes : `neck`, `shaft` and with an implant `implant_neck`, for a stem in the shaft `stem`: point and direction (3,).
    new_head : (3,) or None; head_radii : of the natural and of the new head.
    stem_tip : height of the tip of a stem in the shaft, else None.
    numbers : degrees and mm: stem_shaft_angle_deg, neck_shaft_angle_deg, version_deg, anteversion_deg,
        implant_anteversion_deg, stem_tilt_deg, centre_moved_mm.
    rows : (name, value with unit) of the table.
    """

    title: str
    under: str
    kept: Surface
    removed: Surface
    pieces: Mapping[str, tuple[Surface, bool]]
    axes: Mapping[str, tuple[np.ndarray, np.ndarray]]
    new_head: np.ndarray | None
    head_radii: tuple[float, float | None]
    stem_tip: float | None
    anteversion_is_assumed: bool
    numbers: Mapping[str, float | None]
    rows: Sequence[tuple[str, str]]
    warnings: Sequence[str]


def draw(sketch: Sketch, path: Path) -> None:
    """Write the plan as PNG.

    Raises
    ------
    MissingPieceError
        Where this machine cannot draw.
    OSError
        Where the picture cannot be written.
    """
    front, lateral, above, across = _eyes(sketch)
    tall = [("front", front)] + ([("lateral", lateral)] if sketch.stem_tip is not None else [])
    wide = ("above", above) if sketch.stem_tip is not None else ("across", across)
    widths = [HEIGHT * eye.half_width / eye.half_height for _, eye in tall]
    small = min(RIGHT * wide[1].half_height / wide[1].half_width, 0.5 * HEIGHT)
    warnings = [line for warning in sketch.warnings for line in _wrapped(warning)]
    column = small + ABOVE_TABLE + 0.54 + STEP * ((len(sketch.rows) + 1) // 2) + 0.1 + STEP * len(warnings)
    height = TOP + max(HEIGHT, column) + BOTTOM
    page = Sheet(0.2 + sum(widths) + 0.15 * len(tall) + RIGHT + 0.2, height)
    with Canvas() as canvas:
        left = 0.2
        for (name, eye), width in zip(tall, widths, strict=True):
            _view(page, canvas, sketch, name, eye, left, height - TOP - HEIGHT, HEIGHT)
            left += width + 0.15
        _view(page, canvas, sketch, *wide, left + 0.1, height - TOP - small, small)
    _table(page, sketch, warnings, left + 0.15, height - TOP - small - ABOVE_TABLE)
    page.title(sketch.title, sketch.under)
    page.text(0.2, 0.1, DISCLAIMER, SMALL, color=FAINT)
    with whole_file(path) as target:
        page.save(target, f"{sketch.title}: front and side view with axes, angles and the bone that is removed")


def _eyes(sketch: Sketch) -> tuple[Eye, Eye, Eye, Eye]:
    """From the front, from lateral, from above along the shaft, and across the neck from above."""
    radius = sketch.head_radii[0]
    _, neck = sketch.axes["neck"]
    up = np.array([0.0, 0.0, 1.0])
    lateral = -np.array([neck[0], neck[1], 0.0]) / np.hypot(*neck[:2])
    anterior = np.cross(up, lateral)
    superior = np.cross(neck, anterior)
    superior = superior * np.sign(superior[2])
    points = np.vstack([sketch.kept.points, *(surface.points for surface, _ in sketch.pieces.values())])
    if sketch.removed.n_points:
        points = np.vstack([points, sketch.removed.points])
    low = -5.2 * radius if sketch.stem_tip is None else sketch.stem_tip - 1.6 * radius
    shaft = points[points[:, 2] > max(low, points[:, 2].min())]
    head = points[points[:, 2] > -3.4 * radius]
    to_neck = points[points @ neck > -3.6 * radius]
    room = ROOM * radius
    return (
        _eye(shaft, -lateral, up, room),
        _eye(shaft, anterior, up, room),
        _eye(head, np.array([-1.0, 0.0, 0.0]), np.array([0.0, -1.0, 0.0]), room, beside=1.6 * radius),
        _eye(to_neck, neck, np.cross(superior, neck), room),
    )


def _eye(points: np.ndarray, right: np.ndarray, up: np.ndarray, room: float, *, beside: float = 0.0) -> Eye:
    """The eye that sees all points, with room around them and more on the right for words."""
    flat = np.stack([points @ right, points @ up], axis=1)
    low, high = flat.min(axis=0) - room, flat.max(axis=0) + room + np.array([beside, 0.0])
    middle, half = (low + high) / 2, (high - low) / 2
    return Eye(right, up, middle[0] * right + middle[1] * up, float(half[0]), float(half[1]))


def _view(
    page: Sheet, canvas: Canvas, sketch: Sketch, name: str, eye: Eye, left: float, bottom: float, height: float
) -> None:
    pixels = round(height * PIXELS_PER_INCH)
    kept = canvas.draw([Looks(_polygons(sketch.kept), BONE)], eye, pixels)
    removed = canvas.draw([Looks(_polygons(sketch.removed), REMOVED)], eye, pixels)
    metal, cement = (
        canvas.draw(
            [Looks(_polygons(surface), colour) for surface, is_cement in sketch.pieces.values() if is_cement == which],
            eye,
            pixels,
        )
        for which, colour in ((False, METAL), (True, CEMENT))
    )
    paper = _over(np.full(kept.shape, 255.0), kept, PALE)
    for shade, layer in (("removed", removed), ("metal", metal), ("cement", cement)):
        paper = _over(paper, layer, SHADE[shade])
    axes = page.picture(np.round(paper).astype(np.uint8), eye, left, bottom, height)
    axes.set_autoscale_on(False)
    for layer, ink, style, width in (
        (kept, OUTLINE, "-", 0.9),
        (removed, CUT, (0, (4, 2)), 0.9),
        (metal, "#33363c", "-", 0.8),
    ):
        shown = _mask(layer)
        if shown.any():
            axes.contour(
                shown[::-1].astype(float), levels=[0.5], colors=ink, linestyles=[style], linewidths=width,
                extent=eye.extent,
            )  # fmt: skip
    _WRITE[name](axes, eye, sketch)
    heading = {
        "front": "from the front, neck in the plane of the paper",
        "lateral": "from lateral, front to the right",
        "above": "from above along the shaft, front of the body below",
        "across": "across the neck from above, front of the body below",
    }[name]
    page.text(left + 0.05, bottom - 0.18, heading, SMALL, color=FAINT)


def _over(paper: np.ndarray, layer: np.ndarray, share: float) -> np.ndarray:
    shown = _mask(layer)[..., None]
    return np.where(shown, (1 - share) * paper + share * layer, paper)


def _mask(layer: np.ndarray) -> np.ndarray:
    """(height, width) where something was drawn: no colour used here is white in full light."""
    return layer.min(axis=2) < 245


def _polygons(surface: Surface) -> Any:
    import pyvista

    if not surface.n_triangles:
        return pyvista.PolyData()
    faces = np.column_stack([np.full(surface.n_triangles, 3), surface.triangles])
    return pyvista.PolyData(surface.points, faces.ravel())


def _on(eye: Eye, sketch: Sketch, name: str) -> tuple[np.ndarray, np.ndarray]:
    """A point of an axis on paper, and its direction there (2,)."""
    point, direction = sketch.axes[name]
    start, end = eye.on_paper(np.array([point, point + direction]))
    return start, end - start


def _heads(axes: Any, eye: Eye, sketch: Sketch, *, is_told: bool = True) -> None:
    """Natural and new centre of the head, and, where there is room for it, how far they are apart."""
    natural = eye.on_paper(np.zeros((1, 3)))[0]
    ring(axes, natural, sketch.head_radii[0], NATURAL)
    cross(axes, natural, NATURAL, "+")
    if sketch.new_head is not None:
        new = eye.on_paper(sketch.new_head)[0]
        cross(axes, new, IMPLANT, "x")
        moved = sketch.numbers["centre_moved_mm"]
        if moved > LIMIT and is_told:
            distance(axes, natural, new, f"{moved:.1f} mm", sketch.head_radii[0])


def _front(axes: Any, eye: Eye, sketch: Sketch) -> None:
    radius, told = sketch.head_radii[0], sketch.numbers
    line(axes, eye, *_on(eye, sketch, "shaft"), NATURAL)
    _neck_angle(axes, eye, sketch, "neck", NATURAL, told["neck_shaft_angle_deg"], 0.95 * radius, "natural\n")
    if "implant_neck" in sketch.axes:
        angle_deg = told["stem_shaft_angle_deg"]
        _neck_angle(axes, eye, sketch, "implant_neck", IMPLANT, angle_deg, 1.6 * radius, "")
    if "stem" in sketch.axes:
        start, along = _on(eye, sketch, "stem")
        line(axes, eye, start, along, IMPLANT)
        if abs(told["stem_tilt_deg"]) > LIMIT:
            tilt = told["stem_tilt_deg"]
            at = eye.on_paper([[*sketch.axes["stem"][0][:2], sketch.stem_tip]])[0]
            words(
                axes,
                at + np.array([0.75 * radius, 0.0]),
                f"stem {abs(tilt):.1f}° {'valgus' if tilt > 0 else 'varus'}",
                IMPLANT,
            )
    _heads(axes, eye, sketch)
    scale_bar(axes, eye)


def _neck_angle(axes: Any, eye: Eye, sketch: Sketch, name: str, ink: str, degrees, radius: float, said: str) -> None:
    """A neck axis from beyond the head to beyond the shaft, and its angle to the shaft below."""
    head = sketch.head_radii[0]
    point, along = _on(eye, sketch, name)
    shaft, up = _on(eye, sketch, "shaft")
    corner = meeting(point, along, shaft, up)
    line(axes, eye, point, along, ink, ends=(corner - 0.5 * head * along, point + 1.3 * head * along))
    angle(axes, corner, along, -up, radius, f"{said}{degrees:.1f}°", ink, reach=0.55 if said else 1.0)


def _lateral(axes: Any, eye: Eye, sketch: Sketch) -> None:
    line(axes, eye, *_on(eye, sketch, "shaft"), NATURAL)
    if "stem" in sketch.axes:
        line(axes, eye, *_on(eye, sketch, "stem"), IMPLANT)
    _heads(axes, eye, sketch)
    scale_bar(axes, eye)


def _above(axes: Any, eye: Eye, sketch: Sketch) -> None:
    """Anteversion against the condylar line, of the natural neck and of the implant's."""
    radius, told = sketch.head_radii[0], sketch.numbers
    shaft = eye.on_paper(sketch.axes["shaft"][0])[0]
    medial = np.array([1.0, 0.0])
    assumed = " assumed" if sketch.anteversion_is_assumed else ""
    for name, ink, key, reach, said, aside in (
        ("neck", NATURAL, "anteversion_deg", 3.1, f"natural\n{{:.1f}}°{assumed}", 0.62),
        ("implant_neck", IMPLANT, "implant_anteversion_deg", 3.45, "{:.1f}°", -0.25),
    ):
        point, along = _on(eye, sketch, name)
        along = along / np.linalg.norm(along)
        corner = point + ((shaft - point) @ along) * along
        line(
            axes, eye, point, along, ink, ends=(corner - 0.4 * radius * along, corner + (reach + 0.15) * radius * along)
        )
        line(axes, eye, corner, medial, ink, ends=(corner, corner + (reach + 0.15) * radius * medial), style=":")
        angle(axes, corner, along, medial, reach * radius, "", ink)
        end = corner + (reach + 0.2) * radius * (medial if name == "neck" else along)
        words(axes, end + np.array([0.0, aside * radius]), said.format(told[key]), ink, ha="left")
    _heads(axes, eye, sketch, is_told=False)
    scale_bar(axes, eye)


def _across(axes: Any, eye: Eye, sketch: Sketch) -> None:
    """Version: the implant's axis against the neck's, where the plane of neck and shaft stands on the paper."""
    radius, told = sketch.head_radii[0], sketch.numbers
    point, along = _on(eye, sketch, "neck")
    line(axes, eye, point, along, NATURAL, ends=(point - 3.0 * radius * along, point + 1.4 * radius * along))
    if "implant_neck" in sketch.axes:
        new, direction = _on(eye, sketch, "implant_neck")
        direction = direction / np.linalg.norm(direction)
        line(axes, eye, new, direction, IMPLANT, ends=(new - 3.0 * radius * direction, new + 1.4 * radius * direction))
        version = told["version_deg"]
        if abs(version) > LIMIT:
            corner = meeting(new, direction, point, along)
            angle(axes, corner, -direction, -along, 2.2 * radius, f"version {version:+.1f}°", IMPLANT, reach=1.0)
    _heads(axes, eye, sketch)
    scale_bar(axes, eye)


_WRITE = {"front": _front, "lateral": _lateral, "above": _above, "across": _across}


def _table(page: Sheet, sketch: Sketch, warnings: Sequence[str], left: float, top: float) -> None:
    """What lines and colours mean, the numbers in two columns, the warnings below."""
    lines = [("natural axes, head", NATURAL, "-.", 1.2)]
    colours = [("bone", BONE, "-", 7.0)]
    if sketch.new_head is not None:
        lines += [("implant's axes, head", IMPLANT, "-.", 1.2), ("bone removed", CUT, (0, (4, 2)), 1.2)]
        colours += [("bone removed", REMOVED_ON_PAPER, "-", 7.0), ("metal", METAL, "-", 7.0)]
    if any(is_cement for _, is_cement in sketch.pieces.values()):
        colours.append(("cement", CEMENT, "-", 7.0))
    for row in (lines, colours):
        x = left
        for name, ink, style, width in row:
            length = 0.3 if width < 5 else 0.16
            page.stroke(x, top + 0.04, length, ink, style, width)
            page.text(x + length + 0.06, top, name, SMALL)
            x += length + 0.2 + 0.067 * len(name)
        top -= 0.22
    half, column = (len(sketch.rows) + 1) // 2, RIGHT / 2
    top -= 0.1
    for k, (name, value) in enumerate(sketch.rows):
        x, y = left + column * (k // half), top - STEP * (k % half)
        page.text(x, y, name, SMALL)
        page.text(x + column - 0.2, y, value, SMALL, ha="right")
    top -= STEP * half + 0.1
    for k, said in enumerate(warnings):
        page.text(left, top - STEP * k, said, SMALL, color=CUT)


def _wrapped(warning: str) -> list[str]:
    return textwrap.wrap(warning, 76, initial_indent="! ", subsequent_indent="   ")
