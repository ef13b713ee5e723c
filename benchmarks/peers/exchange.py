"""What every peer shares: the case it reads, the clock it runs by, and the one JSON file it writes."""

import json
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))
from cases import matrix_of, read

RTOL = 1e-8  # relative residual every iterative solver is asked for

__all__ = ["RTOL", "Clock", "finish", "matrix_of", "memory_gb", "np", "peer_arguments", "read", "residual_of"]


def peer_arguments() -> tuple[Path, Path, list[str]]:
    """Case file, result file and the variant's words, from `python peers/NAME.py CASE.npz RESULT.json [WORD …]`."""
    return Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:]


class Clock:
    """Seconds of named stages; a stage met twice adds up."""

    def __init__(self):
        self.stages: dict[str, float] = {}

    @contextmanager
    def __call__(self, stage: str):
        started = time.perf_counter()
        try:
            yield
        finally:
            self.stages[stage] = self.stages.get(stage, 0.0) + time.perf_counter() - started


def finish(path: Path, clock: Clock, *, counted, energy, version, **more) -> None:
    """Write the result.

    counted : names of the stages whose sum is held against femsim.
    energy : ½ f·u [N·mm].
    more : residual, iterations, note …
    """
    path.write_text(
        json.dumps(
            {
                "stages": clock.stages,
                "seconds": sum(clock.stages[stage] for stage in counted),
                "counted": list(counted),
                "energy": float(energy),
                "version": version,
                **more,
            }
        )
    )


def residual_of(matrix, x, b) -> float:
    """‖b - A x‖ / ‖b‖"""
    return float(np.linalg.norm(b - matrix @ x) / np.linalg.norm(b))


def memory_gb(which: str = "VmHWM") -> float:
    """Memory of this process: its peak so far (VmHWM) or now (VmRSS)."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(which):
            return int(line.split()[1]) * 1024 / 1e9
    return float("nan")
