"""The comparison as a folder: comparison.json, comparison.csv and table.csv, put in place whole."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from femsim.comparison.columns import Column, column, refused
from femsim.comparison.likeness import is_one_question
from femsim.comparison.ranking import as_data, ranking
from femsim.comparison.running import Ended
from femsim.comparison.table import lines, rows_of, tidy_csv, wide_csv
from femsim.comparison.variants import Variant
from femsim.durable import write_text
from femsim.results import store, summary

FILE = "comparison.json"
NAME_LENGTH = 60  # letters of the scenario's name that the folder's name keeps


def name_of(variants: Sequence[Variant]) -> str:
    """compare-<name of the first scenario>."""
    return f"compare-{variants[0].scenario.name[:NAME_LENGTH]}"


def digest_of(variants: Sequence[Variant]) -> str:
    """64 hex digits for the same variants under the same labels in the same order."""
    text = "\n".join(f"{variant.digest} {variant.label}" for variant in variants)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def columns_of(ended: Sequence[Ended]) -> tuple[Column, ...]:
    """Each variant with the numbers of its run."""
    return tuple(
        column(one.variant.label, summary.read(one.folder), is_reference=one.variant.is_reference)
        if one.folder
        else refused(one.variant.label, one.error["what"], is_reference=one.variant.is_reference)
        for one in ended
    )


def record_of(ended: Sequence[Ended], columns: Sequence[Column], remarks: Sequence[str] = ()) -> dict[str, Any]:
    """The comparison as plain data."""
    variants = [one.variant for one in ended]
    return {
        "status": "complete",
        "refused": [one.variant.label for one in ended if one.folder is None],
        "name": name_of(variants),
        "hash": digest_of(variants),
        "disclaimer": summary.DISCLAIMER,
        "is_one_question": is_one_question(variants),
        "variants": [_of_variant(one) for one in ended],
        "remarks": list(remarks),
        "table": rows_of(lines(columns), columns),
        "ranking": as_data(ranking(columns), columns),
    }


def _of_variant(one: Ended) -> dict[str, Any]:
    record = {
        "label": one.variant.label,
        "kind": one.variant.kind,
        "scenario": one.variant.scenario.name,
        "file": one.variant.path.name,
        "sets": list(one.variant.sets),
        "hash": one.variant.digest,
        "status": "complete" if one.folder else "refused",
        "reused": one.reused,
        "seconds": round(one.seconds, 2),
    }
    if one.folder is None:
        return {**record, "error": dict(one.error), "exit_code": one.exit_code}
    run = summary.read(one.folder)
    return {
        **record,
        "run": one.folder.name,
        "n_nodes": run["models"]["operated"]["mesh"]["n_nodes"],
        "timings_s": run["timings_s"],
        "warnings": run.get("warnings", []),
    }


@contextmanager
def new_comparison(out: Path, record: Mapping[str, Any], columns: Sequence[Column]) -> Iterator[Path]:
    """A folder with the tables, to which the block adds pictures; put in place whole when the block ends well.

    Raises
    ------
    StoreError, UsageError
        As `store.new_run`.
    """
    with store.new_run(out, record["name"], record["hash"], force=True, index=FILE) as folder:
        labels = [variant["label"] for variant in record["variants"]]
        write_text(folder / "comparison.csv", tidy_csv(columns))
        write_text(folder / "table.csv", wide_csv(record["table"], labels))
        yield folder
        summary.write(folder, record, FILE)


def existing(out: Path, record: Mapping[str, Any]) -> Path | None:
    """The folder of the same comparison where it is there whole, and nothing was computed for this one."""
    if not all(variant["reused"] for variant in record["variants"]):
        return None
    return store.find_complete(out, record["name"], record["hash"], FILE)


def folder_of(out: Path, record: Mapping[str, Any]) -> Path:
    """Where a comparison lies once it is complete."""
    return store.run_folder(out, record["name"], record["hash"])
