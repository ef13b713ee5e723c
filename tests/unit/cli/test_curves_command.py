"""`femsim curves`, and what `femsim run` tells beyond linear statics."""

import json

import pytest

from femsim.results import summary


@pytest.fixture(scope="module")
def saved(small_run, tmp_path_factory):
    return small_run.write(tmp_path_factory.mktemp("runs"))


def test_curves_of_runs_are_drawn_and_told(shell, saved):
    done = shell.call("curves", saved, saved, "--labels", "healthy,weak", "--out", "c.png", "--json")
    told = json.loads(done.stdout)
    assert done.returncode == 0 and (shell.folder / "c.png").stat().st_size > 10_000
    assert [(one["run"], one["model"]) for one in told["curves"]][1:3] == [("healthy", "intact"), ("weak", "operated")]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [((), "No run is named"), (("{run}", "--labels", "a,b"), "2 names for 1 runs"), (("nowhere",), "not a run")],
)
def test_what_cannot_be_drawn_is_said(arguments, says, shell, saved):
    done = shell.call("curves", *(argument.format(run=saved) for argument in arguments))
    assert done.returncode in (2, 75) and says in done.stderr


def shown(told, capsys):
    from rich.console import Console

    from femsim.cli.beyond import beyond

    for part in beyond(told):
        Console(width=200, highlight=False, markup=False).print(part)
    return [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]


def test_a_run_tells_at_what_load_and_where_it_breaks(saved, capsys):
    lines = shown(summary.read(saved), capsys)
    for line in (
        "fracture load, hip force [N] 6087 7608", "times the load 3.520 4.400", "first crack, hip force [N] 3873 4842",
        "linear estimate [N] 5000 (-18 %) 6500 (-15 %)", "pattern transcervical transcervical",
        "fracture load operated over intact: 0.800", "peak force [N] 4000 (floor) 4000 (floor)",
        "energy error [%] 0.1 0.1", "just breaks at 4.2 m/s not found",
        "severity tried, operated: 3 m/s: 0.700, 4.2 m/s: 1.000", "What just breaks was not found: never.",
        "severity: largest risk factor",
    ):  # fmt: skip
        assert line in lines


def test_at_least_and_no_crack_are_said(saved, capsys):
    told = summary.read(saved)
    for one in told["failure"]["models"].values():
        one.update(past_peak=False, first_crack_load_n=None, linear_over_fracture_percent=None)
    lines = shown(told, capsys)
    assert "fracture load, hip force [N] at least 6087 at least 7608" in lines
    assert "first crack, hip force [N] none none" in lines and "linear estimate [N] 5000 6500" in lines


def test_linear_statics_tells_nothing_more(capsys):
    assert shown({}, capsys) == []
