"""The tables of a scenario file with the place each key came from: a line of the file, or a --set."""

import copy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

KeyPath = tuple[str | int, ...]


@dataclass
class Sheet:
    """What was written, before it is judged; overrides write into it.

    data : nested tables.
    file : the scenario file as the user named it; folder : the folder its paths are relative to.
    lines : key path → line of the file.
    set_by : key path → the text of the --set that wrote it.
    """

    data: dict[str, Any]
    file: str
    folder: Path
    lines: dict[KeyPath, int]
    set_by: dict[KeyPath, str] = field(default_factory=dict)

    def __post_init__(self):
        self.data = copy.deepcopy(self.data)

    def table(self, path: KeyPath) -> Any:
        """What stands at a path; None where nothing does."""
        found: Any = self.data
        for name in path:
            if not isinstance(found, dict) or name not in found:
                return None
            found = found[name]
        return found

    def as_table(self, path: KeyPath, tag: str) -> None:
        """A word that stands for a table becomes the table whose `tag` it is."""
        word = self.table(path)
        if isinstance(word, str):
            for places in (self.lines, self.set_by):
                if path in places:
                    places[(*path, tag)] = places[path]
            (self.table(path[:-1]) if path[:-1] else self.data)[path[-1]] = {tag: word}

    def put(self, path: KeyPath, value: Any, text: str) -> str | None:
        """Write an override; the sentence that says why it cannot be, if so."""
        table = self.data
        for n, name in enumerate(path[:-1], 1):
            table = table.setdefault(name, {})
            if not isinstance(table, dict):
                return f"{dotted(path[:n])} is not a table, so it has no key {dotted(path[n:])}."
        table[path[-1]] = value
        for places in (self.lines, self.set_by):
            for known in [known for known in places if known[: len(path)] == path]:
                del places[known]
        self.set_by[path] = text
        return None

    def is_set(self, path: KeyPath) -> bool:
        """Whether the value at a path came from a --set."""
        return any(path[:n] in self.set_by for n in range(len(path), 0, -1))

    def where(self, path: KeyPath) -> str:
        """The place of a key, or of the table nearest around it."""
        for n in range(len(path), 0, -1):
            if path[:n] in self.set_by:
                return f"--set {self.set_by[path[:n]]}"
            if path[:n] in self.lines:
                return f"{self.file}:{self.lines[path[:n]]}"
        return self.file

    def folder_of(self, path: KeyPath) -> Path:
        """The folder a relative path is relative to: the file's, or the shell's for a --set."""
        return Path.cwd() if self.is_set(path) else self.folder


def dotted(path: KeyPath) -> str:
    """femur.head_diameter_mm, load.factors[2]."""
    text = ""
    for name in path:
        text += f"[{name}]" if isinstance(name, int) else f".{name}" if text else name
    return text
