"""The commands of femsim, each a thin door to what does the work; nothing heavy is imported before a command runs."""

import os
import sys
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import App, CycloptsError, Parameter

from femsim import __version__
from femsim.cli.activity import activity
from femsim.cli.ct import app as ct_app
from femsim.cli.curves import curves
from femsim.cli.failure import INTERRUPTED, ending_of, usage_of
from femsim.cli.femurs import app as femur_app
from femsim.cli.interrupts import Interrupts
from femsim.cli.operations import compare, plan
from femsim.cli.options import Force, Json, Out, Overwrite, Quiet, Set, Verbose
from femsim.cli.rendering import render
from femsim.cli.reporting import report
from femsim.cli.screen import Screen
from femsim.cli.sensitivity import sensitivity
from femsim.cli.sweeps import app as sweep_app
from femsim.cli.tolerance import tolerance
from femsim.cli.viewing import view
from femsim.cli.worst import worst

Topic = Literal[
    "femurs",
    "implants",
    "bone-laws",
    "densities",
    "anisotropies",
    "strengths",
    "degenerations",
    "activities",
    "supports",
    "analyses",
    "sections",
    "criteria",
    "metrics",
    "solvers",
    "scenarios",
]
Format = Literal["inp", "feb", "vtu", "msh"]
Pictures = Annotated[bool, Parameter(name="--pictures", show_default=False, help="Draw pictures and the report page.")]

app = App(
    name="femsim",
    help="femsim predicts what a hip implant does to a femur: where bone is shielded, where it is at risk.\n\n"
    "Start with: femsim demo. Then: femsim run my_scenario.toml. Research and engineering use; not a medical device.",
    help_format="plaintext",
    version=lambda: version_text(),
    exit_on_error=False,
    print_error=False,
    suppress_keyboard_interrupt=False,
    result_action="return_value",
)
app.command(femur_app)
app.command(ct_app)
app.command(sweep_app)
app.command(plan)
app.command(compare)
app.command(curves)
app.command(render)
app.command(report)
app.command(activity)
app.command(sensitivity)
app.command(tolerance)
app.command(view)
app.command(worst)


def main(arguments: list[str] | None = None) -> None:
    """Run a command and end the process with its exit code."""
    arguments = sys.argv[1:] if arguments is None else arguments
    code = _code(arguments or ["--help"])
    if code == INTERRUPTED:
        # Where the interrupt passed through code that a library had evaluated, Python itself would end by the signal.
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    sys.exit(code)


def _code(arguments: list[str]) -> int:
    options = arguments[: arguments.index("--")] if "--" in arguments else arguments
    as_json, verbose = "--json" in options, bool({"-v", "--verbose"} & set(options))
    with Interrupts() as interrupts:
        try:
            code = app(arguments) or 0
            sys.stdout.flush()
            return code
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # the reader left; nothing more to say to it
            return 141
        except CycloptsError as error:
            ending = usage_of(error, arguments, set(app))
        except BaseException as error:
            if isinstance(error, SystemExit):
                raise
            ending = ending_of(interrupts.replaced(error), arguments)
    return ending.show(as_json=as_json, verbose=verbose)


