"""Runs that are there already, told side by side as a comparison is: their names, table and differences; no ranking."""

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from femsim.comparison.columns import column
from femsim.comparison.likeness import MAY_DIFFER, ONE_QUESTION, told_apart
from femsim.comparison.table import lines, rows_of
from femsim.comparison.variants import INTACT
from femsim.errors import UsageError
from femsim.results import summary

BESIDE = (*MAY_DIFFER, "analysis")  # sections that runs of one question may differ in


def record_of_runs(folders: Sequence[Path]) -> tuple[dict[str, Any], dict[str, Path]]:
    """What a comparison would say of these runs, and label → folder, in their order.

    Raises
    ------
    UsageError
        Where there are fewer than two, or a folder is named twice.
    StoreError
        Where a folder is no complete run.
    """
    folders = [Path(folder) for folder in folders]
    if len(folders) < 2:
        raise UsageError("Runs side by side are two at least.", remedy="name more folders")
    twice = [str(path) for path, n in Counter(folder.resolve() for folder in folders).items() if n > 1]
    if twice:
        raise UsageError("A run is named twice.", where=", ".join(twice), remedy="name each folder once")
    runs = [summary.read(folder) for folder in folders]
    labels = labels_of([(run["name"], _kind(run), folder.resolve().name) for run, folder in zip(runs, folders)])
    columns = [column(label, run, is_reference=_kind(run) == INTACT) for label, run in zip(labels, runs)]
    values = {label: _values(run, folder) for label, run, folder in zip(labels, runs, folders)}
    grave = told_apart(values, (*ONE_QUESTION, "input"))
    record = {
        "name": f"{runs[0]['name']} and {len(runs) - 1} more",
        "disclaimer": summary.DISCLAIMER,
        "is_one_question": not grave,
        "refused": [],
        "variants": [_of_run(label, run, folder) for label, run, folder in zip(labels, runs, folders)],
        "remarks": [*grave, *told_apart(values, BESIDE), *_equals(labels, runs)],
        "table": rows_of(lines(columns), columns),
    }
    return record, dict(zip(labels, folders))


def labels_of(names: Sequence[tuple[str, str, str]]) -> list[str]:
    """What runs are called: by their scenario, with the implant or as the folder where that names two the same.

    names : scenario, kind of implant, folder of each.
    """
    for found in ([name for name, _, _ in names], [f"{name} {kind}" for name, kind, _ in names]):
        if len(set(found)) == len(found):
            return found
    seen: Counter[str] = Counter()
    labels = []
    for _, kind, folder in names:
        seen[folder] += 1
        labels.append(f"{folder} {kind}" if seen[folder] == 1 else f"{folder}-({seen[folder]}) {kind}")
    return labels


def _of_run(label: str, run: dict[str, Any], folder: Path) -> dict[str, Any]:
    return {
        "label": label,
        "kind": _kind(run),
        "scenario": run["name"],
        "hash": run["hash"],
        "status": "complete",
        "run": folder.resolve().name,
        "n_nodes": run["models"]["operated"]["mesh"]["n_nodes"],
        "warnings": run.get("warnings", []),
    }


def _kind(run: dict[str, Any]) -> str:
    return next((str(row["value"]) for row in run.get("parameters", ()) if row["key"] == "implant.kind"), "")


def _values(run: dict[str, Any], folder: Path) -> dict[str, Any]:
    """Key → value, with the contents of each file that was read under the key "input.<name>"."""
    values = {row["key"]: row["value"] for row in run.get("parameters", ())}
    try:
        files = json.loads((folder / "provenance.json").read_text(encoding="utf-8"))["input_files"]
        return values | {f"input.{file['name']}": file["sha256"][:8] for file in files}
    except (OSError, ValueError, KeyError, TypeError):
        return values  # an older run tells of no files


def _equals(labels: Sequence[str], runs: Sequence[dict[str, Any]]) -> list[str]:
    """Runs of one and the same scenario, which differ in where and when they were computed alone."""
    of: dict[str, list[str]] = {}
    for label, run in zip(labels, runs):
        of.setdefault(run["hash"], []).append(label)
    return [f"{' and '.join(same)} are runs of the very same scenario." for same in of.values() if len(same) > 1]
