"""`femsim ct …`: the commands on a CT, each a thin door."""

from pathlib import Path
from typing import Annotated, Literal

from cyclopts import App, Parameter

from femsim.cli.options import Json, Overwrite, Picture, Set
from femsim.cli.screen import Screen

Axes = Literal["auto", "LPS", "RAS"]
Series = Annotated[str, Parameter(name="--series", show_default=False, help="DICOM series, where there are several.")]

app = App(name="ct", help="Look at a CT, cut a femur out of it, or make one.", help_format="plaintext")


@app.command
def preflight(
    file: Path,
    /,
    *,
    surface: Annotated[Path | None, Parameter(show_default=False, help="Femur in the CT (STL, PLY, OBJ).")] = None,
    axes: Annotated[Axes, Parameter(help="Axes of the surface's coordinates.")] = "auto",
    frame: Annotated[Axes, Parameter(help="Axes of the CT's coordinates; auto: what the file says.")] = "auto",
    slope: Annotated[float | None, Parameter(show_default=False, help="Scanner's line [g/cm³ per HU].")] = None,
    intercept: Annotated[float | None, Parameter(show_default=False, help="Scanner's line at 0 HU [g/cm³].")] = None,
    series: Series = "",
    sets: Set = (),
    picture: Picture = None,
    json: Json = False,
) -> int:
    """Say whether a CT can tell the density of a femur: HU, what falls out of the limits, metal. Exit code 5 if not.

    Without slope and intercept, the line of the scanner is taken from air, fat and muscle.

    Example: femsim ct preflight ct.nii.gz --surface femur.stl --axes LPS --slope 0.0008 --intercept -0.01

    Parameters
    ----------
    file
        The CT, with --surface; or a scenario (TOML) with [bone.density] source = "ct".
    """
    from femsim.cli.ct_preflight import told

    with Screen(json=json) as screen:
        return told(
            screen, file, sets=sets, surface=surface, axes=axes, frame=frame, slope=slope, intercept=intercept,
            series=series, picture=picture,
        )  # fmt: skip


@app.command
def segment(
    file: Path,
    /,
    *,
    side: Annotated[Literal["right", "left"], Parameter(help="Which of the patient's hips.")],
    out: Annotated[Path, Parameter(name=["--out", "-o"], help="STL to write, in LPS.")] = Path("femur.stl"),
    threshold: Annotated[float, Parameter(help="HU above which lies bone, for the first surface.")] = 150.0,
    frame: Annotated[Axes, Parameter(help="Axes of the CT's coordinates; auto: what the file says.")] = "auto",
    series: Series = "",
    picture: Picture = None,
    force: Overwrite = False,
    json: Json = False,
) -> int:
    """Cut one femur out of a CT and write its surface; look at the picture before you use it.

    Example: femsim ct segment ct.nii.gz --side left --out femur.stl --picture femur.png

    Parameters
    ----------
    file
        The CT in HU: NIfTI, MetaImage, NRRD, VTI or a folder with one DICOM series.
    """
    from femsim.cli.ct_segment import told

    with Screen(json=json) as screen:
        return told(
            screen, file, side, out=out, threshold=threshold, frame=frame, series=series, picture=picture, force=force
        )


@app.command
def synthetic(
    scenario: Path,
    /,
    *,
    out: Annotated[Path, Parameter(name=["--out", "-o"], help="Image to write: .nii.gz, .mha, .nrrd or .vti.")],
    voxel: Annotated[float, Parameter(help="Edge of the voxels [mm].")] = 0.7,
    noise: Annotated[float, Parameter(help="Standard deviation of the noise [HU].")] = 20.0,
    blur: Annotated[float, Parameter(help="Full width at half maximum of the point spread [mm].")] = 0.8,
    sets: Set = (),
    force: Overwrite = False,
    json: Json = False,
) -> int:
    """Make a CT of a scenario's femur in soft tissue, and say how well its density can be read back from it.

    Example: femsim ct synthetic scenarios/walking.toml --out ct.nii.gz --voxel 1

    Parameters
    ----------
    scenario
        A scenario file (TOML); its femur and density are drawn.
    """
    from femsim.cli.ct_synthetic import told

    with Screen(json=json) as screen:
        return told(screen, scenario, out=out, voxel=voxel, noise=noise, blur=blur, sets=sets, force=force)
