"""`femsim compare`: computes the variants of one patient and tells them side by side."""

import threading
import time
from pathlib import Path
from typing import Any

from femsim.cli.screen import Screen


def compared(
    screen: Screen,
    paths: tuple[Path, ...],
    implants: str | None,
    sets: tuple[str, ...],
    *,
    out: Path,
    force: bool,
    pictures: bool,
    anyway: bool,
) -> int:
    """Read, compute, tell; the exit code of the first variant that failed."""
    from femsim.comparison import saving
    from femsim.comparison.likeness import differences
    from femsim.comparison.running import compute
    from femsim.comparison.variants import variants_of
    from femsim.results.store import ensure_writable

    start = time.perf_counter()
    variants = variants_of(paths, implants, sets)
    remarks = differences(variants, anyway=anyway)
    for note in dict.fromkeys(note for variant in variants for note in variant.scenario.notes):
        screen.remark(f"note: {note}")
    for remark in remarks:
        screen.remark(f"warning: {remark}")
    ensure_writable(out)
    steps = _Steps(screen, len(variants))
    ended = compute(variants, out=out, force=force, pictures=pictures, begun=steps.begun, ended=steps.ended)
    columns = saving.columns_of(ended)
    record = saving.record_of(ended, columns, remarks)
    failed = [one for one in ended if one.folder is None]
    folder, warnings = _kept(screen, record, columns, out) if len(failed) < len(ended) else (None, ())
    warnings = [*_warnings(record), *warnings]
    told = {**record, "folder": str(folder) if folder else None, "warnings": warnings}
    if failed:
        told |= {"status": "partial" if folder else "failed", "exit_code": failed[0].exit_code}
    screen.answer(told, *_text(record, folder, time.perf_counter() - start))
    for warning in warnings:
        screen.remark(f"warning: {warning}")
    for one in failed:
        _tell_failure(screen, one)
    return failed[0].exit_code if failed else 0


def _kept(screen: Screen, record: dict[str, Any], columns, out: Path) -> tuple[Path, tuple[str, ...]]:
    """The folder of the comparison, and what could not be drawn."""
    from femsim.comparison import saving

    found = saving.existing(out, record)
    if found is not None:
        return found, ()
    with saving.new_comparison(out, record, columns) as folder:
        warnings = _drawn(screen, record, out, folder)
    return saving.folder_of(out, record), warnings


def _warnings(record: dict[str, Any]) -> list[str]:
    """What the runs warn of, each once, after the variants that it is about."""
    labels: dict[str, list[str]] = {}
    for variant in record["variants"]:
        for warning in variant.get("warnings", ()):
            labels.setdefault(warning, []).append(variant["label"])
    return [f"{', '.join(named)}: {warning}" for warning, named in labels.items()]


class _Steps:
    """Tells which variants are under way, and with --verbose how each ended."""

    def __init__(self, screen: Screen, n: int):
        self._screen, self._n, self._n_done = screen, n, 0
        self._running: list[str] = []
        self._drawing_loads = False

    def begun(self, label: str) -> None:
        self._running.append(label)
        self._tell()

    def ended(self, one) -> None:
        label = one.variant.label
        self._n_done += 1
        if label in self._running:
            self._running.remove(label)
        if self._n_done + len(self._running) == self._n and not self._drawing_loads:
            self._drawing_loads = True  # nothing waits for this core any more
            threading.Thread(target=_loaded, daemon=True).start()
        if self._screen.verbose:
            how = "refused" if one.folder is None else "was there already" if one.reused else "computed"
            self._screen.remark(f"{label}: {how} ({self._n_done} of {self._n}, {one.seconds:.1f} s)")
        self._tell()

    def _tell(self) -> None:
        if self._running and not self._screen.verbose:
            self._screen.stage(f"{self._n_done} of {self._n} done; computing {', '.join(self._running)}")


def _loaded() -> None:
    from femsim.view.canvas import made_ready

    made_ready()


def _drawn(screen: Screen, record: dict[str, Any], out: Path, folder: Path) -> tuple[str, ...]:
    """Picture and page; a warning where this machine cannot draw: the numbers are there anyway."""
    from femsim.errors import MissingPieceError
    from femsim.view import comparison, comparison_page

    warnings = ()
    folders = {variant["label"]: out / variant["run"] for variant in record["variants"] if "run" in variant}
    screen.stage("picture")
    try:
        comparison.draw(record, folders, folder / comparison.FILE)
    except MissingPieceError as error:
        warnings = (error.what,)
    comparison_page.write(record, folder, folders)
    return warnings


def _text(record: dict[str, Any], folder: Path | None, seconds: float) -> list:
    from rich.table import Table

    labels = [variant["label"] for variant in record["variants"]]
    table = Table(box=None, padding=(0, 2, 0, 0))
    table.add_column("", no_wrap=True)
    for label in labels:
        table.add_column(label.replace(" ", "\n"), justify="right")
    group = ""
    for row in record["table"]:
        if row["group"] != group:
            table.add_row(f"{row['group']} [{row['unit']}]")
            group = row["group"]
        table.add_row(f"  {row['label']}{_own_unit(row, record)}", *(row["cells"][label]["text"] for label in labels))
    n_reused = sum(variant["reused"] for variant in record["variants"])
    how = f"; {n_reused} of {len(labels)} were there already (--force computes them again)" if n_reused else ""
    lines = [table, ""] if record["table"] else []
    lines += _ranking(record["ranking"])
    lines += ["", f"{record['name']}: {len(labels)} variants in {seconds:.1f} s{how}. {record['disclaimer']}"]
    return [*lines, f"results: {folder}"] if folder else lines


def _own_unit(row: dict[str, Any], record: dict[str, Any]) -> str:
    """The unit of a row that has another one than the first of its group."""
    first = next(other for other in record["table"] if other["group"] == row["group"])
    return f" [{row['unit']}]" if row["unit"] != first["unit"] else ""


def _ranking(ranking: dict[str, Any]) -> list[str]:
    lines = ["ranking (mechanics of this model, not implants for patients)"] if ranking["order"] else []
    for one in ranking["order"]:
        rank = "–" if one["rank"] is None else f"{one['rank']}{'=' if one['tied'] else ''}"
        lines.append(f"  {rank:>3} {one['variant']}: {one['reason']}")
    return [*lines, f"      {ranking['method']}"] if lines else []


def _tell_failure(screen: Screen, one) -> None:
    error = one.error
    screen.remark(f"femsim: {one.variant.label}: {error['what']}")
    for problem in error.get("problems", ()):
        screen.remark(f"  {', '.join(filter(None, problem.values()))}")
    for word, key in (("where:", "where"), ("why:  ", "why"), ("do:   ", "remedy")):
        if error.get(key):
            screen.remark(f"  {word} {error[key]}")
