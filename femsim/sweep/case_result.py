"""What is kept of one computed case, as one JSON object in a line."""

import os
import socket
import time
from collections.abc import Mapping
from typing import Any

import femsim
from femsim.errors import FemsimError

Record = Mapping[str, Any]

# Exit code of `femsim run` with this error → class of the failure.
CLASS_OF = {2: "invalid", 3: "mesh", 4: "not_converged", 5: "quality"}
CLASSES = ("invalid", "mesh", "not_converged", "quality", "memory", "time", "crash", "internal")
EXIT_OF = {"memory": 75, "time": 75, "crash": 1, "internal": 1}


def done(digest: str, number: int, attempt: int, measures: Mapping[str, float], **more: Any) -> dict[str, Any]:
    """A case that was computed.

    measures : column of the table → value.
    more : seconds, shared, kept.
    """
    return {**_common(digest, number, attempt), "status": "done", "exit_code": 0, "measures": dict(measures), **more}


def failed(digest: str, number: int, attempt: int, kind: str, error: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    """A case that was not.

    kind : one of CLASSES.
    error : kind, what, where, why, remedy.
    """
    code = next((code for code, name in CLASS_OF.items() if name == kind), EXIT_OF.get(kind, 1))
    common = _common(digest, number, attempt)
    return {**common, "status": "failed", "class": kind, "exit_code": code, "error": dict(error), **more}


def class_of(error: FemsimError) -> str:
    """The class of a failure."""
    return CLASS_OF.get(error.exit_code, "internal")


def told(error: FemsimError) -> dict[str, str]:
    """An error as it is kept."""
    parts = {name: getattr(error, name) for name in ("what", "where", "why", "remedy")}
    return {"kind": type(error).__name__, **{name: text for name, text in parts.items() if text}}


def is_record(found: Any) -> bool:
    """Whether this is such an object, as far as it is relied on."""
    return (
        isinstance(found, dict)
        and isinstance(found.get("digest"), str)
        and isinstance(found.get("attempt"), int)
        and found.get("status") in ("done", "failed")
        and isinstance(found.get("measures" if found["status"] == "done" else "error"), dict)
    )


def rank(record: Record) -> tuple[int, bool, float]:
    """The largest of several records of a case is the one that counts: last attempt, done, first to be finished."""
    return record["attempt"], record["status"] == "done", -float(record.get("finished", 0.0))


def _common(digest: str, number: int, attempt: int) -> dict[str, Any]:
    return {
        "digest": digest,
        "number": number,
        "attempt": attempt,
        "finished": round(time.time(), 3),
        "worker": f"{socket.gethostname()}:{os.getpid()}",
        "version": femsim.__version__,
    }
