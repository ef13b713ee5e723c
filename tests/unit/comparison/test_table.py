"""The table of a comparison."""

import csv
import io

import pytest

from femsim.comparison.columns import refused
from femsim.comparison.table import ANY, Ask, Row, lines, rows_of, tidy_csv, wide_csv

ROWS = (
    Row("risk", "neck", (Ask("risk_factor_p99", "neck_superior", "operated"),), digits=3),
    Row("energy", "calcar", (Ask("shielding_change", "gruen_7", "change"), Ask("shielding_change", "calcar", "change")),
        signed=True),
    Row("stress", "metal", (Ask("stress_over_strength", ANY, "operated"),), of_bone=False),
    Row("nobody", "asks", (Ask("unknown", "femur", "operated"),)),
)  # fmt: skip


@pytest.fixture
def columns(made_up):
    cap = made_up(
        "cap",
        [
            ("risk_factor_p99", "neck_superior", "operated", 0.41251),
            ("shielding_change", "calcar", "change", -12.34, "%"),
            ("stress_over_strength", "cap", "operated", 0.3),
            ("stress_over_strength", "stem", "operated", 0.6),
            ("stress_over_strength", "cement", "operated", 0.9),
        ],
    )
    stem = made_up(
        "stem",
        [("risk_factor_p99", "calcar", "operated", 0.5), ("shielding_change", "calcar", "change", 0.01, "%")],
    )
    return cap, stem, refused("short", "the stem is longer than the bone")


@pytest.fixture
def texts(columns):
    """label → text of each variant's cell."""
    rows = rows_of(lines(columns, ROWS), columns)
    return {row["label"]: [cell["text"] for cell in row["cells"].values()] for row in rows}


def test_a_zone_without_bone_is_removed_and_a_variant_without_run_refused(texts):
    assert texts["neck"] == ["0.413", "removed", "refused"]


@pytest.mark.parametrize(
    ("zone", "is_reference"), [("neck_superior_distal", False), ("calcar", True)], ids=["its parts", "nothing put in"]
)
def test_a_zone_is_not_removed_where_its_parts_are_there_or_nothing_was_put_in(zone, is_reference, columns, made_up):
    other = made_up("other", [("risk_factor_p99", zone, "operated", 0.5)], is_reference=is_reference)
    (line,) = lines([columns[0], other], ROWS[:1])
    assert [cell.state for cell in line.cells] == ["value", "not computed"]


def test_the_first_ask_that_anybody_answers_is_shown(texts, columns):
    assert texts["calcar"] == ["-12.3", "0.0", "refused"]
    row = next(row for row in rows_of(lines(columns, ROWS), columns) if row["label"] == "calcar")
    assert (row["zone"], row["unit"]) == ("calcar", "%")


def test_metal_is_the_part_that_is_stressed_most_and_absent_where_there_is_none(texts):
    assert texts["metal"] == ["0.6", "–", "refused"]


def test_what_nobody_has_is_no_row(texts):
    assert "asks" not in texts


def test_removed_bone_is_told_in_volume_and_share(made_up):
    cap = made_up("cap", [], removed=25_000.0, kept=75_000.0)
    assert cap.values["bone_removed_volume", "femur", "operated"] == 25.0
    assert cap.values["bone_removed_share", "femur", "operated"] == 25.0


def test_the_wide_csv_has_a_column_per_variant_and_words_where_there_is_no_number(columns):
    rows = list(csv.DictReader(io.StringIO(wide_csv(rows_of(lines(columns, ROWS), columns), ["cap", "stem", "short"]))))
    assert [rows[0][label] for label in ("cap", "stem", "short")] == ["0.41251", "removed", "refused"]
    assert rows[1]["unit"] == "%"


def test_the_tidy_csv_has_every_measure_of_every_variant(columns):
    rows = list(csv.DictReader(io.StringIO(tidy_csv(columns))))
    assert list(rows[0]) == ["variant", "measure", "zone", "model", "value", "unit"]
    assert {row["variant"] for row in rows} == {"cap", "stem"}
    assert len(rows) == sum(len(column.values) for column in columns)
