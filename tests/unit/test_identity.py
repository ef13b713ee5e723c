"""The same question has the same hash, wherever it lies; another question has another."""

import math
import os
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import femsim
from femsim.errors import ScenarioError
from femsim.identity import content_hash, digest


@dataclass(frozen=True)
class FromFile:
    file: Path
    side: str = "auto"


@dataclass(frozen=True)
class Question:
    femur: FromFile
    size_mm: float = 2.5
    source: Path | None = field(default=None, compare=False)


def test_order_of_keys_does_not_matter():
    assert digest({"a": 1.5, "b": {"c": True, "d": "x"}}) == digest({"b": {"d": "x", "c": True}, "a": 1.5})


def test_an_integer_is_the_float_of_its_value():
    assert digest({"size_mm": 2}) == digest({"size_mm": 2.0})


def test_true_is_not_one():
    assert digest({"tied": True}) != digest({"tied": 1})


@given(st.floats(1e-3, 1e3))
def test_the_next_float_is_another_question(value):
    assert digest({"size_mm": value}) != digest({"size_mm": math.nextafter(value, math.inf)})


def test_where_a_file_lies_does_not_matter_but_what_it_holds_does(tmp_path):
    one, two, other = tmp_path / "a.stl", tmp_path / "deep" / "b.stl", tmp_path / "c.stl"
    two.parent.mkdir()
    one.write_bytes(b"solid"), two.write_bytes(b"solid"), other.write_bytes(b"solid ")
    hashes = [digest(Question(FromFile(path), source=path.with_suffix(".toml"))) for path in (one, two, other)]
    assert hashes[0] == hashes[1] != hashes[2]


def test_a_text_that_names_an_input_file_counts_by_contents(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("x.stl").write_bytes(b"1")
    Path("y.stl").write_bytes(b"1")
    assert digest({"file": "x.stl"}, ["x.stl"]) == digest({"file": "y.stl"}, ["y.stl"])


def test_two_sorts_of_section_with_equal_keys_differ():
    @dataclass(frozen=True)
    class Other:
        file: Path
        side: str = "auto"

    path = Path(__file__)
    assert digest({"femur": FromFile(path)}) != digest({"femur": Other(path)})


def test_the_version_of_femsim_counts(monkeypatch):
    before = digest({"a": 1})
    monkeypatch.setattr(femsim, "__version__", "99.0.0")
    assert digest({"a": 1}) != before


@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_a_number_that_is_not_finite_is_refused(value):
    with pytest.raises(ScenarioError, match="finite"):
        digest({"size_mm": value})


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(ScenarioError, match=r"gone\.stl"):
        digest(Question(FromFile(tmp_path / "gone.stl")))


def test_the_hash_is_that_of_any_sha256_tool(tmp_path):
    path = tmp_path / "empty"
    path.touch()
    assert content_hash(path) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def test_time_zone_and_locale_do_not_matter(monkeypatch):
    question = Question(FromFile(Path(__file__)))
    before = digest(question)
    monkeypatch.setitem(os.environ, "TZ", "Pacific/Kiritimati")
    monkeypatch.setitem(os.environ, "LC_NUMERIC", "de_DE.UTF-8")
    assert digest(replace(question)) == before
