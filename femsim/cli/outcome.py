"""`femsim run`: computes a scenario and tells its numbers."""

import time
from collections.abc import Sequence
from pathlib import Path

from femsim.cli.screen import Screen


def told(screen: Screen, path: Path, sets: tuple[str, ...], *, out: Path, force: bool, pictures: bool) -> int:
    """Read, compute, tell."""
    from femsim.scenario.reading import load

    start = time.perf_counter()
    scenario = load(path, sets)
    for note in scenario.notes:
        screen.remark(f"note: {note}")
    screen.stage("reading the libraries")
    from femsim.run import run

    result = run(scenario, out=out, force=force, progress=screen.stage, within=screen.stage)
    drawn, warnings = _drawn(result.folder, result.reused, screen) if pictures else ([], [])
    warnings = [*result.summary.get("warnings", ()), *warnings]
    measures = result.summary["measures"]
    record = {
        "status": "complete",
        "run": str(result.folder),
        "reused": result.reused,
        "measures": measures,
        "pictures": [str(picture) for picture in drawn],
        "notes": list(scenario.notes),
        "warnings": warnings,
    }
    record |= {key: result.summary[key] for key in ("failure", "impact") if key in result.summary}
    screen.answer(record, *_text(result, drawn, time.perf_counter() - start, screen.verbose))
    for warning in warnings:
        screen.remark(f"warning: {warning}")
    return 0


def _drawn(folder: Path, reused: bool, screen: Screen) -> tuple[list[Path], list[str]]:
    """Pictures and report page of a run, and a warning where this machine cannot draw: the numbers are there anyway."""
    from femsim.errors import MissingPieceError
    from femsim.view import pictures, report

    warnings = []
    drawn = sorted([*folder.glob("*.png"), *folder.glob("*.gif")]) if reused else []
    if not drawn:
        screen.stage("pictures")
        try:
            drawn = pictures.draw_all(folder)
        except MissingPieceError as error:
            warnings.append(error.what)  # which holds the line that mends it
    if not (reused and (folder / report.FILE).is_file() and not warnings):
        screen.stage("report")
        report.write(folder)
    return drawn, warnings


def _text(result, drawn: list[Path], seconds: float, verbose: bool) -> list:
    how = "taken from the run that is there (--force computes it again)" if result.reused else "computed"
    measures, activities = result.summary["measures"], _activities(result.summary)
    from femsim.cli.beyond import beyond

    lines = [
        *beyond(result.summary),
        *((_table(measures, verbose), "", *activities) if verbose else _short_tables(measures, activities)),
        "",
        *_bone(result.summary.get("bone")),
        f"{result.summary['name']}: {how} in {seconds:.1f} s. {result.summary['disclaimer']}",
        f"results:  {result.folder}",
    ]
    if drawn:
        lines.append(f"pictures: {', '.join(picture.name for picture in drawn)}")
    page = Path(result.folder) / "report.html"
    return [*lines, f"report:   {page}"] if page.is_file() else lines


def _bone(account: dict | None) -> list[str]:
    """How much bone the intact femur has, and what ails it."""
    if account is None:  # a run of an older femsim
        return []
    words = f"bone:     {account['mass_g']:.0f} g, mean {account['mean_density_g_per_cm3']:.3f} g/cm3 apparent"
    if account["sound_mass_g"] != account["mass_g"]:
        sound = account["sound_mean_density_g_per_cm3"]
        words += f" ({account['sound_mass_g']:.0f} g and {sound:.3f} g/cm3 before disease)"
    return [words, *(f"          {note}" for note in account["notes"])]


def _activities(summary: dict) -> list:
    """What the load of each activity may grow to: a table where there is a routine, else a line."""
    from femsim.results.activities import rows_once

    activities = summary.get("activities")
    if not activities:  # a run of an older femsim
        return []
    with_implant = any(not region.startswith("bone_") for region in summary["models"]["operated"]["regions"])
    models = ("operated", "intact") if with_implant else ("intact",)
    rows = [activities[row] for row in rows_once(activities)]
    return [_table_of_activities(rows, models) if len(activities) > 1 else _load_to_yield(rows[0], models), ""]


def _load_to_yield(activity: dict, models: tuple[str, ...]) -> str:
    from femsim.results.activities import reached

    found = {model: activity["models"][model]["load_to_yield"] for model in models}
    if not all(found.values()):
        return "load to yield: nothing is strained"
    places = {model: reached(activity, model) for model in models}
    if len(set(places.values())) == 1:
        words = ", ".join(f"{times:.2g} × ({model})" for model, times in found.items())
        return f"load to yield {words}, {places[models[0]]}"
    return "load to yield " + ", ".join(f"{times:.2g} × ({model}, {places[model]})" for model, times in found.items())


