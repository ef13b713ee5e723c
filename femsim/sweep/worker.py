"""The child process that computes cases of a sweep, for every engine: `python -P -m femsim.sweep.worker FOLDER`.

A line on stdin is a batch; a line on stdout is a finished case, or the end of a batch. It lives for many batches, so
that libraries are imported and kernels loaded once. Where stdin ends, its parent is gone, and so is it.
"""

import contextlib
import fnmatch
import importlib
import json
import os
import queue
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from femsim import identity, kernel_cache
from femsim.errors import FemsimError, ScenarioError, StoreError
from femsim.scenario.reading import Scenario, Written
from femsim.sweep import case_result
from femsim.sweep.code_identity import code_identity
from femsim.sweep.job import KEPT, Job, read_job

COMPUTER = "femsim.sweep.computing:compute"
NO_MEMORY, NO_STORE = 71, 75  # exit codes: a case asked for too much; results cannot be written
STAGES = ("mesh", "solve", "measures")

Computer = Callable[..., Iterator[Any]]


def computer_of(name: str) -> Computer:
    """The function that "module:function" names; never read from a sweep's folder."""
    module, _, function = name.partition(":")
    return getattr(importlib.import_module(module), function)


class Worker:
    """Computes batches of one sweep.

    say : told each answer, a mapping for one line.
    """

    def __init__(self, job: Job, computer: Computer, say: Callable[[Mapping[str, Any]], None]):
        self.job, self._compute, self._say = job, computer, say
        self._written: Written = job.written()
        self._files: dict[str, str] = {}
        self._since = time.perf_counter()

    def batch(self, cases: Sequence[Sequence[Any]]) -> None:
        """Compute cases (digest, number, sets, attempt); those of attempt 0 are computed along and not told."""
        self._since = time.perf_counter()
        places, scenarios = [], []
        for case in cases:
            scenario = self._scenario(case)
            if scenario is not None:
                places.append(case)
                scenarios.append(scenario)
        self._all(places, scenarios)

    def _scenario(self, case: Sequence[Any]) -> Scenario | None:
        digest, number, sets, attempt = case
        try:
            scenario = self._written.scenario(sets)
            if identity.digest(scenario, remembered=self._files) != digest:
                raise ScenarioError(
                    f"Case {number} is not the one that was planned.",
                    why="a file that the scenario names has changed since, or is another one on this machine",
                    remedy="start the sweep again with what the file holds now",
                )
            return scenario
        except FemsimError as error:
            if attempt:
                self._tell(case_result.failed(digest, number, attempt, "invalid", case_result.told(error)))
            return None

    def _all(self, cases: Sequence[Sequence[Any]], scenarios: Sequence[Scenario]) -> None:
        told = 0
        try:
            for computed in self._compute(scenarios, self.job.metrics):
                self._one(cases[computed.place], scenarios[computed.place], computed)
                told += 1
        except (MemoryError, StoreError, OSError):
            raise
        except Exception as error:
            traceback.print_exc()
            if len(cases) - told > 1:  # one of them is to blame, the others not
                for case, scenario in list(zip(cases, scenarios))[told:]:
                    self._all([case], [scenario])
            elif told < len(cases):
                self._internal(cases[told], error)

    def _internal(self, case: Sequence[Any], error: Exception) -> None:
        digest, number, _, attempt = case
        if attempt:
            what = f"internal error: {type(error).__name__}: {error}"
            place = traceback.extract_tb(error.__traceback__)[-1]
            where = f"{Path(place.filename).name}:{place.lineno}"
            told = {"kind": "InternalError", "what": what, "where": where, "remedy": "please report this"}
            self._tell(case_result.failed(digest, number, attempt, "internal", told))

    def _one(self, case: Sequence[Any], scenario: Scenario, computed: Any) -> None:
        digest, number, _, attempt = case
        now, seconds = time.perf_counter(), dict(computed.seconds)
        # What neither meshing, nor solving, nor measuring accounts for: reading the scenario, and this program.
        seconds["overhead"] = max(0.0, round(now - self._since - sum(seconds.get(stage, 0.0) for stage in STAGES), 4))
        self._since = now
        if not attempt:
            return
        more = {"seconds": seconds, "shared": dict(computed.shared)}
        if isinstance(computed.error, StoreError):
            raise computed.error  # the disk is to blame, not the case
        if computed.error is not None:
            kind = case_result.class_of(computed.error)
            self._tell(case_result.failed(digest, number, attempt, kind, case_result.told(computed.error), **more))
            return
        measures = columns(computed.measures, self.job.measures)
        if number in self.job.keep:
            more["kept"] = self._kept(scenario)
        self._tell(case_result.done(digest, number, attempt, measures, **more))

    def _kept(self, scenario: Scenario) -> str:
        from femsim.run import run

        return run(scenario, out=self.job.folder / KEPT).folder.name

    def _tell(self, record: Mapping[str, Any]) -> None:
        self._say({"record": record})


def columns(rows: Sequence[Mapping[str, Any]], patterns: Sequence[str]) -> dict[str, float]:
    """Column of the table → value, for rows whose model.zone.name, with or without its unit, fits a pattern."""
    found = {}
    for row in rows:
        name = f"{row['model']}.{row['zone']}.{row['name']}"
        head = f"{name} [{row['unit'] or '-'}]"
        if any(fnmatch.fnmatchcase(text, pattern) for text in (name, head) for pattern in patterns):
            found[head] = row["value"]
    return found


def main(folder: str, computer: str = COMPUTER) -> int:
    """Serve until stdin ends; the exit code."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what libraries print goes beside
    kernel_cache.configure()

    def say(answer: Mapping[str, Any]) -> None:
        answers.write(json.dumps(answer, ensure_ascii=False, allow_nan=False) + "\n")
        answers.flush()

    asked: queue.SimpleQueue[str] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(asked,), daemon=True).start()
    try:
        worker = Worker(read_job(Path(folder)), computer_of(computer), say)
        say({"ready": code_identity()})
        while True:
            told = json.loads(asked.get())
            worker.batch(told["cases"])
            say({"end": told["batch"]})
    except MemoryError:
        return NO_MEMORY
    except (FemsimError, OSError) as error:
        with contextlib.suppress(OSError):
            parts = case_result.told(error) if isinstance(error, FemsimError) else {"what": str(error)}
            say({"stopped": parts})
        return NO_STORE


def _listen(asked: "queue.SimpleQueue[str]") -> None:
    for line in sys.stdin:
        asked.put(line)
    os._exit(NO_STORE)  # nobody is there to take an answer


if __name__ == "__main__":
    code = main(*sys.argv[1:])
    sys.stderr.flush()
    os._exit(code)  # threads of libraries are not waited for
