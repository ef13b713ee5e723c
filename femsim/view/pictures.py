"""All pictures of a run, drawn without a screen from what was saved."""

from pathlib import Path

from femsim.durable import whole_file
from femsim.view import failure_animation, impact_animation
from femsim.view.canvas import Canvas
from femsim.view.figures import FIGURES
from femsim.view.scene import load

# Section of summary.json → what draws it in motion, as `<section>.gif`.
ANIMATIONS = {"failure": failure_animation.animate, "impact": impact_animation.animate}


def draw_all(run_folder: Path) -> list[Path]:
    """Draw every figure that the run has the data for, as `<figure>.png` in the run's folder; what moves as GIF.

    Raises
    ------
    MissingPieceError
        Where VTK cannot draw on this machine; nothing is written then.
    StoreError
        Where the folder is no complete run.
    OSError
        Where a picture cannot be written.
    """
    scene = load(run_folder)
    drawn = []
    with Canvas() as canvas:
        for name in FIGURES:
            figure = FIGURES[name]()
            if figure.needs(scene):
                continue
            path = Path(run_folder) / f"{name}.png"
            with whole_file(path) as temporary:
                figure.draw(scene, canvas).save(temporary, figure.caption(scene))
            drawn.append(path)
        for name, animate in ANIMATIONS.items():
            if scene.told.get(name):
                path = Path(run_folder) / f"{name}.gif"
                with whole_file(path) as temporary:
                    animate(scene, canvas, temporary)
                drawn.append(path)
    return drawn
