"""`femsim verify --with ccx`: the same scenario by CalculiX, number beside number."""

import math
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from femsim.cli.screen import Screen
from femsim.errors import UsageError

if TYPE_CHECKING:
    from femsim.calculix.comparison import Comparison

DISAGREES = 5  # exit code: computed, but the two programs do not agree


def second_opinion(
    screen: Screen, program: str | None, paths: tuple[str, ...], sets: tuple[str, ...], *, keep: Path | None, slow: bool
) -> int:
    """Solve a scenario, or the scenario of a run, by both programs; exit code 5 where they disagree."""
    if program is None:
        raise UsageError("--set and --keep belong to --with.", remedy="add --with ccx and name a scenario")
    if slow or len(paths) != 1:
        raise UsageError(
            f"--with {program} compares one scenario.", remedy=f"femsim verify --with {program} scenarios/walking.toml"
        )
    screen.stage("reading the libraries")
    from femsim.calculix import program as calculix
    from femsim.calculix.comparison import compare_with_calculix
    from femsim.export.source import built, opened

    calculix.find()  # before anything is built
    source = opened(Path(paths[0]), sets)
    pair = built(source, progress=screen.stage)
    models = [pair.intact] if pair.operated is pair.intact else [pair.operated, pair.intact]
    found = compare_with_calculix(
        models, name=source.scenario.name, remarks=source.remarks, keep=keep, progress=screen.stage
    )
    screen.answer(_record(source.scenario.name, found), *_text(found))
    return 0 if found.passed else DISAGREES


def _record(name: str, found: "Comparison") -> dict:
    rows = [{**asdict(row), "passed": row.passed} for row in found.rows]
    return {
        "status": "passed" if found.passed else "failed",
        "scenario": name,
        "frame": found.frame,
        "calculix": found.version,
        "rows": [{key: _plain(value) for key, value in row.items()} for row in rows],
        "simplified": [asdict(row) for row in found.simplified],
        "seconds": [asdict(timing) for timing in found.timings],
        "remarks": list(found.remarks),
    }


def _plain(value):
    """JSON has no word for what is not a number."""
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _text(found: "Comparison") -> list:
    from rich.table import Table

    table = Table(box=None, padding=(0, 2, 0, 0))
    for heading in ("model", "quantity", "unit", "femsim", "CalculiX", "difference", "limit", ""):
        numeric = heading in ("femsim", "CalculiX", "difference", "limit")
        table.add_column(heading, justify="right" if numeric else "left", no_wrap=True)
    for n, row in enumerate(found.rows):
        table.add_row(
            "" if n and found.rows[n - 1].model == row.model else row.model, row.quantity, row.unit,
            f"{row.femsim:.6g}", f"{row.calculix:.6g}", f"{row.difference:.1e}", f"{row.limit:.0e}",
            "ok" if row.passed else "FAILED",
        )  # fmt: skip
    n_failed = sum(not row.passed for row in found.rows)
    verdict = (
        f"{n_failed} of {len(found.rows)} numbers DISAGREE" if n_failed else f"all {len(found.rows)} numbers agree"
    ) + f" with CalculiX {found.version} at {found.frame}."
    return [table, "", *_on_the_deck(found), "", *map(_time, found.timings), "", verdict]


def _on_the_deck(found: "Comparison") -> list[str]:
    """What the deck leaves out, as femsim itself feels it."""
    if not found.simplified:
        return []
    return [
        "Both solved the deck: one stiffness per element, few materials. Against the stiffness at every integration "
        "point, which a run has, this changes femsim's answer:",
        *(
            f"  {row.model}, {row.quantity}: {row.at_points:.6g} -> {row.in_deck:.6g} {row.unit} ({row.difference:.1e})"
            for row in found.simplified
        ),
    ]


def _time(timing) -> str:
    return (
        f"{timing.model}, {timing.n_unknowns} unknowns: femsim {timing.femsim:.1f} s from mesh to stresses, "
        f"CalculiX {timing.calculix:.1f} s from deck to files"
    )
