"""The table of a comparison: a row for each question that is asked first, a column for each variant."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from femsim.comparison.columns import NOT_A_PLACE, Column

ANY = "*"
CEMENT = "cement"
VALUE, REMOVED, ABSENT, REFUSED = "value", "removed", "not computed", "refused"


@dataclass(frozen=True)
class Ask:
    """Where a row's number stands in a run.

    zone, model : `ANY` takes the largest number of any place that is neither cement nor the whole femur.
    """

    measure: str
    zone: str
    model: str


@dataclass(frozen=True)
class Row:
    """A question; the first of `asks` that any variant answers is shown, of every variant.

    of_bone : whether its zone is bone, which an operation may remove.
    digits : decimals that are shown; signed : whether a plus is shown.
    """

    group: str
    label: str
    asks: tuple[Ask, ...]
    of_bone: bool = True
    digits: int = 1
    signed: bool = False


@dataclass(frozen=True)
class Cell:
    """A number, or why there is none."""

    value: float | None
    state: str


@dataclass(frozen=True)
class Line:
    """A row as it is shown; zone : where its number was taken."""

    row: Row
    ask: Ask
    unit: str
    cells: tuple[Cell, ...]


def _risk(label: str, *zones: str) -> Row:
    asks = tuple(Ask("risk_factor_p99", zone, "operated") for zone in zones)
    return Row("risk factor p99", label, asks, digits=3)


def _energy(label: str, *zones: str) -> Row:
    asks = tuple(Ask("shielding_change", zone, "change") for zone in zones)
    return Row("change of strain energy density", label, asks, signed=True)


def _volume(label: str, *asks: tuple[str, str], digits: int = 1) -> Row:
    asks = tuple(Ask(measure, "femur", model) for measure, model in asks)
    return Row("volume of the kept bone", label, asks, digits=digits)


def _whole(group: str, label: str, measure: str, zone: str, *models: str, digits: int = 1, signed: bool = False) -> Row:
    asks = tuple(Ask(measure, zone, model) for model in models)
    return Row(group, label, asks, of_bone=False, digits=digits, signed=signed)


ROWS = (
    _whole("until it breaks", "fracture load", "fracture_load", "femur", "operated", digits=0),
    _whole("until it breaks", "change of it", "fracture_load", "femur", "change", signed=True),
    _whole("until it breaks", "first crack", "first_crack_load", "femur", "operated", digits=0),
    _whole("until it breaks", "linear estimate", "linear_fracture_load", "femur", "operated", digits=0),
    _whole("until it breaks", "work until the peak", "energy_to_fracture", "femur", "operated"),
    _whole("impact", "peak force", "impact_peak_force", "femur", "operated", digits=0),
    _whole("impact", "largest risk factor", "impact_risk_factor_max", "femur", "operated", digits=3),
    _whole("impact", "speed that just breaks", "impact_breaking_speed", "femur", "operated", digits=2),
    _risk("neck superior", "neck_superior", "neck_superior_distal"),
    _risk("neck inferior", "neck_inferior", "neck_inferior_distal"),
    _risk("calcar", "calcar", "gruen_7"),
    _risk("femur", "femur"),
    _energy("head superior", "head_superior"),
    _energy("neck superior", "neck_superior", "neck_superior_distal"),
    _energy("neck inferior", "neck_inferior", "neck_inferior_distal"),
    _energy("calcar", "calcar", "gruen_7"),
    _energy("shaft medial", "shaft_medial", "gruen_6"),
    _energy("shaft lateral", "shaft_lateral", "gruen_2"),
    _volume("below half its load", ("shielded_volume_50", "change"), ("unloaded_volume", "change")),
    _volume("below a quarter of its load", ("shielded_volume_25", "change")),
    _volume("over yield", ("volume_over_yield", "operated"), digits=2),
    _whole("bone removed", "volume", "bone_removed_volume", "femur", "operated"),
    _whole("bone removed", "share", "bone_removed_share", "femur", "operated"),
    _whole("head stiffness", "under the hip force", "head_stiffness", "head", "operated", digits=0),
    _whole("head stiffness", "change", "head_stiffness", "head", "change", signed=True),
    _whole("change of the hip", "leg length", "leg_length_change", ANY, "change", "operated", signed=True),
    _whole("change of the hip", "offset", "offset_change", ANY, "change", "operated", signed=True),
    _whole("stress over strength", "metal", "stress_over_strength", ANY, "operated", digits=3),
    _whole("stress over strength", "cement", "stress_over_strength", CEMENT, "operated", digits=3),
)


def lines(columns: Sequence[Column], rows: Sequence[Row] = ROWS) -> tuple[Line, ...]:
    """The rows that some variant has a number for."""
    found = []
    for row in rows:
        ask = next((ask for ask in row.asks if any(answer(column, ask) is not None for column in columns)), None)
        if ask is None:
            continue
        units = (column.units.get((ask.measure, ask.model)) for column in columns)
        unit = next(unit for unit in units if unit)
        found.append(Line(row, ask, unit, tuple(_cell(column, row, ask) for column in columns)))
    return tuple(found)


def answer(column: Column, ask: Ask) -> float | None:
    """What a variant has to an ask."""
    if ask.zone != ANY:
        return column.values.get((ask.measure, ask.zone, ask.model))
    places = [
        value
        for (name, zone, model), value in column.values.items()
        if (name, model) == (ask.measure, ask.model) and zone != CEMENT
    ]
    return max(places, key=abs, default=None)


def _cell(column: Column, row: Row, ask: Ask) -> Cell:
    if column.refused:
        return Cell(None, REFUSED)
    value = answer(column, ask)
    if value is not None:
        return Cell(value, VALUE)
    return Cell(None, REMOVED if row.of_bone and _is_removed(column, ask.zone) else ABSENT)


def _is_removed(column: Column, zone: str) -> bool:
    """Whether nothing is left of a zone, nor of a part of it: older runs name the parts alone."""
    left = any(place == zone or place.startswith(f"{zone}_") for place in column.bone_zones)
    return not column.is_reference and zone not in NOT_A_PLACE and not left


def shown(cell: Cell, row: Row) -> str:
    """A cell as people read it."""
    if cell.value is None:
        return {REMOVED: "removed", ABSENT: "–", REFUSED: "refused"}[cell.state]
    value = round(cell.value, row.digits) + 0.0  # no minus before a zero
    return f"{value:+.{row.digits}f}" if row.signed and value else f"{value:.{row.digits}f}"


def rows_of(found: Sequence[Line], columns: Sequence[Column]) -> list[dict[str, Any]]:
    """The table as plain data."""
    return [
        {
            "group": line.row.group,
            "label": line.row.label,
            "measure": line.ask.measure,
            "zone": "largest" if line.ask.zone == ANY else line.ask.zone,
            "model": line.ask.model,
            "unit": line.unit,
            "cells": {
                column.label: {"value": cell.value, "state": cell.state, "text": shown(cell, line.row)}
                for column, cell in zip(columns, line.cells)
            },
        }
        for line in found
    ]


def wide_csv(rows: Sequence[dict[str, Any]], labels: Sequence[str]) -> str:
    """The table as CSV: a line per row, a column per variant; what is no number is a word."""
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(["group", "label", "measure", "zone", "model", "unit", *labels])
    for row in rows:
        cells = [row["cells"][label] for label in labels]
        numbers = [cell["state"] if cell["value"] is None else repr(cell["value"]) for cell in cells]
        table.writerow([*(row[key] for key in ("group", "label", "measure", "zone", "model", "unit")), *numbers])
    return text.getvalue()


def tidy_csv(columns: Sequence[Column]) -> str:
    """Every measure of every variant as CSV, one a line."""
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(["variant", "measure", "zone", "model", "value", "unit"])
    for column in columns:
        for (name, zone, model), value in column.values.items():
            table.writerow([column.label, name, zone, model, repr(value), column.units[name, model]])
    return text.getvalue()
