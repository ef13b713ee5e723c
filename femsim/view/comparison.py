"""The picture of a comparison: a column for each variant, cut through neck and shaft, all on one scale."""

import textwrap
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from femsim.durable import whole_file
from femsim.results import summary, vtkhdf
from femsim.view.canvas import Canvas, Eye, Looks, eye_on
from femsim.view.figures import risk
from femsim.view.figures.change import CHANGE_STEPS, scale_of_change
from femsim.view.figures.pair import MARROW
from femsim.view.figures.section import CEMENT, METAL, cut_of_field, instant_note, side_note
from femsim.view.scene import RESULT, Scene, body, peak_step
from femsim.view.sheet import DOTS_PER_INCH, FAINT, INK, SMALL, TEXT, Scale, Sheet, stepped

FILE = "comparison.png"
LOW, HIGH, NARROW = 3.5, 5.0, 2.0  # inches: least and largest height of a panel, least width where the height allows
GAP, LEFT, LEGEND = 0.22, 0.15, 1.75  # inches
ABOVE, BELOW = 0.32, 0.66  # inches over a panel, for its title, and under it, for its numbers
KEYS = 0.16  # inches of a line with a key of a variant
BELOW_IMPLANT, BELOW_TROCHANTER = 18.0, 35.0  # mm of shaft that is still shown
SCALE_BAR = 20  # mm
REFERENCE = (0.80, 0.80, 0.80)  # where nothing can change
CAPTION = (
    "Top: strain energy density of the kept bone against the same bone of the intact femur under the same loads; blue "
    "is unloaded (shielded), red is loaded more. Bottom: risk factor, the largest principal strain over the yield "
    "strain."
)

BOTH_SIDES = "Seen from the front; left femora are mirrored: drawn as right ones."


@dataclass(frozen=True)
class _Band:
    """One row of panels.

    numbers : what stands under a panel: words, and (group, label) of the table's row.
    """

    title: str
    field: str
    scale: Scale
    factor: float
    ticks: list[str] | None
    numbers: tuple[tuple[str, tuple[str, str]], ...]


def draw(record: Mapping[str, Any], folders: Mapping[str, Path], path: Path) -> None:
    """Write the picture as PNG.

    Parameters
    ----------
    record : the comparison as plain data.
    folders : label → folder of each run that is there.

    Raises
    ------
    MissingPieceError
        Where VTK cannot draw on this machine.
    StoreError
        Where a run is not complete.
    OSError
        Where the picture cannot be written.
    """
    scenes = {label: _scene(Path(folder)) for label, folder in folders.items()}
    if not scenes:
        return
    eye = _eye(scenes)
    bands = _bands()
    height = float(np.clip(NARROW * eye.half_height / eye.half_width, LOW, HIGH))
    width = height * eye.half_width / eye.half_height
    right = LEFT + len(record["variants"]) * (width + GAP) + 0.1
    step = height + ABOVE + BELOW
    n_keys = min(2, max(variant["label"].count(" ") for variant in record["variants"]))
    sheet = Sheet(max(right + LEGEND, 7.0), len(bands) * step + 1.05 + KEYS * n_keys)
    seen = _seen(scenes)
    sheet.title(_title(record), f"{seen} Cut through neck and shaft axis.")
    places = {variant["label"]: LEFT + n * (width + GAP) for n, variant in enumerate(record["variants"])}
    for label, left in places.items():
        _head(sheet, label, left, len(bands) * step + 0.16 + KEYS * n_keys, width)
    with Canvas() as canvas:
        for row, band in enumerate(bands):
            bottom = (len(bands) - 1 - row) * step + BELOW + 0.05
            sheet.text(LEFT, bottom + height + 0.1, band.title, TEXT)
            for variant in record["variants"]:
                left, scene = places[variant["label"]], scenes.get(variant["label"])
                if scene is not None:
                    pixels = canvas.draw(_things(scene, band), eye, round(height * DOTS_PER_INCH))
                    sheet.picture(pixels, eye, left, bottom, height)
                    _numbers(sheet, record, band, variant, left, bottom)
                elif row == 0:
                    _refused(sheet, variant, left, bottom + 0.75 * height, width)
            sheet.bar(band.scale, right, bottom + 0.9, height - 1.6, band.ticks)
    sheet.swatches(_materials(scenes), right, step + BELOW + 0.05)
    _scale_bar(sheet, eye, right, BELOW + 0.1, height)
    with whole_file(path) as target:
        sheet.save(target, f"{CAPTION} {seen}")


def _scene(folder: Path) -> Scene:
    """The operated body alone, its twin is not drawn; where nothing was put in, the intact one has the fields."""
    told, path = summary.read(folder), folder / RESULT
    with_implant = any(not name.startswith("bone") for name in told["models"]["operated"]["regions"])
    drawn = body(path, "operated" if with_implant else "intact", peak_step(told, vtkhdf.instants(path)))
    return Scene(folder, told, drawn, drawn)


def _seen(scenes: Mapping[str, Scene]) -> str:
    """At which instant, and how left and right are shown; of each where not all are the same."""
    instants = {instant_note(scene) for scene in scenes.values()}
    sides = {side_note(scene) for scene in scenes.values()}
    instant = instants.pop() if len(instants) == 1 else "Each at its own largest hip force."
    return f"{instant} {sides.pop() if len(sides) == 1 else BOTH_SIDES}"


