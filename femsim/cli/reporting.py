"""`femsim report`: one page about a run, with a map that turns, to be opened anywhere without a network."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from femsim.cli.options import Json, Overwrite, Quiet
from femsim.cli.screen import Screen
from femsim.errors import UsageError


def report(
    run: Path,
    /,
    *,
    out: Annotated[
        Path | None,
        Parameter(name=["--out", "-o"], show_default=False, help="HTML to write; else NAME-report.html here."),
    ] = None,
    force: Overwrite = False,
    json: Json = False,
    quiet: Quiet = False,
) -> int:
    """Write a page about a run that needs nothing else: the report with a map of both femora that turns in the browser.

    Example: femsim report runs/walking-1a2b3c4d -o walking.html

    Parameters
    ----------
    run
        The run folder.
    """
    with Screen(json=json, quiet=quiet) as screen:
        from femsim.cli.picture_place import refuse_place
        from femsim.durable import write_text
        from femsim.results import summary
        from femsim.view import report as page
        from femsim.view.map3d import fragment
        from femsim.view.scene import load

        told = summary.read(run)
        place = out or Path(f"{told['name']}-report.html")
        if place.suffix.lower() not in (".html", ".htm"):
            raise UsageError(f"{place} is no HTML file.", where="--out", remedy="end it so")
        refuse_place(place, force)
        screen.stage("drawing")
        text = page.page(Path(run), told, map3d=fragment(load(run)))
        write_text(place, text)
        screen.answer(
            {"status": "complete", "report": str(place), "bytes": len(text.encode("utf-8"))}, f"report: {place}"
        )
        return 0
