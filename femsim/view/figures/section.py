"""What the figures share: the cut through neck and shaft, and how implant, cement and bone look on it."""

from dataclasses import replace

import numpy as np

from femsim.view.canvas import Eye, Looks, eye_on
from femsim.view.figures.activity import has_routine, load_name
from femsim.view.scene import Body, Scene
from femsim.view.shapes import behind, cut, outline
from femsim.view.sheet import Scale

METAL = (0.56, 0.58, 0.62)
CEMENT = (0.95, 0.76, 0.36)
KEPT, REMOVED = (0.93, 0.88, 0.76), (0.80, 0.66, 0.52)
PALE = (0.95, 0.94, 0.92)
RIM = (0.15, 0.15, 0.15)
REGION_COLOURS = {"bone_kept": KEPT, "bone_removed": REMOVED, "cement": CEMENT}  # anything else is metal
REGION_NAMES = {
    "bone_kept": "bone that is kept",
    "bone_removed": "bone that is removed",
    "cement": "cement",
    "head": "ball",
}
BODY_TITLES = {"operated": "Operated", "intact": "Intact"}


def colour_of(region: str) -> tuple[float, float, float]:
    """The colour a region has in every figure."""
    return REGION_COLOURS.get(region, METAL)


def name_of(region: str) -> str:
    """The words for a region."""
    return REGION_NAMES.get(region, region.replace("_", " "))


def front(scene: Scene, bodies: tuple[Body, ...]) -> Eye:
    """Looking square onto the cut from the front, the head to the right: how a right femur meets a surgeon."""
    normal = scene.cut_normal
    right = np.cross([0.0, 0.0, 1.0], normal)
    return eye_on(np.concatenate([body.points for body in bodies]), right, np.cross(normal, right))


def levelled(scene: Scene, body: Body) -> Body:
    """The body slid along the line of sight until neck axis and shaft axis lie in one plane; what one sees stays.

    The neck springs from the front of the shaft: no plane holds both axes, and one through the neck alone would cut
    the shaft along its cortex. Sliding sets in half-way from neck to lesser trochanter, below the stem of a cap, and is
    complete at the lesser trochanter. Axis and ball of a stem lie in one plane: it is turned into that of the paper.
    """
    marks = scene.told["landmarks"]
    shaft, normal = np.asarray(marks["shaft_axis"]), scene.cut_normal
    if "stem" in scene.operated.regions and "cap" not in scene.operated.regions:
        point, right = np.asarray(marks["shaft_point"]), np.cross(shaft, normal)
        share = 1.0 - (body.points - point) @ right / (-point @ right)
        return replace(body, points=body.points - (share * (point @ normal))[:, None] * normal)
    neck, bottom = np.asarray(marks["neck_centre"]) @ shaft, np.asarray(marks["lesser_trochanter"]) @ shaft
    top = 0.5 * (neck + bottom)
    share = np.clip((top - body.points @ shaft) / max(top - bottom, 1e-6), 0.0, 1.0)
    share = share * share * (3.0 - 2.0 * share)
    slide = share * (np.asarray(marks["shaft_point"]) @ normal)
    return replace(body, points=body.points - slide[:, None] * normal)


def cut_of_field(scene: Scene, body: Body, field: str, scale: Scale, shown: np.ndarray, factor=1.0) -> list[Looks]:
    """The section of a body: a field on the elements `shown` (e,) bool, the rest in the colours of their regions."""
    body = levelled(scene, body)
    things = [Looks(behind(body, scene.cut_normal), PALE)]
    values = body.fields[field].astype(np.float64) * factor
    for region in body.regions:
        chosen = body.in_region(region)
        section = cut(body, chosen, scene.cut_normal)
        if not section.surface.n_cells:
            continue
        plain = np.tile(colour_of(region), (len(section.element_of), 1))
        coloured = np.where(shown[section.element_of, None], scale.colour(values[section.element_of]), plain)
        things.append(Looks(section.surface, coloured, lit=False))
        things.append(Looks(outline(section), RIM, lit=False, line_width=1.4))
    return things


def materials_shown(scene: Scene) -> list[tuple[str, tuple[float, float, float]]]:
    """Names and colours of what is not bone."""
    return legend_of([region for region in scene.operated.regions if region not in ("bone_kept", "bone_removed")])


def legend_of(regions: list[str]) -> list[tuple[str, tuple[float, float, float]]]:
    """Names and colours of regions; those of metal, which look alike, share a line."""
    metal = [name_of(region) for region in regions if colour_of(region) == METAL]
    lines = [(name_of(region), colour_of(region)) for region in regions if colour_of(region) != METAL]
    return [*lines, (f"metal {' and '.join(metal)}", METAL)] if metal else lines


def side_note(scene: Scene) -> str:
    """How left and right are shown."""
    if scene.told["femur"]["side"] == "left":
        return "Left femur, mirrored: drawn as a right one, seen from the front."
    return "Right femur seen from the front."


def instant_note(scene: Scene) -> str:
    """The instant that is shown; of which activity, where there are several."""
    loads = scene.told["loads"]
    whose = f" of {load_name(scene)}" if has_routine(scene) else ""
    return f"At the largest hip force{whose}, {loads['peak_instant']:.3g} {loads['instant_unit']}."
