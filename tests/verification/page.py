"""docs/verification.md: written from what the tests computed, and read back to be held against it."""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from femsim.verification.case import Case, Check

FILE = Path(__file__).parents[2] / "docs" / "verification.md"
COLUMNS = ("quantity", "unit", "reference", "computed", "error", "tolerance", "passed")
# Errors below this are round-off and solver tolerance: they differ from machine to machine, so only a bound is shown.
NOISE = 1e-5
GROUPS = (  # first number of each group of the verification plan
    (1, "Kernel and element invariants"),
    (12, "Linear elasticity"),
    (31, "Contact, interfaces, press-fit"),
    (45, "Material non-linearity"),
    (53, "Dynamics and impact"),
    (62, "Biomechanics"),
    (70, "Orthotropic elasticity"),  # beyond the plan
)
OTHER = "Second opinions"
HEAD = """\
# Verification

What femsim computes, beside what is known. Errors are relative to the reference, or in the unit of the quantity where
they say *abs*.

`femsim verify` computes the quick cases on your own machine, `femsim verify --all` the slow ones too, and
`femsim verify NAME` one of them. This page is written by the tests, and held against what they compute at every run:

    pytest tests/verification -m "slow or not slow" --write-verification
"""


@dataclass(frozen=True)
class Entry:
    """A case as the page shows it: a title, a line on its source, and a row of texts per check."""

    name: str
    title: str
    source: str
    rows: tuple[tuple[str, ...], ...]


def entry_of(name: str, case: Case, checks: list[Check]) -> Entry:
    """A case and what it gave."""
    speed = "quick" if case.quick else "slow"
    return Entry(name, case.title, f"*{case.status}, {speed}:* {case.source}", tuple(_row(check) for check in checks))


def render(entries: Iterable[Entry]) -> str:
    """The page, in the order of the plan."""
    lines, group = [HEAD], ""
    for entry in sorted(entries, key=_order):
        if _group(entry.name) != group:
            group = _group(entry.name)
            lines.append(f"## {group}\n")
        lines += [f"### {entry.title}\n", f"`{entry.name}`\n", f"{entry.source}\n"]
        lines += ["| " + " | ".join(COLUMNS) + " |", "|---|---|--:|--:|--:|--:|---|"]
        lines += ["| " + " | ".join(row) + " |" for row in entry.rows] + [""]
    return "\n".join(lines)


def read(text: str) -> dict[str, Entry]:
    """The entries of a page, by name."""
    entries = {}
    for part in re.split(r"^### ", text, flags=re.M)[1:]:
        part = part.split("\n## ")[0]
        lines = [line for line in part.splitlines() if line]
        rows = [tuple(re.split(r" \| ", line.strip("| "))) for line in lines[5:]]
        name = lines[1].strip("`")
        entries[name] = Entry(name, lines[0], lines[2], tuple(rows))
    return entries


def differences(shown: Entry, found: Entry) -> list[str]:
    """What a page says otherwise than a run gave; a last digit may differ, and round-off may be of another size."""
    problems = [
        f"{word}: {old!r} instead of {new!r}"
        for word, old, new in (("title", shown.title, found.title), ("source", shown.source, found.source))
        if old != new
    ]
    if [row[0] for row in shown.rows] != [row[0] for row in found.rows]:
        return [*problems, "other quantities"]
    for old, new in zip(shown.rows, found.rows):
        texts = [COLUMNS.index(name) for name in ("unit", "reference", "tolerance", "passed")]
        problems += [f"{old[0]}: {old[k]!r} instead of {new[k]!r}" for k in texts if old[k] != new[k]]
        here, there = float(old[3]), float(new[3])
        if abs(here - there) > 1.5 * _last_digit(there):
            problems.append(f"{old[0]}: computed {here:g} instead of {there:g}")
    return problems


def is_other(name: str) -> bool:
    """Whether an entry comes from a test of its own rather than from a registered case."""
    return _number(name) is None


def _row(check: Check) -> tuple[str, ...]:
    noise = check.error < NOISE and check.passed
    return (
        check.quantity.replace("|", "\\|"),
        check.unit,
        f"{check.reference:.6g}",
        f"{check.reference if noise else check.computed:.6g}",
        (_bound(check) if noise else _short(check.error)) + (" abs" if check.absolute else ""),
        _short(check.tolerance) + (" abs" if check.absolute else ""),
        "yes" if check.passed else "**no**",
    )


def _bound(check: Check) -> str:
    """The power of ten above an error, or its tolerance if that says more; it is the same on every machine."""
    if not check.tolerance:
        return "0"
    bound = 10.0 ** math.ceil(math.log10(max(check.error, 1e-9)))
    return f"< {_short(min(bound, check.tolerance))}"


def _short(value: float) -> str:
    return f"{value:.2g}".replace("e-0", "e-")


def _last_digit(value: float) -> float:
    """Size of the last of six digits."""
    return 10.0 ** (math.floor(math.log10(abs(value))) - 5) if value else 1e-9


def _number(name: str) -> int | None:
    found = re.match(r"v(\d+)_", name)
    return int(found[1]) if found else None


def _order(entry: Entry) -> tuple:
    return (_number(entry.name) or 1000, entry.name)


def _group(name: str) -> str:
    number = _number(name)
    return [title for first, title in GROUPS if first <= number][-1] if number else OTHER
