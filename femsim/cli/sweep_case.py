"""One case of a sweep as a whole run: a sweep keeps its numbers, a run its fields."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from femsim.child_process import environment
from femsim.errors import StoreError

RUNS = "runs"  # in the folder of the sweep


def computed(sweep: Path, number: int) -> Path:
    """The run of a case, in the folder of its sweep; computed where it is not there.

    Raises
    ------
    ScenarioError, StoreError
        Where the case cannot be made or computed; the run's own words say why.
    """
    from femsim.identity import digest
    from femsim.results.store import find_complete
    from femsim.scenario.reading import resolved_toml
    from femsim.sweep.job import cases_of, read_job

    job = read_job(sweep)
    case = next((one for one in cases_of(sweep) if one.number == number), None)
    if case is None:
        raise StoreError(f"This sweep has no case {number}.", where=str(sweep))
    scenario = job.written().scenario(case.sets)
    out = Path(sweep).absolute() / RUNS
    there = find_complete(out, scenario.name, digest(scenario))
    if there is not None:
        return there
    with tempfile.TemporaryDirectory(prefix="femsim-case-") as scratch:
        file = Path(scratch) / f"{scenario.name}.toml"
        file.write_text(resolved_toml(scenario), encoding="utf-8")
        # A process of its own: the mesher wants to be alone, and a case may be killed for memory.
        done = subprocess.run(
            [
                *(sys.executable, "-P", "-m", "femsim", "run", str(file)),
                *("--out", str(out), "--json", "--quiet", "--no-pictures"),
            ],
            stdin=subprocess.DEVNULL, capture_output=True, text=True, env=environment(),
        )  # fmt: skip
    try:
        told = json.loads(done.stdout)
    except ValueError:
        told = {}
    if done.returncode == 0 and told.get("status") == "complete":
        return Path(told["run"])
    error = told.get("error") or {}
    lines = done.stderr.strip().splitlines()
    raise StoreError(
        f"Case {number} was not computed: {error.get('what') or (lines[-1] if lines else 'no message')}",
        where=str(sweep),
        why=error.get("why") or f"femsim run ended with code {done.returncode}",
        remedy=error.get("remedy") or "",
    )
