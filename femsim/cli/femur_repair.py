"""`femsim femur repair`: mends a bone surface, says what changed, and shows where it was bad."""

from pathlib import Path

from femsim.cli.femur_measure import refuse_folder
from femsim.cli.screen import Screen
from femsim.errors import StoreError, UsageError


def told(screen: Screen, file: Path, *, out: Path | None, picture: Path | None, unit: str) -> int:
    """Mend, write the mended surface and the picture where asked for, tell."""
    for path in (out, picture):
        refuse_folder(path)
    if out is not None and out.suffix.lower() != ".stl":
        raise UsageError(f"A mended surface is written as STL; {out} has another ending.", remedy="end it in .stl")
    screen.stage("reading the libraries")
    from femsim.anatomy.surface_file import MM_PER, in_millimetres
    from femsim.errors import FemsimError
    from femsim.mesh.files import read_surface, write_stl
    from femsim.mesh.repair import mended
    from femsim.mesh.surface import Surface

    screen.stage("mending")
    surface = read_surface(file)
    try:
        surface, _ = in_millimetres(surface, unit)
        closed, report = mended(surface)
    except FemsimError as error:
        raise error.within(file) from None
    try:
        if out is not None:
            write_stl(out, Surface(closed.points / MM_PER.get(unit, 1.0), closed.triangles))
        if picture is not None:
            from femsim.view.bones import Damage, draw_damage

            screen.stage("drawing")
            bad = report.bad
            draw_damage(Damage(file.name, closed, bad.crossing, bad.left_out, bad.borders, report.notes), picture)
    except OSError as error:
        where = error.filename or out or picture
        raise StoreError(f"{where} cannot be written: {error.strerror}.", remedy="name another place") from error
    record = {"status": "complete", "file": str(file), **report.record()}
    written = {"out": out, "picture": picture}
    record |= {name: str(path) for name, path in written.items() if path is not None}
    told_notes = report.notes or ("Nothing had to be repaired.",)
    files = [f"{name}: {path}" for name, path in written.items() if path is not None]
    screen.answer(record, f"{file}: {report.route}", *(f"  {note}" for note in told_notes), _table(report), *files)
    return 0


def _table(report):
    from rich.table import Table

    table = Table(box=None, padding=(0, 2, 0, 2), show_header=False)
    table.add_column()
    table.add_column(justify="right")
    table.add_column()
    rows = {
        "triangles": (f"{report.triangles_before} → {report.triangles_after}", ""),
        "points joined": (report.points_joined, ""),
        "triangles dropped": (report.triangles_dropped, ""),
        "triangles turned": (report.triangles_turned, ""),
        "shells left out": (report.shells_left_out, ""),
        "openings closed": (report.openings, f"{report.opening_area_mm2:.1f} mm²"),
        "crossing triangles": (report.crossing_triangles, ""),
        "largest displacement": (f"{report.largest_displacement_mm:.3f}", "mm"),
        "RMS displacement": (f"{report.rms_displacement_mm:.3f}", "mm"),
    }
    if report.volume_change_percent is not None:
        rows["volume change"] = (f"{report.volume_change_percent:+.3f}", "%")
    for name, (value, unit) in rows.items():
        table.add_row(name, str(value), unit)
    return table
