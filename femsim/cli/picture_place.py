"""Where a picture may be written."""

from pathlib import Path

from femsim.errors import UsageError


def refuse_place(picture: Path, force: bool) -> None:
    """A picture that cannot be written is said before the work, not after it."""
    if picture.is_dir():
        raise UsageError(f"{picture} is a folder.", remedy="name a file")
    if picture.exists() and not force:
        raise UsageError(f"{picture} is there already.", remedy="give another --picture, or --force to write over it")
    if not picture.absolute().parent.is_dir():
        raise UsageError(f"There is no folder {picture.parent}.", remedy="make it, or give another place")
