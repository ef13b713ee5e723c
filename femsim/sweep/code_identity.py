"""Which femsim computes: its version and a hash of its sources, so that a sweep is never computed by two."""

import functools
from pathlib import Path

import femsim
from femsim import identity


@functools.cache
def code_identity() -> dict[str, str]:
    """version, and code: 16 hex digits of all source files."""
    return {"version": femsim.__version__, "code": identity.source_hash([Path(femsim.__file__).parent])[:16]}
