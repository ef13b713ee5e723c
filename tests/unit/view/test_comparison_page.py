"""The page of several runs: what differs, what loads them, what is gone, and a map on which all turn together."""

import base64
import json
import re

import numpy as np
import pytest

from femsim.errors import StoreError
from femsim.view import comparison_page, map3d, told_origin, told_runs
from femsim.view.map_panels import of_runs
from femsim.view.scene import load

EVIL = "<script>alert(1)</script>"


@pytest.fixture
def folders(small_run, tmp_path):
    """Label → folder of a cap and of nothing put in."""
    return {
        "cap": small_run.write(tmp_path, name="cap"),
        "plain": small_run.write(tmp_path, name="plain", implant=False),
    }


@pytest.fixture
def change():
    """Writes a run's summary, or another file of it, anew."""

    def changed(folder, alter, file="summary.json"):
        told = json.loads((folder / file).read_text())
        alter(told)
        (folder / file).write_text(json.dumps(told))

    return changed


def record_of(folders, **more):
    cells = {label: {"value": 0.4, "state": "value", "text": "0.400"} for label in folders}
    row = {"group": "risk factor p99", "label": "neck", "measure": "implant_stress_p99", "zone": "cap", "unit": "MPa"}
    variants = [
        {"label": label, "kind": label, "scenario": "small", "run": folder.name, "hash": "0123456789abcdef" * 4,
         "sets": ["mesh.size_mm=8", 'implant={kind = "x"}'], "file": "small.toml", "warnings": ["Coarse."]}
        for label, folder in folders.items()
    ]  # fmt: skip
    return {
        "name": "compare-small", "disclaimer": "Not a medical device.", "is_one_question": True, "remarks": [],
        "variants": variants, "table": [{**row, "model": "operated", "cells": cells}],
        "ranking": {"caveat": "One model.", "method": "By numbers.", "criteria": [], "order": []}, **more,
    }  # fmt: skip


def page_of(folders, record=None, **more):
    return comparison_page.page(record or record_of(folders), told_runs.read(folders), **more)


def set_value(key, value):
    def alter(told):
        next(row for row in told["parameters"] if row["key"] == key)["value"] = value

    return alter


def test_it_has_all_that_a_reader_asks_for_with_warnings_first(folders):
    text = page_of(folders, picture=b"png")
    heads = re.findall(r"<h2>(.*?)</h2>", text)
    assert heads == [
        "Side by side", "Numbers", "Ranking", "What differs between the scenarios", "Loads and support",
        "What was solved, and how well", "Sources", "Where each comes from",
    ]  # fmt: skip
    assert text.index("cap, plain: Coarse.") < text.index("<h2>")
    for words in ("0.400", "MPa", "mean over 1.5 mm", "Somebody 2001", "1.0e-11", "abductor", "femsim run"):
        assert words in text


def test_runs_that_were_not_compared_have_no_ranking(folders):
    record = {name: value for name, value in record_of(folders).items() if name != "ranking"}
    text = page_of(folders, record)
    assert "Ranking" not in text and "2 runs of one femur" in text


def test_keys_that_differ_stand_beside_one_another_and_others_are_counted(folders, change):
    change(folders["plain"], set_value("subject.body_mass_kg", 90.0))
    told = told_runs.differences(told_runs.read(folders))
    (row,) = told["rows"]
    assert (row["key"], row["cells"], row["unit"]) == ("subject.body_mass_kg", ["75", "90"], "kg")
    assert told["n_same"] > 50 and told["alone"] == []


def test_keys_that_one_run_alone_has_stand_apart(folders, change):
    def cut(told):
        told["parameters"] = [row for row in told["parameters"] if row["key"] != "mesh.order"]

    change(folders["plain"], cut)
    told = told_runs.differences(told_runs.read(folders))
    assert [(row["key"], row["cells"]) for row in told["alone"]] == [("mesh.order", ["2", "–"])]


def test_a_file_with_other_contents_is_a_difference(folders, change):
    for folder, digest in zip(folders.values(), "ab"):
        change(folder, lambda told, d=digest: told.update(input_files=[{"name": "b.stl", "sha256": 64 * d}]),
               "provenance.json")  # fmt: skip
    (row,) = told_runs.differences(told_runs.read(folders))["rows"]
    assert row["key"] == "b.stl" and row["cells"] == ["a" * 12, "b" * 12]


def test_loads_that_are_the_same_are_told_once(folders, change):
    assert [one["labels"] for one in told_runs.loads(told_runs.read(folders))] == [["cap", "plain"]]
    change(folders["plain"], lambda told: told["loads"]["arrows"][0].update(force=[0.0, 0.0, -99.0]))
    assert [one["labels"] for one in told_runs.loads(told_runs.read(folders))] == [["cap"], ["plain"]]


def test_a_left_femur_is_said_to_be_mirrored(folders, change):
    assert "mirrored" not in page_of(folders, map3d="map")
    change(folders["plain"], lambda told: told["femur"].update(side="left"))
    assert "drawn as right ones: plain." in page_of(folders, map3d="map")


def test_each_model_that_was_solved_has_its_checks(folders):
    told = told_runs.quality(told_runs.read(folders))
    assert told["columns"] == [("cap", "operated"), ("cap", "intact"), ("plain", "intact")]
    assert all(len(row) == 4 for row in told["rows"])


def test_a_source_of_some_runs_names_them(folders, change):
    change(folders["plain"], lambda told: told["sources"].append("Else 1999"))
    found = told_origin.sources(told_runs.read(folders))
    assert "plain: Else 1999" in found and any(source.endswith("Somebody 2001") for source in found)


