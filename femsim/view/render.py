"""One field of a run as a picture for print: which femur, from where, cut along which plane, at which instant."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from femsim.errors import UsageError, near
from femsim.results import summary, vtkhdf
from femsim.view.animation import deformed
from femsim.view.canvas import Canvas, Eye, Looks, eye_on
from femsim.view.eyes import PLANE_WORDS, VIEWS, WORDS, X, Y, Z, on_paper, plane_of, towards_of
from femsim.view.field_scale import FieldScale, field_scale
from femsim.view.fields import DISPLACEMENT, difference_of, field_of, fields_of, unit_of
from femsim.view.figures.pair import MARROW
from femsim.view.figures.section import BODY_TITLES, PALE, RIM, colour_of, levelled, materials_shown
from femsim.view.plan_axes import scale_bar
from femsim.view.scene import RESULT, Body, Scene, load, peak_step
from femsim.view.shapes import behind, cut, outline, skin
from femsim.view.sheet import FAINT, INK, SMALL, TEXT, Sheet

HEIGHT, GAP = 6.0, 0.2  # inches of a panel, and between panels
NARROWEST = 1.9
DIFFERENCE = "difference"
MODELS = ("operated", "intact", DIFFERENCE)
TITLES = {**BODY_TITLES, DIFFERENCE: "Operated - intact"}
NEAR = {"neck": 12.0, "transverse": 12.0}  # mm behind such a cut that the picture is made to hold
NARROWEST_PAGE = 7.6  # inches: the words above have room


@dataclass(frozen=True)
class Shot:
    """What is asked for.

    field : of the elements, one number each; "displacement" is its size.
    models : of MODELS, side by side.
    view : one of `femsim.view.eyes.VIEWS`, or a direction; "" looks square onto the cut, or else from the front.
    plane : one of `femsim.view.eyes.PLANES`, to cut along; "" for the outside.
    limits : of the colours, in the unit of the legend.
    times : displacements are shown so many times as large; 0 leaves the femur where it was.
    edges : whether the sides of the elements are drawn.
    height : pixels of a panel.
    """

    field: str
    models: tuple[str, ...] = ("operated", "intact")
    view: str = ""
    plane: str = ""
    limits: tuple[float, float] | None = None
    times: float = 0.0
    edges: bool = False
    height: int = 1000


class Rendering:
    """A shot of a run: pages of any of its steps, on one scale and from one place.

    steps : those that will be asked for; the scale reaches over all of them.

    Raises
    ------
    UsageError
        Where the run does not have what is asked for.
    StoreError
        Where the folder is no complete run.
    """

    def __init__(self, run_folder: Path, shot: Shot, steps: Sequence[int] | None = None):
        self.folder, self.told = Path(run_folder), summary.read(run_folder)
        self.instants = vtkhdf.instants(self.folder / RESULT)
        self.peak = peak_step(self.told, self.instants)
        self.steps = [self.peak] if steps is None else list(steps)
        self._kept: tuple[int, Scene] | None = None
        _refuse_steps(self.steps, len(self.instants))
        scene = self._scene(self.peak)
        if not scene.has_implant:
            if DIFFERENCE in shot.models:
                raise UsageError("Nothing was put in, so there is no difference to draw.", where=str(run_folder))
            shot = replace(shot, models=("intact",))
        self.shot, self._normal = shot, None
        if shot.plane:
            self._normal, self._origin = plane_of(scene, shot.plane)
        self.scale = self._scale_over(scene)
        towards = towards_of(scene, shot.view) if shot.view else self._usual_view(scene)
        points = np.concatenate([self._placed(scene, body).points for body in self._bodies(scene).values()])
        if self._normal is not None:
            depth = (points - self._origin) @ self._normal
            points = points[(depth <= 1.0) & (depth >= -NEAR.get(_kind(shot.plane), np.inf))]
        self.eye = eye_on(points, *on_paper(towards))

    def page(self, canvas: Canvas, step: int, *, dots_per_inch: int | None = None) -> Sheet:
        """The page of a step."""
        scene, shot, eye = self._scene(step), self.shot, self.eye
        dots = dots_per_inch or round(shot.height / HEIGHT)
        panel = HEIGHT * eye.half_width / eye.half_height
        wide = max(panel, NARROWEST)
        sheet = Sheet(max(0.3 + len(shot.models) * (wide + GAP) + 1.9, NARROWEST_PAGE), HEIGHT + 1.35, dots)
        sheet.title(self._title(), self.words(step))
        bodies = self._bodies(scene)
        values = {name: self._values(scene, name) for name in bodies}
        for column, (name, body) in enumerate(bodies.items()):
            left = 0.2 + column * (wide + GAP)
            things = self._things(scene, body, values[name])
            pixels = canvas.draw(things, eye, round(HEIGHT * dots))
            axes = sheet.picture(pixels, eye, left + 0.5 * (wide - panel), 0.4, HEIGHT)
            if column == len(shot.models) - 1:
                scale_bar(axes, eye)
            sheet.text(left + 0.1, HEIGHT + 0.5, TITLES[name], TEXT, weight="bold")
        left = 0.3 + len(shot.models) * (wide + GAP)
        sheet.bar(self.scale.scale, left, 2.6, 3.0, self.scale.ticks)
        self._swatches(sheet, scene, values, left)
        _compass(sheet, eye, left + 0.6, 0.75)
        sheet.text(0.2, 0.12, summary.DISCLAIMER, SMALL - 1.5, color=FAINT)
        return sheet

    def words(self, step: int) -> str:
        """What one sees, in a sentence or two."""
        loads, shot = self.told["loads"], self.shot
        at = f"{self.instants[step]:.3g} {loads['instant_unit']}"
        said = [f"At {at}{', the largest hip force' if step == self.peak else ''}"]
        view = shot.view or (shot.plane and "square onto the cut") or "frontal"
        kind, _, away = shot.plane.partition(":")
        said.append(PLANE_WORDS[kind] + (f", {away} mm nearer" if away else "") if shot.plane else "outside")
        if view in WORDS or view in VIEWS:
            said.append(WORDS.get(view, f"{view} view"))
        else:
            said.append(view if " " in view else f"seen from {view} (lateral, anterior, proximal)")
        if shot.times:
            said.append(f"displacements × {shot.times:g}")
        mirrored = " Left femur, mirrored." if self.told["femur"]["side"] == "left" else " Right femur."
        return "; ".join(said) + "." + mirrored

    def _title(self) -> str:
        return f"{self.told['name']}: {self.shot.field.replace('_', ' ')}"

    def _scene(self, step: int) -> Scene:
        """Read once for all that is asked of a step."""
        if self._kept is None or self._kept[0] != step:
            self._kept = step, load(self.folder, step)
        return self._kept[1]

    def _usual_view(self, scene: Scene) -> np.ndarray:
        return self._normal if self._normal is not None else towards_of(scene, "frontal")

    def _bodies(self, scene: Scene) -> dict[str, Body]:
        return {name: scene.intact if name == "intact" else scene.operated for name in self.shot.models}

    def _placed(self, scene: Scene, body: Body) -> Body:
        body = deformed(body, self.shot.times) if self.shot.times else body
        # As in every figure: no plane holds both axes, see there.
        return levelled(scene, body) if _kind(self.shot.plane) == "frontal" else body

    def _values(self, scene: Scene, model: str) -> np.ndarray:
        """(e,) of the body that stands for a model; NaN where the field is not defined."""
        if model == DIFFERENCE:
            return difference_of(scene, self.shot.field)
        return field_of(self._bodies(scene)[model], self.shot.field)

    def _scale_over(self, scene: Scene) -> FieldScale:
        shot, only_difference = self.shot, self.shot.models == (DIFFERENCE,)
        if DIFFERENCE in shot.models and not only_difference:
            raise UsageError(
                "A difference has a scale of its own.", where="--model", remedy="draw it alone: --model difference"
            )
        _refuse_field(shot.field, scene)
        values = (self._values(self._scene(step), name) for step in self.steps for name in shot.models)
        unit = unit_of(scene, shot.field)
        return field_scale(shot.field, unit, values, difference=only_difference, limits=shot.limits)

    def _things(self, scene: Scene, body: Body, values: np.ndarray) -> list[Looks]:
        body = self._placed(scene, body)
        scale = self.scale
        plain = np.array([colour_of(region) for region in body.regions])[body.region_of]
        judged = np.isfinite(values) | body.bone
        colours = np.where(judged[:, None], scale.scale.colour(values * scale.factor), plain)
        whole = np.ones(len(body.corners), bool)
        if self._normal is None:
            faces = skin(body, whole)
            return [Looks(faces.surface, colours[faces.element_of], edges=self.shot.edges)]
        found = [Looks(behind(body, self._normal, self._origin), PALE)]
        for region in body.regions:
            section = cut(body, body.in_region(region), self._normal, self._origin)
            if section.surface.n_cells:
                found.append(Looks(section.surface, colours[section.element_of], lit=False, edges=self.shot.edges))
                found.append(Looks(outline(section), RIM, lit=False, line_width=1.4))
        return found

    def _swatches(self, sheet: Sheet, scene: Scene, values: Mapping[str, np.ndarray], left: float) -> None:
        bodies = self._bodies(scene)
        known = {name: np.isfinite(values[name]) for name in bodies}
        unknown = any(not known[name][body.bone].all() for name, body in bodies.items())
        plain = any(not known[name][~body.bone].all() for name, body in bodies.items() if name != "intact")
        words = MARROW if self.shot.field.startswith("risk_") else "not defined"
        named = materials_shown(scene) if plain else []
        sheet.swatches(named + ([(words, self.scale.scale.undefined)] if unknown else []), left, 1.6)


def _kind(plane: str) -> str:
    return plane.partition(":")[0]


def steps_of(run_folder: Path) -> list[int]:
    """All steps that a run keeps."""
    return list(range(len(vtkhdf.instants(Path(run_folder) / RESULT))))


def _refuse_field(name: str, scene: Scene) -> None:
    known = (*fields_of(scene), DISPLACEMENT)
    if name not in known:
        raise UsageError(f"The run has no field {name!r} of one number. {near(name, known)}", where=str(scene.folder))


def _refuse_steps(steps: Sequence[int], n: int) -> None:
    for step in steps:
        if not 0 <= step < n:
            raise UsageError(f"There is no step {step}: the run keeps {n}, from 0 to {n - 1}.", where="--step")


def _compass(sheet: Sheet, eye: Eye, left: float, bottom: float) -> None:
    """Which way is lateral, anterior and proximal on paper; what points at the eye or away is left out."""
    axes = sheet.axes(left - 0.6, bottom - 0.6, 1.2, 1.2)
    axes.set_xlim(-1.5, 1.5)
    axes.set_ylim(-1.5, 1.5)
    axes.set_axis_off()
    for name, way in (("lateral", X), ("anterior", Y), ("proximal", Z)):
        tip = np.array([way @ eye.right, way @ eye.up])
        length = np.linalg.norm(tip)
        if length < 0.25:
            continue
        arrow = {"arrowstyle": "-|>", "color": INK, "linewidth": 1.1, "shrinkA": 0, "shrinkB": 0, "mutation_scale": 8}
        axes.annotate("", xy=tip, xytext=(0, 0), arrowprops=arrow, annotation_clip=False)
        axes.text(*(tip * (1 + 0.32 / length)), name, size=SMALL - 1, ha="center", va="center", color=INK)
