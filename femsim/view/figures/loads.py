"""What acts on the femur: hip and muscle forces as arrows, and where it is held."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import Any

import numpy as np

from femsim.view.canvas import Canvas, Eye, Looks, eye_on
from femsim.view.figures.badges import clear_places
from femsim.view.figures.section import KEPT, colour_of, instant_note, side_note
from femsim.view.scene import Scene
from femsim.view.shapes import skin
from femsim.view.sheet import DOTS_PER_INCH, FAINT, INK, SMALL, TEXT, Sheet

HEIGHT = 6.4  # inches
LONGEST_MM = 55.0  # length of the arrow of the largest force
SHORTEST_MM = 9.0  # shorter arrows could not be seen
BADGE = 0.19  # inches across the disc of a number
HIP, MUSCLE, FLOOR, HELD = (0.78, 0.13, 0.13), (0.05, 0.35, 0.65), (0.50, 0.30, 0.02), (0.25, 0.25, 0.25)
KEY_WIDE = 38  # letters of a line below the key
AXES = (("x lateral", (1, 0, 0)), ("y anterior", (0, 1, 0)), ("z proximal", (0, 0, 1)))
VIEWS = (("From the front", 0.0), ("From the lateral side", 90.0))


@dataclass(frozen=True)
class Arrow:
    """One force, from tail to tip (3,) [mm]: hip and floor push onto the bone, muscles pull away from it.

    lengthened : drawn longer than its force, to be seen.
    """

    name: str
    newtons: float
    tail: np.ndarray
    tip: np.ndarray
    pushes: bool
    colour: tuple[float, float, float]
    lengthened: bool = False

    @property
    def free(self) -> np.ndarray:
        """(3,) the end away from the bone."""
        return self.tail if self.pushes else self.tip

    @property
    def inner(self) -> np.ndarray:
        """(3,) the end at the bone."""
        return self.tip if self.pushes else self.tail


@dataclass(frozen=True)
class Loads:
    """The surface with every force at the peak of the activity."""

    title = "Loads and support"

    def needs(self, scene: Scene) -> str:
        """Empty, or why this cannot be drawn."""
        return "" if scene.told["loads"]["arrows"] else "the run has no forces with a place"

    def caption(self, scene: Scene) -> str:
        """What one sees."""
        return (
            f"Forces on the femur. {instant_note(scene)} Arrows are as long as their force is large"
            f"{', very small ones longer' if any(arrow.lengthened for arrow in _arrows(scene)) else ''}; the hip force "
            "is spread over the head, every other force over a patch where it acts. Blue arrows pull, the others push. "
            f"{' '.join(_held_notes(scene))} {side_note(scene)}"
        )

    def draw(self, scene: Scene, canvas: Canvas) -> Sheet:
        """The page."""
        arrows = _arrows(scene)
        ends = np.concatenate([[arrow.tail, arrow.tip] for arrow in arrows])
        everything = np.concatenate([scene.operated.points, ends])
        eyes = [_eye(everything, turn) for _, turn in VIEWS]
        half_height = max(eye.half_height for eye in eyes) + 8
        eyes = [Eye(e.right, e.up, e.centre, e.half_width + 18, half_height) for e in eyes]
        widths = [HEIGHT * eye.half_width / eye.half_height for eye in eyes]
        sheet = Sheet(0.4 + sum(widths) + 2.7, HEIGHT + 1.15)
        sheet.title(self.title, f"{scene.told['name']}. {instant_note(scene)} {side_note(scene)}")
        surface = _surface(scene)
        left = 0.2
        for (words, _), eye, width in zip(VIEWS, eyes, widths):
            pixels = canvas.draw(surface, eye, round(HEIGHT * DOTS_PER_INCH))
            axes = sheet.picture(pixels, eye, left, 0.15, HEIGHT)
            sheet.text(left + 0.1, HEIGHT + 0.2, words, TEXT, weight="bold")
            _draw_support(axes, eye, scene)
            for arrow in arrows:
                _draw_arrow(axes, eye, arrow)
            _draw_numbers(axes, eye, arrows)
            _draw_frame(axes, eye)
            left += width
        _draw_key(sheet, arrows, _held_notes(scene), left + 0.15)
        return sheet


def _held_notes(scene: Scene) -> list[str]:
    """Sentences on the support; a run of an older femsim has no words of its own."""
    support = scene.told["loads"]["support"]
    words = support.get("words") or "The distal end is held in all directions."
    return [words, "What is held is hatched."] if support["n_nodes"] else [words]


def _arrows(scene: Scene) -> list[Arrow]:
    return arrows_of(scene.told["loads"]["arrows"], scene.told["femur"]["head_radius_mm"])


def arrows_of(told: Sequence[Mapping[str, Any]], head_radius: float, largest: float | None = None) -> list[Arrow]:
    """Of forces as a summary tells them; the arrow of the largest force [N], theirs or another, is the longest."""
    forces = np.array([arrow["force"] for arrow in told], float).reshape(-1, 3)
    size = np.linalg.norm(forces, axis=1)
    largest = largest or size.max(initial=1e-9)
    found = []
    for arrow, force, newtons in zip(told, forces, size):
        if newtons < 1e-3 * largest:
            continue
        direction = force / newtons
        length = LONGEST_MM * newtons / largest
        along = max(SHORTEST_MM, length) * direction
        point = np.array(arrow["point"], float)
        if arrow["site"] == "head":
            tip, colour = point - (head_radius + 1) * direction, HIP
        else:
            tip, colour = point, FLOOR if arrow["channel"] == "floor" else MUSCLE
        pushes = colour is not MUSCLE
        tail, tip = (tip - along, tip) if pushes else (tip, tip + along)
        found.append(Arrow(arrow["channel"], newtons, tail, tip, pushes, colour, length < SHORTEST_MM))
    return found


def _surface(scene: Scene) -> list[Looks]:
    body = scene.operated
    return [
        Looks(skin(body, body.in_region(region)).surface, KEPT if region == "bone_kept" else colour_of(region))
        for region in body.regions
    ]


def _eye(points: np.ndarray, turn_deg: float) -> Eye:
    """From the front, turned about the vertical towards the lateral side."""
    turn = np.radians(turn_deg)
    towards = np.array([np.sin(turn), np.cos(turn), 0.0])
    up = np.array([0.0, 0.0, 1.0])
    return eye_on(points, np.cross(up, towards), up)


def _draw_arrow(axes: Any, eye: Eye, arrow: Arrow) -> None:
    """On paper, over the bone: an attachment on the far side would else be hidden."""
    from matplotlib.patheffects import withStroke

    tail, tip = eye.on_paper(np.array([arrow.tail, arrow.tip]))
    drawn = axes.annotate(
        "",
        tip,
        tail,
        arrowprops={
            "arrowstyle": "-|>,head_width=0.28,head_length=0.55",
            "color": arrow.colour,
            "linewidth": 2.6,
            "shrinkA": 0,
            "shrinkB": 0,
            "joinstyle": "miter",
        },
    )
    drawn.arrow_patch.set_path_effects([withStroke(linewidth=4.4, foreground="white")])
    if not arrow.pushes:
        axes.plot(*tail, "o", color=arrow.colour, markersize=5, markeredgecolor="white")


def _draw_numbers(axes: Any, eye: Eye, arrows: list[Arrow]) -> None:
    """A number at the free end of each arrow, or tied to it by a thin line where others are in the way."""
    free = eye.on_paper(np.array([arrow.free for arrow in arrows]))
    inner = eye.on_paper(np.array([arrow.inner for arrow in arrows]))
    disc = BADGE * 2 * eye.half_height / HEIGHT
    places = clear_places(free, inner, beyond=0.75 * disc, apart=1.1 * disc, beside=0.8 * disc)
    for number, (arrow, end, place) in enumerate(zip(arrows, free, places), 1):
        axes.plot(*zip(end, place), color=arrow.colour, linewidth=0.9, zorder=2.5)
        looks = {"size": SMALL, "color": "white", "ha": "center", "va": "center", "weight": "bold", "zorder": 5}
        badge = {"boxstyle": "circle,pad=0.22", "facecolor": arrow.colour, "edgecolor": "white"}
        axes.text(*place, str(number), bbox=badge, **looks)


def _draw_support(axes: Any, eye: Eye, scene: Scene) -> None:
    """The hatched ground of an engineer's sketch, as wide as what is held."""
    from matplotlib.patches import Rectangle

    support = scene.told["loads"]["support"]
    if not support["n_nodes"]:
        return
    points = scene.operated.points
    held = eye.on_paper(points[points[:, 2] <= support["highest_mm"] + 1e-3])
    if not len(held):
        return
    left, low, right, high = *(held.min(axis=0) - 3), *(held.max(axis=0) + np.array([3, 0]))
    axes.add_patch(
        Rectangle((left, low), right - left, high - low, facecolor="none", edgecolor=HELD, hatch="/////", linewidth=0)
    )
    axes.plot([left, right], [high, high], color=HELD, linewidth=1.8)


