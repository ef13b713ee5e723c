"""Which femsim computes: its version and a hash of its sources, so that a sweep is never computed by two."""

import functools
import hashlib
from pathlib import Path

import femsim


@functools.cache
def code_identity() -> dict[str, str]:
    """version, and code: 16 hex digits of all source files."""
    package = Path(femsim.__file__).parent
    code = hashlib.sha256()
    for path in sorted(package.rglob("*.py")):
        code.update(str(path.relative_to(package)).encode() + b"\0" + path.read_bytes() + b"\0")
    return {"version": femsim.__version__, "code": code.hexdigest()[:16]}
