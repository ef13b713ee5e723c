"""One self-contained page about several runs: warnings, picture, table, differences, loads, checks, ranking, origin."""

import base64
import math
from collections.abc import Mapping, Sequence
from importlib import resources
from pathlib import Path
from typing import Any

from femsim.durable import write_text
from femsim.errors import StoreError
from femsim.results import summary
from femsim.view import comparison, report, told_origin, told_runs
from femsim.view.labels import words

FILE = "comparison.html"
RECORD = "comparison.json"
NEEDED = ("name", "disclaimer", "is_one_question", "remarks", "variants", "table", "ranking")


def is_comparison(folder: Path) -> bool:
    """Whether a folder is that of a comparison."""
    return (Path(folder) / RECORD).is_file()


def record_of(folder: Path) -> dict[str, Any]:
    """What a comparison tells.

    Raises
    ------
    StoreError
        Where the folder is no comparison, or what it tells is damaged.
    """
    record = summary.read(folder, RECORD)
    missing = [name for name in NEEDED if name not in record]
    if missing:
        raise StoreError(
            "What this comparison tells is damaged.", where=str(folder), why=f"{', '.join(missing)} is missing",
            remedy="run femsim compare again",
        )  # fmt: skip
    return record


def write(record: Mapping[str, Any], folder: Path, folders: Mapping[str, Path]) -> Path:
    """Write the page into a comparison's folder, with the picture that lies there.

    folders : label → folder of each run.

    Raises
    ------
    StoreError
        Where a run is not complete.
    OSError
        Where the page cannot be written.
    """
    path = Path(folder) / FILE
    write_text(path, page(record, told_runs.read(folders), picture=picture_in(folder)))
    return path


def picture_in(folder: Path) -> bytes:
    """The picture of a comparison as PNG; empty where none was drawn."""
    path = Path(folder) / comparison.FILE
    return path.read_bytes() if path.is_file() else b""


def page(
    record: Mapping[str, Any],
    runs: Sequence[told_runs.Run],
    *,
    picture: bytes = b"",
    gone: Sequence[str] = (),
    map3d: str = "",
    command: str = "",
) -> str:
    """The page as HTML. Every text is escaped; nothing is fetched from anywhere.

    Parameters
    ----------
    record : the comparison as plain data; one of runs alone has no ranking.
    runs : those that are there, in the order of the record.
    picture : PNG.
    gone : sentences on the runs that are not there any more.
    map3d : a map that turns, as of `femsim.view.map3d`; it alone makes the page run a program.
    command : what makes the page.
    """
    import jinja2
    from markupsafe import Markup

    files = resources.files("femsim.view")
    environment = jinja2.Environment(autoescape=True, trim_blocks=True, undefined=jinja2.ChainableUndefined)
    environment.filters.update(
        words=words,
        number=report.number,
        told=report.told_number,
        size=lambda force: math.sqrt(sum(part * part for part in force)),
    )
    template = environment.from_string(files.joinpath("comparison.html.j2").read_text("utf-8"))
    return template.render(
        told=record,
        labels=[variant["label"] for variant in record["variants"]],
        warnings=[*record["remarks"], *gone, *told_origin.other_versions(runs), *_warnings(record)],
        refused=[variant for variant in record["variants"] if "error" in variant],
        groups=_groups(record["table"]),
        notes=told_runs.notes(record["table"], runs),
        picture=base64.b64encode(picture).decode("ascii"),
        caption=comparison.CAPTION,
        map3d=Markup(map3d),
        mirrored=[run.label for run in runs if run.told["femur"]["side"] == "left"],
        runs=runs,
        differences=told_runs.differences(runs),
        loads=told_runs.loads(runs),
        activities=told_runs.activities(runs),
        quality=told_runs.quality(runs),
        sources=told_origin.sources(runs),
        packages=told_origin.packages(runs),
        folder_of={run.label: run.folder for run in runs},
        commands=told_origin.commands,
        command=command,
    )


def _warnings(record: Mapping[str, Any]) -> list[str]:
    """What the runs warn of, each once, after the runs that it is about."""
    labels: dict[str, list[str]] = {}
    for variant in record["variants"]:
        for warning in variant.get("warnings", ()):
            labels.setdefault(warning, []).append(variant["label"])
    return [f"{', '.join(named)}: {warning}" for warning, named in labels.items()]


def _groups(rows: list[Mapping[str, Any]]) -> list[tuple[str, list[Mapping[str, Any]]]]:
    groups: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        groups.setdefault(row["group"], []).append(row)
    return list(groups.items())
