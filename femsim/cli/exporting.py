"""`femsim export`: writes a model for another program and says what was written."""

from pathlib import Path

from femsim.cli.screen import Screen


def told(screen: Screen, path: Path, kind: str, **how) -> int:
    """Export, then name the files; `how` is what `export` takes."""
    screen.stage("reading the libraries")
    from femsim.export.writing import export

    written = export(path, kind, progress=screen.stage, **how)
    files = [{"file": str(file), "bytes": file.stat().st_size} for file in written]
    lines = [f"{row['file']}  ({row['bytes'] / 1e6:.1f} MB)" for row in files]
    screen.answer({"status": "complete", "format": kind, "files": files}, *lines)
    return 0
