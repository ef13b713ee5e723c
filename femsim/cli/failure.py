"""How a command ends when it fails: exit code, sentences for people, one object for programs."""

import contextlib
import errno
import json
import os
import sys
import tempfile
import time
import traceback
from collections.abc import Container
from dataclasses import dataclass, field
from pathlib import Path

from femsim import __version__
from femsim.errors import FemsimError, ScenarioError, Terminated

INTERNAL, USAGE, TEMPORARY, INTERRUPTED = 1, 2, 75, 130
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EROFS}


@dataclass(frozen=True)
class Ending:
    """What is told of a failure; `trace` is shown with --verbose."""

    exit_code: int
    kind: str
    what: str
    where: str = ""
    why: str = ""
    remedy: str = ""
    problems: list[dict[str, str]] = field(default_factory=list)
    trace: str = ""

    def show(self, *, as_json: bool, verbose: bool) -> int:
        """Tell it, and return the exit code."""
        # A full disk or a closed pipe behind stdout or stderr must not hide the exit code.
        with contextlib.suppress(OSError):
            if verbose and self.trace:
                print(self.trace, file=sys.stderr)
            print(self.text(), file=sys.stderr, flush=True)
        if as_json:
            with contextlib.suppress(OSError):
                print(json.dumps(self.record(), ensure_ascii=False, indent=1), flush=True)
        return self.exit_code

    def text(self) -> str:
        """The lines for people; names from a file of a stranger cannot steer the terminal."""
        lines = [f"femsim: {self.what}"]
        lines += [f"  {': '.join(filter(None, p.values()))}" for p in self.problems]
        for word, text in (("where:", self.where), ("why:  ", self.why), ("do:   ", self.remedy)):
            lines += [f"  {word} {text}"] if text else []
        return "\n".join("".join(c if c.isprintable() else repr(c)[1:-1] for c in line) for line in lines)

    def record(self) -> dict:
        """The object for programs."""
        error = {name: getattr(self, name) for name in ("kind", "what", "where", "why", "remedy")}
        if self.problems:
            error["problems"] = self.problems
        status = "interrupted" if self.kind in ("Interrupted", "Terminated") else "failed"
        return {"status": status, "error": error, "exit_code": self.exit_code}


def usage_of(error: Exception, arguments: list[str], commands: Container[str]) -> Ending:
    """A command line that cannot be understood."""
    command = "".join(f"{word} " for word in arguments[:1] if word in commands)
    return Ending(USAGE, "UsageError", " ".join(str(error).split()), remedy=f"see 'femsim {command}--help'")


def ending_of(error: BaseException, arguments: list[str]) -> Ending:
    """The ending that an exception means."""
    if isinstance(error, Terminated):
        return Ending(TEMPORARY, "Terminated", "ended by request (SIGTERM); start the same command again to continue.")
    if isinstance(error, KeyboardInterrupt):
        return Ending(INTERRUPTED, "Interrupted", "interrupted; nothing unfinished is left behind.")
    if isinstance(error, FemsimError):
        problems = error.problems if isinstance(error, ScenarioError) else ()
        return Ending(
            error.exit_code, type(error).__name__, error.what, error.where, error.why, error.remedy,
            [{"where": p.where, "key": p.key, "what": p.what} for p in problems], _trace(error),
        )  # fmt: skip
    if isinstance(error, MemoryError):
        remedy = "take a coarser mesh (--set mesh.size_mm=…) or a machine with more memory"
        return Ending(TEMPORARY, "MemoryError", "there is not enough memory.", remedy=remedy, trace=_trace(error))
    if isinstance(error, OSError) and error.errno in _NO_ROOM:
        remedy = "make room, or name another folder with --out"
        return Ending(
            TEMPORARY,
            "StoreError",
            f"{os.strerror(error.errno)}.",
            str(error.filename or ""),
            remedy=remedy,
            trace=_trace(error),
        )
    trace = _trace(error)
    remedy = f"please report this, with the log {_log(trace, arguments)}"
    return Ending(
        INTERNAL, "InternalError", f"internal error: {type(error).__name__}: {error}", remedy=remedy, trace=trace
    )


def _trace(error: BaseException) -> str:
    return "".join(traceback.format_exception(error))


def _log(trace: str, arguments: list[str]) -> Path:
    """A file with the traceback, for the report."""
    from platformdirs import user_log_path

    name = f"femsim-error-{time.strftime('%Y%m%d-%H%M%S')}-{os.getpid()}.log"
    text = f"femsim {__version__}, Python {sys.version}\narguments: {arguments}\n\n{trace}"
    for folder in (user_log_path("femsim"), Path(tempfile.gettempdir())):
        try:
            folder.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8")
        except OSError:
            continue
        return folder / name
    return Path("(no log could be written)")
