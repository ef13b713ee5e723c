"""`femsim ct preflight`: what a CT says of a femur before anything is computed."""

from dataclasses import replace
from pathlib import Path

from femsim.cli.screen import Screen
from femsim.errors import UsageError


def told(screen: Screen, file: Path, *, sets, picture: Path | None, **given) -> int:
    """Look at the femur through the CT; the exit code is that of what is wrong with it."""
    screen.stage("femur")
    femur, density = _from_scenario(file, sets, given) if file.suffix.lower() == ".toml" else _from_files(file, **given)
    screen.stage("CT")
    _, report = density.looked_at(femur)
    problem = report.problem
    text = _text(report)
    record = {"status": "unfit" if problem else "fit", **report.record()}
    if picture:
        _draw(picture, femur, density, report)
        record["picture"] = str(picture)
    if problem:
        record["error"] = {
            "kind": type(problem).__name__,
            **{k: getattr(problem, k) for k in ("what", "why", "remedy")},
        }
        text = (*text, f"not fit: {problem}")
    else:
        text = (*text, "fit: the density of this femur can be read from this CT, with the limits said above.")
    screen.answer(record, *text)
    return problem.exit_code if problem else 0


def _from_scenario(file: Path, sets, given):
    from femsim.anatomy.density.ct import CtDensity
    from femsim.scenario.reading import load

    if given["surface"] is not None or given["slope"] is not None or given["intercept"] is not None:
        raise UsageError("A scenario says surface and calibration itself.", remedy="change it: --set bone.density.…")
    scenario = load(file, sets)
    if not isinstance(scenario.bone.density, CtDensity):
        raise UsageError(
            "The density of this scenario is not from a CT.",
            where=str(file),
            remedy='write [bone.density] with source = "ct", file and calibration; femsim list densities says more',
        )
    return scenario.femur.shape(), scenario.bone.density


def _from_files(file: Path, *, surface, axes, frame, slope, intercept, series):
    from femsim.anatomy.density.ct import CtDensity
    from femsim.anatomy.surface_file import SurfaceFemur

    if surface is None:
        raise UsageError(
            "A CT alone does not say where the femur is.",
            remedy="give its surface: --surface femur.stl; femsim ct segment makes one",
        )
    if (slope is None) != (intercept is None):
        raise UsageError("The scanner's line needs both --slope and --intercept.")
    how = (
        {"calibration": "two_tissue"}
        if slope is None
        else {"calibration": "slope_intercept", "slope_g_per_cm3_per_hu": slope, "intercept_g_per_cm3": intercept}
    )
    femur = SurfaceFemur(file=surface).shape()
    if axes != "auto":
        femur = replace(femur, frame=axes)
    return femur, CtDensity(file=Path(file), frame=frame, series=series, **how)


def _text(report) -> tuple[str, ...]:
    seat = report.seat
    quantiles = ", ".join(f"{p} %: {report.quantile(p):.0f}" for p in (5, 25, 50, 75, 95))
    return (
        *report.notes,
        f"Seat: {100 * seat.inside:.1f} % of the femur inside the CT, {seat.contrast_hu:.0f} HU brighter inside its "
        f"surface than outside, on {100 * seat.brighter:.0f} % of it.",
        f"HU of the bone: {quantiles}.",
        f"Held at the limits: {100 * report.low:.1f} % at {report.limits[0]:g} g/cm³, {100 * report.high:.1f} % at "
        f"{report.limits[1]:g} g/cm³.",
        f"Metal in and near the bone: {report.metal_cm3:.2f} cm³; dark streaks: {100 * report.dark:.1f} % of the bone.",
    )


def _draw(path: Path, femur, density, report) -> None:
    import numpy as np

    from femsim.anatomy.frame import on_points
    from femsim.durable import whole_file
    from femsim.imaging.files import read_image
    from femsim.imaging.image import Image, in_frame
    from femsim.imaging.slices import cuts
    from femsim.mesh.surface import transformed
    from femsim.view.ct_sheet import ct_sheet

    image = read_image(density.file, series=density.series)
    frame = femur.frame if density.femur_frame == "auto" else density.femur_frame
    image = in_frame(Image(image.values, image.affine, image.frame or density.frame, image.source), "LPS")
    to_lps = (np.diag([-1.0, -1.0, 1.0, 1.0]) if frame == "RAS" else np.eye(4)) @ femur.to_source
    surface = transformed(femur.surface, to_lps)
    pictures = cuts(image, surface, on_points(to_lps, np.zeros((1, 3)))[0])
    problem = report.problem
    lines = (
        ("NOT FIT" if problem else "fit") + f" · voxels {' × '.join(f'{s:.2f}' for s in report.voxel_mm)} mm",
        f"contrast across the surface {report.seat.contrast_hu:.0f} HU, on {100 * report.seat.brighter:.0f} % of it",
        f"held at the lower limit {100 * report.low:.1f} %, at the upper {100 * report.high:.1f} % of the bone",
        f"metal {report.metal_cm3:.2f} cm³, dark streaks {100 * report.dark:.1f} %",
        *_wrapped(report.calibration),
    )
    sheet = ct_sheet("CT of the femur", density.file.name, pictures, lines, report.histogram())
    with whole_file(path) as temporary:
        sheet.save(temporary, "Cuts of a CT with the outline of the femur, and the HU of its bone")


def _wrapped(text: str) -> list[str]:
    import textwrap

    return textwrap.wrap(text, 72)[:5]
