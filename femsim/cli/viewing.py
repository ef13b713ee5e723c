"""`femsim view`: runs in a browser, or in a window of this desktop."""

from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter

from femsim.cli.options import Json, Quiet
from femsim.cli.screen import Screen
from femsim.errors import UsageError

LARGEST = 100_000  # bytes of a view file


def view(
    *runs: Path,
    window: Annotated[
        bool, Parameter(negative=(), show_default=False, help="A window of this desktop instead of a browser.")
    ] = False,
    live: Annotated[
        bool,
        Parameter(
            negative=(), show_default=False, help="Solve for loads of 1 N first, so that the loads can be moved."
        ),
    ] = False,
    view_: Annotated[
        str | None, Parameter(name="--view", show_default=False, help="What to show first: a view file, or its link.")
    ] = None,
    case: Annotated[
        int | None, Parameter(show_default=False, help="Of a sweep: the case to begin with; computed if need be.")
    ] = None,
    port: Annotated[int, Parameter(help="Of this machine; 0 takes a free one.")] = 0,
    browser: Annotated[bool, Parameter(show_default=False, help="Open the page; else its address is told.")] = True,
    idle_min: Annotated[int, Parameter(name="--idle-min", help="End when nobody has looked for so many minutes.")] = 60,
    json: Json = False,
    quiet: Quiet = False,
) -> int:
    """Look into runs: turn, cut, scrub, compare, read values. Nobody but this user of this machine can.

    Example: femsim view runs/walking-1a2b3c4d, or femsim view runs/cap-* --port 8080 --no-browser

    Parameters
    ----------
    runs
        The folders of runs, or of a comparison; panels share one scale. Or of one sweep: its cases are dots to click.
    """
    if not runs:
        raise UsageError("No run is named.", remedy="name the folder that a run reported: femsim view runs/walking-…")
    with Screen(json=json, quiet=quiet) as screen:
        wanted = _wanted(view_)
        if window:
            if live or wanted or case is not None:
                raise UsageError("A window shows runs as they were saved.", remedy="leave --window out")
            from femsim.view.viewer.window import show

            show(runs)
            return 0
        if not 0 <= port <= 65535:
            raise UsageError(f"{port} is no port.", where="--port", remedy="0 to 65535")
        if not 1 <= idle_min <= 10_000:
            raise UsageError(f"{idle_min} minutes cannot be waited.", where="--idle-min", remedy="1 to 10000")
        from femsim.view.sweep_page import is_sweep
        from femsim.view.viewer.serving import serve

        sweep = next((folder for folder in runs if is_sweep(folder)), None)
        if sweep is not None and (len(runs) > 1 or live):
            raise UsageError("A sweep is viewed alone, its cases as they are saved.", where=str(sweep))
        if sweep is None and case is not None:
            raise UsageError("Only a sweep has cases.", where="--case", remedy="name the folder of a sweep")
        screen.stage("opening")
        serve(
            () if sweep else runs,
            sweep=(sweep, lambda number: _computed(sweep, number, screen), case) if sweep else None,
            port=port,
            idle_s=60 * idle_min,
            wanted=wanted,
            live=(lambda: _solved(runs[0], screen)) if live else None,
            open_browser=browser,
            ready=lambda address, missing: _tell(screen, address, missing, browser),
        )
        return 0


def _tell(screen: Screen, address: str, missing: list[str], browser: bool) -> None:
    for line in missing:
        screen.remark(f"warning: {line}")
    opened = "A browser opens; " if browser else ""
    screen.answer(
        {"status": "serving", "address": address, "missing": missing},
        f"{opened}the page is {address}",
        "Only who has this address, secret included, can look. Ctrl-C ends it.",
    )


def _computed(sweep: Path, number: int, screen: Screen) -> Path:
    """The run of a case, beside the sweep's other files."""
    from femsim.cli.sweep_case import computed

    screen.stage(f"case {number}")
    return computed(sweep, number)


def _wanted(given: str | None) -> dict[str, Any]:
    """What a view file or a link asks for, unchecked."""
    from femsim.view.viewer import shown

    if given is None:
        return {}
    found = shown.of_link(given.rpartition("#view=")[2])
    if found:
        return found
    path = Path(given)
    try:
        if path.is_file():
            if path.stat().st_size > LARGEST:
                raise UsageError(f"{path} is too large for a view.", where="--view")
            return shown.of_text(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{given[:80]} cannot be read.", where="--view", why=str(error)) from None
    else:
        raise UsageError(
            f"{given[:80]} is neither a view file nor the link of a view.",
            where="--view",
            remedy="save one with the buttons below Keep in the viewer",
        )


def _solved(run: Path, screen: Screen):
    from femsim.capacity.live import live_loads

    return live_loads(run, progress=screen.stage)
