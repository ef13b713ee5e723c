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
from femsim.view.figures import risk, shielding
from femsim.view.figures.section import CEMENT, METAL, cut_of_field, instant_note, side_note
from femsim.view.scene import RESULT, Scene, body, peak_step
from femsim.view.sheet import DOTS_PER_INCH, FAINT, INK, SMALL, TEXT, Scale, Sheet, stepped

FILE = "comparison.png"
HEIGHT = 3.5  # inches of a panel
GAP, LEFT, LEGEND = 0.22, 0.25, 1.75  # inches
BELOW = 0.62  # inches under a panel, for its numbers
BELOW_IMPLANT, BELOW_TROCHANTER = 18.0, 35.0  # mm of shaft that is still shown
SCALE_BAR = 50  # mm
REFERENCE = (0.80, 0.80, 0.80)  # where nothing can change
CAPTION = (
    "Top: strain energy density of the kept bone against the same bone of the intact femur under the same loads; blue "
    "is unloaded (shielded), red is loaded more. Bottom: risk factor, the largest principal strain over the yield "
    "strain."
)


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


def draw(record: Mapping[str, Any], out: Path, path: Path) -> None:
    """Write the picture as PNG.

    Parameters
    ----------
    record : the comparison as plain data.
    out : Path
        The folder of its runs.

    Raises
    ------
    MissingPieceError
        Where VTK cannot draw on this machine.
    StoreError
        Where a run is not complete.
    OSError
        Where the picture cannot be written.
    """
    scenes = {v["label"]: _scene(Path(out) / v["run"]) for v in record["variants"] if "run" in v}
    if not scenes:
        return
    first = next(iter(scenes.values()))
    eye = _eye(scenes)
    bands = _bands()
    width = HEIGHT * eye.half_width / eye.half_height
    n = len(record["variants"])
    right = LEFT + n * (width + GAP)
    sheet = Sheet(max(right + LEGEND, 7.0), len(bands) * (HEIGHT + BELOW + 0.3) + 1.15)
    sheet.title(_title(record), f"{instant_note(first)} {side_note(first)} Cut through neck and shaft axis.")
    with Canvas() as canvas:
        for row, band in enumerate(bands):
            bottom = (len(bands) - 1 - row) * (HEIGHT + BELOW + 0.3) + BELOW + 0.1
            sheet.text(LEFT, bottom + HEIGHT + 0.1, band.title, TEXT, weight="bold")
            for column, variant in enumerate(record["variants"]):
                left = LEFT + column * (width + GAP)
                if row == 0:
                    _head(sheet, variant["label"], left, bottom + HEIGHT + 0.42, width)
                scene = scenes.get(variant["label"])
                if scene is None:
                    _refused(sheet, variant, left, bottom, width)
                    continue
                pixels = canvas.draw(_things(scene, band), eye, round(HEIGHT * DOTS_PER_INCH))
                sheet.picture(pixels, eye, left, bottom, HEIGHT)
                _numbers(sheet, record, band, variant, left, bottom)
            sheet.bar(band.scale, right + 0.1, bottom + 0.75, HEIGHT - 1.4, band.ticks)
        sheet.swatches(_materials(scenes), right + 0.1, HEIGHT + 2 * BELOW + 0.4)
        _scale_bar(sheet, eye, right + 0.1, BELOW + 0.15)
    with whole_file(path) as target:
        sheet.save(target, f"{CAPTION} {instant_note(first)} {side_note(first)}")


def _scene(folder: Path) -> Scene:
    """The operated body alone, its twin is not drawn; where nothing was put in, the intact one has the fields."""
    told, path = summary.read(folder), folder / RESULT
    with_implant = any(not name.startswith("bone") for name in told["models"]["operated"]["regions"])
    drawn = body(path, "operated" if with_implant else "intact", peak_step(told, vtkhdf.instants(path)))
    return Scene(folder, told, drawn, drawn)


def _bands() -> tuple[_Band, ...]:
    change = stepped(
        "change of strain\nenergy density [%]",
        shielding.STEPS, "RdBu_r", within=(0.04, 0.92), above=shielding.ABOVE,
    )  # fmt: skip
    yielding = stepped("risk factor [-]\n(strain / yield strain)", risk.STEPS, "viridis", above=risk.ABOVE)
    energy, p99 = "change of strain energy density", "risk factor p99"
    return (
        _Band(
            "Load carried by the kept bone, against the intact femur", "shielding_change", change, 100.0,
            [f"{step:+d}" for step in shielding.STEPS],
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
    kind, _, keys = label.partition(" ")
    sheet.text(left, bottom + 0.2, kind.replace("_", " "), TEXT, weight="bold")
    if keys:
        sheet.text(left, bottom, textwrap.shorten(keys, round(width * 15), placeholder="…"), SMALL, color=FAINT)


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


def _refused(sheet: Sheet, variant, left: float, bottom: float, width: float) -> None:
    reason = "\n".join(textwrap.wrap(variant["error"]["what"], max(12, round(width * 13)))[:9])
    sheet.text(left, bottom + HEIGHT * 0.62, "refused", TEXT, color=FAINT, weight="bold")
    sheet.text(left, bottom + HEIGHT * 0.58, reason, SMALL, color=FAINT, va="top", linespacing=1.3)


def _scale_bar(sheet: Sheet, eye: Eye, left: float, bottom: float) -> None:
    """A line of a known length; all panels have this scale."""
    axes = sheet.axes(left, bottom, SCALE_BAR * HEIGHT / (2.0 * eye.half_height), 0.1)
    axes.plot([0, 1], [0, 0], color=INK, linewidth=2.0, solid_capstyle="butt")
    axes.set_xlim(0, 1)
    axes.set_axis_off()
    sheet.text(left, bottom + 0.12, f"{SCALE_BAR} mm", SMALL)


def _materials(scenes: Mapping[str, Scene]) -> list[tuple[str, tuple[float, float, float]]]:
    regions = {name for s in scenes.values() for name in s.operated.regions if not name.startswith("bone")}
    shown = [("metal", METAL)] if regions - {"cement"} else []
    return shown + ([("cement", CEMENT)] if "cement" in regions else [])


def _title(record: Mapping[str, Any]) -> str:
    return f"{record['variants'][0]['scenario']}: {len(record['variants'])} variants, same femur, loads and support"
