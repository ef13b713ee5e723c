"""`femsim tolerance`: what a construct, or several, bear of every activity, as a table, a file and a figure."""

import csv
import io
from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from femsim.cli.options import Force, Json, Quiet, Set
from femsim.cli.screen import Screen
from femsim.errors import MissingPieceError, UsageError

if TYPE_CHECKING:
    from femsim.capacity.tolerance import Borne, Limit, Tolerance

INTACT = "intact"
FEW, WIDEST = 2, 16  # columns that leave room for places; letters of a line of a heading
# Column → which of its two models, and activity → what that bears.
Columns = dict[str, tuple[str, dict[str, "Borne"]]]
NOTE = (
    "times the activity's load until a sphere of 2 mm of bone first reaches its yield strain: 0.73 % in tension, 1.04 "
    "% in compression. Bone above the shaft; the file has the shaft and the places too. Linear: first yielding is not "
    "fracture."
)


def tolerance(
    *scenarios: Path,
    implants: Annotated[
        str | None,
        Parameter(
            show_default=False, help="Implants for one patient, with commas between, as `femsim compare` takes them."
        ),
    ] = None,
    activities: Annotated[
        str | None, Parameter(show_default=False, help="Activities with commas between; all when left out.")
    ] = None,
    sets: Set = (),
    out: Annotated[
        Path, Parameter(name=["--out", "-o"], help="Folder for NAME-tolerance.png and .csv; 'none' writes nothing.")
    ] = Path("."),
    force: Force = False,
    json: Json = False,
    quiet: Quiet = False,
) -> int:
    """Say what a construct tolerates: how much each activity's load may grow until bone yields, and the body mass.

    Loads of one newton are solved once, a minute or more for each construct, and kept; another activity or body mass
    takes seconds then.

    Example: femsim tolerance scenarios/patient.toml --implants intact,resurfacing_cap,mid_head_resection,stemmed

    Parameters
    ----------
    scenarios
        Scenario files; one with --implants.
    """
    with Screen(json=json, quiet=quiet) as screen:
        return told(screen, scenarios, implants, activities, sets, out=out, force=force)


def told(
    screen: Screen,
    paths: tuple[Path, ...],
    implants: str | None,
    activities: str | None,
    sets: tuple[str, ...],
    *,
    out: Path,
    force: bool,
) -> int:
    """Solve what is not solved yet, ask, tell."""
    named = _scenarios(paths, implants, sets)
    names = tuple(filter(None, (activities or "").replace(" ", "").split(",")))
    folder = None if str(out) == "none" else _made(out)  # before minutes of work
    screen.stage("reading the libraries")
    from femsim.capacity.tolerance import tolerance as asked

    found: dict[str, Tolerance] = {}
    for label, scenario in named.items():
        found[label] = asked(
            scenario, names, fresh=force, progress=lambda stage, label=label: screen.stage(f"{label}: {stage}")
        )
    columns = _columns(found, named)
    written, warnings = _written(found, columns, folder) if folder else ([], [])
    first = next(iter(found.values()))
    record = {
        "body_mass_kg": first.body_mass_kg,
        "constructs": {label: _record(one) for label, one in found.items()},
        "files": [str(path) for path in written],
        "note": NOTE,
        "warnings": warnings,
    }
    words = ["", f"{NOTE[0].upper()}{NOTE[1:]}", "For research and engineering use; not a medical device."]
    left_out = {name: why for one in reversed(found.values()) for name, why in one.left_out.items()}
    if left_out:
        words.append("Left out: " + "; ".join(f"{name} ({why})" for name, why in left_out.items()) + ".")
    words += [f"written: {', '.join(str(path) for path in written)}"] if written else []
    screen.answer(record, _table(columns), *words)
    for warning in warnings:
        screen.remark(f"warning: {warning}")
    return 0


def _scenarios(paths: tuple[Path, ...], implants: str | None, sets: tuple[str, ...]) -> dict[str, Any]:
    from femsim.comparison.variants import kind_of, variants_of
    from femsim.scenario.reading import load

    if not paths:
        raise UsageError("No scenario is given.", remedy="femsim tolerance scenarios/walking.toml")
    if implants is None and len(paths) == 1:
        scenario = load(paths[0], sets)
        return {kind_of(scenario): scenario}
    return {variant.label: variant.scenario for variant in variants_of(paths, implants, sets)}


def _columns(found: "Mapping[str, Tolerance]", named: Mapping[str, Any]) -> Columns:
    """The intact femur of every patient first and once, then what was put in."""
    columns: Columns = {}
    patients: list[Any] = []
    for label, one in found.items():
        rows = {row.activity: row for row in one.rows}
        patient = replace(named[label], implant=None, name="", notes=())
        if patient not in patients:
            columns[f"{label} {INTACT}" if patients else INTACT] = (INTACT, rows)
            patients.append(patient)
        if any(row.proximal["operated"] != row.proximal[INTACT] for row in one.rows):
            columns[label] = ("operated", rows)
    return columns


