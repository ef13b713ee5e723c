"""What one page says of several runs: where they differ, what loads them, how well each was solved."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from femsim.errors import StoreError
from femsim.results import summary
from femsim.results.activities import reached, rows_once
from femsim.view import report
from femsim.view.scene import RESULT


@dataclass(frozen=True)
class Run:
    """A run under the name that it has on the page.

    folder : its name alone; told : contents of summary.json; origin : of provenance.json, empty where there is none.
    """

    label: str
    folder: str
    told: Mapping[str, Any]
    origin: Mapping[str, Any]

    @property
    def has_implant(self) -> bool:
        return any(not name.startswith("bone") for name in self.told["models"]["operated"]["regions"])


def read(folders: Mapping[str, Path]) -> tuple[Run, ...]:
    """The runs in these folders, by label.

    Raises
    ------
    StoreError
        Where one is no complete run.
    """
    return tuple(
        Run(label, Path(folder).resolve().name, summary.read(folder), report.origin_of(Path(folder)))
        for label, folder in folders.items()
    )


def found(record: Mapping[str, Any], out: Path) -> tuple[dict[str, Path], list[str]]:
    """Label → folder of the runs of a comparison that are still there, and a sentence for each that is not.

    out : the folder of its runs.
    """
    folders, gone = {}, []
    for variant in record["variants"]:
        if "run" not in variant:
            continue
        folder = Path(out) / variant["run"]
        if _is_there(folder, variant["hash"]):
            folders[variant["label"]] = folder
        else:
            gone.append(
                f"{variant['label']}: its run {variant['run']} is not beside this comparison any more; its numbers are "
                "those that were kept, its map, loads and checks are missing."
            )
    return folders, gone


def _is_there(folder: Path, digest: str) -> bool:
    try:
        return summary.read(folder).get("hash") == digest and (folder / RESULT).is_file()
    except StoreError:
        return False


def differences(runs: Sequence[Run]) -> dict[str, Any]:
    """Keys of the scenarios that differ.

    Returns
    -------
    rows : those that all have, each key, unit, text, source and a cell for each run; alone : those that only some have.
    n_same : number of keys that say the same everywhere.
    """
    by_key: dict[str, dict[str, Mapping[str, Any]]] = {}
    for run in runs:
        for row in (*run.told.get("parameters", ()), *_files(run)):
            by_key.setdefault(row["key"], {})[run.label] = row
    rows, alone, n_same = [], [], 0
    for key, of in by_key.items():
        values = {repr(of[run.label]["value"]) if run.label in of else None for run in runs}
        if len(values) == 1:
            n_same += 1
            continue
        first = next(iter(of.values()))
        cells = [report.value_words(of[run.label]["value"]) if run.label in of else "–" for run in runs]
        row = {"key": key, "cells": cells, **{name: first[name] for name in ("unit", "text", "source")}}
        (alone if None in values else rows).append(row)
    return {"rows": rows, "alone": alone, "n_same": n_same}


def _files(run: Run) -> list[dict[str, Any]]:
    """What was read, as rows beside the keys."""
    return [
        {"key": file["name"], "value": file["sha256"][:12], "unit": "", "text": "contents (SHA-256)", "source": ""}
        for file in run.origin.get("input_files") or ()
    ]


def loads(runs: Sequence[Run]) -> list[dict[str, Any]]:
    """Forces and support, each once with the labels of all that have them."""
    groups: dict[str, dict[str, Any]] = {}
    for run in runs:
        told = run.told["loads"]
        support = told.get("support") or {}
        arrows = [(arrow["channel"], [round(part, 1) for part in arrow["force"]]) for arrow in told["arrows"]]
        same = json.dumps([arrows, told["peak_instant"], told["instant_unit"], support.get("words"), _activity(run)])
        groups.setdefault(same, {"labels": [], "told": told, "activity": _activity(run)})["labels"].append(run.label)
    return list(groups.values())


def _activity(run: Run) -> str:
    activities = run.told.get("activities") or ()
    return activities[0]["activity"] if activities else ""


def activities(runs: Sequence[Run]) -> list[dict[str, Any]]:
    """A row for each activity of each run, those of one activity together."""
    rows = []
    for run in runs:
        model = "operated" if run.has_implant else "intact"
        all_of_it = run.told.get("activities", ())
        for one in (all_of_it[row] for row in rows_once(all_of_it)):
            told = one["models"][model]
            rows.append(
                {"activity": one["activity"], "label": run.label, **one, **told, "reached": reached(one, model)}
            )
    order = list(dict.fromkeys(row["activity"] for row in rows))
    return sorted(rows, key=lambda row: order.index(row["activity"]))


def quality(runs: Sequence[Run]) -> dict[str, Any]:
    """Mesh and checks: columns of label and model, rows of a name and a cell for each column; solvers in words."""
    columns = [
        (run.label, model, run.told["models"][model])
        for run in runs
        for model in (("operated", "intact") if run.has_implant else ("intact",))
    ]
    solvers: dict[str, list[str]] = {}
    for label, model, told in columns:
        solvers.setdefault(told["solver"], []).append(f"{label} ({model})")
    return {
        "columns": [(label, model) for label, model, _ in columns],
        "rows": report.solved([told for _, _, told in columns]),
        "solvers": [(", ".join(names), solver) for solver, names in solvers.items()],
    }


def notes(table: Sequence[Mapping[str, Any]], runs: Sequence[Run]) -> list[tuple[str, str]]:
    """Measures of the table, and how a run says that their numbers are made."""
    of: dict[str, dict[str, None]] = {}
    for row in table:
        if note := next(filter(None, (_note(row, run) for run in runs)), ""):
            of.setdefault(note, {})[row["measure"]] = None
    return [(", ".join(measures), note) for note, measures in of.items()]


def _note(row: Mapping[str, Any], run: Run) -> str:
    for one in run.told.get("measures", ()):
        here = row["zone"] == "largest" or one["zone"] == row["zone"]
        if here and (one["name"], one["model"]) == (row["measure"], row["model"]) and one["note"]:
            return one["note"]
    return ""
