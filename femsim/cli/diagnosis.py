"""`femsim doctor` and `femsim warmup`: what the machine lacks, and the kernels compiled ahead."""

import time
from dataclasses import asdict

from femsim.cli.screen import Screen

BROKEN = 3  # exit code: a run on this machine would fail


def diagnosed(screen: Screen) -> int:
    """Look at the machine; exit code 3 when no result can come from it."""
    from rich.table import Table

    from femsim.doctor import findings

    marks = {"good": "ok", "lacking": "lacks", "broken": "BROKEN"}
    found = []
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    for finding in findings():
        found.append(finding)
        screen.stage(f"looked at {finding.name}")
        table.add_row(marks[finding.state], finding.name, finding.text)
        if finding.remedy:
            table.add_row("", "", f"to mend it: {finding.remedy}")
    broken = any(finding.state == "broken" for finding in found)
    record = {"status": "broken" if broken else "usable", "findings": [asdict(finding) for finding in found]}
    screen.answer(record, table)
    return BROKEN if broken else 0


def warmed(screen: Screen) -> int:
    """Compile every kernel."""
    from femsim import kernel_cache
    from femsim.analyses.warmup import warm_up

    start = time.perf_counter()
    warm_up(screen.stage)
    seconds = round(time.perf_counter() - start, 1)
    folder = str(kernel_cache.folder())
    screen.answer(
        {"status": "warm", "folder": folder, "seconds": seconds}, f"kernels compiled in {seconds} s, in {folder}"
    )
    return 0
