"""`femsim femur measure`: what a femur measures, as a table, one object, and a picture."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from femsim.cli.screen import Screen
from femsim.errors import StoreError, UsageError

if TYPE_CHECKING:
    from femsim.anatomy.measure import Measures
    from femsim.mesh.surface import Surface


def told(screen: Screen, file: Path, *, picture: Path | None, unit: str, side: str) -> int:
    """Measure, tell, and draw where a picture is asked for."""
    refuse_folder(picture)
    screen.stage("reading the surface")
    surface, measures, notes, assumed = _measured(screen, file, unit, side)
    if picture is not None:
        screen.stage("drawing")
        _draw(picture, file, surface, measures, assumed)
    record = {"status": "complete", "file": str(file), **measures.record(), "notes": list(notes)}
    if picture is not None:
        record["picture"] = str(picture)
    drawn = f"Picture: {picture}" if picture else f"For a picture: femsim femur measure {file} --picture femur.png"
    screen.answer(record, f"{file}: {measures.side} femur", "", _table(measures), "", _trust(measures), "", drawn)
    for note in notes:
        screen.remark(f"note: {note}")
    return 0


def _measured(screen: Screen, file: Path, unit: str, side: str) -> tuple["Surface", "Measures", tuple[str, ...], float]:
    """Closed surface in the file's frame [mm], its measures, sentences, and the anteversion the frame has."""
    from femsim.anatomy.landmarks import recognise
    from femsim.anatomy.measure import measured
    from femsim.anatomy.surface_file import SurfaceFemur
    from femsim.anatomy.volume_mesh import femur_file
    from femsim.mesh.surface import transformed

    if file.suffix.lower() == ".toml":
        if (unit, side) != ("auto", "auto"):
            raise UsageError(
                "With a scenario --unit and --side are not taken: they stand in it.",
                remedy="set femur.unit and femur.side in the scenario",
            )
        from femsim.scenario.reading import load

        femur = load(file).femur
    else:
        femur = femur_file(file, unit=unit, side=side)
    if isinstance(femur, SurfaceFemur):
        opened = femur.opened()
        surface, found, notes = opened.surface, opened.found, opened.notes
    else:
        made = femur.shape()
        surface, notes = transformed(made.surface, made.to_source), made.notes
        found = recognise(surface, side=made.side, anteversion_deg=made.landmarks.anteversion_deg)
    screen.stage("measuring")
    return surface, measured(surface, found), notes, found.landmarks.anteversion_deg


def refuse_folder(path: Path | None) -> None:
    """A file that cannot be written is said before the work, not after it."""
    if path is None:
        return
    if path.is_dir() or not path.absolute().parent.is_dir():
        what = "is a folder" if path.is_dir() else "lies in a folder that is not there"
        raise UsageError(f"{path} {what}.", remedy="name a file in a folder that exists")


def shown(measures: "Measures") -> list[tuple[str, str]]:
    """(name, value with unit) for people, '–' where a measure is not defined."""
    from femsim.anatomy.measure import UNITS

    rows = []
    for key, (name, unit) in UNITS.items():
        value = getattr(measures, key)
        text = "–" if value is None else f"{value:.0f} {unit}" if abs(value) >= 200 else f"{value:.1f} {unit}"
        rows.append((name, text.replace(" deg", "°")))
    return rows


def _table(measures: "Measures"):
    from rich.table import Table

    from femsim.anatomy.measure import UNITS

    table = Table(box=None, padding=(0, 2, 0, 0), show_header=False)
    table.add_column()
    table.add_column(justify="right")
    table.add_column()
    centre = ", ".join(f"{x:.2f}" for x in measures.head_centre_mm)
    for key, (name, text) in zip(UNITS, shown(measures)):
        number, _, unit = text.partition(" ") if not text.endswith("°") else (text[:-1], "", "°")
        table.add_row(name, number, unit if key not in measures.reasons else measures.reasons[key])
        if key == "head_radius_mm":
            table.add_row("head centre", "", f"({centre}) mm in the file's frame")
    return table


def _trust(measures: "Measures"):
    from rich.table import Table

    table = Table(box=None, padding=(0, 2, 0, 0))
    for heading in ("landmark", "confidence", "it rests on"):
        table.add_column(heading, justify="right" if heading == "confidence" else "left")
    for name, trust in measures.confidence.items():
        table.add_row(name.replace("_", " "), f"{trust.value:.2f}", trust.basis)
    return table


def _draw(picture: Path, file: Path, surface: "Surface", measures: "Measures", assumed: float) -> None:
    from femsim.mesh.surface import transformed
    from femsim.view.bones import Template, draw_template

    to_femur = np.linalg.inv(measures.frame)
    places: dict[str, Any] = {}
    for name, place in measures.landmarks.items():
        is_direction = name.endswith("_axis")
        places[name] = to_femur[:3, :3] @ place + (0.0 if is_direction else to_femur[:3, 3])
    template = Template(
        title=f"{file.name}: {measures.side} femur",
        surface=transformed(surface, to_femur),
        side=measures.side,
        measures=vars(measures),
        rows=shown(measures),
        places=places,
        confidence={name: trust.value for name, trust in measures.confidence.items()},
        assumed_anteversion=assumed,
    )
    try:
        draw_template(template, picture)
    except OSError as error:
        raise StoreError(f"{picture} cannot be written: {error.strerror}.", remedy="name another place") from error
