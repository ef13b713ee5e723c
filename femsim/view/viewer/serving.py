"""The viewer in a browser: opens the runs, guards the door, serves until nobody looks any more."""

import functools
import os
import sys
import webbrowser
from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

from femsim.errors import StoreError, UsageError
from femsim.view.probe import require_rendering
from femsim.view.viewer import security
from femsim.view.viewer.app import Viewer
from femsim.view.viewer.case_controls import name_of
from femsim.view.viewer.cases import Cases, Computes, cases_of
from femsim.view.viewer.live import LiveLoads
from femsim.view.viewer.opened import OpenedRun, opened_runs
from femsim.view.viewer.shown import MOST_PANELS

PACKED_S = 0.01
AXES = {
    **{"xlabel": "lat.", "ylabel": "ant.", "zlabel": "prox.", "color": "black"},
    **{"viewport": (0.0, 0.0, 0.36, 0.26), "label_size": (0.3, 0.11)},
}


def plotter_for() -> Any:
    """An off-screen window with room for all panels.

    Raises
    ------
    MissingPieceError
        Where VTK cannot draw on this machine.
    """
    require_rendering()
    import pyvista

    plotter = pyvista.Plotter(
        off_screen=True, shape=(1, MOST_PANELS), border=False, lighting="none", window_size=(1200, 800)
    )
    plotter.subplot(0, 0)
    plotter.add_axes(**AXES)
    return plotter


def _has_screen() -> bool:
    """Whether a browser may be opened: where there is no screen, one of text would take the terminal."""
    return sys.platform != "linux" or any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))


def _hurry(server: Any) -> None:
    """Pictures are packed beside the server's work. One that is not ready yet is asked for again soon, until it is: the
    library waits half a second, and gives up where two pictures follow one another."""
    for protocol in server.protocol.getLinkProtocols():
        if hasattr(protocol, "render_stale_image"):
            protocol.delta_stale_time_before_render = PACKED_S
            protocol.render_stale_image = functools.partial(_again, protocol)


def _again(protocol: Any, view: str, n_asked: int = 0) -> None:
    if protocol.stale_handler_count.get(view, 0) > 0:
        protocol.stale_handler_count[view] -= 1
        if protocol.last_stale_time[view] != 0:
            protocol.push_render(view, False, n_asked + 1)


def _begun(folder: Path, compute: Computes, number: int | None) -> tuple[Cases, Computes, int]:
    """The cases of a sweep, and the one to begin with: the first that was finished, if none is asked for."""
    cases = cases_of(folder)
    if not cases.numbers:
        raise StoreError("No case of this sweep was finished.", where=str(folder), remedy="femsim sweep status FOLDER")
    number = cases.numbers[0] if number is None else number
    if number not in cases.numbers:
        raise UsageError(f"Case {number} of this sweep was not finished, or there is none.", where="--case")
    return cases, compute, number


def serve(
    folders: Sequence[Path],
    *,
    port: int,
    idle_s: int,
    wanted: dict[str, Any],
    live: Callable[[], LiveLoads] | None,
    sweep: tuple[Path, Computes, int | None] | None,
    open_browser: bool,
    ready: Callable[[str, list[str]], None],
) -> None:
    """Show runs in a browser until the process is interrupted, or nobody has looked for `idle_s` seconds.

    Parameters
    ----------
    port : 0 for any free one.
    wanted : a view as a file or link gives it, unchecked.
    sweep : a sweep's folder, what computes its cases, and the one to begin with, in place of runs; or None.
    live : makes what recombines the loads of the first run, or None.
    ready : told the address, with its secret, and what is missing of the runs, once pages can be opened.

    Raises
    ------
    StoreError
        Where a folder is neither run nor comparison.
    MissingPieceError
        Where this machine cannot draw, or the viewer's libraries are not installed.
    UsageError
        Where the port cannot be used.
    """
    port = security.free_port(port)
    with ExitStack() as stack:
        runs, cases = [stack.enter_context(closing(run)) for run in opened_runs(folders)], None
        if sweep is not None:
            cases = _begun(*sweep)
            runs = [OpenedRun(cases[1](cases[2]), name_of(cases[2]))]
        viewer = Viewer(runs, plotter_for(), live() if live else None, cases)
        viewer.wish(wanted)
        server = viewer.server
        word = stack.enter_context(security.secret_of(server))
        address = f"http://{security.HOST}:{port}/index.html?secret={word}"
        door = stack.enter_context(security.doorway(address))

        def told(**_: Any) -> None:
            _hurry(server)
            ready(address, [line for run in runs for line in run.all_missing])
            if open_browser and _has_screen():
                webbrowser.open(door.as_uri())

        server.controller.on_server_ready.add(told)
        server.start(
            host=security.HOST, port=port, timeout=idle_s, open_browser=False, show_connection_info=False,
            disable_logging=True,
        )  # fmt: skip
