"""A finished sweep as one page: what was varied, what failed, every case on a plot, what its sensitivity said."""

import base64
import csv
import gzip
import json
from collections.abc import Mapping, Sequence
from importlib import resources
from pathlib import Path
from typing import Any

from femsim.errors import MissingPieceError, StoreError
from femsim.results import summary

INDEX, TABLE, FAILED, CASES, SENSITIVITY = "sweep.json", "table.csv", "failed.csv", "cases.jsonl.gz", "sensitivity"
FIXED = ("number", "digest", "status", "class")
LARGEST = 4_000_000  # letters of all measures: with the program that draws them a page stays below 10 MB
LETTERS = 9  # of a number
# What a person looks at first; the rest follows in the order of the table.
FIRST = ("operated.femur.load_to_yield", "operated.neck_superior", "operated.neck_inferior", "operated.femur")
REASONS = 12


def is_sweep(folder: Path) -> bool:
    """Whether a folder is that of a sweep."""
    return (Path(folder) / INDEX).is_file()


def page(folder: Path) -> str:
    """The page as HTML; nothing is fetched from anywhere.

    Raises
    ------
    StoreError
        Where the folder is no sweep, or has no table yet.
    MissingPieceError
        Where the library that draws is not installed.
    """
    import jinja2
    from markupsafe import Markup

    try:
        from plotly.offline import get_plotlyjs
    except ImportError:
        raise MissingPieceError(
            "The page of a sweep needs the library plotly, which is not installed.", remedy="pip install plotly"
        ) from None
    folder = Path(folder)
    told, data = data_of(folder)
    rows, failed = _rows(folder / TABLE), _rows(folder / FAILED, needed=False)
    axes = list(told["units"])
    environment = jinja2.Environment(autoescape=True, trim_blocks=True, undefined=jinja2.ChainableUndefined)
    template = environment.from_string(resources.files("femsim.view").joinpath("sweep_page.html.j2").read_text("utf-8"))
    return template.render(
        told=told,
        n_done=sum(row["status"] == "done" for row in rows),
        file=Path(told["source"]).name,
        disclaimer=summary.DISCLAIMER,
        varied=[_varied(name, told["units"][name], rows) for name in axes],
        failures=_failures(failed),
        left_out=data["left_out"],
        pictures=_pictures(folder),
        data=Markup(json.dumps(data, ensure_ascii=False, allow_nan=False).replace("</", "<\\/")),
        plotly=Markup(get_plotlyjs()),
        own=Markup(resources.files("femsim.view").joinpath("sweep_page.js").read_text("utf-8")),
    )


def data_of(folder: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """What sweep.json tells, and the finished cases: numbers, the texts that make each, axes and measures by column.

    Raises
    ------
    StoreError
        Where the folder is no sweep, or has no table yet.
    """
    folder = Path(folder)
    told = _index(folder)
    return told, _data(told, _rows(folder / TABLE), _sets(folder), list(told["units"]))


def _index(folder: Path) -> dict[str, Any]:
    try:
        told = json.loads((folder / INDEX).read_text("utf-8"))
        return {name: told[name] for name in ("name", "digest", "n_cases", "source", "overrides", "units", "version")}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StoreError(f"{INDEX} of this sweep cannot be read.", where=str(folder), why=str(error)) from None


def _rows(path: Path, *, needed: bool = True) -> list[dict[str, str]]:
    try:
        with open(path, encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))
    except FileNotFoundError:
        if not needed:
            return []
        raise StoreError(
            "This sweep has no table yet.", where=str(path.parent), remedy=f"femsim sweep table {path.parent}"
        ) from None
    except (OSError, ValueError, csv.Error) as error:
        raise StoreError(f"{path.name} of this sweep cannot be read.", where=str(path), why=str(error)) from None


def _sets(folder: Path) -> dict[int, list[str]]:
    """Number of a case → the texts that make it."""
    try:
        with gzip.open(folder / CASES, "rt", encoding="utf-8") as file:
            return {one["number"]: one["sets"] for one in map(json.loads, file)}
    except (OSError, ValueError, EOFError, KeyError) as error:
        raise StoreError("The cases of this sweep cannot be read.", where=str(folder), why=str(error)) from None


def _data(told: Mapping[str, Any], rows: Sequence[Mapping[str, str]], sets: Mapping[int, list[str]], axes) -> dict:
    done = [row for row in rows if row["status"] == "done"]
    heads = list(rows[0]) if rows else []
    columns = {name: f"{name} [{told['units'][name]}]" for name in axes}
    of_measures = [head for head in heads if head not in (*FIXED, *columns.values())]
    of_measures = [head for head in of_measures if len({row[head] for row in done}) > 1]
    rank = {head: next((k for k, start in enumerate(FIRST) if head.startswith(start)), len(FIRST)) for head in heads}
    of_measures.sort(key=lambda head: (rank[head], heads.index(head)))
    most = max(1, int(LARGEST / (LETTERS * max(len(done), 1))))
    chosen = of_measures[:most]
    known = [name for name in axes if columns[name] in heads]
    return {
        "numbers": [int(row["number"]) for row in done],
        "sets": [sets.get(int(row["number"]), []) for row in done],
        "file": Path(told["source"]).name,
        "axes": {columns[name]: _values([row[columns[name]] for row in done]) for name in known},
        "measures": {head: _values([row[head] for row in done]) for head in chosen},
        "left_out": len(of_measures) - len(chosen),
    }


def _values(texts: Sequence[str]) -> list[float | str | None]:
    """Numbers of six digits where all are numbers; None where there is nothing."""
    try:
        return [float(f"{float(text):.6g}") if text else None for text in texts]
    except ValueError:
        return [text or None for text in texts]


def _varied(name: str, unit: str, rows: Sequence[Mapping[str, str]]) -> tuple[str, str, str]:
    head = f"{name} [{unit}]"
    values = [value for value in _values([row.get(head, "") for row in rows]) if value is not None]
    numbers = values and all(isinstance(value, float) for value in values)
    different = list(dict.fromkeys(values))
    if numbers and len(different) > 6:
        return name, unit, f"{min(values):g} to {max(values):g}"
    return name, unit, ", ".join(f"{value:g}" if numbers else str(value) for value in sorted(different))


def _failures(failed: Sequence[Mapping[str, str]]) -> list[tuple[str, str, int, str]]:
    """Class, reason, how many, an example; those that happened most first."""
    found: dict[tuple[str, str], list[str]] = {}
    for row in failed:
        found.setdefault((row.get("class", ""), row.get("what", "")), []).append(row.get("number", ""))
    most = sorted(found.items(), key=lambda one: -len(one[1]))
    return [(kind, what, len(numbers), numbers[0]) for (kind, what), numbers in most[:REASONS]]


def _pictures(folder: Path) -> list[dict[str, str]]:
    return [
        {"title": path.stem.replace("-", ": ", 1), "data": base64.b64encode(path.read_bytes()).decode("ascii")}
        for path in sorted((folder / SENSITIVITY).glob("*.png"))[:8]
    ]
