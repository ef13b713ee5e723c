"""Which femora stand side by side on a map that turns: both of one run, or one of each of several runs."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from femsim.view.figures.section import BODY_TITLES
from femsim.view.labels import words
from femsim.view.scene import Body, Scene, load

MOST = 4  # panels: more would be too narrow to read, and a browser draws few such scenes at once


@dataclass(frozen=True)
class Panel:
    """One femur of a map.

    title : what stands over it, unique on its map.
    scene : the run that it is of, which says where it is cut.
    body : of that run.
    is_twin : whether it is the intact femur beside an operated one, by which the map is framed.
    """

    title: str
    scene: Scene
    body: Body
    is_twin: bool = False


def of_run(scene: Scene) -> tuple[Panel, ...]:
    """The operated femur and its intact twin; the intact one alone where nothing was put in."""
    intact = Panel(BODY_TITLES["intact"], scene, scene.intact, is_twin=scene.has_implant)
    return (Panel(BODY_TITLES["operated"], scene, scene.operated), intact) if scene.has_implant else (intact,)


def of_runs(folders: Mapping[str, Path]) -> tuple[tuple[Panel, ...], tuple[str, ...]]:
    """A panel of each run, then the intact femur of the first, as many as there is room for; titles of the rest.

    The intact femur is not shown twice: a run of the same femur with nothing put in stands for it.

    Parameters
    ----------
    folders : label → folder of a run.

    Raises
    ------
    StoreError
        As `femsim.view.scene.load`; the runs that there is no room for are not read.
    """
    panels = [_of(words(label), load(folder)) for label, folder in list(folders.items())[:MOST]]
    left_out = [words(label) for label in list(folders)[MOST:]]
    if panels and panels[0].scene.has_implant and not _has_intact(panels):
        scene = panels[0].scene
        title = f"{panels[0].title}, before the operation"
        if len(panels) < MOST:
            panels.append(Panel(title, scene, scene.intact, is_twin=True))
        else:
            left_out.append(title)
    return tuple(panels), tuple(left_out)


def _of(title: str, scene: Scene) -> Panel:
    """Where nothing was put in, the fields are those of the intact body."""
    return Panel(title, scene, scene.operated if scene.has_implant else scene.intact)


def _has_intact(panels: list[Panel]) -> bool:
    femur = panels[0].scene.told["femur"]
    return any(not panel.scene.has_implant and panel.scene.told["femur"] == femur for panel in panels)
