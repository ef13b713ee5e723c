"""Lines along which muscles pull on the femur, and the CSV file that lists them."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from femsim.errors import ModelError, ScenarioError, near
from femsim.loads.frames import Side, to_bergmann
from femsim.loads.history import HEAD
from femsim.loads.reading.table import Table, read_table

SHORTEST_LINE = 1.0  # mm; a shorter one has no direction to be trusted
Point = tuple[float, float, float]
COLUMNS = "name, site, to_x_mm, to_y_mm, to_z_mm; percent_bw or column; via_x_mm, via_y_mm, via_z_mm where needed"


@dataclass(frozen=True)
class MuscleLine:
    """A muscle from a named site to a place, or to a via point on the way there.

    towards, via : [mm], head centre at the origin.
    percent_bw : its force when the hip force peaks, in % body weight; its course follows the hip force's size.
    column : the column of the force file with its course; then percent_bw is None.
    """

    name: str
    site: str
    towards: Point
    via: Point | None = None
    percent_bw: float | None = None
    column: str = ""

    def direction(self, sites: Mapping[str, np.ndarray], scale: float = 1.0) -> np.ndarray:
        """(3,) unit vector of its pull at its site; `scale` multiplies the places it runs to.

        Raises
        ------
        ModelError
            Where the site is unknown or the line too short.
        """
        if self.site not in sites:
            raise ModelError(
                f"Muscle {self.name!r} acts at {self.site!r}, which is no muscle site. {near(self.site, sites)}",
                where="load.muscles_file",
            )
        via = None if self.via is None else scale * np.array(self.via)
        return pull(sites[self.site], scale * np.array(self.towards), via, name=self.name)

    def in_bergmann(self, frame: str, side: Side = "right") -> "MuscleLine":
        """The line, told in that frame, in Bergmann's."""
        points = [None if p is None else tuple(to_bergmann(p, frame, side).tolist()) for p in (self.towards, self.via)]
        return MuscleLine(self.name, self.site, points[0], points[1], self.percent_bw, self.column)


def pull(at: np.ndarray, towards: np.ndarray, via: np.ndarray | None = None, *, name: str = "a muscle") -> np.ndarray:
    """Unit vector (3,) of the pull at a point (3,) [mm] towards another, straight or round a via point.

    Raises
    ------
    ModelError
        Where the line that leaves the point is shorter than 1 mm.
    """
    line = np.asarray(towards if via is None else via, float) - np.asarray(at, float)
    length = float(np.linalg.norm(line))
    if not length >= SHORTEST_LINE:
        raise ModelError(
            f"The line of {name} is {length:.2g} mm long, below {SHORTEST_LINE:g} mm.",
            where=f"muscle {name}",
            why="it runs to its own attachment",
            remedy="give the place where it comes from, or its first via point",
        )
    return line / length


def read_muscle_lines(path: Path) -> tuple[MuscleLine, ...]:
    """The lines of a CSV file, in the file's own frame.

    Raises
    ------
    ScenarioError
        With file, line and column where something is wrong.
    """
    table = read_table(path)
    named = {name.lower(): name for name in table.names}
    known = [*COLUMNS.replace(";", ",").replace(" or ", ", ").replace(" where needed", "").split(", ")]
    for name in table.names:
        if name.lower() not in known:
            remedy = (
                "attachments are named sites (column site); femsim places them on the bone"
                if name.lower() in ("x_mm", "y_mm", "z_mm")
                else "correct the name, or leave the column out"
            )
            raise ScenarioError(
                f"A list of muscles has no column {name!r}. {near(name, known)}", where=str(table.path), remedy=remedy
            )
    lines = tuple(_line(table.taking([n]), named) for n in range(len(table.rows)))
    for n, line in enumerate(lines):
        if line.name in [other.name for other in lines[:n]] or line.name == "hip":
            raise ScenarioError(
                f"The name {line.name!r} is taken.",
                where=table.where(table.lines[n], "name"),
                remedy="give each muscle a name of its own; 'hip' is the joint's force",
            )
    return lines


def _line(row: Table, named: Mapping[str, str]) -> MuscleLine:
    """row : a table of one line."""

    def text(name: str) -> str:
        return row.texts(name)[0] if name in named else ""

    def number(name: str) -> float:
        return float(row.numbers(name)[0])

    line, name, site = row.lines[0], row.texts("name")[0], row.texts("site")[0]
    if not name or not site or site == HEAD:
        raise ScenarioError(
            f"The muscle {name!r} at {site!r} needs a name and a muscle site.",
            where=row.where(line),
            remedy="name the site, such as greater_trochanter; the head takes the hip force",
        )
    towards = tuple(number(f"to_{axis}_mm") for axis in "xyz")
    given = [axis for axis in "xyz" if text(f"via_{axis}_mm")]
    via = tuple(number(f"via_{axis}_mm") for axis in "xyz") if given else None
    size, column = text("percent_bw"), text("column")
    if bool(size) == bool(column):
        raise ScenarioError(
            f"Muscle {name!r} has {'both percent_bw and column' if size else 'neither percent_bw nor column'}.",
            where=row.where(line),
            remedy="give its force at the hip force's peak in percent_bw, or the column of the "
            "force file that has its course",
        )
    percent = number("percent_bw") if size else None
    if percent is not None and not 0 < percent <= 1000:
        raise ScenarioError(
            f"Muscle {name!r} pulls with {percent:g} % body weight.",
            where=row.where(line, "percent_bw"),
            why="muscles pull, and none with ten body weights",
            remedy="give a number above 0 and up to 1000; leave out muscles that do not act",
        )
    return MuscleLine(name, site, towards, via, percent, column)
