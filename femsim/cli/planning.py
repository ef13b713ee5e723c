"""`femsim plan`: the surgical plan of a scenario, as a table, one object, and a picture, before any mesh."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from femsim.cli.picture_place import refuse_place
from femsim.cli.screen import Screen
from femsim.errors import MissingPieceError, StoreError

if TYPE_CHECKING:
    from femsim.geometry.planning import Plan

UNITS = {"deg": "°", "cm3": " cm³", "mm": " mm", "%": " %"}
SIGNED = (
    "varus_valgus_deg",
    "version_deg",
    "stem_tilt_deg",
    "leg_length_change_mm",
    "offset_change_mm",
    "anterior_change_mm",
)
SIZES = {"rule": "by rule", "given": "as given", "default": "the default"}


def told(screen: Screen, file: Path, sets: tuple[str, ...], *, picture: Path | None, force: bool) -> int:
    """Plan, draw, tell."""
    from femsim.scenario.reading import load

    scenario = load(file, sets)
    picture = Path(f"{scenario.name}-plan.png") if picture is None else picture
    refuse_place(picture, force)
    screen.stage("reading the libraries")
    from femsim.geometry.planning import plan

    screen.stage("placing the implant")
    made = plan(scenario)
    screen.stage("drawing")
    warnings = list(made.warnings)
    drawn: Path | None = picture
    try:
        _draw(made, picture)
    except MissingPieceError as error:
        drawn = None
        warnings.append(f"No picture: {error.what}")
    notes = [*scenario.notes, *made.notes]
    record = {
        "status": "complete",
        "scenario": str(file),
        "name": made.name,
        "side": made.side,
        "implant": made.kind,
        "size_from": made.size_from or None,
        **{key: None if value is None else round(value, 4) + 0.0 for key, value in made.numbers.items()},
        "solids": {
            name: {"material": piece.material, "volume_cm3": round(piece.volume, 4), "mass_g": round(piece.mass, 3)}
            for name, piece in made.pieces.items()
        },
        "picture": None if drawn is None else str(drawn),
        "warnings": warnings,
        "notes": notes,
    }
    heading = f"{made.name}: {_implant(made)} in a {made.side} femur"
    where = [f"Picture: {drawn}"] if drawn is not None else []
    screen.answer(record, heading, "", _table(made), "", *where)
    for note in notes:
        screen.remark(f"note: {note}")
    for warning in warnings:
        screen.remark(f"warning: {warning}")
    return 0


def rows_of(made: "Plan") -> list[tuple[str, str]]:
    """(name, value with unit) of what the plan has."""
    from femsim.geometry.planning import NUMBERS

    rows = []
    for key, (name, unit) in NUMBERS.items():
        value = made.numbers[key]
        if value is None:
            continue
        if key == "stem_shaft_angle_deg" and made.stem_tip is not None:
            name = "implant's neck–shaft angle"
        if key == "anteversion_deg" and made.femur.landmarks.anteversion_is_assumed:
            name += ", assumed"
        text = f"{round(value, 1) + 0.0:{'+' if key in SIGNED else ''}.1f}{UNITS[unit]}"
        rows.append((name, text))
        if key == "head_diameter_mm":
            rows.append(("size chosen", SIZES[made.size_from]))
    for name, piece in made.pieces.items():
        rows.append((f"{name}, {piece.material}", f"{piece.volume:.1f} cm³, {piece.mass:.0f} g"))
    return rows


def _implant(made: "Plan") -> str:
    return "nothing put in" if made.new_head is None else made.kind.replace("_", " ")


def _table(made: "Plan") -> Any:
    from rich.table import Table

    table = Table(box=None, padding=(0, 2, 0, 0), show_header=False)
    table.add_column()
    table.add_column(justify="right")
    for name, text in rows_of(made):
        table.add_row(name, text)
    return table


def _draw(made: "Plan", picture: Path) -> None:
    from femsim.view.plan_picture import Sketch, draw

    marks = made.femur.landmarks
    mirrored = "left femur, mirrored: drawn as a right one" if made.side == "left" else "right femur"
    new_radius = None if made.new_head is None else made.numbers["head_diameter_mm"] / 2
    sketch = Sketch(
        title=f"{made.name}: plan",
        under=f"{_implant(made).capitalize()}; {mirrored}. Lengths in mm.",
        kept=made.kept,
        removed=made.removed,
        pieces={name: (piece.surface, piece.material == "pmma") for name, piece in made.pieces.items()},
        axes=made.axes,
        new_head=made.new_head,
        head_radii=(marks.head_radius, new_radius),
        stem_tip=made.stem_tip,
        anteversion_is_assumed=marks.anteversion_is_assumed,
        numbers=made.numbers,
        rows=rows_of(made),
        warnings=made.warnings,
    )
    try:
        draw(sketch, picture)
    except OSError as error:
        raise StoreError(f"{picture} cannot be written: {error.strerror}.", remedy="name another place") from error
