"""Computes the variants, each as an ordinary `femsim run` in a process of its own, as many at a time as cores.

A variant that cannot be built or solved ends with its error; the others go on.
"""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from femsim.child_process import environment
from femsim.comparison.variants import Variant
from femsim.kernel_cache import granted_cores
from femsim.results import store

POLL_S = 0.03
REPORT = "report.html"  # what `femsim run` writes last where it draws
GRACE_S = 20.0  # for a run that is asked to end, to put its things away


@dataclass(frozen=True)
class Ended:
    """How a variant came out.

    folder : its complete run, or None.
    reused : whether the run was there already.
    seconds : wall time of this computation.
    error : kind, what, where, why, remedy of a failure; empty where there is none.
    exit_code : of the run.
    """

    variant: Variant
    folder: Path | None
    reused: bool = False
    seconds: float = 0.0
    error: Mapping[str, Any] | None = None
    exit_code: int = 0


def compute(
    variants: Sequence[Variant],
    *,
    out: Path,
    force: bool = False,
    pictures: bool = False,
    begun: Callable[[str], None] | None = None,
    ended: Callable[[Ended], None] | None = None,
) -> tuple[Ended, ...]:
    """Run every variant that has no complete run in `out` yet.

    Parameters
    ----------
    force : bool
        Compute again what is there.
    pictures : bool
        Draw each run's own pictures and report page too.
    begun, ended : callables, optional
        Told the label of a variant that begins to be computed, and how each ended.

    Returns
    -------
    tuple of Ended
        In the order of the variants. An interrupt ends the runs that are under way, which leave nothing behind.
    """
    found: dict[str, Ended] = {}
    for variant in variants:
        folder = None if force else store.find_complete(out, variant.scenario.name, variant.digest)
        # A run that is there but lacks the pictures that are asked for goes through `femsim run`, which draws them.
        if folder is not None and (not pictures or (folder / REPORT).is_file()):
            found[variant.label] = Ended(variant, folder, reused=True)
    # The intact femur has one solve and the rest two: last, it fills the gap at the end.
    waiting = sorted((v for v in variants if v.label not in found), key=lambda v: v.is_reference)
    for one in found.values():
        if ended:
            ended(one)
    cores = granted_cores()
    at_once = max(1, min(cores, len(waiting)))
    running: list[_Running] = []
    with tempfile.TemporaryDirectory(prefix="femsim-compare-") as scratch:
        try:
            while waiting or running:
                while waiting and len(running) < at_once:
                    variant = waiting.pop(0)
                    if begun:
                        begun(variant.label)
                    place = Path(scratch) / f"{len(found) + len(running)}-{len(waiting)}"
                    running.append(_Running(variant, place, out, force, pictures, max(1, cores // at_once)))
                done = [one for one in running if one.process.poll() is not None]
                running = [one for one in running if one not in done]
                for one in done:
                    found[one.variant.label] = result = one.result()
                    if ended:
                        ended(result)
                if not done:
                    time.sleep(POLL_S)
        finally:
            _end(running)
    return tuple(found[variant.label] for variant in variants)


class _Running:
    """A `femsim run` that is under way."""

    def __init__(self, variant: Variant, place: Path, out: Path, force: bool, pictures: bool, threads: int):
        self.variant, self.since = variant, time.monotonic()
        self._answer, self._said = place.with_suffix(".json"), place.with_suffix(".txt")
        command = [sys.executable, "-P", "-m", "femsim", "run", str(variant.path.absolute())]
        for text in variant.sets:
            command += ["--set", text]
        command += ["--out", str(Path(out).absolute()), "--json", "--quiet"]
        command += [] if pictures else ["--no-pictures"]
        command += ["--force"] if force else []
        with open(self._answer, "wb") as answer, open(self._said, "wb") as said:
            self.process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=answer,
                stderr=said,
                env=environment(threads),
                # Ctrl-C reaches this process alone, which then asks the runs to end, once.
                start_new_session=True,
            )

    def result(self) -> Ended:
        """How it ended."""
        seconds = time.monotonic() - self.since
        try:
            told = json.loads(self._answer.read_text(encoding="utf-8"))
        except ValueError:
            told = {}
        code = self.process.returncode
        if code == 0 and told.get("status") == "complete":
            return Ended(self.variant, Path(told["run"]), bool(told["reused"]), seconds)
        return Ended(self.variant, None, seconds=seconds, **self._failure(code, told.get("error")))

    def _failure(self, code: int, error: Mapping[str, Any] | None) -> dict[str, Any]:
        if error:
            return {"error": dict(error), "exit_code": code if code > 0 else 1}
        lines = self._said.read_text(encoding="utf-8", errors="replace").strip().splitlines()
        if code < 0:
            what = f"the run was ended by signal {-code}"
            remedy = "memory is the usual cause: take a coarser mesh (--set mesh.size_mm=…) or a larger machine"
            return {"error": {"kind": "Killed", "what": what, "remedy": remedy}, "exit_code": 75}
        return {
            "error": {"kind": "InternalError", "what": lines[-1] if lines else "no message"},
            "exit_code": code or 1,
        }


def _end(running: Sequence[_Running]) -> None:
    """Ask runs to end, wait until they have put their things away, and kill what does not."""
    for one in running:
        if one.process.poll() is None:
            one.process.terminate()
    deadline = time.monotonic() + GRACE_S
    for one in running:
        try:
            one.process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            one.process.kill()
            one.process.wait()
