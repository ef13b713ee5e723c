"""Published statements beside what was computed: a table whose rows are agreed with, or not, or in some way."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

Found = TypeVar("Found")
HEADING = ("| published | source | computed | agrees |", "|---|---|---|---|")


class NotComputed(Exception):
    """What a row asks for is not there yet."""


@dataclass(frozen=True)
class Row(Generic[Found]):
    """A published statement.

    tells : what was computed → its words, and whether they agree, or in which way they do; raises NotComputed.
    """

    published: str
    source: str
    tells: Callable[[Found], tuple[str, bool | str]]

    def line(self, found: Found) -> str:
        """Of the table."""
        try:
            words, agrees = self.tells(found)
        except NotComputed:
            words, verdict = "", "not computed"
        else:
            verdict = f"**{agrees}**" if isinstance(agrees, str) else "yes" if agrees else "**no**"
        return f"| {self.published} | {self.source} | {words} | {verdict} |"


def lines(rows: Iterable[Row[Found]], found: Found) -> Iterable[str]:
    """Of the table, its heading first, each as soon as it is known."""
    yield from HEADING
    for row in rows:
        yield row.line(found)
