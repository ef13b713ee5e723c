"""`femsim curves`: load and travel until fracture of several runs in one picture."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from femsim.cli.options import Json, Overwrite, Quiet
from femsim.cli.screen import Screen
from femsim.errors import UsageError


def curves(
    *runs: Path,
    out: Annotated[Path, Parameter(name=["--out", "-o"], help="PNG to draw.")] = Path("curves.png"),
    labels: Annotated[
        str | None, Parameter(show_default=False, help="Names of the runs, with commas between; else their own.")
    ] = None,
    force: Overwrite = False,
    json: Json = False,
    quiet: Quiet = False,
) -> int:
    """Draw the load over the travel until the femur breaks, of several runs of a failure analysis, in one picture.

    Example: femsim curves runs/healthy-1a2b3c4d runs/osteoporotic-5e6f7a8b --out curves.png

    Parameters
    ----------
    runs
        Run folders.
    """
    with Screen(json=json, quiet=quiet) as screen:
        return told(screen, runs, labels, out=out, force=force)


def told(screen: Screen, runs: tuple[Path, ...], labels: str | None, *, out: Path, force: bool) -> int:
    """Read, draw, tell."""
    from rich.table import Table

    from femsim.cli.picture_place import refuse_place
    from femsim.view.fracture_curves import curves_of, draw, fracture_words

    if not runs:
        raise UsageError("No run is named.", remedy="femsim curves RUN… --out curves.png")
    names = [name.strip() for name in labels.split(",")] if labels else [""] * len(runs)
    if len(names) != len(runs):
        raise UsageError(f"--labels has {len(names)} names for {len(runs)} runs.", remedy="give one for each run")
    refuse_place(out, force)
    found = [curve for run, name in zip(runs, names) for curve in curves_of(run, name)]
    screen.stage("drawing")
    draw(found, out)
    table = Table(box=None, padding=(0, 2, 0, 0))
    for heading in ("run", "femur", "fracture load", "pattern"):
        table.add_column(heading, no_wrap=True)
    for curve in found:
        table.add_row(curve.label, curve.model, fracture_words(curve.told), curve.told["pattern"])
    record = [{"run": curve.label, "model": curve.model, **curve.told} for curve in found]
    screen.answer({"status": "complete", "picture": str(out), "curves": record}, table, "", f"picture: {out}")
    return 0
