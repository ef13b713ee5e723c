"""One self-contained page about a comparison: picture, table, ranking, where each run lies."""

import base64
from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from typing import Any

from femsim.durable import write_text
from femsim.view import comparison

FILE = "comparison.html"


def write(record: Mapping[str, Any], folder: Path) -> Path:
    """Write the page into a comparison's folder, with the picture that lies there.

    Raises
    ------
    OSError
        Where the page cannot be written.
    """
    path = Path(folder) / FILE
    write_text(path, page(record, Path(folder)))
    return path


def page(record: Mapping[str, Any], folder: Path) -> str:
    """The page as HTML. Every text is escaped; nothing is fetched from anywhere."""
    import jinja2

    files = resources.files("femsim.view")
    environment = jinja2.Environment(autoescape=True, trim_blocks=True, undefined=jinja2.ChainableUndefined)
    environment.filters["words"] = lambda name: str(name).replace("_", " ")
    template = environment.from_string(files.joinpath("comparison.html.j2").read_text("utf-8"))
    picture = folder / comparison.FILE
    data = base64.b64encode(picture.read_bytes()).decode("ascii") if picture.is_file() else ""
    return template.render(
        told=record,
        labels=[variant["label"] for variant in record["variants"]],
        groups=_groups(record["table"]),
        picture=data,
        caption=comparison.CAPTION,
    )


def _groups(rows: list[Mapping[str, Any]]) -> list[tuple[str, list[Mapping[str, Any]]]]:
    groups: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        groups.setdefault(row["group"], []).append(row)
    return list(groups.items())
