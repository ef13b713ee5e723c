"""`femsim report`: one page about a run, several of them, a comparison or a sweep, to be opened without a network."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from femsim.cli.options import Json, Overwrite, Quiet
from femsim.cli.screen import Screen
from femsim.errors import UsageError


def report(
    *runs: Path,
    out: Annotated[
        Path | None,
        Parameter(name=["--out", "-o"], show_default=False, help="HTML to write; else NAME-report.html here."),
    ] = None,
    force: Overwrite = False,
    json: Json = False,
    quiet: Quiet = False,
) -> int:
    """Write a page that needs nothing else: a run's report with a map of both femora that turns, several runs or a
    comparison side by side with a map of them all, or a sweep's cases on plots that answer.

    Example: femsim report runs/walking-1a2b3c4d -o walking.html

    Parameters
    ----------
    runs
        The folder of a run, of a comparison or of a sweep, or the folders of several runs.
    """
    with Screen(json=json, quiet=quiet) as screen:
        from femsim.cli.picture_place import refuse_place
        from femsim.durable import write_text

        name, make = _page_of(runs, screen)
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


def _page_of(folders: tuple[Path, ...], screen: Screen) -> tuple[str, Callable[[], str]]:
    """The name of what lies in the folders, and what makes the page of it."""
    from femsim.cli.reporting_several import of_comparison, of_runs
    from femsim.view.comparison_page import is_comparison
    from femsim.view.sweep_page import is_sweep

    if not folders:
        raise UsageError("No folder is named.", remedy="femsim report RUN, or several runs")
    if len(folders) == 1:
        (folder,) = folders
        if is_comparison(folder):
            return of_comparison(folder, screen)
        return (_of_sweep if is_sweep(folder) else _of_run)(folder)
    for is_it, what in ((is_comparison, "a comparison"), (is_sweep, "a sweep")):
        if found := next((folder for folder in folders if is_it(folder)), None):
            raise UsageError(
                f"{found} is {what}, not a run.", why="several folders are those of runs", remedy="name it alone"
            )
    return of_runs(folders, screen)


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
