"""`femsim activity`: one activity or all as numbers and as pictures, before any femur is loaded."""

import csv
import io
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from femsim.cli.options import Json, Overwrite, Quiet, Set
from femsim.cli.screen import Screen
from femsim.durable import write_text
from femsim.errors import UsageError

if TYPE_CHECKING:
    from femsim.scenario.activity_course import ActivityCourse


def activity(
    *names: str,
    sets: Set = (),
    out: Annotated[
        Path | None, Parameter(name=["--out", "-o"], show_default=False, help="Folder for NAME.png and NAME.csv.")
    ] = None,
    in_vivo: Annotated[
        Path | None,
        Parameter(show_default=False, help="Peaks measured in bodies (activity,Fx_pBW,…), drawn as dots."),
    ] = None,
    force: Overwrite = False,
    json: Json = False,
    quiet: Quiet = False,
) -> int:
    """Show what an activity does to the hip: forces over time, how much people differ, sources; all when none is named.

    An activity for which no peak is known is left out until it is named with one: --set load.peak_percent_bw=300.

    Example: femsim activity walking running --set subject.body_mass_kg=82 --out activities

    Parameters
    ----------
    names
        Activities, as `femsim list activities` names them.
    """
    with Screen(json=json, quiet=quiet) as screen:
        return told(screen, names, sets, out=out, in_vivo=in_vivo, force=force)


def told(
    screen: Screen, names: Sequence[str], sets: tuple[str, ...], *, out: Path | None, in_vivo: Path | None, force: bool
) -> int:
    """Make the histories on the reference femur, draw, write, tell."""
    from femsim.scenario import activity_course

    vivo = activity_course.peaks_in_vivo(in_vivo) if in_vivo else {}
    for name in names:
        activity_course.needs(name)  # refuses what is unknown before anything is made
    courses, left = [], []
    for name in names or activity_course.names():
        if not names and activity_course.needs(name):
            left.append(f"{name} needs {', '.join(activity_course.needs(name))}")
            continue
        courses.append(activity_course.course_of(name, sets))
    _refuse_places(courses, out, force)
    records = []
    for course in courses:
        screen.stage(course.name)
        written = _written(course, vivo.get(course.name), out) if out else []
        records.append(_record(course, written))
    screen.answer({"activities": records, "left_out": left}, _table(courses), *_words(courses, left, out))
    return 0


def _refuse_places(courses: "Sequence[ActivityCourse]", out: Path | None, force: bool) -> None:
    if out is None or force:
        return
    try:
        there = [path for course in courses for path in _files(out, course.name) if path.exists()]
    except OSError as error:  # a folder that may not be looked into
        raise _unwritable(out, error) from error
    if there:
        raise UsageError(
            f"{there[0].name} is there already.",
            where=str(there[0]),
            remedy="choose another folder with --out, or give --force",
        )


def _files(out: Path, name: str) -> tuple[Path, Path]:
    return out / f"{name}.png", out / f"{name}.csv"


def _written(course: "ActivityCourse", vivo: Any, out: Path) -> list[str]:
    import numpy as np

    from femsim.view.activity_picture import Drawn, draw

    history, spread = course.history, course.spread
    between = {}
    if spread is not None and course.unit != "N":
        between = {
            "mean": spread.mean,
            "sd": spread.sd,
            "spread_source": spread.source,
            "mean_vector": spread.mean_vector,
            "sd_vector": spread.sd_vector,
        }
        between["people"] = np.array(spread.subjects, float).reshape(-1, 3)
    picture, table = _files(out, course.name)
    try:
        out.mkdir(parents=True, exist_ok=True)
        drawn = Drawn(
            course.name, course.text, course.unit, history.instants, history.instant_unit, history.frame, course.hip,
            history.peak, course.others, history.sources, vivo={} if vivo is None else {"in vivo": vivo}, **between,
        )  # fmt: skip
        draw(drawn, picture)
        write_text(table, _csv(course))
    except OSError as error:
        raise _unwritable(out, error) from error
    return [str(picture), str(table)]


def _unwritable(out: Path, error: OSError) -> UsageError:
    return UsageError(
        "Pictures and tables cannot be written.",
        where=str(out),
        why=error.strerror or str(error),
        remedy="choose another folder with --out",
    )


def _csv(course: "ActivityCourse") -> str:
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    history = course.history
    heads = [f"{name}_{axis}_N" for name in history.channels for axis in ("lateral", "anterior", "proximal")]
    table.writerow([f"instant [{history.instant_unit}]", *heads])
    for instant, forces in zip(history.instants, history.forces.reshape(len(history.forces), -1)):
        table.writerow([f"{instant:.10g}", *(f"{value:.7g}" for value in forces)])
    return text.getvalue()


def _record(course: "ActivityCourse", written: list[str]) -> dict[str, Any]:
    history = course.history
    return {
        "activity": course.name,
        "text": course.text,
        "frame": history.frame,
        "instant_unit": history.instant_unit,
        "instants": history.instants.tolist(),
        "duration_s": float(history.duration_s),
        "cyclic": bool(history.cyclic),
        "mass_exponent": float(history.mass_exponent),
        "forces_n": {name: history.forces[:, row].tolist() for row, name in enumerate(history.channels)},
        "sites": dict(zip(history.channels, history.sites)),
        "counting": None if course.counting is None else asdict(course.counting),
        "spread": None if course.spread is None else asdict(course.spread),
        "sources": list(history.sources),
        "files": written,
    }


def _table(courses: "Sequence[ActivityCourse]") -> Any:
    import numpy as np
    from rich.table import Table

    table = Table(box=None, padding=(0, 2, 0, 0))
    table.add_column("activity", no_wrap=True)
    for heading in ("peak", "lateral", "anterior", "proximal", "at", "between people"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("forces")
    for course in courses:
        hip, history = course.hip[course.history.peak], course.history
        unit = "N" if course.unit == "N" else "%"
        spread = course.spread
        table.add_row(
            course.name,
            f"{np.linalg.norm(hip):.0f} {unit}",
            *(f"{value:.0f}" for value in hip),
            _when(course),
            "" if spread is None else f"{spread.mean:g} ± {spread.sd:g} %",
            ", ".join(name.replace("_", " ") for name in history.channels),
        )
    return table


def _when(course: "ActivityCourse") -> str:
    import numpy as np

    history, sizes = course.history, np.linalg.norm(course.hip, axis=1)
    if np.ptp(sizes) <= 1e-9 * sizes.max():
        return "held"
    return f"{history.instants[history.peak]:.3g} {history.instant_unit}"


def _words(courses: "Sequence[ActivityCourse]", left: list[str], out: Path | None) -> list[str]:
    others = "".join(f"; {course.name}: {course.history.frame}" for course in courses if not course.is_usual_frame)
    words = [
        "",
        "Peak of the hip force on the femur, in % of body weight, or N where body mass plays no part. "
        f"Frame: bergmann{others}.",
    ]
    words += [f"Left out: {'; '.join(left)}."] if left else []
    return [*words, f"pictures and tables: {out}"] if out else words
