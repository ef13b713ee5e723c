"""A recorded force on the hip as the file has it: its instants and components, not yet turned or scaled."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from femsim.arrays import freeze, frozen
from femsim.errors import ScenarioError, near
from femsim.loads.reading.columns import Chosen, choose
from femsim.loads.reading.table import Table, read_table

SECONDS = {"s": 1.0, "ms": 1e-3}


@dataclass(frozen=True)
class Recording:
    """One trial, or one instant of a table of peaks.

    name : of the file; chosen : its columns, and what they say.
    instants : (t,) in `chosen.time_unit`; forces : (t, 3) in the file's unit and axes; lines : of the file, (t,).
    further : other columns, such as those of muscles, (t,) each.
    row : the filter that chose the rows; storage : whether it is a file of OpenSim.
    """

    name: str
    chosen: Chosen
    instants: np.ndarray
    forces: np.ndarray
    lines: tuple[int, ...]
    further: dict[str, np.ndarray] = field(default_factory=dict)
    row: str = ""
    storage: bool = False

    def __post_init__(self):
        n = len(self.lines)
        freeze(self, instants=frozen(self.instants, float, (n,)), forces=frozen(self.forces, float, (n, 3)))

    @property
    def peak(self) -> int:
        """The row with the largest force."""
        return int(np.argmax(np.linalg.norm(self.forces, axis=1)))


def read_recording(
    path: Path,
    *,
    columns: Sequence[str] = (),
    rows: str = "",
    begin: float | None = None,
    end: float | None = None,
    unit: str = "",
    further: Sequence[str] = (),
) -> Recording:
    """Read a trial, or a row of peaks.

    Parameters
    ----------
    columns, unit : as `choose` takes them.
    rows : "name=value, name=value": the rows whose texts are these.
    begin, end : the part to take, in the file's unit of time; None for all there is.
    further : names of other columns to read.

    Raises
    ------
    ScenarioError
        With file, line, column and value where something is wrong.
    """
    table = read_table(path)
    if rows:
        table = _filtered(table, rows)
    chosen = choose(table, columns, unit)
    if chosen.time:
        table, instants = _windowed(table, chosen.time, begin, end)
    else:
        _one_row(table, begin, end)
        instants = np.zeros(1)
    return Recording(
        Path(path).name,
        chosen,
        instants,
        np.stack([table.numbers(name) for name in chosen.xyz], axis=1),
        table.lines,
        {name: table.numbers(name) for name in further},
        rows,
        table.storage,
    )


def _filtered(table: Table, rows: str) -> Table:
    kept = list(range(len(table.rows)))
    for pair in rows.split(","):
        name, equals, value = (piece.strip() for piece in pair.partition("="))
        if not (name and equals and value):
            raise ScenarioError(
                f"{pair.strip()!r} chooses no rows.",
                where="load.rows",
                remedy='write "name=value, name=value", such as "subject=H1L, activity=LW"',
            )
        texts = table.texts(name)
        fitting = [n for n in kept if texts[n].lower() == value.lower()]
        if not fitting:
            known = sorted({texts[n] for n in kept})[:40]
            raise ScenarioError(
                f"No row has {name} = {value!r}. {near(value, known)}",
                where=str(table.path),
                remedy="correct load.rows",
            )
        kept = fitting
    return table.taking(kept)


def _windowed(table: Table, time: str, begin: float | None, end: float | None) -> tuple[Table, np.ndarray]:
    at = table.numbers(time)
    wrong = np.flatnonzero(np.diff(at) <= 0)
    if len(wrong):
        n = int(wrong[0])
        raise ScenarioError(
            f"Time does not increase: {at[n + 1]:g} after {at[n]:g}.",
            where=table.where(table.lines[n + 1], time),
            why="several trials stand one below the other, lines are doubled, or time is rounded too much",
            remedy="keep one trial, by load.rows or in a file of its own, with increasing time",
        )
    low, high = at[0] if begin is None else begin, at[-1] if end is None else end
    slack = 1e-9 * max(abs(at[0]), abs(at[-1]))  # a bound typed as the file shows it takes its sample
    kept = np.flatnonzero((at >= low - slack) & (at <= high + slack))
    for key, bound in (("begin", begin), ("end", end)):
        if bound is not None and not at[0] - slack <= bound <= at[-1] + slack:
            raise ScenarioError(
                f"load.{key} = {bound:g} lies outside of the recording.",
                where=str(table.path),
                why=f"the file has {at[0]:g} to {at[-1]:g} in {time!r}",
                remedy="choose a bound inside, or leave it out",
            )
    if not len(kept):
        raise ScenarioError(
            f"No sample lies from {low:g} to {high:g}.",
            where=str(table.path),
            why=f"the file has {at[0]:g} to {at[-1]:g} in {time!r}",
            remedy="correct load.begin and load.end",
        )
    return table.taking(kept.tolist()), at[kept]


def _one_row(table: Table, begin: float | None, end: float | None) -> None:
    if len(table.rows) > 1:
        texts = [n for n, name in enumerate(table.names) if not table.rows[0][n][:1].isdigit()][:2]
        example = ", ".join(f"{table.names[n]}={table.rows[0][n]}" for n in texts if table.rows[0][n].isalnum())
        raise ScenarioError(
            f"{table.path.name} has no column of time and {len(table.rows)} rows.",
            where=str(table.path),
            remedy=f"choose one row by load.rows = {(example or 'name=value')!r}, or name the column of time by "
            "load.columns = [time, x, y, z]",
        )
    if begin is not None or end is not None:
        raise ScenarioError(
            f"{table.path.name} has no column of time, so load.begin and load.end cut nothing.",
            where=str(table.path),
            remedy="leave them out",
        )
