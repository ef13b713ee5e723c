"""The commands about an operation before and after it is computed: its plan, and several of them compared."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from femsim.cli.options import Force, Json, Out, Overwrite, Quiet, Set, Verbose
from femsim.cli.screen import Screen


def plan(
    scenario: Path,
    /,
    *,
    sets: Set = (),
    picture: Annotated[
        Path | None,
        Parameter(name=["--picture", "--out", "-o"], show_default=False, help="PNG to draw; else NAME-plan.png here."),
    ] = None,
    force: Overwrite = False,
    json: Json = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> int:
    """Show where the implant comes to lie, before any mesh: angles, joint, bone removed, what a surgeon would see.

    Example: femsim plan scenarios/walking.toml --set implant.varus_valgus_deg=-10 --picture plan.png

    Parameters
    ----------
    scenario
        The scenario file (TOML).
    """
    from femsim.cli.planning import told

    with Screen(json=json, quiet=quiet, verbose=verbose) as screen:
        return told(screen, scenario, sets, picture=picture, force=force)


def compare(
    *scenarios: Path,
    implants: Annotated[
        str | None,
        Parameter(
            show_default=False,
            help="Implants for one patient, with commas between; keys of one after a colon: kind:key=value;key=value.",
        ),
    ] = None,
    sets: Set = (),
    out: Out = Path("runs"),
    force: Force = False,
    pictures: Annotated[
        bool, Parameter(negative=(), show_default=False, help="Pictures and report page of each run too.")
    ] = False,
    anyway: Annotated[
        bool,
        Parameter(negative=(), show_default=False, help="Compare scenarios whose femur, subject or load differ, too."),
    ] = False,
    json: Json = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> int:
    """Compare implants in one patient, or several scenarios: one table, one picture on one scale, one ranking.

    Each variant is a run in OUT, used again where it is there; the comparison is OUT/compare-<name>-<hash>.

    Example: femsim compare scenarios/patient.toml --implants 'intact,resurfacing_cap,resurfacing_cap:cement_mm=2'

    Parameters
    ----------
    scenarios
        One scenario file with --implants, or several without.
    """
    from femsim.cli.comparing import compared

    with Screen(json=json, quiet=quiet, verbose=verbose) as screen:
        return compared(screen, scenarios, implants, sets, out=out, force=force, pictures=pictures, anyway=anyway)
