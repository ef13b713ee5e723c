"""Where each key of a TOML text stands: the lines that tomllib does not tell."""

import json
import re

Path = tuple[str | int, ...]

_BLANK = re.compile(r"(?:[ \t\n]+|#[^\n]*)*")
_SPACE = re.compile(r"[ \t]*")
_KEY = re.compile(r'[A-Za-z0-9_-]+|"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'')
_STRING = re.compile(
    r'"""(?:[^"\\]|\\.|"{1,2}(?!"))*"{3,5}|\'\'\'(?:[^\']|\'{1,2}(?!\'))*\'{3,5}|"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'',
    re.DOTALL,
)
_WORD = re.compile(r"[^,\]}#\n]*")


def lines_of(text: str) -> dict[Path, int]:
    """Key path → line (from 1) of every table, key and array item.

    Parameters
    ----------
    text : str
        Valid TOML; of a text that is not, as much as was understood.
    """
    scan = _Scan(text.replace("\r\n", "\n"))
    scan.document()
    return scan.lines


class _Scan:
    def __init__(self, text: str):
        self.text, self.at, self.lines = text, 0, {}
        self._arrays: dict[Path, int] = {}  # array of tables → index of its last table
        self._counted, self._line = 0, 1

    def document(self) -> None:
        current: Path = ()
        while self._skip(_BLANK) < len(self.text):
            before = self.at
            if self._take("[["):
                current = self._resolved(self._key())
                self._note_all(current)
                self._arrays[current] = self._arrays.get(current, -1) + 1
                current = (*current, self._arrays[current])
                self._note(current)
                self._take("]]")
            elif self._take("["):
                current = self._resolved(self._key())
                self._note_all(current)
                self._take("]")
            else:
                self._pair(current)
            if self.at == before:
                return

    def _pair(self, current: Path) -> None:
        start = self.at
        key = (*current, *self._key())
        self._note_all(key, start)
        self._skip(_SPACE)
        if self._take("="):
            self._skip(_SPACE)
            self._value(key)

    def _value(self, path: Path) -> None:
        if self._take("["):
            self._items(path, "]", lambda n: self._item((*path, n)))
        elif self._take("{"):
            self._items(path, "}", lambda n: self._pair(path))
        elif not self._match(_STRING):
            self._match(_WORD)

    def _items(self, path: Path, end: str, item) -> None:
        n = 0
        while self._skip(_BLANK) < len(self.text) and not self._take(end):
            before = self.at
            item(n)
            n += 1
            self._skip(_BLANK)
            self._take(",")
            if self.at == before:
                return

    def _item(self, path: Path) -> None:
        self._note(path)
        self._value(path)

    def _key(self) -> tuple[str, ...]:
        names = []
        while True:
            self._skip(_SPACE)
            found = self._match(_KEY)
            if not found:
                return tuple(names)
            names.append(_unquoted(found))
            self._skip(_SPACE)
            if not self._take("."):
                return tuple(names)

    def _resolved(self, key: tuple[str, ...]) -> Path:
        """The path of a table header, through the last table of each array of tables on its way."""
        path: Path = ()
        for n, name in enumerate(key):
            path = (*path, name)
            if path in self._arrays and n < len(key) - 1:
                path = (*path, self._arrays[path])
        return path

    def _note(self, path: Path, at: int | None = None) -> None:
        at = self.at if at is None else at
        self._line += self.text.count("\n", self._counted, at)
        self._counted = max(self._counted, at)
        self.lines.setdefault(path, self._line)

    def _note_all(self, path: Path, at: int | None = None) -> None:
        """A key notes the tables on its way too, where they have no line of their own yet."""
        for n in range(1, len(path) + 1):
            self._note(path[:n], at)

    def _match(self, pattern: re.Pattern) -> str:
        found = pattern.match(self.text, self.at)
        if found:
            self.at = found.end()
        return found[0] if found else ""

    def _skip(self, pattern: re.Pattern) -> int:
        self._match(pattern)
        return self.at

    def _take(self, token: str) -> bool:
        if self.text.startswith(token, self.at):
            self.at += len(token)
            return True
        return False


def _unquoted(key: str) -> str:
    if key[0] == "'":
        return key[1:-1]
    if key[0] == '"':
        try:
            return json.loads(key)
        except ValueError:  # \U escapes, which JSON does not have
            return key[1:-1]
    return key
