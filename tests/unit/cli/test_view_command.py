"""`femsim view`: what it refuses before anything opens."""

import json
import os
import socket

import pytest


@pytest.fixture(scope="module")
def saved(small_run, tmp_path_factory):
    return small_run.write(tmp_path_factory.mktemp("runs"))


def test_a_folder_that_is_no_run_is_told(shell, tmp_path):
    done = shell.call("view", tmp_path, "--no-browser")
    assert done.returncode != 0 and "not a run" in done.stderr and str(tmp_path) in done.stderr


def test_no_folder_at_all_is_told(shell):
    done = shell.call("view")
    assert done.returncode == 2 and "No run is named" in done.stderr


def test_a_port_in_use_is_told(shell, saved):
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        held.listen()
        done = shell.call("view", saved, "--no-browser", "--port", held.getsockname()[1])
    assert done.returncode == 2 and "cannot be used" in done.stderr and "--port" in done.stderr


@pytest.mark.parametrize(
    "arguments, says",
    [
        (("--port", "70000"), "is no port"),
        (("--idle-min", "0"), "cannot be waited"),
        (("--view", "nowhere.json"), "neither a view file nor the link"),
        (("--window", "--live"), "as they were saved"),
    ],
)
def test_options_that_mean_nothing_are_told(arguments, says, shell, saved):
    done = shell.call("view", saved, "--no-browser", *arguments)
    assert done.returncode == 2 and says in done.stderr


def test_a_view_file_that_is_none_is_told(shell, saved):
    (shell.folder / "x.json").write_text("[1, 2]")
    done = shell.call("view", saved, "--no-browser", "--view", "x.json")
    assert done.returncode == 2 and "no view that femsim saved" in done.stderr


def test_a_run_of_an_older_femsim_is_told(shell, small_run, tmp_path):
    folder = small_run.write(tmp_path)
    told = json.loads((folder / "summary.json").read_text())
    del told["femur"]
    (folder / "summary.json").write_text(json.dumps(told))
    done = shell.call("view", folder, "--no-browser")
    assert done.returncode != 0 and "older femsim" in done.stderr and "scenario.resolved.toml" in done.stderr


def test_without_a_display_a_window_says_what_to_do(shell, saved, monkeypatch):
    if os.environ.get("DISPLAY"):
        pytest.skip("there is a display")
    done = shell.call("view", saved, "--window")
    assert done.returncode != 0 and "no display" in done.stderr
