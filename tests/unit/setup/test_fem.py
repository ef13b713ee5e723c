"""The first-start script: what it rests on, what it calls, and that nothing half-done looks done."""

import importlib.machinery
import importlib.util
import os
import subprocess
import sys
import time

import pytest


@pytest.fixture
def fem(root, tmp_path, monkeypatch):
    """The script as a module, set up in a folder of its own."""
    loader = importlib.machinery.SourceFileLoader("fem", str(root / "fem"))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("fem", loader))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    loader.exec_module(module)
    for name in ("requirements.lock", "pyproject.toml"):
        (tmp_path / name).write_bytes((root / name).read_bytes())
    venv = tmp_path / ".venv"
    for name, value in {
        "ROOT": tmp_path,
        "LOCK": tmp_path / "requirements.lock",
        "VENV": venv,
        "PYTHON": venv / "bin" / "python",
        "STAMP": venv / "complete",
    }.items():
        monkeypatch.setattr(module, name, value)
    monkeypatch.setattr(module, "add_system_packages", lambda also: None)
    return module


@pytest.fixture
def fake_uv(fem, tmp_path, monkeypatch):
    """A uv that writes down how it was called and makes what looks like an environment."""
    folder = tmp_path / "path"
    folder.mkdir()
    uv = folder / "uv"
    uv.write_text(
        f'#!/bin/sh\necho "$@" >> {tmp_path}/calls\n'
        f'if [ "$1" = venv ]; then mkdir -p {tmp_path}/.venv/bin && touch {tmp_path}/.venv/bin/python; fi\n'
        f"if [ -e {tmp_path}/broken ]; then exit 1; fi\n"
    )
    uv.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    return lambda: (tmp_path / "calls").read_text().splitlines()


def test_a_set_up_is_complete_and_not_done_again(fem, fake_uv):
    assert not fem.is_complete()
    fem.set_up()
    assert fem.is_complete()
    venv, packages, femsim = fake_uv()
    assert venv.startswith("venv") and sys.executable in venv
    assert "--require-hashes" in packages and "requirements.lock" in packages
    assert "--no-deps" in femsim


@pytest.mark.parametrize("file", ["requirements.lock", "pyproject.toml"])
def test_what_it_rests_on_changing_asks_for_a_new_set_up(fem, fake_uv, tmp_path, file):
    fem.set_up()
    (tmp_path / file).write_text("changed")
    assert not fem.is_complete()


def test_a_set_up_that_was_interrupted_is_not_complete(fem, fake_uv, monkeypatch):
    fem.set_up()

    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(fem, "uv_fills", interrupted)
    with pytest.raises(KeyboardInterrupt):
        fem.set_up()
    assert fem.PYTHON.exists()
    assert not fem.is_complete()


def test_where_uv_fails_pip_is_asked(fem, fake_uv, tmp_path, monkeypatch):
    (tmp_path / "broken").touch()
    asked = []
    monkeypatch.setattr(fem, "install_with_pip", lambda: asked.append(True) or False)
    with pytest.raises(SystemExit, match="could not be installed"):
        fem.set_up()
    assert asked == [True]
    assert not fem.is_complete()


def test_a_missing_library_is_said_with_the_line_that_brings_it(root, fem, monkeypatch, capsys):
    monkeypatch.undo()  # the real add_system_packages
    monkeypatch.setenv("FEM_NO_APT", "1")
    loader = importlib.machinery.SourceFileLoader("fem_again", str(root / "fem"))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("fem_again", loader))
    loader.exec_module(module)
    monkeypatch.setattr(module, "LIBRARIES", {"libnone.so.0": "libnone0", "libc.so.6": "libc6"})
    module.add_system_packages(["python3-venv"])
    assert "apt-get install -y --no-install-recommends python3-venv libnone0\n" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "command"),
    [
        (["test", "-k", "mesh"], ["-m", "pytest", "-k", "mesh"]),
        (["run", "a b.toml", "--json"], ["-P", "-m", "femsim", "run", "a b.toml", "--json"]),
        ([], ["-P", "-m", "femsim"]),
    ],
)
def test_arguments_go_on_unchanged(fem, monkeypatch, arguments, command):
    called = []
    monkeypatch.setattr(fem, "is_complete", lambda: True)
    monkeypatch.setattr(fem.os, "execv", lambda program, words: called.append(words))
    monkeypatch.chdir(fem.ROOT)
    fem.main(arguments)
    assert called == [[str(fem.PYTHON), *command]]


def test_a_second_start_waits_for_the_first(root, tmp_path):
    script = tmp_path / "fem"
    script.write_bytes((root / "fem").read_bytes())
    code = f"""
import importlib.machinery, importlib.util, sys, time
sys.dont_write_bytecode = True
loader = importlib.machinery.SourceFileLoader("fem", {str(script)!r})
fem = importlib.util.module_from_spec(importlib.util.spec_from_loader("fem", loader))
loader.exec_module(fem)
with fem.one_at_a_time():
    print(time.time(), flush=True)
    time.sleep(0.5)
    print(time.time(), flush=True)
"""
    starts = [subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) for _ in range(2)]
    spans = sorted([float(line) for line in start.communicate()[0].split()] for start in starts)
    assert spans[0][1] <= spans[1][0]


def test_an_older_python_can_read_as_far_as_the_version_check(root):
    import ast

    ast.parse((root / "fem").read_text(encoding="utf-8"), feature_version=(3, 8))


def test_a_start_costs_little(root):
    """What the script itself adds before it hands over: a tenth of a second on an idle machine."""
    code = f"import runpy; runpy.run_path({str(root / 'fem')!r})"
    times = []
    for _ in range(3):
        start = time.perf_counter()
        subprocess.run([sys.executable, "-I", "-c", code], check=True)
        times.append(time.perf_counter() - start)
    assert min(times) < 0.3
