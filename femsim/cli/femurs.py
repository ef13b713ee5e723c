"""`femsim femur …`: what can be done with a bone surface before there is a scenario."""

from pathlib import Path
from typing import Annotated, Literal

from cyclopts import App, Parameter

from femsim.cli.screen import Screen

femur = App(name="femur", help="Work on the surface of one femur: fit the parametric femur to it.")


@femur.command
def fit(
    surface: Path,
    /,
    *,
    side: Annotated[Literal["auto", "right", "left"], Parameter(help="Which femur the file holds.")] = "auto",
    anteversion_deg: Annotated[
        float | None,
        Parameter(show_default=False, help="Known anteversion; else measured from the condyles where there are any."),
    ] = None,
    out: Annotated[
        Path | None, Parameter(name=["--out", "-o"], show_default=False, help="Scenario (TOML) to write.")
    ] = None,
    picture: Annotated[
        Path | None, Parameter(show_default=False, help="PNG to write: bone and fit, coloured by distance.")
    ] = None,
    force: Annotated[
        bool,
        Parameter(name=["--force", "-f"], negative=(), show_default=False, help="Write over files that are there."),
    ] = False,
    json: Annotated[
        bool,
        Parameter(
            name="--json", negative=(), show_default=False, help="One JSON object on stdout, all text on stderr."
        ),
    ] = False,
    quiet: Annotated[
        bool, Parameter(name=["--quiet", "-q"], negative=(), show_default=False, help="Only the result and errors.")
    ] = False,
) -> int:
    """Find the keys of the parametric femur that come nearest to a bone surface, and say how near that is.

    Exit code 5 where the fit stays too far away to stand for the bone.

    Example: femsim femur fit my_femur.stl --out fitted.toml --picture fitted.png

    Parameters
    ----------
    surface
        STL, PLY or OBJ of one femur in mm, in any position, whole or its upper part.
    """
    from femsim.cli.femur_fit import fitted

    with Screen(json=json, quiet=quiet) as screen:
        return fitted(
            screen, surface, side=side, anteversion_deg=anteversion_deg, out=out, picture=picture, force=force
        )
