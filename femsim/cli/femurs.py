"""`femsim femur …`: the commands on a femur alone, each a thin door."""

from pathlib import Path
from typing import Annotated, Literal

from cyclopts import App, Parameter

from femsim.cli.options import Json, Overwrite, Picture, Quiet
from femsim.cli.screen import Screen

Unit = Annotated[
    Literal["auto", "mm", "cm", "m"], Parameter(name="--unit", help="Unit of the file; auto takes mm and asks.")
]
Side = Annotated[Literal["auto", "right", "left"], Parameter(name="--side", help="Which femur it is; auto: found.")]

app = App(
    name="femur",
    help="Measure or mend the femur in a surface file, or fit the parametric one to it.",
    help_format="plaintext",
)


@app.command
def measure(
    file: Path, /, *, picture: Picture = None, unit: Unit = "auto", side: Side = "auto", json: Json = False
) -> int:
    """Measure a femur: side, head, angles, offset, neck, shaft, trochanters; and how sure each landmark is.

    Example: femsim femur measure femur.stl --picture femur.png

    Parameters
    ----------
    file
        A surface file (STL, PLY, OBJ, VTP), or a scenario (TOML) whose femur is measured.
    """
    from femsim.cli.femur_measure import told

    with Screen(json=json) as screen:
        return told(screen, file, picture=picture, unit=unit, side=side)


@app.command
def repair(
    file: Path,
    /,
    *,
    out: Annotated[
        Path | None, Parameter(name=["--out", "-o"], show_default=False, help="STL to write, in the unit of the file.")
    ] = None,
    picture: Picture = None,
    unit: Unit = "auto",
    json: Json = False,
) -> int:
    """Mend a bone surface: close it, drop what is double, replace what cuts through itself; and say what changed.

    Example: femsim femur repair femur.stl --out mended.stl --picture bad.png

    Parameters
    ----------
    file
        A surface file (STL, PLY, OBJ, VTP).
    """
    from femsim.cli.femur_repair import told

    with Screen(json=json) as screen:
        return told(screen, file, out=out, picture=picture, unit=unit)


@app.command
def fit(
    surface: Path,
    /,
    *,
    unit: Unit = "auto",
    side: Side = "auto",
    anteversion_deg: Annotated[
        float | None,
        Parameter(show_default=False, help="Known anteversion; else measured from the condyles where there are any."),
    ] = None,
    out: Annotated[
        Path | None, Parameter(name=["--out", "-o"], show_default=False, help="Scenario (TOML) to write.")
    ] = None,
    picture: Picture = None,
    force: Overwrite = False,
    json: Json = False,
    quiet: Quiet = False,
) -> int:
    """Find the keys of the parametric femur that come nearest to a bone surface, and say how near that is.

    Exit code 5 where the fit stays too far away to stand for the bone.

    Example: femsim femur fit my_femur.stl --out fitted.toml --picture fitted.png

    Parameters
    ----------
    surface
        A surface file (STL, PLY, OBJ, VTP) of one femur, whole or its upper part.
    """
    from femsim.cli.femur_fit import fitted

    with Screen(json=json, quiet=quiet) as screen:
        return fitted(
            screen,
            surface,
            unit=unit,
            side=side,
            anteversion_deg=anteversion_deg,
            out=out,
            picture=picture,
            force=force,
        )
