"""What a command shows: the answer on stdout, everything else on stderr, progress only where somebody watches."""

import json as json_format
import os
import sys
import time
from typing import Any, TextIO

WIDTH_OF_A_PIPE = 160  # columns of a table where there is no terminal to ask


class Screen:
    """stdout and stderr of one command.

    While it is entered, whatever libraries print on stdout, C code included, goes to stderr: stdout carries the answer
    alone.

    json : the answer is one JSON object, and text goes to stderr.
    quiet : no progress, no remarks.
    verbose : one line per stage, all measures.
    """

    def __init__(self, *, json: bool = False, quiet: bool = False, verbose: bool = False):
        self.json, self.quiet, self.verbose = json, quiet, verbose
        self._out: TextIO = sys.stdout
        self._progress: Any = None
        self._task: Any = None
        self._stage, self._since = "", time.monotonic()

    def __enter__(self) -> "Screen":
        sys.stdout.flush()
        self._saved = os.dup(1)
        os.dup2(2, 1)
        self._out = os.fdopen(os.dup(self._saved), "w", encoding="utf-8", errors="replace")
        return self

    def __exit__(self, *_) -> None:
        self._end_progress()
        try:
            sys.stdout.flush()
            self._out.close()
        finally:
            os.dup2(self._saved, 1)
            os.close(self._saved)

    def answer(self, record: Any, *text: Any) -> None:
        """The answer: the record with --json, else the text, which may hold rich tables."""
        self._end_progress()
        if self.json:
            print(json_format.dumps(record, ensure_ascii=False, indent=1, allow_nan=False), file=self._out, flush=True)
        self._print(self._err() if self.json else self._console(self._out), text)

    def remark(self, text: str) -> None:
        """A sentence beside the answer, on stderr."""
        if not self.quiet:
            self._print(self._err(), (text,))

    def stage(self, name: str, fraction: float | None = None, words: str = "") -> None:
        """A stage begins, or has come this far, in words too; a spinner on a terminal, a line each with --verbose."""
        if self.quiet:
            return
        if not sys.stderr.isatty():
            if self.verbose and name != self._stage:
                self._end_stage_line()
                self._stage, self._since = name, time.monotonic()
            if self.verbose and words:
                print(f"{name}: {words}", file=sys.stderr, flush=True)
            return
        if self._progress is None:
            self._progress = _spinner()
            self._progress.start()
        if name != self._stage:
            if self._task is not None:
                self._progress.update(self._task, total=1.0, completed=1.0)
            self._stage, self._task = name, self._progress.add_task(name, total=None)
        if fraction is not None:
            self._progress.update(self._task, total=1.0, completed=fraction)
        if words:
            self._progress.update(self._task, description=f"{name}: {words}")

    def _end_stage_line(self) -> None:
        if self._stage and self.verbose and not sys.stderr.isatty():
            print(f"{self._stage:<28} {time.monotonic() - self._since:8.1f} s", file=sys.stderr, flush=True)
        self._stage = ""

    def _end_progress(self) -> None:
        self._end_stage_line()
        if self._progress is not None:
            self._progress.stop()
            self._progress = None

    def _err(self):
        return self._console(sys.stderr)

    @staticmethod
    def _console(file: TextIO):
        from rich.console import Console

        return Console(
            file=file, width=None if file.isatty() else WIDTH_OF_A_PIPE, highlight=False, markup=False, emoji=False
        )

    @staticmethod
    def _print(console, texts: tuple[Any, ...]) -> None:
        for text in texts:
            console.print(text, soft_wrap=isinstance(text, str))


def _spinner():
    from rich.console import Console
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    return Progress(
        SpinnerColumn(finished_text="✓"),
        TextColumn("{task.description}"),
        BarColumn(bar_width=20),
        TimeElapsedColumn(),
        console=console,
    )
