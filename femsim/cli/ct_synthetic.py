"""`femsim ct synthetic`: a CT of known density, and how well the density is read back from it."""

from dataclasses import replace
from pathlib import Path

from femsim.cli.screen import Screen
from femsim.errors import UsageError


def told(screen: Screen, path: Path, *, out: Path, voxel, noise, blur, sets, force) -> int:
    """Draw, write, read back, compare."""
    if out.exists() and not force:
        raise UsageError(f"{out} is there already.", remedy="choose another name, or write over it with --force")
    screen.stage("reading the libraries")
    from femsim.anatomy.density.ct import CtDensity
    from femsim.anatomy.synthetic_ct import INTERCEPT, SLOPE, recovered, synthetic_ct
    from femsim.imaging.files import write_image
    from femsim.scenario.reading import load

    scenario = load(path, sets)
    screen.stage("femur")
    femur = scenario.femur.shape()
    known = scenario.bone.density.mapped(femur)
    screen.stage("drawing")
    image = synthetic_ct(femur, known, voxel_mm=voxel, noise_hu=noise, blur_mm=blur)
    write_image(out, image)
    femur = replace(femur, frame=image.frame)
    screen.stage("reading back")
    rows = {}
    for way in ("none", "inward"):
        source = CtDensity(
            file=out, calibration="slope_intercept", slope_g_per_cm3_per_hu=SLOPE, intercept_g_per_cm3=INTERCEPT,
            frame=image.frame if out.suffix.lower() == ".vti" else "auto", partial_volume=way,
        )  # fmt: skip
        found = recovered(femur, known, source.looked_at(femur)[0])
        rows[way] = {"rms": found.rms(), "bias": found.bias()}
    record = {
        "status": "complete",
        "file": str(out),
        "shape": list(image.shape),
        "voxel_mm": voxel,
        "noise_hu": noise,
        "blur_mm": blur,
        "frame": image.frame,
        "slope_g_per_cm3_per_hu": SLOPE,
        "intercept_g_per_cm3": INTERCEPT,
        "recovered_g_per_cm3": rows,
    }
    screen.answer(
        record,
        f"{out}: {' × '.join(map(str, image.shape))} voxels of {voxel:g} mm, in {image.frame}; QCT = {SLOPE:g} HU "
        f"{INTERCEPT:+g} g/cm³.",
        "Density read back, RMS error (mean error) [g/cm³]:",
        _table(rows),
        'To use it: [bone.density] source = "ct", calibration = "slope_intercept", '
        f'slope_g_per_cm3_per_hu = {SLOPE:g}, intercept_g_per_cm3 = {INTERCEPT:g}, femur_frame = "{image.frame}".',
    )
    return 0


def _table(rows):
    from rich.table import Table

    table = Table(box=None, padding=(0, 2, 0, 2))
    for heading in ("near the surface", *rows["none"]["rms"]):
        table.add_column(heading, no_wrap=True)
    for way, title in (("none", "as it is"), ("inward", "corrected")):
        errors = rows[way]
        table.add_row(title, *(f"{errors['rms'][k]:.3f} ({errors['bias'][k]:+.3f})" for k in errors["rms"]))
    return table
