"""Finding and running CalculiX: what a user is told when it is not there, fails or is killed."""

import os

import pytest

from femsim.calculix import program
from femsim.errors import ConvergenceError, MissingPieceError


@pytest.fixture
def fake(tmp_path, monkeypatch):
    """Puts a program of some name on an otherwise empty PATH."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))

    def put(script: str, name: str = "ccx"):
        (folder / name).write_text(f"#!/bin/sh\n{script}\n")
        os.chmod(folder / name, 0o755)
        return folder / name

    return put


@pytest.fixture
def deck(tmp_path):
    (tmp_path / "small.inp").write_text("*HEADING\n")
    return tmp_path / "small.inp"


def test_where_there_is_none_the_package_is_named(fake):
    with pytest.raises(MissingPieceError) as raised:
        program.find()
    assert "apt-get install calculix-ccx" in raised.value.remedy


def test_a_program_with_its_version_in_its_name_is_found(fake):
    fake("", "ccx_2.19")
    newer = fake("", "ccx_2.20")
    fake("", "ccx_help.txt")
    assert program.find() == newer


def test_the_version_is_what_the_program_says(fake):
    assert program.version(fake('echo "This is Version 2.20"')) == "2.20"
    assert program.version(fake("exit 1")) == ""


def test_it_runs_beside_its_deck_by_the_name_of_the_deck(fake, deck):
    assert program.run(fake('echo "$1" > "$1.dat"; echo Job finished'), deck) > 0
    assert deck.with_suffix(".dat").read_text() == "small\n"


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ("echo '*ERROR in allocation: zero pivot'; echo Job finished", "zero pivot"),
        ("echo nothing; exit 201", "exit code 201"),
        ("echo a word", "a word"),
        ("kill -11 $$", "exit code -11"),
    ],
)
def test_a_failure_is_told_with_what_it_says(fake, deck, script, words):
    with pytest.raises(ConvergenceError) as raised:
        program.run(fake(script), deck)
    assert words in str(raised.value)


def test_killed_by_the_system_is_told_as_too_little_memory(fake, deck):
    with pytest.raises(MemoryError):
        program.run(fake("kill -9 $$"), deck)