def _rows(columns: Columns) -> "list[Borne]":
    """Every activity once, as the first construct bears it that was asked of it."""
    rows: dict[str, Borne] = {}
    for _, found in columns.values():
        for activity, row in found.items():
            rows.setdefault(activity, row)
    return list(rows.values())


def _table(columns: Columns) -> Any:
    from rich.table import Table

    table = Table(box=None, padding=(0, 2, 0, 0))
    table.add_column("activity", no_wrap=True)
    table.add_column("hip force", justify="right", no_wrap=True)
    with_places = len(columns) <= FEW
    for label in columns:
        heading = "\n".join(wrap(label.replace("_", " "), WIDEST))
        table.add_column(f"{heading}\n× load     mass", justify="right", no_wrap=True)
        if with_places:
            table.add_column("where", no_wrap=True, vertical="bottom")
    for row in _rows(columns):
        cells = []
        for model, found in columns.values():
            limit = found[row.activity].proximal[model] if row.activity in found else None
            cells.append("" if limit is None else _borne(limit))
            if with_places:
                cells.append("" if limit is None else limit.zone.replace("_", " "))
        table.add_row(row.activity, _hip(row), *cells)
    return table


def _hip(row: "Borne") -> str:
    return f"{row.hip_peak_percent_bw:.0f} %"


def _borne(limit: "Limit") -> str:
    times = "" if limit.multiplier is None else f"{limit.multiplier:.2f}"
    mass = "–" if limit.body_mass_kg is None else f"{limit.body_mass_kg:.0f} kg"
    return f"{times}  {mass:>7}"


def _record(one: "Tolerance") -> dict[str, Any]:
    return {
        "activities": [asdict(row) for row in one.rows],
        "left_out": one.left_out,
        "unit_loads": one.loads,
        "sources": {name: list(sources) for name, sources in one.sources.items()},
    }


def _written(found: "Mapping[str, Tolerance]", columns: Columns, out: Path) -> tuple[list[Path], list[str]]:
    from femsim.durable import write_text

    first = next(iter(found.values()))
    name = first.name if len(found) == 1 else f"{first.name}-{len(found)}"
    picture, table = out / f"{name}-tolerance.png", out / f"{name}-tolerance.csv"
    warnings = []
    try:
        write_text(table, _csv(columns))
        try:
            from femsim.view.tolerance_picture import draw

            draw(_drawn(first, columns), picture)
        except MissingPieceError as error:
            warnings.append(f"No picture: {error.what}")
    except OSError as error:
        raise _unwritable(out, error) from error
    return ([table] if warnings else [picture, table]), warnings


def _made(out: Path) -> Path:
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _unwritable(out, error) from error
    return out


def _unwritable(out: Path, error: OSError) -> UsageError:
    return UsageError(
        "The table and the picture cannot be written.",
        where=str(out),
        why=error.strerror or str(error),
        remedy="choose another folder with --out",
    )


def _csv(columns: Columns) -> str:
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    heads = ["risk_factor_max [-]", "load_to_yield [-]", "body_mass_to_yield [kg]", "zone", "instant", "instant_unit"]
    table.writerow(["activity", "hip_peak [N]", "hip_peak [%BW]", "construct", "part", *heads])
    for activity in [row.activity for row in _rows(columns)]:
        for label, (model, found) in columns.items():
            row = found.get(activity)
            for part, limits in (("proximal", row.proximal), ("shaft", row.shaft)) if row else ():
                limit = limits[model]
                numbers = [limit.risk, limit.multiplier, limit.body_mass_kg]
                cells = ["" if value is None else f"{value:.7g}" for value in numbers]
                start = [activity, f"{row.hip_peak_n:.7g}", f"{row.hip_peak_percent_bw:.7g}", label, part]
                table.writerow([*start, *cells, limit.zone, f"{limit.instant:.7g}", row.instant_unit])
    return text.getvalue()


def _drawn(first: "Tolerance", columns: Columns) -> Any:
    from femsim.view.tolerance_picture import Drawn

    rows = _rows(columns)

    def limits(model: str, row: "Borne | None") -> tuple[float | None, float | None]:
        return (row.proximal[model].multiplier, row.shaft[model].multiplier) if row else (None, None)

    return Drawn(
        first.name,
        first.body_mass_kg,
        tuple(row.activity for row in rows),
        tuple(row.hip_peak_percent_bw for row in rows),
        {label: tuple(limits(model, found.get(r.activity)) for r in rows) for label, (model, found) in columns.items()},
    )
