"""The table of a sweep: one row per case that is finished, in the order of the design; Parquet, CSV, and what failed.

It depends on the answers alone: not on who computed them, where, when, or how often something was killed meanwhile.
"""

import csv
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from femsim.durable import whole_file
from femsim.sweep import store
from femsim.sweep.case import Case
from femsim.sweep.case_result import Record, rank
from femsim.sweep.job import Job, cases_of

PARQUET, CSV, FAILED = "table.parquet", "table.csv", "failed.csv"
FAILED_COLUMNS = ("number", "class", "kind", "what", "where", "why", "remedy", "exit_code", "attempt", "sets", "digest")


@dataclass(frozen=True)
class Table:
    """Columns of equal length. cases : of the rows; failures : the records of those that failed."""

    cases: list[Case]
    columns: dict[str, list[Any] | np.ndarray]
    failures: list[Record]


def write(job: Job) -> Table:
    """Write table.parquet, table.csv and failed.csv of what is finished.

    Raises
    ------
    OSError
        Where they cannot be written.
    """
    import pyarrow
    import pyarrow.parquet

    table = gathered(job)
    made = pyarrow.table({name: _column(values) for name, values in table.columns.items()})
    with whole_file(job.folder / PARQUET) as temporary:
        pyarrow.parquet.write_table(made, temporary, compression="zstd")
    names = list(table.columns)
    _write_csv(job, CSV, names, ([_text(value) for value in row] for row in zip(*table.columns.values())))
    _write_csv(job, FAILED, FAILED_COLUMNS, _failures(table))
    return table


def gathered(job: Job) -> Table:
    """The table, from what is on disk; a case that was finished several times has the row of the record that counts."""
    cases = list(cases_of(job.folder))
    row_of = {case.digest: row for row, case in enumerate(cases)}
    best: list[tuple | None] = [None] * len(cases)
    failures: dict[int, Record] = {}
    measures: dict[str, np.ndarray] = {}
    for record in store.all_records(job):
        row = row_of.get(record["digest"])
        if row is None or (best[row] is not None and rank(record) <= best[row]):
            continue
        best[row] = rank(record)
        for column in measures.values():
            column[row] = np.nan
        if record["status"] == "failed":
            failures[row] = record
            continue
        failures.pop(row, None)
        for name, value in record["measures"].items():
            if name not in measures:
                measures[name] = np.full(len(cases), np.nan)
            measures[name][row] = value
    rows = [row for row, found in enumerate(best) if found is not None]
    kept = [cases[row] for row in rows]
    status = ["failed" if row in failures else "done" for row in rows]
    columns: dict[str, list[Any] | np.ndarray] = {
        "number": [case.number for case in kept],
        "digest": [case.digest for case in kept],
        "status": status,
        "class": [failures[row]["class"] if row in failures else "" for row in rows],
    }
    columns |= {f"{name} [{unit}]": [case.values.get(name) for case in kept] for name, unit in job.units.items()}
    columns |= {name: measures[name][rows] for name in sorted(measures)}
    return Table(kept, columns, [failures[row] for row in rows if row in failures])


def _column(values: Sequence[Any] | np.ndarray):
    """Of one kind: texts where one is a text; a number that is not known is null."""
    import pyarrow

    if isinstance(values, np.ndarray):
        return pyarrow.array(values, mask=np.isnan(values))
    kinds = {type(value) for value in values if value is not None}
    if kinds <= {bool} or kinds == {int} or kinds == {str}:
        return pyarrow.array(list(values), pyarrow.string() if not kinds else None)
    if kinds <= {int, float}:
        return pyarrow.array([None if value is None else float(value) for value in values])
    return pyarrow.array([None if value is None else str(value) for value in values])


def _text(value: Any) -> str:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    return repr(float(value)) if isinstance(value, float) else str(value)


def _failures(table: Table) -> Iterator[list[str]]:
    sets_of = {case.digest: case.sets for case in table.cases}
    for record in table.failures:
        sets = " ".join(f"--set '{text}'" for text in sets_of[record["digest"]])
        told = {**record, **record["error"], "sets": sets}
        yield [" ".join(str(told.get(name, "")).split()) for name in FAILED_COLUMNS]


def _write_csv(job: Job, name: str, columns: Sequence[str], rows: Iterator[Sequence[str]]) -> None:
    with whole_file(job.folder / name) as temporary, open(temporary, "w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file, lineterminator="\n")
        lines.writerow(columns)
        lines.writerows(rows)
