"""`femsim report`: one page about a run."""

import json

import pytest

pytest.importorskip("plotly", reason="the map is drawn by plotly")


@pytest.fixture(scope="module")
def saved(small_run, tmp_path_factory):
    return small_run.write(tmp_path_factory.mktemp("runs"))


def test_a_page_with_a_map_is_written(shell, saved):
    done = shell.call("report", saved, "-o", "x.html", "--json")
    told = json.loads(done.stdout)
    text = (shell.folder / "x.html").read_text("utf-8")
    assert done.returncode == 0 and told["bytes"] == len(text.encode("utf-8"))
    assert 'id="map3d-plot"' in text and "not a medical device" in text


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("{run}", "-o", "x.pdf"), 2, "is no HTML file"),
        (("nowhere",), 75, ""),
        (("{run}", "-o", "no/x.html"), 2, "no folder"),
    ],
)
def test_what_cannot_be_written_is_said(arguments, code, says, shell, saved):
    done = shell.call("report", *(argument.format(run=saved) for argument in arguments))
    assert done.returncode == code and says in done.stderr


def test_a_page_that_is_there_is_not_written_over(shell, saved):
    (shell.folder / "x.html").write_text("mine")
    assert shell.call("report", saved, "-o", "x.html").returncode == 2
    assert (shell.folder / "x.html").read_text() == "mine"
