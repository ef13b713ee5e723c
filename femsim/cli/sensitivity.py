"""`femsim sensitivity`: which factors of a finished sweep matter, as a table, files and pictures."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from cyclopts import Parameter

from femsim.cli.options import Json, Quiet
from femsim.cli.screen import Screen
from femsim.errors import UsageError

if TYPE_CHECKING:
    from femsim.sweep.sensitivity.asking import Answer
    from femsim.sweep.sensitivity.finished import Finished

MOST_PICTURES = 12  # measures that are drawn; each is two pictures
MOST_TOLD = 6  # measures told on the screen; the files have all


def sensitivity(
    folder: Path,
    /,
    *,
    measure: Annotated[
        tuple[str, ...],
        Parameter(
            negative=(),
            consume_multiple=False,
            show_default=False,
            help="A measure, such as 'operated.neck*.risk_factor*'; * stands for anything. Repeatable; else all.",
        ),
    ] = (),
    where: Annotated[
        tuple[str, ...],
        Parameter(
            negative=(),
            consume_multiple=False,
            show_default=False,
            help="Only rows with factor=value, such as activity=running. Repeatable.",
        ),
    ] = (),
    failed: Annotated[
        Literal["drop", "impute", "refuse"],
        Parameter(help="Failed cases: leave out what they make incomplete, put in a surrogate's value, or refuse."),
    ] = "drop",
    surrogate: Annotated[
        bool,
        Parameter(
            negative=(), show_default=False, help="Sobol's indices of a Gaussian process, where it is good enough."
        ),
    ] = False,
    limit: Annotated[
        float, Parameter(help="Largest cross-validated error of a surrogate, over the standard deviation.")
    ] = 0.1,
    out: Annotated[
        Path | None, Parameter(name=["--out", "-o"], show_default=False, help="Folder; else FOLDER/sensitivity.")
    ] = None,
    pictures: Annotated[bool, Parameter(name="--pictures", show_default=False, help="Draw them.")] = True,
    json: Json = False,
    quiet: Quiet = False,
) -> int:
    """Say which factors of a finished sweep matter: Sobol indices, elementary effects, rank correlations, curves.

    What is told follows from the design of the sweep; rank correlations and curves go with any. How many failed cases
    were left out, and where they gather, is said.

    Example: femsim sensitivity sweeps/risk_factors-1a2b3c4d --measure 'operated.neck*.risk_factor*'

    Parameters
    ----------
    folder
        The folder of a sweep.
    """
    with Screen(json=json, quiet=quiet) as screen:
        return told(screen, folder, measure or ("*",), where, failed, surrogate, limit, out=out, pictures=pictures)


def told(
    screen: Screen,
    folder: Path,
    measures: tuple[str, ...],
    wheres: tuple[str, ...],
    policy: Literal["drop", "impute", "refuse"],
    with_surrogate: bool,
    limit: float,
    *,
    out: Path | None,
    pictures: bool,
) -> int:
    """Read, ask, write, tell."""
    if not 0.0 < limit <= 1.0:
        raise UsageError(f"--limit {limit:g} is no share.", remedy="give a number above 0 and at most 1, such as 0.1")
    screen.stage("reading the sweep")
    from femsim.sweep.sensitivity.asking import ask
    from femsim.sweep.sensitivity.finished import read_finished
    from femsim.sweep.sensitivity.saving import record_of, save

    finished = read_finished(folder)
    for text in wheres:
        factor, _, value = (part.strip() for part in text.partition("="))
        finished = finished.only(factor, value)
    answers = ask(finished, measures, policy=policy, with_surrogate=with_surrogate, limit=limit, progress=screen.stage)
    place = out or Path(folder) / "sensitivity"
    try:
        files = list(save(place, record_of(finished, answers)))
        if pictures:
            files += _drawn(screen, finished, answers, place)
    except OSError as error:
        raise UsageError(
            "The answers cannot be written.",
            where=str(place),
            why=error.strerror or str(error),
            remedy="choose another folder with --out",
        ) from error
    record = record_of(finished, answers) | {"files": [str(file) for file in files]}
    screen.answer(record, *_text(finished, answers), f"written: {place} ({len(files)} files)")
    return 0


def _text(finished: "Finished", answers: "list[Answer]") -> list[Any]:
    from femsim.sweep.sensitivity.effects import MEANING

    told = [answer for answer in answers if not answer.refused]
    lines: list[Any] = []
    for answer in told[:MOST_TOLD]:
        lines += [f"{answer.measure}   {answer.n_used} of {answer.n} rows; {answer.failed}.", _table(answer)]
        lines += [f"  note: {note}" for note in answer.notes] + [""]
    if len(told) > MOST_TOLD:
        lines.append(f"{len(told) - MOST_TOLD} more measures are in the files; --measure chooses.")
    reasons: dict[str, list[str]] = {}
    for answer in answers:
        if answer.refused:
            reasons.setdefault(answer.refused, []).append(answer.measure)
    for why, names in reasons.items():
        lines.append(
            f"no answer for {', '.join(names[:4])}{f' and {len(names) - 4} more' if len(names) > 4 else ''}: {why}"
        )
    kinds = dict.fromkeys(effect.kind for answer in told for effect in answer.effects)
    lines += [f"{kind}: {MEANING[kind]}" for kind in kinds]
    lines.append(f"{finished.name}: {finished.n_failed} rows failed, {finished.n_missing} are not in the table.")
    return lines


def _table(answer: "Answer") -> Any:
    from rich.table import Table

    kinds = list(dict.fromkeys(effect.kind for effect in answer.effects))
    rows: dict[str, dict[str, str]] = {}
    for effect in answer.effects:
        interval = "" if effect.low is None else f" ({effect.low:.2g} … {effect.high:.2g})"
        rows.setdefault(effect.axis.partition(" [")[0], {})[effect.kind] = f"{effect.value:.3g}{interval}"
    table = Table(box=None, padding=(0, 2, 0, 0))
    table.add_column("  factor", no_wrap=True)
    for kind in kinds:
        table.add_column(kind, justify="right", no_wrap=True)
    for name, cells in rows.items():
        table.add_row(f"  {name}", *(cells.get(kind, "") for kind in kinds))
    return table


def _drawn(screen: Screen, finished: "Finished", answers: "list[Answer]", place: Path) -> list[Path]:
    from femsim.sweep.sensitivity.saving import file_name
    from femsim.view import response_picture, scatter_picture, tornado_picture

    told = [answer for answer in answers if not answer.refused]
    if len(told) > MOST_PICTURES:
        screen.remark(f"The first {MOST_PICTURES} of {len(told)} measures are drawn; choose with --measure.")
    files = []
    for answer in told[:MOST_PICTURES]:
        screen.stage(f"picture of {answer.measure}")
        under = f"{answer.n_used} of {answer.n} rows; {answer.failed}."
        panels = _panels(answer)
        if panels:
            files.append(place / f"tornado-{file_name(answer.measure)}.png")
            tornado_picture.draw(f"What matters to {answer.measure}", under, panels, files[-1])
        if answer.curves:
            curves = sorted(answer.curves.items(), key=lambda item: _rank(item[0], answer))
            drawn = {name: response_picture.Drawn(one.at, one.middle, one.low, one.high) for name, one in curves}
            files.append(place / f"response-{file_name(answer.measure)}.png")
            response_picture.draw(finished.name, answer.measure, drawn, files[-1])
    if told:
        files.append(place / "scatter.png")

        def strongest(name: str) -> int:
            return min(_rank(name, answer) for answer in told)

        measures = {answer.measure: finished.measures[answer.measure] for answer in told}
        factors = {name: finished.values[name] for name in sorted(told[0].curves or {}, key=strongest)}
        scatter_picture.draw(finished.name, factors, measures, files[-1])
    return files


def _rank(name: str, answer: "Answer") -> int:
    """Where a factor stands among the effects that a tornado shows last, which name it with or without its unit."""
    kinds = [effect.kind for effect in answer.effects]
    kind = next((one for one in ("total", "morris", "linear", "swing") if one in kinds), kinds[0])
    order = [effect.axis for effect in answer.effects if effect.kind == kind]
    for place, one in enumerate(order):
        if one.partition(": ")[0] in (name, name.partition(" [")[0]):
            return place
    return len(order)


def _panels(answer: "Answer") -> list[Any]:
    """The method that the design is for, and the swing in the measure's own unit."""
    from femsim.view.tornado_picture import Bar, Panel

    by = {kind: [e for e in answer.effects if e.kind == kind] for kind in ("total", "morris", "partial_rank", "rank")}
    panels = []
    if by["total"]:
        first = {e.axis: e.value for e in answer.effects if e.kind == "first"}
        bars = [Bar(e.axis, 0.0, e.value, e.low, e.high, first.get(e.axis)) for e in by["total"]]
        panels.append(Panel("share of variance", bars, "light: total index with 95 % interval; dark: by itself"))
    elif by["morris"]:
        bars = [Bar(e.axis, 0.0, e.value, e.low, e.high) for e in by["morris"]]
        panels.append(Panel(f"elementary effect μ* [{answer.unit}]", bars, "with 95 % interval"))
    elif found := by["partial_rank"] or by["rank"]:
        bars = [Bar(e.axis, 0.0, e.value, e.low, e.high) for e in sorted(found, key=lambda e: -abs(e.value))]
        words = "partial rank correlation" if by["partial_rank"] else "rank correlation"
        panels.append(Panel(words, bars, "with 95 % interval"))
    if lines := [e for e in answer.effects if e.kind == "linear"]:
        bars = [Bar(e.axis, 0.0, e.value, e.low, e.high) for e in lines]
        panels.append(
            Panel(f"change [{answer.unit}]", bars, "by a straight line, from 5 to 95 % of the factor, others held")
        )
    swings = [e for e in answer.effects if e.kind == "swing"]
    if swings:
        bars = [Bar(e.axis, e.low or 0.0, e.high or 0.0) for e in swings]
        panels.append(Panel(f"change [{answer.unit}]", bars, "of the mean, when the factor goes through its values"))
    return panels
