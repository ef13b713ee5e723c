"""The page of several runs, or of a comparison: what lies in their folders, brought together."""

import shlex
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from femsim.cli.screen import Screen
from femsim.errors import MissingPieceError

LARGEST = 9_900_000  # bytes of a page


def of_comparison(folder: Path, screen: Screen) -> tuple[str, Callable[[], str]]:
    """The name of a comparison and what makes its page; a run that is gone is told, its numbers stay.

    Raises
    ------
    StoreError
        Where the comparison is damaged.
    """
    from femsim.view import comparison_page, told_runs

    folder = Path(folder)
    record = comparison_page.record_of(folder)
    folders, gone = told_runs.found(record, folder.resolve().parent)
    for line in gone:
        screen.remark(f"warning: {line}")
    picture = comparison_page.picture_in(folder)
    return record["name"], lambda: _page(record, folders, picture, gone, [folder], screen)


def of_runs(folders: Sequence[Path], screen: Screen) -> tuple[str, Callable[[], str]]:
    """The name of several runs and what makes their page.

    Raises
    ------
    UsageError
        Where a folder is named twice.
    StoreError
        Where one is no complete run.
    """
    from femsim.comparison.finished import record_of_runs

    record, named = record_of_runs(folders)
    for line in record["remarks"]:
        screen.remark(f"warning: {line}")
    name = f"{record['variants'][0]['scenario']}-and-{len(folders) - 1}-more"
    return name, lambda: _page(record, named, _drawn(record, named, screen), (), folders, screen)


def _page(
    record: Mapping[str, Any],
    folders: Mapping[str, Path],
    picture: bytes,
    gone: Sequence[str],
    named: Sequence[Path],
    screen: Screen,
) -> str:
    from femsim.view import comparison_page, told_runs
    from femsim.view.map3d import fragment
    from femsim.view.map_panels import of_runs

    runs = told_runs.read(folders)
    panels, not_shown = of_runs(folders)
    if not_shown:
        screen.remark(f"note: the map has room for {len(panels)} femora; not on it: {'; '.join(not_shown)}")
    command = shlex.join(["femsim", "report", *(folder.resolve().name for folder in named)])

    def with_map(map3d: str) -> str:
        return comparison_page.page(record, runs, picture=picture, gone=gone, map3d=map3d, command=command)

    if not panels:
        return with_map("")
    room = LARGEST - len(with_map("-").encode("utf-8"))
    return with_map(fragment(panels, not_shown=not_shown, room=room))


def _drawn(record: Mapping[str, Any], folders: Mapping[str, Path], screen: Screen) -> bytes:
    """The picture of runs side by side; empty where this machine cannot draw."""
    from femsim.view import comparison

    with tempfile.TemporaryDirectory(prefix="femsim-report-") as scratch:
        path = Path(scratch) / comparison.FILE
        try:
            comparison.draw(record, folders, path)
        except MissingPieceError as error:
            screen.remark(f"warning: {error.what}")
            return b""
        return path.read_bytes()
