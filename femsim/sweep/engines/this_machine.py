"""Computes on this machine: as many children as cores and memory allow."""

from collections.abc import Iterator

from femsim.errors import UsageError
from femsim.kernel_cache import granted_cores
from femsim.sweep import fleet
from femsim.sweep.crew import Limits
from femsim.sweep.engines.asked import Asked

USUAL_MB = 1500.0  # of a child where nothing is known of the cases; the walking scenario takes less
SHARE = 0.85  # of the free memory; the rest is for caches of the system


def local(asked: Asked) -> Iterator[None]:
    """Compute batches here."""
    n, limits = crews(asked)
    yield from fleet.work(asked.job, asked.batches, n, limits, log="local", computer=asked.computer)


def crews(asked: Asked) -> tuple[int, Limits]:
    """How many children, and what each may have.

    Raises
    ------
    UsageError
        Where not one fits.
    """
    import psutil

    free, cores = SHARE * psutil.virtual_memory().available / 1e6, granted_cores()
    each = asked.memory_mb or USUAL_MB
    if asked.memory_mb and each > free:
        raise UsageError(
            f"--memory-mb asks for {each:.0f} MB for each process; {free:.0f} MB are free.",
            remedy="ask for less, take a coarser mesh, or a machine with more memory",
        )
    n = max(1, min(asked.jobs or cores, int(free / each), len(asked.batches)))
    return n, Limits(max(1, cores // n), asked.memory_mb or free / n, asked.case_s)
