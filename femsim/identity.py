"""Which question a result answers: a hash of what was asked, not of where it lies."""

import dataclasses
import hashlib
import json
import math
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import femsim
from femsim.errors import ScenarioError


def digest(question: Any, input_files: Iterable[Path] = (), *, remembered: dict[str, str] | None = None) -> str:
    """64 hex digits that are equal for equal questions.

    Hashes the values of the resolved scenario, the contents of the files it names, and the version of femsim. Where the
    scenario and its files lie does not matter; the order of keys does not matter.

    Parameters
    ----------
    question : mapping or dataclass
        The resolved scenario; sections may be dataclasses or mappings. A `Path` in it counts by the file's contents.
    input_files : paths, optional
        Further files the answer depends on; a text in the question that names one of them counts by its contents.
    remembered : dict, optional
        Path → hash of files that need not be read again; those that are read are added. For many questions at once.

    Raises
    ------
    ScenarioError
        Where a named file cannot be read or a number is not finite.
    """
    contents = {str(path): content_hash(path) for path in input_files}
    read = {} if remembered is None else remembered
    plain = {"femsim": femsim.__version__, "files": sorted(contents.values())}
    plain["scenario"] = _plain(question, contents, read)
    text = json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def source_hash(places: Iterable[Path]) -> str:
    """SHA-256 of the code of femsim in some of its files and folders, 64 hex digits."""
    package = Path(femsim.__file__).parent
    code = hashlib.sha256()
    for place in places:
        for path in sorted(place.rglob("*.py")) if place.is_dir() else [place]:
            code.update(str(path.relative_to(package)).encode() + b"\0" + path.read_bytes() + b"\0")
    return code.hexdigest()


def content_hash(path: Path) -> str:
    """SHA-256 of a file's contents, 64 hex digits; of a folder, of the files in it, whatever their names."""
    try:
        if Path(path).is_dir():
            parts = sorted(content_hash(file) for file in Path(path).iterdir() if file.is_file())
            return hashlib.sha256("".join(parts).encode("ascii")).hexdigest()
        with open(path, "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise ScenarioError(
            f"Cannot read {Path(path).name}: {error.strerror}.",
            where=str(path),
            remedy="check the path in the scenario",
        ) from None


def _plain(value: Any, contents: Mapping[str, str], read: dict[str, str]) -> Any:
    """The value in JSON's own types; whole floats and integers of the same value are the same."""
    if dataclasses.is_dataclass(value):
        # A field that does not count when two are compared (where a scenario was read from) does not count here either.
        asked = [field.name for field in dataclasses.fields(value) if field.compare]
        fields = {name: _plain(getattr(value, name), contents, read) for name in asked}
        return {"": type(value).__name__, **fields}
    if isinstance(value, Mapping):
        return {str(key): _plain(item, contents, read) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item, contents, read) for item in value]
    if isinstance(value, Path):
        name = str(value)
        if name not in contents and name not in read:
            read[name] = content_hash(value)
        return "sha256:" + (contents.get(name) or read[name])
    if isinstance(value, str):
        return "sha256:" + contents[value] if value in contents else value
    if value is None or isinstance(value, bool):
        return value
    if hasattr(value, "item"):  # a numpy number
        value = value.item()
    if isinstance(value, (int, float)):
        if not math.isfinite(value):
            raise ScenarioError(f"A scenario holds the number {value}; only finite numbers can be computed with.")
        return repr(float(value))
    raise TypeError(f"a scenario cannot hold a {type(value).__name__}")
