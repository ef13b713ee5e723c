"""`femsim render`: one field of a run as a picture for print, or as an animation over the activity."""

from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from femsim.cli.options import Json, Overwrite, Quiet
from femsim.cli.screen import Screen
from femsim.errors import UsageError

STILL, MOVING = (".png",), (".gif", ".mp4")
Model = Literal["both", "operated", "intact", "difference"]


def render(
    run: Path,
    /,
    *,
    field: Annotated[str, Parameter(help="What is shown; --list names what the run has.")] = "risk_factor",
    model: Annotated[Model, Parameter(help="Which femur.")] = "both",
    view: Annotated[
        str,
        Parameter(
            show_default=False,
            help="From where: frontal, anterior, posterior, lateral, medial, superior, inferior, neck, or towards the "
            "eye as lateral,anterior,proximal. Without: square onto the cut.",
        ),
    ] = "",
    cut: Annotated[
        str,
        Parameter(
            help="Plane: frontal (through neck and shaft), sagittal, transverse, neck; none. neck:8 is 8 mm nearer."
        ),
    ] = "frontal",
    step: Annotated[str, Parameter(help="Which kept instant: peak, a number from 0, or all (moving).")] = "peak",
    range_: Annotated[
        str | None, Parameter(name="--range", show_default=False, help="Ends of the colours: LOW,HIGH.")
    ] = None,
    deformed: Annotated[float, Parameter(help="Displacements so many times as large; 0 leaves them out.")] = 0.0,
    edges: Annotated[
        bool, Parameter(negative=(), show_default=False, help="Draw the sides of the elements too.")
    ] = False,
    height: Annotated[int, Parameter(help="Pixels of a panel.")] = 1000,
    out: Annotated[
        Path | None, Parameter(name=["--out", "-o"], show_default=False, help="PNG, GIF or MP4; else FIELD.png here.")
    ] = None,
    list_: Annotated[
        bool, Parameter(name="--list", negative=(), show_default=False, help="Name the fields and steps of the run.")
    ] = False,
    force: Overwrite = False,
    json: Json = False,
    quiet: Quiet = False,
) -> int:
    """Draw one field of a run: a PNG with scale bar, legend and caption, or its course as GIF or MP4.

    Example: femsim render runs/walking-1a2b3c4d --field risk_factor --view neck --cut neck -o neck.png

    Parameters
    ----------
    run
        The run folder.
    """
    with Screen(json=json, quiet=quiet) as screen:
        if list_:
            return _listed(screen, run)
        from femsim.cli.picture_place import refuse_place
        from femsim.view.render import Shot

        place = out or Path(f"{field}.png")
        if place.suffix.lower() not in (*STILL, *MOVING):
            raise UsageError(f"{place} is neither PNG, GIF nor MP4.", where="--out", remedy="end it so")
        refuse_place(place, force)
        if not 100 <= height <= 8000:
            raise UsageError(f"A panel of {height} pixels cannot be drawn; 100 to 8000 can.", where="--height")
        models = ("operated", "intact") if model == "both" else (model,)
        plane = "" if cut == "none" else cut
        shot = Shot(field, models, view, plane, _limits(range_), deformed, edges, height)
        screen.stage("drawing")
        words = _drawn(run, shot, step, place)
        screen.answer({"status": "complete", "picture": str(place), "caption": words}, f"picture: {place}")
        return 0


def _drawn(run: Path, shot, step: str, place: Path) -> str:
    from femsim.durable import whole_file
    from femsim.view.canvas import Canvas
    from femsim.view.render import Rendering

    moving = place.suffix.lower() in MOVING
    if moving:
        if step not in ("peak", "all"):
            raise UsageError(f"{place} moves over all steps.", where="--step", remedy="leave --step out")
        return _animated(run, shot, place)
    if step == "all":
        raise UsageError("A PNG shows one step.", where="--step", remedy="name a GIF or MP4 for all of them")
    steps = None if step == "peak" else [_number(step)]
    rendering = Rendering(run, shot, steps)
    shown = rendering.steps[0]
    with Canvas() as canvas, whole_file(place) as temporary:
        rendering.page(canvas, shown).save(temporary, rendering.words(shown))
    return rendering.words(shown)


def _animated(run: Path, shot, place: Path) -> str:
    from femsim.durable import whole_file
    from femsim.view.animation import DOTS_PER_INCH, colours_of, write_gif
    from femsim.view.canvas import Canvas
    from femsim.view.film import write_mp4
    from femsim.view.render import HEIGHT, Rendering, steps_of

    rendering = Rendering(run, shot, steps_of(run))
    n = len(rendering.steps)
    if n < 2:
        raise UsageError("The run keeps one instant; nothing moves.", where=str(run), remedy="name a PNG")
    film = place.suffix.lower() == ".mp4"
    dots = round(shot.height / HEIGHT) if film else DOTS_PER_INCH

    def page(share: float):
        return rendering.page(canvas, rendering.steps[round(share * (n - 1))], dots_per_inch=dots).pixels()

    with Canvas() as canvas, whole_file(place) as temporary:
        if film:
            write_mp4(temporary, page, n)
        else:
            write_gif(temporary, page, n, colours_of(rendering.scale.scale))
    return f"{n} instants. {rendering.words(rendering.peak)}"


def _listed(screen: Screen, run: Path) -> int:
    from femsim.view.fields import DISPLACEMENT, fields_of, unit_of
    from femsim.view.render import Rendering, Shot
    from femsim.view.scene import load

    scene, rendering = load(run), Rendering(run, Shot(DISPLACEMENT))
    instants = [float(one) for one in rendering.instants]
    unit = scene.told["loads"]["instant_unit"]
    units = {name: unit_of(scene, name) for name in sorted((*fields_of(scene), DISPLACEMENT))}
    lines = [f"{name} [{units[name]}]" for name in units]
    told = f"{len(instants)} steps, {instants[0]:g} to {instants[-1]:g} {unit}; the peak is step {rendering.peak}"
    record = {"fields": units, "instants": instants, "instant_unit": unit, "peak_step": rendering.peak}
    screen.answer(record, *lines, "", told)
    return 0


def _limits(text: str | None) -> tuple[float, float] | None:
    if text is None:
        return None
    parts = text.split(",")
    try:
        low, high = (float(part) for part in parts)
    except ValueError:
        raise UsageError(f"{text!r} is no range.", where="--range", remedy="give two numbers: --range 0,0.5") from None
    return low, high


def _number(step: str) -> int:
    try:
        return int(step)
    except ValueError:
        raise UsageError(f"{step!r} is no step: peak, a number from 0, or all.", where="--step") from None
