"""The map of a report: what is packed is what was saved, and a browser shows it in the colours of the legend."""

import base64
import json
from dataclasses import replace

import numpy as np
import pytest
from matplotlib.colors import to_hex

from femsim.results import summary
from femsim.view import map3d
from femsim.view.map_panels import of_run
from femsim.view.report import page
from femsim.view.scene import load

pytest.importorskip("plotly", reason="the map is drawn by plotly")


MODELS = ("operated", "intact")


def unpacked(text, kind):
    return np.frombuffer(base64.b64decode(text), kind)


@pytest.fixture(scope="module")
def packed(saved):
    return map3d.payload(of_run(load(saved)))


@pytest.mark.parametrize("model", MODELS)
def test_the_outside_has_the_values_that_were_saved(model, packed, saved):
    body = getattr(load(saved), model)
    surface = packed["panels"][MODELS.index(model)]["surfaces"]["outside"]
    points = unpacked(surface["points"], "<f4").reshape(-1, 3)
    middles = points[unpacked(surface["triangles"], "<u4" if surface["wide"] else "<u2").reshape(-1, 3)].mean(axis=1)
    values = unpacked(surface["values"]["density"], "<f4")
    corners = body.points[body.corners]
    faces = corners[:, [[0, 1, 2], [0, 1, 3], [0, 2, 3], [1, 2, 3]]].mean(axis=2)  # (e, 4, 3)
    away = np.linalg.norm(faces[None] - middles[:, None, None], axis=3)
    nearest = away.min(axis=2).argmin(axis=1)
    assert away.min(axis=(1, 2)).max() < 1e-4
    assert np.allclose(values, body.fields["density"][nearest], equal_nan=True, rtol=1e-6)


def test_what_lies_behind_a_cut_has_no_values(packed):
    surface = packed["panels"][0]["surfaces"]["cut"]
    lit = unpacked(surface["lit"], "<u1")
    n = len(unpacked(surface["values"]["risk_factor"], "<f4"))
    assert n == (lit == 0).sum() > 0 and (lit[:n] == 0).all()


def test_changes_are_packed_in_the_unit_of_their_legend(packed, saved):
    assert packed["fields"]["shielding_change"]["title"].endswith("[%]")
    body = load(saved).operated
    known = unpacked(packed["panels"][0]["surfaces"]["outside"]["values"]["shielding_change"], "<f4")
    largest = np.nanmax(np.abs(body.fields["shielding_change"]))
    assert np.nanmax(np.abs(known)) <= 100.0 * largest * (1 + 1e-6)


def test_a_large_run_leaves_fields_out_and_says_how_many(saved, monkeypatch):
    monkeypatch.setattr(map3d, "LARGEST", 1)
    found = map3d.payload(of_run(load(saved)))
    assert "risk_factor" in found["fields"] and found["left_out"] > 0


def test_texts_of_a_run_cannot_end_the_script_they_stand_in(saved):
    scene = load(saved)
    told = {**scene.told, "name": "</script><script>alert(1)</script>"}
    titled = [replace(panel, title="</script><script>alert(1)</script>") for panel in of_run(replace(scene, told=told))]
    text = map3d.fragment(titled)
    assert "</script><script>alert" not in text


def test_the_page_may_fetch_nothing(saved):
    text = page(saved, summary.read(saved), map3d=map3d.fragment(of_run(load(saved))))
    policy = text.split('Content-Security-Policy" content="')[1].split('"')[0]
    assert policy.startswith("default-src 'none'") and "http" not in policy and "connect-src" not in policy


@pytest.fixture(scope="module")
def opened(saved, opened_page, tmp_path_factory):
    path = tmp_path_factory.mktemp("page") / "report.html"
    path.write_text(page(saved, summary.read(saved), map3d=map3d.fragment(of_run(load(saved)))), encoding="utf-8")
    return opened_page(path, "#map3d-plot[data-ready=yes]")


@pytest.mark.slow
def test_it_opens_without_a_network_and_asks_for_nothing(opened):
    sheet, asked, errors = opened
    assert not errors and [url for url in asked if not url.startswith(("file:", "data:", "blob:"))] == []
    assert sheet.inner_text("#map3d-legend").strip()


@pytest.mark.slow
@pytest.mark.parametrize("field", ["risk_factor", "density", "shielding_change", "risk_factor, difference"])
def test_legend_and_colours_in_the_browser_are_those_of_the_scale(field, opened, packed, saved):
    sheet, _, _ = opened
    sheet.select_option("#map3d-field", field)
    scale = packed["fields"][field]
    lines = sheet.inner_text("#map3d-legend").split("\n")
    for tick in scale["ticks"]:
        assert tick in lines
    shown = sheet.evaluate("field => femsimMap.colours(femsimMap.surface(0, 'outside'), field)", field)
    scene = load(saved)
    found, values = map3d._fields(of_run(scene), [field])[field]
    known = unpacked(packed["panels"][0]["surfaces"]["outside"]["values"][field], "<f4")
    bone = unpacked(packed["panels"][0]["surfaces"]["outside"]["bone"], "<u1").astype(bool)
    wanted = [to_hex(colour) for colour in found.scale.colour(known.astype(float))]
    judged = bone | np.isfinite(known)
    assert judged.any() and [c for c, j in zip(shown, judged) if j] == [c for c, j in zip(wanted, judged) if j]
    assert json.dumps(values[0][:3].tolist())  # there is one to compare with


@pytest.mark.slow
def test_a_pointer_reads_the_stored_value(opened, packed):
    sheet, _, _ = opened
    sheet.select_option("#map3d-field", "density")
    told = sheet.evaluate(
        "() => femsimMap.reading({pointNumber: 3 * 7 + 1, data: {meta: {panel: 1, kind: 'outside'}}})"
    )
    known = unpacked(packed["panels"][1]["surfaces"]["outside"]["values"]["density"], "<f4")
    assert told["face"] == 7 and told["value"] == pytest.approx(float(known[7]), rel=1e-6)
    assert "Intact" in told["text"] and "[g/cm" in told["text"]


@pytest.mark.slow
def test_both_femora_turn_together(opened):
    sheet, _, _ = opened
    sheet.select_option("#map3d-view", "lateral")
    sheet.wait_for_timeout(500)
    ways = sheet.evaluate(
        "() => ['scene', 'scene2'].map(s => document.getElementById('map3d-plot')._fullLayout[s].camera.eye)"
    )
    assert ways[0] == ways[1] and ways[0]["x"] > 1.0
