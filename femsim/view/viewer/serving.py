"""The viewer in a browser: opens the runs, guards the door, serves until nobody looks any more."""

import webbrowser
from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

from femsim.view.probe import require_rendering
from femsim.view.viewer import security
from femsim.view.viewer.app import Viewer
from femsim.view.viewer.live import LiveLoads
from femsim.view.viewer.opened import OpenedRun
from femsim.view.viewer.shown import MOST_PANELS

AXES = {"xlabel": "lateral", "ylabel": "anterior", "zlabel": "proximal", "color": "black"}


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
    plotter.add_axes(
        xlabel="lateral",
        ylabel="anterior",
        zlabel="proximal",
        color="black",
        viewport=(0.0, 0.0, 0.4, 0.28),
        label_size=(0.6, 0.2),
    )
    return plotter


def serve(
    folders: Sequence[Path],
    *,
    port: int,
    idle_s: int,
    wanted: dict[str, Any],
    live: Callable[[], LiveLoads] | None,
    open_browser: bool,
    ready: Callable[[str, list[str]], None],
) -> None:
    """Show runs in a browser until the process is interrupted, or nobody has looked for `idle_s` seconds.

    Parameters
    ----------
    port : 0 for any free one.
    wanted : a view as a file or link gives it, unchecked.
    live : makes what recombines the loads of the first run, or None.
    ready : told the address, with its secret, and what is missing of the runs, once pages can be opened.

    Raises
    ------
    StoreError
        Where a folder is no run.
    MissingPieceError
        Where this machine cannot draw, or the viewer's libraries are not installed.
    UsageError
        Where the port cannot be used.
    """
    port = security.free_port(port)
    with ExitStack() as stack:
        runs = [stack.enter_context(closing(OpenedRun(folder))) for folder in folders]
        viewer = Viewer(runs, plotter_for(), live() if live else None)
        viewer.wish(wanted)
        server = viewer.server
        word = stack.enter_context(security.secret_of(server))
        address = f"http://{security.HOST}:{port}/index.html?secret={word}"
        door = stack.enter_context(security.doorway(address))

        def told(**_: Any) -> None:
            ready(address, [line for run in runs for line in run.all_missing])
            if open_browser:
                webbrowser.open(door.as_uri())

        server.controller.on_server_ready.add(told)
        server.start(
            host=security.HOST, port=port, timeout=idle_s, open_browser=False, show_connection_info=False,
            disable_logging=True,
        )  # fmt: skip
