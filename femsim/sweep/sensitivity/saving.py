"""The answers as files: sensitivity.json and sensitivity.csv, and what pictures show of them."""

import csv
import io
import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import femsim
from femsim.durable import write_text
from femsim.sweep.designs import DESIGNS
from femsim.sweep.sensitivity.asking import Answer
from femsim.sweep.sensitivity.effects import MEANING
from femsim.sweep.sensitivity.finished import Finished

JSON, CSV = "sensitivity.json", "sensitivity.csv"


def record_of(finished: Finished, answers: Sequence[Answer]) -> dict[str, Any]:
    """The answers as plain data."""
    kinds = dict.fromkeys(effect.kind for answer in answers for effect in answer.effects)
    return {
        "name": finished.name,
        "femsim": femsim.__version__,
        "design": DESIGNS.name_of(finished.design),
        "rows": finished.n,
        "failed": finished.n_failed,
        "missing": finished.n_missing,
        "meaning": {kind: MEANING[kind] for kind in kinds},
        "measures": [answer.record() for answer in answers],
    }


def save(folder: Path, record: dict[str, Any]) -> tuple[Path, Path]:
    """Write both files.

    Raises
    ------
    OSError
        Where they cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    write_text(folder / JSON, json.dumps(record, ensure_ascii=False, indent=1, allow_nan=False) + "\n")
    write_text(folder / CSV, _csv(record))
    return folder / JSON, folder / CSV


def _csv(record: dict[str, Any]) -> str:
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(["measure", "factor", "kind", "value", "low", "high", "unit", "cases_used [-]", "failed"])
    for answer in record["measures"]:
        for effect in answer["effects"]:
            numbers = ["" if effect[key] is None else f"{effect[key]:.6g}" for key in ("value", "low", "high")]
            row = [answer["measure"], effect["axis"], effect["kind"], *numbers, effect["unit"]]
            table.writerow([*row, answer["n_used"], answer["failed"]])
    return text.getvalue()


def file_name(measure: str) -> str:
    """A measure as part of a file's name."""
    return re.sub(r"[^A-Za-z0-9_.-]+", "-", measure.partition(" [")[0]).strip("-")
