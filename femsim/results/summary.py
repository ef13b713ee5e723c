"""summary.json and qoi.csv: the numbers of a run, and what says that it is complete."""

import csv
import io
import json
import math
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from femsim.durable import write_text
from femsim.errors import StoreError

if TYPE_CHECKING:  # reading a run must not load what computes one
    from femsim.metrics.measure import Measure

FILE = "summary.json"
DISCLAIMER = "For research and engineering use; not a medical device."
LARGEST = 64_000_000  # bytes of a summary that is still read; femsim writes some 100 kB
QOI_COLUMNS = ("name", "zone", "model", "value", "unit", "note")


def write(folder: Path, told: Mapping[str, Any], file: str = FILE) -> None:
    """Write summary.json of a run as the last of its files; lists the files that are there, with their sizes.

    file : another name for what tells of the folder, where that is no run.

    Raises
    ------
    ValueError
        Where a number is not finite: what is not known is left out, never written.
    """
    files = {path.name: path.stat().st_size for path in sorted(Path(folder).iterdir()) if path.is_file()}
    text = json.dumps({**told, "files": files}, indent=1, ensure_ascii=False, allow_nan=False)
    write_text(Path(folder) / file, text + "\n")


def read(folder: Path, file: str = FILE) -> dict[str, Any]:
    """Contents of summary.json, or of the file that tells of a folder that is no run.

    Raises
    ------
    StoreError
        Where there is none or it is damaged.
    """
    path = Path(folder) / file
    try:
        if path.stat().st_size > LARGEST:
            raise ValueError(f"{path.stat().st_size} bytes")
        told = json.loads(path.read_text(encoding="utf-8"), parse_constant=_refuse_constant)
        if not isinstance(told, dict):
            raise ValueError("not an object")
        return told
    except FileNotFoundError:
        raise StoreError(
            f"This is not a {'run' if file == FILE else path.stem}: it has no {file}.",
            where=str(folder),
            remedy="name the folder that a run reported",
        ) from None
    except (OSError, ValueError, RecursionError) as error:
        raise StoreError(
            "The summary of this run is damaged.", where=str(path), why=str(error), remedy="run the scenario again"
        ) from None


def is_complete(folder: Path, told: Mapping[str, Any]) -> bool:
    """Whether a run says it is complete and every file it lists is there in full size."""
    files = told.get("files")
    if told.get("status") != "complete" or not isinstance(files, dict) or not files:
        return False
    return all(name == Path(name).name and _has(Path(folder) / name, size) for name, size in files.items())


def _has(path: Path, size: int) -> bool:
    try:
        return path.stat().st_size == size
    except OSError:
        return False


def rows(measures: "Iterable[Measure]") -> list[dict[str, Any]]:
    """One mapping per measure; a measure that is not a finite number is left out."""
    return [
        {"name": m.name, "zone": m.zone, "model": m.model, "value": float(m.value), "unit": m.unit, "note": m.note}
        for m in measures
        if math.isfinite(m.value)
    ]


def write_qoi(folder: Path, measures: "Iterable[Measure]") -> None:
    """Write qoi.csv: one measure a line, the value in its shortest exact decimals, the unit in a column of its own."""
    text = io.StringIO()
    table = csv.DictWriter(text, QOI_COLUMNS, lineterminator="\n")
    table.writeheader()
    table.writerows({**row, "value": repr(row["value"])} for row in rows(measures))
    write_text(Path(folder) / "qoi.csv", text.getvalue())


def _refuse_constant(name: str):
    raise ValueError(f"{name} is not a number")
