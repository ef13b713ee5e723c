"""`femsim list`: what a scenario can name, for people and for programs."""

from pathlib import Path

from femsim.cli.screen import Screen
from femsim.errors import UsageError
from femsim.scenario.catalogue import TOPICS, Entry


def listed(screen: Screen, topic: str | None, picture: Path | None = None) -> int:
    """One topic with its keys, or every topic in short; bone laws also as a picture."""
    if picture is not None:
        if topic != "bone-laws":
            raise UsageError(
                "Only bone laws can be drawn.", where="--picture", remedy="femsim list bone-laws --picture laws.png"
            )
        from femsim.cli.laws_picture import drawn

        drawn(picture)
        screen.remark(f"picture: {picture}")
    topics = {name: entries() for name, entries in TOPICS.items() if topic in (None, name)}
    record = {name: [entry.record() for entry in entries] for name, entries in topics.items()}
    screen.answer(record, *(_in_full(topics[topic]) if topic else _in_short(topics)))
    return 0


def _in_short(topics: dict[str, tuple[Entry, ...]]) -> list:
    from rich.table import Table

    table = Table(box=None, padding=(0, 2, 0, 0))
    for heading in ("topic", "name", "what it is"):
        table.add_column(heading, no_wrap=heading != "what it is")
    for name, entries in topics.items():
        for n, entry in enumerate(entries):
            table.add_row("" if n else name, entry.name, entry.text)
    return [table, "", "Keys, units and sources: femsim list TOPIC"]


def _in_full(entries: tuple[Entry, ...]) -> list:
    shown = []
    for entry in entries:
        shown += [entry.name + (f"   {entry.written}" if entry.written else ""), f"  {entry.text}"]
        shown += [f"    {name}: {words}" for name, words in entry.facts.items()]
        if entry.parameters:
            shown.append(_keys(entry))
        shown.append("")
    return shown[:-1]


def _keys(entry: Entry):
    from rich.table import Table

    table = Table(box=None, padding=(0, 2, 0, 2))
    for heading in ("key", "default", "unit", "range", "meaning", "source"):
        table.add_column(heading, no_wrap=heading in ("key", "default", "unit", "range"))
    for p in entry.parameters:
        source = "; ".join(filter(None, ["assumed" if p.assumed else "", p.source]))
        table.add_row(p.name, p.default or "(required)", p.unit, _range(p.low, p.high), p.text, source)
    return table


def _range(low: float | None, high: float | None) -> str:
    if low is None and high is None:
        return ""
    return f"{'' if low is None else f'{low:g}'} … {'' if high is None else f'{high:g}'}"