@app.command
def demo(
    *,
    sets: Set = (),
    out: Out = Path("runs"),
    force: Force = False,
    pictures: Pictures = True,
    json: Json = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> int:
    """Run the walking scenario that comes with femsim: a resurfaced femur and its intact twin.

    Example: femsim demo --set subject.body_mass_kg=90
    """
    from femsim.scenario.shipped import scenario_file

    return run(
        scenario_file("walking"),
        sets=sets, out=out, force=force, pictures=pictures, json=json, quiet=quiet, verbose=verbose,
    )  # fmt: skip


@app.command
def run(
    scenario: Path,
    /,
    *,
    sets: Set = (),
    out: Out = Path("runs"),
    force: Force = False,
    pictures: Pictures = True,
    json: Json = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> int:
    """Compute a scenario: build, solve the operated femur and its intact twin, judge, draw, save.

    The result is a folder OUT/<name>-<hash>; a result that is there already is used again.

    Example: femsim run scenarios/walking.toml --set implant.cement_mm=2 --out results

    Parameters
    ----------
    scenario
        The scenario file (TOML).
    """
    from femsim.cli.outcome import told

    with Screen(json=json, quiet=quiet, verbose=verbose) as screen:
        return told(screen, scenario, sets, out=out, force=force, pictures=pictures)


@app.command
def check(
    scenario: Path,
    /,
    *,
    sets: Set = (),
    resolved: Annotated[bool, Parameter(negative=(), show_default=False)] = False,
    json: Json = False,
) -> int:
    """Check a scenario without meshing or solving anything; says every problem at once.

    Example: femsim check scenarios/walking.toml --set femur.side=left

    Parameters
    ----------
    scenario
        The scenario file (TOML).
    resolved
        Print the scenario with every default, unit and source: a file to edit.
    """
    from femsim.cli.checking import checked

    with Screen(json=json) as screen:
        return checked(screen, scenario, sets, resolved=resolved)


@app.command(name="list")
def list_(
    topic: Topic | None = None,
    /,
    *,
    picture: Annotated[
        Path | None, Parameter(show_default=False, help="Draw the bone laws into this PNG file.")
    ] = None,
    json: Json = False,
) -> int:
    """List what a scenario can name, with keys, units, ranges and sources.

    Example: femsim list implants, or femsim list bone-laws --picture laws.png

    Parameters
    ----------
    topic
        What to list; everything in short when left out.
    """
    from femsim.cli.lists import listed

    with Screen(json=json) as screen:
        return listed(screen, topic, picture)


@app.command
def schema() -> int:
    """Print the JSON Schema of scenario files, for editors that check while you type.

    Example: femsim schema > femsim.schema.json, then '#:schema ./femsim.schema.json' as first line of a scenario.
    """
    from femsim.scenario.reading import schema_json

    with Screen(json=True) as screen:
        screen.answer(schema_json())
    return 0


@app.command
def doctor(*, json: Json = False) -> int:
    """Say what this machine has and lacks for femsim, and the line that mends it.

    Example: femsim doctor
    """
    from femsim.cli.diagnosis import diagnosed

    with Screen(json=json) as screen:
        return diagnosed(screen)


@app.command
def warmup(*, json: Json = False, quiet: Quiet = False) -> int:
    """Compile the numerical kernels once, so that later runs start at once; do it before starting many runs.

    Example: femsim warmup
    """
    from femsim.cli.diagnosis import warmed

    with Screen(json=json, quiet=quiet) as screen:
        return warmed(screen)


@app.command
def verify(
    *cases: str,
    all_: Annotated[
        bool,
        Parameter(name="--all", negative=(), show_default=False, help="The slow cases too: minutes, not seconds."),
    ] = False,
    with_: Annotated[
        Literal["ccx"] | None,
        Parameter(name="--with", show_default=False, help="Another program, CalculiX, solves a scenario too."),
    ] = None,
    sets: Set = (),
    keep: Annotated[
        Path | None, Parameter(show_default=False, help="With --with: new folder for its decks and answers.")
    ] = None,
    json: Json = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> int:
    """Hold this installation against problems with known answers; exit code 5 where one is missed.

    Example: femsim verify, or femsim verify --with ccx scenarios/walking.toml --set mesh.size_mm=6

    Parameters
    ----------
    cases
        Names of cases; the quick ones when left out. With --with: one scenario file or run folder.
    """
    with Screen(json=json, quiet=quiet, verbose=verbose) as screen:
        if with_ or sets or keep:
            from femsim.cli.second_opinion import second_opinion

            return second_opinion(screen, with_, cases, sets, keep=keep, slow=all_)
        from femsim.cli.verifying import verified

        return verified(screen, cases, slow=all_)


@app.command
def export(
    scenario: Path,
    /,
    *,
    format_: Annotated[Format, Parameter(name=["--format", "-t"], help="What for: see above.")],
    out: Annotated[
        Path | None,
        Parameter(name=["--out", "-o"], show_default=False, help="File to write; else NAME-TWIN.FORMAT here."),
    ] = None,
    twin: Annotated[Literal["operated", "intact", "both"], Parameter(help="Which femur.")] = "operated",
    frame: Annotated[str, Parameter(help="peak (the largest hip force), a number from 0, or all.")] = "peak",
    bins: Annotated[
        int, Parameter(help="Most materials that bone's stiffness is sorted into; 0 keeps every element's own.")
    ] = 200,
    sets: Set = (),
    force: Overwrite = False,
    json: Json = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> int:
    """Write a model for another program: mesh, stiffness, supports and nodal forces; a run also with its answer.

    inp: CalculiX, Abaqus. feb: FEBio. vtu: ParaView. msh: gmsh.

    Example: femsim export scenarios/walking.toml --format inp --twin both --set mesh.size_mm=4

    Parameters
    ----------
    scenario
        A scenario file (TOML), or the folder of a run.
    """
    from femsim.cli.exporting import told

    with Screen(json=json, quiet=quiet, verbose=verbose) as screen:
        return told(screen, scenario, format_, out=out, sets=sets, twin=twin, frame=frame, n_bins=bins, force=force)


def version_text() -> str:
    """Version, Python and the libraries that make the numbers."""
    from importlib.metadata import PackageNotFoundError, version

    facts = []
    for name in ("numpy", "scipy", "numba", "gmsh", "vtk"):
        try:
            facts.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            facts.append(f"{name} missing")
    return f"femsim {__version__} (Python {sys.version.split()[0]}, {', '.join(facts)})"
