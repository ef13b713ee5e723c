"""The map of a report: what is packed is what was saved, and a browser shows it in the colours of the legend."""

import base64
import json
from dataclasses import replace

import numpy as np
import pytest
from matplotlib.colors import to_hex

from femsim.results import summary
from femsim.view import map3d
from femsim.view.map_panels import Panel, of_run, of_runs
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
def several(saved, small_run, tmp_path_factory):
    """Panels of a run, of one with nothing put in, and of one whose risk is three times as large."""
    plain = small_run.write(tmp_path_factory.mktemp("plain"), implant=False)
    panels, _ = of_runs({"cap": saved, "plain": plain})
    risky = load(saved)
    fields = {**risky.operated.fields, "strain_energy_density": np.full(len(risky.operated.corners), 7.0)}
    body = replace(risky.operated, fields=fields)
    return (*panels, Panel("risky", replace(risky, operated=body), body))


def test_one_scale_reaches_over_all_panels(several):
    body = several[2].body
    far = replace(several[2], body=replace(body, displacement=10.0 * body.displacement))
    alone = map3d.payload(several[:1])["fields"]["displacement"]["bounds"]
    together = map3d.payload([*several[:2], far])["fields"]["displacement"]["bounds"]
    assert together[-1] > 5 * alone[-1]


def test_a_field_that_one_run_lacks_is_on_the_map_and_undefined_there(several):
    found = map3d.payload(several)
    assert "strain_energy_density" in found["fields"]
    known = [unpacked(p["surfaces"]["outside"]["values"]["strain_energy_density"], "<f4") for p in found["panels"]]
    assert np.isnan(known[0]).all() and np.isnan(known[1]).all() and (known[2] == 7.0).all()


def test_a_difference_is_of_operated_femora_alone(several):
    found = map3d.payload(several)
    has = [map3d.APART in panel["surfaces"]["cut"]["values"] for panel in found["panels"]]
    assert has == [True, False, True]


def test_every_panel_names_its_own_regions(several):
    found = map3d.payload(several)
    words = [[region["words"] for region in panel["regions"]] for panel in found["panels"]]
    assert words[0] == ["bone that is kept", "cement", "cap"]
    assert words[1] == ["bone that is kept", "bone that is removed"]


def size(found):
    return len(json.dumps(found))


def test_with_little_room_fields_are_left_out_until_it_fits(several):
    whole = map3d.payload(several)
    room = int(0.7 * size(whole))
    found = map3d.payload(several, room=room)
    assert size(found) <= room + map3d.WORDS
    assert len(found["panels"]) == 3 and found["left_out"] == len(whole["fields"]) - len(found["fields"]) > 0
    assert "risk_factor" in found["fields"]


def test_a_shell_behind_the_cut_is_smaller_and_the_section_stays(several):
    body = several[0].body
    # So that the plane goes through elements: what lies behind it then has steps inside.
    off = [replace(several[0], body=replace(body, points=body.points + np.array([0.0, 2.5, 0.0])))]
    packed = [map3d.payload(off, room=room)["panels"][0]["surfaces"]["cut"] for room in (10**9, 1)]
    whole, shell = ([len(unpacked(one["lit"], "<u1")), (unpacked(one["lit"], "<u1") == 0).sum()] for one in packed)
    assert shell[0] < whole[0] and shell[1] == whole[1] > 0


def test_with_no_room_at_all_one_panel_stays_and_the_rest_is_named(several):
    found = map3d.payload(several, room=1)
    assert [panel["title"] for panel in found["panels"]] == ["cap"] and found["not_shown"] == ["plain", "risky"]
    assert list(found["fields"]) == ["risk_factor"]


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
