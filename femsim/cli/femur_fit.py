"""`femsim femur fit`: the parametric femur nearest to a bone surface."""

import time
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING

from femsim.cli.screen import Screen
from femsim.errors import FemsimError, UsageError

if TYPE_CHECKING:
    from femsim.anatomy.fit import Fit

TOO_FAR = 3.0  # mm RMS: beyond that the fit is another bone; the worst of four shared femora, a bulky one, has 2.8
MISSED = 5  # exit code: computed, but not good enough


def fitted(
    screen: Screen,
    path: Path,
    *,
    unit: str,
    side: str,
    anteversion_deg: float | None,
    out: Path | None,
    picture: Path | None,
    force: bool,
) -> int:
    """Read, fit, tell; write a scenario and a picture where asked to."""
    for target in (out, picture):
        if target is not None and target.exists() and not force:
            raise UsageError(f"{target} is there already.", remedy="give another name, or --force to write over it")
        if target is not None and not target.parent.is_dir():
            raise UsageError(f"There is no folder {target.parent}.", remedy="make it, or give another place")
    screen.stage("reading the libraries")
    from femsim.anatomy.fit import fit
    from femsim.anatomy.surface_file import in_millimetres
    from femsim.mesh.files import read_surface
    from femsim.mesh.repair import repaired

    start = time.perf_counter()
    screen.stage("reading and repairing")
    try:
        surface, said = in_millimetres(read_surface(path), unit)
        surface, notes = repaired(surface)
        screen.stage("fitting")
        found = fit(surface, side=side, anteversion_deg=anteversion_deg)
    except FemsimError as error:
        raise error.within(path) from None
    seconds = time.perf_counter() - start
    keys = _keys(found)
    worst = max(found.to_bone.rms, found.to_shape.rms)
    warnings = [f"{', '.join(found.at_bounds)} ended at a bound of the range."] if found.at_bounds else []
    if worst > TOO_FAR:
        warnings.append(f"The fit lies {worst:.1f} mm RMS from the bone, more than {TOO_FAR:g}: it is another bone.")
    if out is not None:
        out.write_text(scenario_toml(found, path), "utf-8")
    if picture is not None:
        from femsim.view import fit_picture

        screen.stage("picture")
        told = f"distance RMS {worst:.2f} mm, 95 % within {max(found.to_bone.p95, found.to_shape.p95):.2f} mm"
        told += "; a left femur, drawn as a right one" if found.femur.side == "left" else ""
        fit_picture.draw(
            picture, found.bone, found.away, found.shape.surface, title=f"{path.name} and its fit", under=told
        )
    record = {
        "status": "too far" if worst > TOO_FAR else "fitted",
        "femur": keys,
        "distances_mm": {
            "fit_to_bone": vars(found.to_bone).copy(),
            "bone_to_fit": vars(found.to_shape).copy(),
        },
        "at_bounds": list(found.at_bounds),
        "seconds": round(seconds, 2),
        "scenario": None if out is None else str(out),
        "picture": None if picture is None else str(picture),
        "notes": [*said, *notes],
        "warnings": warnings,
    }
    written = [f"{what}: {target}" for what, target in (("scenario", out), ("picture", picture)) if target is not None]
    screen.answer(record, _key_table(keys), "", _distance_table(found), "", *written, f"Fitted in {seconds:.1f} s.")
    for warning in warnings:
        screen.remark(f"warning: {warning}")
    return MISSED if worst > TOO_FAR else 0


def scenario_toml(found: "Fit", path: Path) -> str:
    """A scenario that walks on the fitted femur, with nothing put in."""
    rms, p95 = max(found.to_bone.rms, found.to_shape.rms), max(found.to_bone.p95, found.to_shape.p95)
    lines = [
        f"# The parametric femur fitted to {path.name}: distance RMS {rms:.2f} mm, 95 % within {p95:.2f} mm.",
        "schema = 1",
        'name = "fitted"',
        "",
        "[femur]",
        'kind = "parametric"',
        *(
            f'{key} = "{value}"' if isinstance(value, str) else f"{key} = {value!r}"
            for key, value in _keys(found).items()
        ),
        "",
        "[subject]",
        "body_mass_kg = 75 # nobody measured it",
        "",
        "[implant]",
        'kind = "intact"',
        "",
        "[load]",
        'activity = "walking"',
    ]
    return "\n".join(lines) + "\n"


def _keys(found: "Fit") -> dict[str, str | float]:
    values = {field.name: getattr(found.femur, field.name) for field in fields(found.femur)}
    return {key: value for key, value in values.items() if value is not None and key != "sex"}


def _key_table(keys: dict[str, str | float]):
    from rich.table import Table

    table = Table(box=None, padding=(0, 2, 0, 0))
    table.add_column("key")
    table.add_column("fitted", justify="right")
    for key, value in keys.items():
        table.add_row(key, value if isinstance(value, str) else f"{value:g}")
    return table


def _distance_table(found: "Fit"):
    from rich.table import Table

    table = Table(box=None, padding=(0, 2, 0, 0))
    for heading in ("distance, mm", "RMS", "95 % within", "largest"):
        table.add_column(heading, justify="left" if heading.startswith("distance") else "right")
    for name, away in (("from the fit to the bone", found.to_bone), ("from the bone to the fit", found.to_shape)):
        table.add_row(name, f"{away.rms:.2f}", f"{away.p95:.2f}", f"{away.largest:.1f}")
    return table
