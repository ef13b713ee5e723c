"""Whether this machine can draw: tried in a child process, because VTK without its libraries ends the process."""

import ctypes
import functools
import hashlib
import json
import os
import subprocess
import sys
from importlib import metadata
from pathlib import Path

from femsim.errors import MissingPieceError

APT_LINE = "apt-get install -y --no-install-recommends libgl1 libegl1"
WINDOW = "VTK_DEFAULT_OPENGL_WINDOW"  # the environment variable by which VTK chooses how it draws
# VTK's window class and the library it needs, in order of preference; both draw with no screen.
OFF_SCREEN = (("vtkEGLRenderWindow", "libEGL.so.1"), ("vtkOSOpenGLRenderWindow", "libOSMesa.so.8"))
ON_SCREEN = "vtkXOpenGLRenderWindow"
LIBRARIES = ("libEGL.so.1", "libGL.so.1", "libOSMesa.so.8", "libOpenGL.so.0")
TRIAL = """
import pyvista
plotter = pyvista.Plotter(off_screen=True, window_size=(64, 64))
plotter.add_mesh(pyvista.Sphere())
picture = plotter.screenshot(None, return_img=True)
print("drawn" if picture.std() > 0 else "blank")
"""
PATIENCE_S = 120  # a loaded machine needs some ten seconds to import VTK for the first time


@functools.cache
def rendering() -> tuple[bool, str]:
    """Whether VTK can draw here, and a sentence that says how, or why not and what mends it.

    Where it can, the environment of this process is set so that it does. The answer is kept in the user's cache folder
    for this version of VTK and these system libraries, so that only the first call costs a second or two.
    """
    stamp = _stamp()
    window = _remembered(stamp)
    if window is None:
        window = next((window for window in _candidates() if _draws(window)), None)
        if window is None:
            return False, (
                f"VTK cannot draw on this machine: it finds no working OpenGL library. On Debian or Ubuntu: {APT_LINE}"
            )
        _remember(stamp, window)
    if window:
        os.environ[WINDOW] = window
    return True, f"VTK {metadata.version('vtk')} draws with {window or 'its own choice of window'}."


def require_rendering() -> None:
    """Raise MissingPieceError, with the line that mends it, where VTK cannot draw."""
    able, sentence = rendering()
    if not able:
        raise MissingPieceError(
            "No pictures: " + sentence,
            remedy=f"run `{APT_LINE}` as root, then the same command again; all numbers are saved without it",
        )


def require_display() -> None:
    """Raise MissingPieceError where no window can be opened; else make VTK open its windows on the display."""
    remedy = "open result.vtkhdf of the run in ParaView, or look at its report.html and pictures"
    if sys.platform == "linux":
        if not os.environ.get("DISPLAY"):
            raise MissingPieceError(
                "There is no display to open a window on.",
                why="the environment variable DISPLAY is not set: a remote shell, a container or a cluster",
                remedy=remedy,
            )
        if not _draws(ON_SCREEN):
            raise MissingPieceError(
                f"VTK cannot draw on display {os.environ['DISPLAY']}.",
                why="the display does not answer, or an OpenGL library is missing",
                remedy=f"{remedy}; on Debian or Ubuntu `{APT_LINE}` brings OpenGL",
            )
        os.environ[WINDOW] = ON_SCREEN


def _candidates() -> list[str]:
    """Window classes worth a try; the empty name leaves the choice to VTK."""
    if os.environ.get(WINDOW):
        return [os.environ[WINDOW]]
    if sys.platform != "linux":
        return [""]
    return [window for window, library in OFF_SCREEN if _loads(library)]


def _draws(window: str) -> bool:
    environment = {**os.environ, WINDOW: window} if window else dict(os.environ)
    try:
        tried = subprocess.run(
            [sys.executable, "-c", TRIAL], env=environment, capture_output=True, text=True, timeout=PATIENCE_S
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return tried.returncode == 0 and "drawn" in tried.stdout


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _stamp() -> Path:
    """The file that remembers the answer; its name changes with anything the answer may depend on."""
    import platformdirs

    facts = [
        sys.executable,
        metadata.version("vtk"),
        metadata.version("pyvista"),
        os.environ.get(WINDOW, ""),
        os.environ.get("LD_LIBRARY_PATH", ""),
        [library for library in LIBRARIES if _loads(library)],
    ]
    name = hashlib.sha256(json.dumps(facts).encode()).hexdigest()[:16]
    return Path(platformdirs.user_cache_dir("femsim")) / f"rendering-{name}.json"


def _remembered(stamp: Path) -> str | None:
    """The window class that worked, or None; a failure is never remembered, for it may have been mended."""
    try:
        window = json.loads(stamp.read_text(encoding="utf-8"))["window"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return window if window in ("", os.environ.get(WINDOW), *(name for name, _ in OFF_SCREEN)) else None


def _remember(stamp: Path, window: str) -> None:
    try:
        stamp.parent.mkdir(parents=True, exist_ok=True)
        stamp.write_text(json.dumps({"window": window}), encoding="utf-8")
    except OSError:
        return  # no cache folder, or a full one: the next call tries again
