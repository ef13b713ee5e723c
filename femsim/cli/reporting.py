"""`femsim report`: one page about a run or a sweep, to be opened anywhere without a network."""

from collections.abc import Callable
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
    """Write a page that needs nothing else: a run's report with a map of both femora that turns, or a sweep's cases on
    plots that answer.

    Example: femsim report runs/walking-1a2b3c4d -o walking.html

    Parameters
    ----------
    run
        The folder of a run or of a sweep.
    """
    with Screen(json=json, quiet=quiet) as screen:
        from femsim.cli.picture_place import refuse_place
        from femsim.durable import write_text
        from femsim.view.sweep_page import is_sweep

        name, make = (_of_sweep if is_sweep(run) else _of_run)(run)
        place = out or Path(f"{name}-report.html")
        if place.suffix.lower() not in (".html", ".htm"):
            raise UsageError(f"{place} is no HTML file.", where="--out", remedy="end it so")
        refuse_place(place, force)
        screen.stage("drawing")
        text = make()
        write_text(place, text)
        size = len(text.encode("utf-8"))
        screen.answer({"status": "complete", "report": str(place), "bytes": size}, f"report: {place}")
        return 0


def _of_run(run: Path) -> tuple[str, Callable[[], str]]:
    from femsim.results import summary
    from femsim.view import report as page
    from femsim.view.map3d import fragment
    from femsim.view.map_panels import of_run
    from femsim.view.scene import load

    told = summary.read(run)
    return told["name"], lambda: page.page(Path(run), told, map3d=fragment(of_run(load(run))))


def _of_sweep(run: Path) -> tuple[str, Callable[[], str]]:
    from femsim.view import sweep_page

    return run.absolute().name, lambda: sweep_page.page(run)
