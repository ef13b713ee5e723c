"""What a child process of femsim is started with: this very femsim, and its share of the cores."""

import os
from pathlib import Path

THREADS = ("NUMBA_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


def environment(threads: int | None = None, **more: str) -> dict[str, str]:
    """This process' own, in which `import femsim` finds the femsim that runs here.

    threads : of the child's own; as here when not given. more : further variables.
    """
    paths = [str(Path(__file__).parents[1]), *filter(None, [os.environ.get("PYTHONPATH")])]
    share = {} if threads is None else dict.fromkeys(THREADS, str(threads))
    return {**os.environ, "PYTHONPATH": os.pathsep.join(paths), **share, **more}