def _draw_frame(axes: Any, eye: Eye) -> None:
    """The axes of the femur frame that lie in the paper, in the corner that the shaft leaves free."""
    flat = {name: np.array([np.dot(axis, eye.right), np.dot(axis, eye.up)]) for name, axis in AXES}
    leftward = any(direction[0] < -0.5 for direction in flat.values())
    corner = np.array([eye.extent[1] - 30.0 if leftward else eye.extent[0] + 4.0, eye.extent[2] + 14.0])
    for name, direction in flat.items():
        if np.linalg.norm(direction) < 0.5:
            continue
        axes.annotate("", corner + 14 * direction, corner, arrowprops={"arrowstyle": "-|>", "color": INK, "lw": 1.0})
        upright = abs(direction[0]) < 0.5
        place = corner + 16 * direction if upright else corner + 8 * direction - (0, 5)
        axes.text(*place, name, size=SMALL - 1.5, color=INK, ha="center" if not upright else "left", va="center")


def _draw_key(sheet: Sheet, arrows: list[Arrow], held: list[str], left: float) -> None:
    top = HEIGHT - 0.3
    for row, arrow in enumerate(arrows):
        high = top - 0.3 * row
        sheet.text(left, high, f"{row + 1}", SMALL, color=arrow.colour, weight="bold")
        sheet.text(left + 0.25, high, arrow.name.replace("_", " "), SMALL)
        sheet.text(left + 2.3, high, f"{arrow.newtons:.0f} N", SMALL, ha="right")
    short = any(arrow.lengthened for arrow in arrows)
    lengths = "Arrow length shows the force" + ("; very small forces are drawn longer." if short else ".")
    low = top - 0.3 * len(arrows) - 0.15
    for sentence in (lengths, *held):
        for line in wrap(sentence.replace(" mm", "\u00a0mm"), KEY_WIDE):
            sheet.text(left, low, line, SMALL, color=FAINT)
            low -= 0.2
        low -= 0.08
