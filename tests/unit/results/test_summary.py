"""The numbers of a run: strict JSON, tidy CSV, nothing that is not a number."""

import csv
import json
import math

import pytest

from femsim.errors import StoreError
from femsim.metrics.measure import Measure
from femsim.results import summary


@pytest.fixture(scope="module")
def told(small_run, tmp_path_factory):
    return summary.read(small_run.write(tmp_path_factory.mktemp("runs")))


def test_the_summary_says_what_other_programs_rely_on(told, small_run):
    assert told["status"] == "complete" and told["name"] == "small" and told["hash"] == small_run.DIGEST
    assert "not a medical device" in told["disclaimer"]
    assert told["measures"][0] == {
        "name": "risk_factor_p99", "zone": "neck", "model": "operated", "value": 0.42, "unit": "-", "note": "",
    }  # fmt: skip
    for model in ("operated", "intact"):
        assert set(told["models"][model]["checks"]) == {"residual", "force_balance", "moment_balance", "energy_balance"}
        assert sum(told["models"][model]["mesh"]["volume_mm3"].values()) == pytest.approx(24 * 16 * 80)
    assert told["femur"]["side"] == "right" and told["femur"]["head_radius_mm"] == 12.0
    assert told["femur"]["head_centre_mm"] == [1.0, 2.0, 3.0]
    assert told["landmarks"]["neck_axis"] == [-0.8, 0.0, 0.6]


def test_the_arrows_are_the_forces_at_the_peak_at_their_sites(told):
    hip, muscle = told["loads"]["arrows"]
    assert told["loads"]["peak_instant"] == 15.0
    assert hip == {"channel": "hip", "site": "head", "point": [0, 0, 0], "force": [-300, -100, -1700]}
    assert muscle["point"] == [12, 0, 5] and muscle["force"] == [-100, 20, 500]


def test_parameters_carry_the_keys_of_the_scenario_with_unit_and_assumption(told):
    rows = {row["key"]: row for row in told["parameters"]}
    assert rows["subject.body_mass_kg"]["value"] == 75.0 and rows["subject.body_mass_kg"]["unit"] == "kg"
    assert rows["femur.kind"]["value"] == "parametric" and rows["implant.kind"]["value"] == "resurfacing_cap"
    assert rows["bone.law"]["value"] == "morgan_2003" and rows["mesh.size_mm"]["assumed"] is True
    assert all(set(row) == {"key", "value", "unit", "text", "source", "assumed"} for row in rows.values())


def test_the_table_can_be_read_by_a_spreadsheet(small_run, tmp_path):
    folder = small_run.write(tmp_path)
    with open(folder / "qoi.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["zone"] for row in rows] == ["neck", "neck", "neck", "cap"]
    assert [float(row["value"]) for row in rows] == [m.value for m in small_run.MEASURES]
    assert (folder / "qoi.csv").read_bytes().startswith(b"name,zone,model,value,unit,note\n")


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_what_is_not_a_number_is_left_out_of_the_measures(tmp_path, value):
    measures = [Measure("a", "neck", "operated", value, "-"), Measure("b", "neck", "operated", 1.0, "-")]
    assert [row["name"] for row in summary.rows(measures)] == ["b"]
    summary.write_qoi(tmp_path, measures)
    assert len((tmp_path / "qoi.csv").read_text().splitlines()) == 2


def test_nan_is_never_written_elsewhere_either(tmp_path):
    with pytest.raises(ValueError):
        summary.write(tmp_path, {"status": "complete", "x": math.nan})
    assert list(tmp_path.iterdir()) == []


def test_nan_in_a_summary_of_somebody_else_is_refused(tmp_path):
    (tmp_path / "summary.json").write_text('{"status": "complete", "x": NaN}')
    with pytest.raises(StoreError, match="damaged"):
        summary.read(tmp_path)


def test_a_folder_that_is_no_run_is_said_to_be_none(tmp_path):
    with pytest.raises(StoreError, match="not a run"):
        summary.read(tmp_path)


def test_a_bottomless_summary_is_refused(tmp_path):
    (tmp_path / "summary.json").write_text("[" * 100_000)
    with pytest.raises(StoreError):
        summary.read(tmp_path)


def test_files_outside_the_run_are_not_looked_at(tmp_path):
    told = {"status": "complete", "files": {"../../etc/passwd": 1}}
    assert not summary.is_complete(tmp_path, told)


def test_the_summary_is_strict_json(small_run, tmp_path):
    text = (small_run.write(tmp_path) / "summary.json").read_text(encoding="utf-8")
    json.loads(text, parse_constant=lambda name: pytest.fail(name))