def _bands() -> tuple[_Band, ...]:
    shielded = scale_of_change("change of strain\nenergy density [%]")
    yielding = stepped("risk factor [-]\n(strain / yield strain)", risk.STEPS, "viridis", above=risk.ABOVE)
    energy, p99 = "change of strain energy density", "risk factor p99"
    return (
        _Band(
            "Load carried by the kept bone, against the intact femur", "shielding_change", shielded, 100.0,
            [f"{step:+d}" for step in CHANGE_STEPS],
            (
                ("head superior", (energy, "head superior")),
                ("calcar", (energy, "calcar")),
                ("below half its load", ("volume of the kept bone", "below half its load")),
            ),
        ),
        _Band(
            "Risk factor of the bone", "risk_factor", yielding, 1.0, None,
            (
                ("p99 neck superior", (p99, "neck superior")),
                ("p99 neck inferior", (p99, "neck inferior")),
                ("p99 femur", (p99, "femur")),
            ),
        ),
    )  # fmt: skip


def _eye(scenes: Mapping[str, Scene]) -> Eye:
    """One view for all: the bone down to below every implant, from the front."""
    first = next(iter(scenes.values()))
    lowest = first.told["landmarks"]["lesser_trochanter"][2] - BELOW_TROCHANTER
    for scene in scenes.values():
        used = np.unique(scene.operated.corners[~scene.operated.bone])
        if len(used):
            lowest = min(lowest, scene.operated.points[used, 2].min() - BELOW_IMPLANT)
    points = np.concatenate([scene.operated.points for scene in scenes.values()])
    shown = points[points[:, 2] >= lowest]
    normal = first.cut_normal
    right = np.cross([0.0, 0.0, 1.0], normal)
    return eye_on(shown if len(shown) else points, right, np.cross(normal, right), margin=0.03)


def _things(scene: Scene, band: _Band) -> list[Looks]:
    """The section with the field, or grey where nothing can change or nothing was saved."""
    drawn = scene.operated
    if scene.has_implant or band.field != "shielding_change":
        if drawn.has(band.field):
            return cut_of_field(scene, drawn, band.field, band.scale, drawn.bone, band.factor)
    nothing = replace(drawn, fields={"nothing": np.full(len(drawn.corners), np.nan)})
    grey = Scale("", np.array([0.0, 1.0]), np.array([REFERENCE]), undefined=REFERENCE)
    return cut_of_field(scene, nothing, "nothing", grey, nothing.bone)


def _head(sheet: Sheet, label: str, left: float, bottom: float, width: float) -> None:
    """The implant, and a line for each of its keys as far as there is room."""
    kind, *keys = label.split(" ")
    sheet.text(left, bottom, kind.replace("_", " "), TEXT, weight="bold")
    lines = keys if len(keys) <= 2 else [keys[0], f"{keys[1]} …"]
    for number, line in enumerate(lines, 1):
        words = textwrap.shorten(line, max(12, round(width * 15)), placeholder="…")
        sheet.text(left, bottom - KEYS * number, words, SMALL, color=FAINT)


def _numbers(sheet: Sheet, record, band: _Band, variant, left: float, bottom: float) -> None:
    rows = {(row["group"], row["label"]): row for row in record["table"]}
    is_reference = variant["kind"] == "intact"
    if band.field == "shielding_change" and is_reference:
        sheet.text(left, bottom - 0.17, "reference: nothing changes", SMALL, color=FAINT)
        return
    for number, (words, key) in enumerate(band.numbers):
        if key in rows:
            row = rows[key]
            cell = row["cells"][variant["label"]]
            unit = f" {row['unit']}" if cell["value"] is not None and row["unit"] != "-" else ""
            sheet.text(left, bottom - 0.17 * (number + 1), f"{words}: {cell['text']}{unit}", SMALL)


def _refused(sheet: Sheet, variant, left: float, top: float, width: float) -> None:
    reason = "\n".join(textwrap.wrap(variant["error"]["what"], max(12, round(width * 13)))[:9])
    sheet.text(left, top, "refused", TEXT, color=FAINT, weight="bold")
    sheet.text(left, top - 0.15, reason, SMALL, color=FAINT, va="top", linespacing=1.3)


def _scale_bar(sheet: Sheet, eye: Eye, left: float, bottom: float, height: float) -> None:
    """A line of a known length; all panels have this scale."""
    axes = sheet.axes(left, bottom, SCALE_BAR * height / (2.0 * eye.half_height), 0.1)
    axes.plot([0, 1], [0, 0], color=INK, linewidth=2.0, solid_capstyle="butt")
    axes.set_xlim(0, 1)
    axes.set_axis_off()
    sheet.text(left, bottom + 0.12, f"{SCALE_BAR} mm", SMALL)


def _materials(scenes: Mapping[str, Scene]) -> list[tuple[str, tuple[float, float, float]]]:
    regions = {name for s in scenes.values() for name in s.operated.regions if not name.startswith("bone")}
    shown = [("metal", METAL)] if regions - {"cement"} else []
    shown += [("cement", CEMENT)] if "cement" in regions else []
    marrow = any(s.operated.has("risk_factor") and _has_marrow(s) for s in scenes.values())
    return shown + ([(MARROW, Scale.undefined)] if marrow else [])


def _has_marrow(scene: Scene) -> bool:
    return not np.isfinite(scene.operated.fields["risk_factor"][scene.operated.bone]).all()


def _title(record: Mapping[str, Any]) -> str:
    same = ", same femur, loads and support" if record["is_one_question"] else ", which differ in more than the implant"
    what = "variants" if record.get("ranking") else "runs"
    return f"{record['variants'][0]['scenario']}: {len(record['variants'])} {what}{same}"