def test_runs_of_different_versions_are_warned_of(folders, change):
    assert told_origin.other_versions(told_runs.read(folders)) == []
    change(folders["plain"], lambda told: told.update(femsim="0.0.9"), "provenance.json")
    (sentence,) = told_origin.other_versions(told_runs.read(folders))
    assert "0.0.9 (plain)" in sentence and sentence in page_of(folders)


def test_the_command_of_a_run_can_be_pasted_into_a_shell(folders):
    first, second = told_origin.commands(record_of(folders)["variants"][0], "cap-01234567")
    assert first == """femsim run small.toml --set mesh.size_mm=8 --set 'implant={kind = "x"}'"""
    assert second == "femsim run cap-01234567/scenario.resolved.toml"


def test_a_run_that_is_gone_is_told_and_its_numbers_stay(folders, tmp_path):
    record = record_of(folders)
    folders["plain"].rename(tmp_path / "elsewhere")
    there, gone = told_runs.found(record, tmp_path)
    assert list(there) == ["cap"] and "plain" in gone[0] and "not beside this comparison" in gone[0]
    text = page_of(there, record, gone=gone)
    assert gone[0] in text and f"{folders['plain'].name}, gone" in text and text.count("0.400") == 2


def test_a_run_of_another_scenario_under_the_same_name_counts_as_gone(folders, change, tmp_path):
    change(folders["plain"], lambda told: told.update(hash="f" * 64))
    assert list(told_runs.found(record_of(folders), tmp_path)[0]) == ["cap"]


def test_without_any_run_there_is_a_page_of_what_was_kept(folders):
    text = page_of({}, record_of(folders))
    assert "0.400" in text and "Loads and support" not in text


def test_what_a_stranger_wrote_is_shown_and_not_obeyed(folders, change):
    change(folders["cap"], set_value("femur.side", EVIL))
    record = record_of(folders, name=EVIL, remarks=[EVIL])
    assert EVIL not in page_of(folders, record, gone=[EVIL], command=EVIL)


def test_a_damaged_comparison_is_refused(tmp_path):
    (tmp_path / "comparison.json").write_text('{"name": "x"}')
    assert comparison_page.is_comparison(tmp_path)
    with pytest.raises(StoreError, match="damaged") as caught:
        comparison_page.record_of(tmp_path)
    assert "variants" in caught.value.why


@pytest.fixture(scope="module")
def opened(small_run, opened_page, tmp_path_factory):
    """The page of two runs in a browser, and its panels."""
    pytest.importorskip("plotly", reason="the map is drawn by plotly")
    out = tmp_path_factory.mktemp("runs")
    folders = {"cap a": small_run.write(out, name="a"), "<b>": small_run.write(out, name="b")}
    panels, _ = of_runs(folders)
    path = out / "page.html"
    path.write_text(page_of(folders, map3d=map3d.fragment(panels, not_shown=["third"])), encoding="utf-8")
    return *opened_page(path, "#map3d-plot[data-ready=yes]"), panels


WAYS = """() => ["scene", "scene2", "scene3"].map((name) => {
  const one = document.getElementById("map3d-plot")._fullLayout[name];
  return [one.camera.eye, one.aspectratio.x];
})"""


@pytest.mark.slow
def test_it_opens_without_a_network_with_a_panel_for_each_femur_and_one_legend(opened):
    sheet, asked, errors, panels = opened
    assert not errors and [url for url in asked if not url.startswith(("file:", "data:", "blob:"))] == []
    titles = sheet.evaluate("() => document.getElementById('map3d-plot')._fullLayout.annotations.map((a) => a.text)")
    assert len(titles) == len(panels) == 3 and titles[0] == "<b>cap a</b>" and "&lt;b>" in titles[1]
    assert sheet.locator(".legend").count() == sheet.locator("select#map3d-field").count() == 1
    assert "third" in sheet.inner_text("#map3d-more")


@pytest.mark.slow
def test_all_femora_turn_and_grow_together(opened):
    sheet = opened[0]
    before = sheet.evaluate(WAYS)
    box = sheet.locator("#map3d-plot").bounding_box()
    sheet.mouse.move(box["x"] + 60, box["y"] + 200)
    sheet.mouse.wheel(0, -300)
    sheet.wait_for_function(f"(was) => ({WAYS})().every((one) => one[1] > was)", arg=before[0][1])
    sheet.mouse.down()
    sheet.mouse.move(box["x"] + 120, box["y"] + 260, steps=4)
    sheet.mouse.up()
    sheet.wait_for_function(f"(was) => ({WAYS})().every((one) => one[0].x !== was)", arg=before[0][0]["x"])
    ways = sheet.evaluate(WAYS)
    assert ways[0] == ways[1] == ways[2]
    sheet.select_option("#map3d-field", "density")
    assert sheet.evaluate(WAYS) == ways


@pytest.mark.slow
def test_a_value_that_is_read_is_the_stored_one(opened):
    sheet, _, _, panels = opened
    sheet.select_option("#map3d-field", "risk_factor")
    told = sheet.evaluate("() => femsimMap.reading({pointNumber: 3 * 5, data: {meta: {panel: 1, kind: 'outside'}}})")
    stored = load(panels[1].scene.folder).operated.fields["risk_factor"]
    assert np.isclose(stored, told["value"], rtol=1e-6).any() and told["text"].startswith("<b>, ")
    packed = map3d.payload(panels)["panels"][1]["surfaces"]["outside"]["values"]["risk_factor"]
    known = np.frombuffer(base64.b64decode(packed), "<f4")
    assert told["value"] == pytest.approx(float(known[5]), rel=1e-6)
