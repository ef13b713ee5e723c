"""`femsim sweep …`: many scenarios from one file, and the commands on a sweep's folder, each a thin door."""

from pathlib import Path
from typing import Annotated, Literal

from cyclopts import App, Parameter

from femsim.cli.options import Json, Quiet, Set, Verbose
from femsim.cli.screen import Screen

Engine = Literal["local", "slurm", "pbs", "dask"]
FailureClass = Literal["invalid", "mesh", "not_converged", "quality", "memory", "time", "crash", "internal"]
CaseTime = Annotated[
    float | None,
    Parameter(show_default=False, help="Seconds that one case may take; one that takes longer has failed."),
]
MemoryMb = Annotated[
    float | None,
    Parameter(show_default=False, help="Memory of one process [MB]; a case that needs more has failed."),
]
Jobs = Annotated[
    int | None, Parameter(show_default=False, help="Processes, array tasks or Dask tasks at once at the most.")
]
Scheduler = Annotated[
    str, Parameter(show_default=False, help="Of Dask: an address such as tcp://host:8786, or a scheduler file.")
]
Submit = Annotated[
    str,
    Parameter(
        show_default=False,
        allow_leading_hyphen=True,
        help="Further options for sbatch or qsub: --submit='--partition=long --time=08:00:00'.",
    ),
]
Wait = Annotated[bool, Parameter(show_default=False, negative="--no-wait", help="Wait for submitted jobs.")]

app = App(
    name="sweep",
    help="Compute many scenarios from one file; tell, retry or tabulate a sweep.",
    help_format="plaintext",
)


@app.default
def sweep(
    scenario: Path,
    /,
    *,
    sets: Set = (),
    out: Annotated[Path, Parameter(name=["--out", "-o"], help="Folder of the sweeps' folders.")] = Path("sweeps"),
    engine: Annotated[Engine, Parameter(help="Where: this machine, a Slurm or PBS cluster, a Dask cluster.")] = "local",
    jobs: Jobs = None,
    memory_mb: MemoryMb = None,
    case_time: CaseTime = None,
    scheduler: Scheduler = "",
    submit: Submit = "",
    wait: Wait = True,
    dry_run: Annotated[
        bool, Parameter(negative=(), show_default=False, help="Tell what would be computed, and what it would cost.")
    ] = False,
    yes: Annotated[
        bool, Parameter(negative=(), show_default=False, help="Yes, more than 100 000 cases are meant.")
    ] = False,
    json: Json = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> int:
    """Compute the scenarios of a file with a [sweep]; what is finished in OUT/<name>-<hash> is not computed again.

    Stopped or killed, the same command goes on. Exit code 6: finished, and some cases failed.

    Example: femsim sweep scenarios/risk_factors.toml --dry-run, then without

    Parameters
    ----------
    scenario
        The scenario file (TOML) with a [sweep].
    """
    from femsim.cli.sweeping import swept
    from femsim.sweep.engines.asked import Asked

    asked = Asked(jobs=jobs, memory_mb=memory_mb, case_s=case_time, scheduler=scheduler, submit=submit, waits=wait)
    with Screen(json=json, quiet=quiet, verbose=verbose) as screen:
        return swept(screen, scenario, sets, out=out, engine=engine, asked=asked, dry=dry_run, yes=yes)


@app.command
def status(folder: Path, /, *, json: Json = False, quiet: Quiet = False) -> int:
    """Tell how far a sweep is: done, failed by class, missing, computed twice; it may be running.

    Example: femsim sweep status sweeps/risk_factors-1a2b3c4d

    Parameters
    ----------
    folder
        The folder of a sweep.
    """
    from femsim.cli.sweeping import status_told

    with Screen(json=json, quiet=quiet) as screen:
        return status_told(screen, folder)


@app.command
def retry(
    folder: Path,
    /,
    *,
    class_: Annotated[
        tuple[FailureClass, ...],
        Parameter(
            name="--class",
            negative=(),
            consume_multiple=False,
            show_default=False,
            help="Only failures of this class. Repeatable; all but invalid when left out.",
        ),
    ] = (),
    engine: Annotated[Engine, Parameter(help="Where: this machine, a Slurm or PBS cluster, a Dask cluster.")] = "local",
    jobs: Jobs = None,
    memory_mb: MemoryMb = None,
    case_time: CaseTime = None,
    scheduler: Scheduler = "",
    submit: Submit = "",
    wait: Wait = True,
    json: Json = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> int:
    """Compute failed cases of a sweep again, and those that are missing.

    Example: femsim sweep retry sweeps/risk_factors-1a2b3c4d --class memory --jobs 1

    Parameters
    ----------
    folder
        The folder of a sweep.
    """  # fmt: skip
    from femsim.cli.sweeping import retried
    from femsim.sweep.engines.asked import Asked

    asked = Asked(jobs=jobs, memory_mb=memory_mb, case_s=case_time, scheduler=scheduler, submit=submit, waits=wait)
    with Screen(json=json, quiet=quiet, verbose=verbose) as screen:
        return retried(screen, folder, class_, engine=engine, asked=asked)


@app.command
def table(folder: Path, /, *, json: Json = False, quiet: Quiet = False) -> int:
    """Write table.parquet, table.csv and failed.csv of what is finished so far.

    Example: femsim sweep table sweeps/risk_factors-1a2b3c4d

    Parameters
    ----------
    folder
        The folder of a sweep.
    """
    from femsim.cli.sweeping import tabulated

    with Screen(json=json, quiet=quiet) as screen:
        return tabulated(screen, folder)
