"""A file as text, or the reason why it is none."""

from pathlib import Path

from femsim.errors import ScenarioError

LARGEST_FILE = 32 << 20  # bytes; 1000 samples a second for five minutes are about 20 MB
_EXPORT = "export the numbers as CSV (UTF-8), or as .sto from OpenSim, and name that file"
# First bytes of what is mistaken for a table.
_OTHERS = {
    b"PK\x03\x04": "an Excel workbook or another zip file",
    b"\xd0\xcf\x11\xe0": "an old Excel or Word file",
    b"%PDF": "a PDF",
    b"\x89HDF": "an HDF5 file",
    b"MATLAB": "a MATLAB file",
    b"\x1f\x8b": "compressed by gzip",
}


def text_of(path: Path) -> str:
    """The whole file, with plain newlines.

    Raises
    ------
    ScenarioError
        Where it cannot be read, is empty, too large, binary, or not in UTF-8 or UTF-16.
    """
    try:
        if path.exists() and not path.is_file():
            raise ScenarioError(f"{path.name} is no regular file.", where=str(path), remedy="name a text file")
        with path.open("rb") as file:
            raw = file.read(LARGEST_FILE + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise ScenarioError(
            f"{path.name!r} cannot be read: {reason}.", where=str(path), remedy="check the path and its permissions"
        ) from None
    if len(raw) > LARGEST_FILE:
        raise ScenarioError(
            f"{path.name} is larger than {LARGEST_FILE >> 20} MB, the most that is read.",
            where=str(path),
            remedy="cut out one trial of one activity, and leave out columns that are not forces",
        )
    if not raw.strip():
        raise ScenarioError(f"{path.name} is empty.", where=str(path), remedy="export the recording again")
    return _decoded(path, raw).replace("\r\n", "\n").replace("\r", "\n")


def _decoded(path: Path, raw: bytes) -> str:
    for start, kind in _OTHERS.items():
        if raw.startswith(start):
            raise ScenarioError(f"{path.name} is {kind}, not a text.", where=str(path), remedy=_EXPORT)
    encoding = "utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise ScenarioError(
            f"{path.name} is not a text in UTF-8: byte {raw[error.start]:#04x} in line {line}.",
            where=f"{path}:{line}",
            why="it is binary, or was saved in another encoding such as Windows-1252",
            remedy="save it as UTF-8, or write degree signs and umlauts without them",
        ) from None
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        raise ScenarioError(f"{path.name} is binary, not a text.", where=f"{path}:{line}", remedy=_EXPORT)
    return text
