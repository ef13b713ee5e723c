"""Runs one process with a time limit and reads what it cost: seconds, and the most memory it held."""

import json
import os
import signal
import subprocess
import time
from pathlib import Path


def run(command: list[str], *, result: Path | None, environment: dict[str, str], limit_s: float, log: Path) -> dict:
    """Run a command that writes a JSON file (or none); return what it wrote and what was measured from outside.

    Returns
    -------
    dict
        status ("ok", "time limit" or "failed"), wall [s], memory_gb (of the largest of its processes, unless the
        process added up its own), started, load (of the machine, before), error; and what the process wrote.
    """
    if result is not None:
        result.unlink(missing_ok=True)
    before = os.getloadavg()[0]
    started_at = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime())
    with log.open("w") as output:
        started = time.perf_counter()
        process = subprocess.Popen(
            [str(word) for word in command], stdin=subprocess.DEVNULL, stdout=output, stderr=output, env=environment,
            start_new_session=True,
        )  # fmt: skip
        try:
            status, usage = _wait(process, limit_s)
        except BaseException:  # interrupted: leave nothing running
            os.killpg(process.pid, signal.SIGKILL)
            raise
        wall = time.perf_counter() - started
    record = {"status": "ok", "wall": wall, "started": started_at, "load": before}
    if usage is not None:
        record["memory_gb"] = usage.ru_maxrss * 1024 / 1e9
    if status is None:
        record["status"] = "time limit"
    elif status != 0 or (result is not None and not result.is_file()):
        record["status"] = "failed"
        record["error"] = _last_words(log) or f"ended with {status}"
    elif result is not None:
        record |= json.loads(result.read_text())
        record["memory_gb"] = max(record["memory_gb"], record.get("memory_peak_gb", 0.0))
    return record


def _wait(process, limit_s: float):
    """(exit status, usage); status None when the limit came first."""
    end = time.perf_counter() + limit_s
    while True:
        pid, status, usage = os.wait4(process.pid, os.WNOHANG)
        if pid:
            process.returncode = os.waitstatus_to_exitcode(status)
            return process.returncode, usage
        if time.perf_counter() > end:
            os.killpg(process.pid, signal.SIGKILL)  # the session started above: the process and its children alone
            _, _, usage = os.wait4(process.pid, 0)
            process.returncode = -signal.SIGKILL
            return None, usage
        time.sleep(0.01)


def _last_words(log: Path) -> str:
    lines = [line.strip() for line in log.read_text(errors="replace").splitlines() if line.strip()]
    return lines[-1][:300] if lines else ""
