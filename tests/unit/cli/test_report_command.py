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


@pytest.fixture(scope="module")
def others(small_run, tmp_path_factory):
    """Folders of four more runs, of one name and scenario."""
    out = tmp_path_factory.mktemp("others")
    return [small_run.write(out / place) for place in "abcd"]


def comparison(folder, runs):
    """A folder of a comparison beside its runs."""
    variants = [
        {"label": label, "kind": label, "scenario": "small", "run": run, "hash": "0123456789abcdef" * 4}
        for label, run in runs.items()
    ]
    record = {
        "name": "compare-small", "disclaimer": "Not a medical device.", "is_one_question": True, "remarks": [],
        "variants": variants, "table": [], "ranking": {"caveat": "One model.", "order": []},
    }  # fmt: skip
    folder.mkdir()
    (folder / "comparison.json").write_text(json.dumps(record))
    return folder


def test_several_runs_have_one_page_below_ten_megabytes(shell, saved, others):
    done = shell.call("report", saved, others[0], "--json")
    told = json.loads(done.stdout)
    assert done.returncode == 0 and told["report"] == "small-and-1-more-report.html" and told["bytes"] < 10_000_000
    text = (shell.folder / told["report"]).read_text("utf-8")
    assert "2 runs of one femur" in text and text.count('id="map3d-plot"') == 1
    assert str(saved.parent) not in text and str(others[0].parent) not in text


def test_a_page_that_would_be_too_large_has_fewer_fields(saved, others, monkeypatch):
    from femsim.cli import reporting_several
    from femsim.cli.screen import Screen

    _, make = reporting_several.of_runs([saved, others[0]], Screen(quiet=True))
    whole = make()
    most = len(whole.encode("utf-8"))
    monkeypatch.setattr(reporting_several, "LARGEST", most)
    page = make()
    assert '"left_out": 0' in whole and '"left_out": 0' not in page
    assert len(page.encode("utf-8")) < most


def test_runs_that_the_map_has_no_room_for_are_named(shell, saved, others):
    done = shell.call("report", saved, *others, "-o", "x.html")
    assert done.returncode == 0 and "room for 4 femora; not on it: small-01234567-(5)" in done.stderr
    assert "before the operation" in done.stderr


def test_a_comparison_has_a_page_without_the_run_that_is_gone(shell, small_run):
    runs = {"cap": small_run.write(shell.folder).name, "other": "small-ffffffff"}
    done = shell.call("report", comparison(shell.folder / "c", runs))
    assert done.returncode == 0 and "small-ffffffff is not beside this comparison" in done.stderr
    text = (shell.folder / "compare-small-report.html").read_text("utf-8")
    assert "small-ffffffff, gone" in text and "One model." in text and 'id="map3d-plot"' in text


def test_folders_that_do_not_go_together_are_refused(shell, saved, tmp_path):
    (tmp_path / "sweep").mkdir()
    (tmp_path / "sweep" / "sweep.json").write_text("{}")
    for arguments, code, says in (
        ((), 2, "No folder is named"),
        ((saved, saved), 2, "named twice"),
        ((saved, comparison(tmp_path / "c", {})), 2, "is a comparison, not a run"),
        ((saved, tmp_path / "sweep"), 2, "is a sweep, not a run"),
        ((saved, tmp_path), 75, "not a run"),
    ):
        done = shell.call("report", *arguments)
        assert done.returncode == code and says in done.stderr, done.stderr
        assert "Traceback" not in done.stderr and not list(tmp_path.glob("*.html"))