def _table_of_activities(activities: list[dict], models: tuple[str, ...]):
    """A row per activity and model."""
    from rich.table import Table

    from femsim.results.activities import reached

    table = Table(box=None, padding=(0, 2, 0, 0))
    table.add_column("activity", no_wrap=True)
    for title in ("cycles\nper day", "hip peak\n[N]", "hip peak\n[% BW]"):
        table.add_column(title, justify="right", no_wrap=True)
    table.add_column("femur", no_wrap=True)
    for title in ("risk\nmax [-]", "load to\nyield [×]", "body mass at\nyield [kg]"):
        table.add_column(title, justify="right", no_wrap=True)
    table.add_column("risk max\nreached", no_wrap=True)
    for one in activities:
        first = [one["activity"], *map(_told, (one["cycles_per_day"], one["hip_peak_n"], one["hip_peak_percent_bw"]))]
        for model in models:
            keys = ("risk_factor_max", "load_to_yield", "body_mass_to_yield_kg")
            numbers = [_told(one["models"][model][key]) for key in keys]
            table.add_row(*(first if model == models[0] else [""] * 4), model, *numbers, reached(one, model))
    return table


def _told(value: float | None) -> str:
    return "-" if value is None else f"{value:.4g}"


# What the short table shows of every zone: column title, measure, model. --verbose and qoi.csv have everything.
BY_ZONE = (
    ("risk p99\noperated", "risk_factor_p99", "operated"),
    ("risk p99\nintact", "risk_factor_p99", "intact"),
    ("strain energy\nchange", "shielding_change", "change"),
    ("tension\nchange", "strain_tension", "change"),
    ("compression\nchange", "strain_compression", "change"),
)


def _short_tables(measures: list[dict], activities: Sequence = ()) -> list:
    """A row per zone with the main measures, the activities, who carries the load, then measures of one place."""
    from rich.table import Table

    from femsim.results.selection import OF_FRACTURE, OF_IMPACT, SECTION, for_reading

    measures = [one for one in for_reading(measures) if one["name"] not in (*OF_FRACTURE, *OF_IMPACT)]
    of = {(measure["name"], measure["model"], measure["zone"]): measure for measure in measures}
    columns = [column for column in BY_ZONE if any(key[:2] == column[1:] for key in of)]
    zones = list(dict.fromkeys(zone for name, model, zone in of if (name, model) in {column[1:] for column in columns}))
    table = Table(box=None, padding=(0, 2, 0, 0))
    table.add_column("zone", no_wrap=True)
    for title, name, model in columns:
        unit = next(measure["unit"] for key, measure in of.items() if key[:2] == (name, model))
        table.add_column(f"{title} [{unit}]", justify="right", no_wrap=True)
    for zone in zones:
        table.add_row(zone, *(_number(of.get((name, model, zone))) for _, name, model in columns))
    zones_of: dict[str, set[str]] = {}
    for measure in measures:
        zones_of.setdefault(measure["name"], set()).add(measure["zone"])
    single = [m for m in measures if len(zones_of[m["name"]]) < 3 and not m["zone"].startswith(SECTION)]
    zones_table = [table, ""] if columns else []
    return [*zones_table, *activities, *_section_tables(measures), _table(single, verbose=False)]


def _section_tables(measures: list[dict]) -> list:
    """A row per section of the operated femur that an implant crosses, with what each part carries there."""
    from rich.table import Table

    from femsim.results.selection import share_of

    told: dict[str, dict[tuple[str, str], dict]] = {}
    for measure in measures:
        share = share_of(measure["name"])
        if share and measure["model"] == "operated":
            told.setdefault(measure["zone"], {})[share] = measure
    told = {section: shares for section, shares in told.items() if any(part != "bone" for _, part in shares)}
    if not told:
        return []
    columns = list(dict.fromkeys(share for shares in told.values() for share in shares))
    columns.sort(key=lambda share: share[0])
    table = Table(box=None, padding=(0, 2, 0, 0))
    table.add_column("load through", no_wrap=True)
    for kind, part in columns:
        table.add_column(f"{kind.removesuffix('_share')}\n{part} [%]", justify="right", no_wrap=True)
    for section, shares in told.items():
        table.add_row(section, *(_number(shares.get(column)) for column in columns))
    return [table, ""]


def _table(measures: list[dict], verbose: bool):
    """A row per measure and zone, a column per model."""
    from rich.table import Table

    table = Table(box=None, padding=(0, 2, 0, 0))
    table.add_column("measure", no_wrap=True)
    table.add_column("zone", no_wrap=True)
    for model in ("operated", "intact", "change"):
        table.add_column(model, justify="right", no_wrap=True)
    table.add_column("unit", no_wrap=True)
    if verbose:
        table.add_column("note")
    before = ""
    for (name, zone), row in _rows(measures).items():
        # The change of a measure may have a unit of its own, such as %.
        units = list(dict.fromkeys(measure["unit"] for measure in row.values()))
        values = [
            _number(row.get(model), with_unit=len(units) > 1 and model == "change")
            for model in ("operated", "intact", "change")
        ]
        note = [next((m["note"] for m in row.values() if m.get("note")), "")] if verbose else []
        table.add_row("" if name == before else name, zone, *values, units[0], *note)
        before = name
    return table


def _rows(measures: list[dict]) -> dict[tuple[str, str], dict[str, dict]]:
    """(name, zone) → model → measure."""
    rows: dict[tuple[str, str], dict[str, dict]] = {}
    for measure in measures:
        rows.setdefault((measure["name"], measure["zone"]), {})[measure["model"]] = measure
    return rows


def _number(measure: dict | None, *, with_unit: bool = False) -> str:
    if measure is None:
        return ""
    unit = f" {measure['unit']}" if with_unit else ""
    return f"{measure['value']:.4g}{unit}"
