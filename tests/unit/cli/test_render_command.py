"""`femsim render`: pictures and films of a run."""

import json

import pytest


@pytest.fixture(scope="module")
def saved(small_run, tmp_path_factory):
    return small_run.write(tmp_path_factory.mktemp("runs"))


def test_a_picture_is_drawn_and_its_caption_told(shell, saved):
    done = shell.call("render", saved, "--cut", "neck", "--height", "300", "-o", "x.png", "--json")
    told = json.loads(done.stdout)
    assert done.returncode == 0 and (shell.folder / "x.png").stat().st_size > 5_000
    assert "cut across the neck" in told["caption"]


@pytest.mark.parametrize(("name", "starts"), [("x.gif", b"GIF8"), ("x.mp4", b"ftyp")])
def test_its_course_is_drawn_moving(name, starts, shell, saved):
    if name.endswith("mp4"):
        pytest.importorskip("av", reason="films need PyAV")
    done = shell.call("render", saved, "--cut", "none", "--height", "200", "-o", name)
    assert done.returncode == 0, done.stderr
    assert starts in (shell.folder / name).read_bytes()[:12]


def test_fields_and_steps_are_listed(shell, saved):
    told = json.loads(shell.call("render", saved, "--list", "--json").stdout)
    assert told["fields"]["risk_factor"] == "-" and told["peak_step"] < len(told["instants"])


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--field", "risk"), "Did you mean"),
        (("--view", "above"), "is no view"),
        (("--cut", "oblique"), "is no plane"),
        (("--range", "3"), "is no range"),
        (("--range", "3,1"), "cannot reach"),
        (("--step", "99"), "There is no step 99"),
        (("--step", "first"), "is no step"),
        (("-o", "x.jpg"), "neither PNG, GIF nor MP4"),
        (("-o", "nowhere/x.png"), "There is no folder"),
        (("--height", "9"), "cannot be drawn"),
    ],
)
def test_what_cannot_be_drawn_is_said_and_leaves_nothing(arguments, says, shell, saved):
    done = shell.call("render", saved, *arguments)
    assert done.returncode == 2 and says in done.stderr
    assert not [path for path in shell.folder.iterdir() if path.suffix in (".png", ".gif", ".mp4")]


def test_a_picture_that_is_there_is_not_written_over(shell, saved):
    (shell.folder / "x.png").write_text("mine")
    assert shell.call("render", saved, "-o", "x.png").returncode == 2
    assert (shell.folder / "x.png").read_text() == "mine"


def test_a_folder_that_is_no_run_is_said(shell, tmp_path):
    assert shell.call("render", tmp_path, "-o", "y.png").returncode == 75
