"""`femsim ct segment`: one femur out of a CT, as a surface file."""

from pathlib import Path

from femsim.cli.screen import Screen
from femsim.errors import UsageError


def told(screen: Screen, file: Path, side: str, *, out: Path, threshold, frame, series, picture, force) -> int:
    """Segment, write, draw, and say what it is."""
    if out.suffix.lower() != ".stl":
        raise UsageError(f"The surface is written as .stl; {out.name!r} ends otherwise.")
    for path in (out, picture):
        if path is not None and path.exists() and not force:
            raise UsageError(f"{path} is there already.", remedy="choose another name, or write over it with --force")
    screen.stage("reading the libraries")
    from femsim.anatomy.ct_femur import CtFemur
    from femsim.anatomy.head import find_head
    from femsim.durable import whole_file
    from femsim.errors import FemsimError
    from femsim.mesh.files import write_stl
    from femsim.mesh.surface import enclosed_volume

    screen.stage("segmenting")
    wanted = CtFemur(file=Path(file), side=side, threshold_hu=threshold, frame=frame, series=series)
    try:
        surface, notes = wanted.segment()
    except FemsimError as error:
        if file.name not in error.where:
            error.within(file.name)
        raise
    head = find_head(surface)
    below = float(head.centre[2] - surface.points[:, 2].min())
    with whole_file(out) as temporary:
        write_stl(temporary, surface, title="femsim, LPS, mm")
    record = {
        "status": "complete",
        "file": str(out),
        "axes": "LPS",
        "side": side,
        "volume_cm3": enclosed_volume(surface) / 1000.0,
        "head_centre_mm": head.centre.tolist(),
        "head_radius_mm": head.radius,
        "below_head_mm": below,
        "notes": list(notes),
    }
    if picture:
        _draw(wanted, surface, head, picture)
        record["picture"] = str(picture)
    screen.answer(
        record,
        *notes,
        f"{out}: {surface.n_triangles} triangles in LPS, {record['volume_cm3']:.0f} cm³, head radius {head.radius:.1f} "
        f"mm, {below:.0f} mm of bone below the head centre.",
    )
    return 0


def _draw(wanted, surface, head, picture: Path) -> None:
    from femsim.durable import whole_file
    from femsim.imaging.slices import cuts
    from femsim.view.ct_sheet import ct_sheet

    image = wanted.image()
    under = f"{wanted.file.name} · {wanted.side} · voxels {' × '.join(f'{s:.2f}' for s in image.spacing)} mm"
    sheet = ct_sheet("Femur segmented from a CT", under, cuts(image, surface, head.centre))
    with whole_file(picture) as temporary:
        sheet.save(temporary, "Cuts of a CT with the outline of the segmented femur")
