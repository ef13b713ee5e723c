"""Whatever is done to a scenario, reading it gives a scenario or a ScenarioError, never anything else."""

import string

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from femsim.errors import ScenarioError
from femsim.scenario.reading import Scenario, load, resolved_toml
from tests.unit.scenario.conftest import SOUND, Desk

LINES = SOUND.splitlines()
VALUES = st.one_of(
    st.integers(),
    st.floats(),
    st.booleans(),
    st.text(max_size=20).map(repr),
    st.sampled_from(["[]", "{}", "[[]]", "1979-05-27", "07:32:00", '""', "'left'", "1e400", "-0.0", "0x" + "f" * 300]),
).map(str)


def _read(desk: Desk, text: str | bytes, *sets: str) -> None:
    desk.write(text)
    try:
        scenario = load(desk.file, sets)
    except ScenarioError as error:
        assert str(error) and error.exit_code == 2
        assert all(problem.where and problem.what for problem in error.problems)
        return
    assert isinstance(scenario, Scenario)
    desk.write(resolved_toml(scenario))
    assert load(desk.file) == scenario


reading = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)


@reading
@given(line=st.integers(0, len(LINES) - 1), value=VALUES)
def test_any_value_of_a_key(desk, line, value):
    key, equals, _ = LINES[line].partition("=")
    _read(desk, "\n".join([*LINES[:line], f"{key}{equals}{value}" if equals else value, *LINES[line + 1 :]]))


@reading
@given(first=st.integers(0, len(LINES) - 1), second=st.integers(0, len(LINES) - 1))
def test_lines_left_out_repeated_or_moved(desk, first, second):
    moved = LINES.copy()
    moved.insert(second, moved.pop(first))
    for lines in (LINES[:first] + LINES[first + 1 :], [*LINES, LINES[first]], moved):
        _read(desk, "\n".join(lines))


@reading
@given(at=st.integers(0, len(SOUND)), byte=st.binary(max_size=3), cut=st.integers(0, 3))
def test_bytes_put_in_and_taken_out(desk, at, byte, cut):
    raw = SOUND.encode()
    _read(desk, raw[:at] + byte + raw[at + cut :])


@reading
@given(st.text(alphabet=string.ascii_lowercase + "._=\"'[]{}01 \n", max_size=30))
def test_any_set(desk, text):
    _read(desk, SOUND, text)


@reading
@given(key=st.sampled_from([line.split(" =")[0] for line in LINES if "=" in line]), value=VALUES)
def test_any_value_of_a_set(desk, key, value):
    for section in ("femur.", "implant.", "mesh.", "bone.density.", ""):
        _read(desk, SOUND, f"{section}{key}={value}")
