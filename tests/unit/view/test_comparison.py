"""The picture and the page of a comparison, from the smallest runs."""

from dataclasses import replace

import numpy as np
import pytest

from femsim.view import comparison, comparison_page
from femsim.view.sheet import DOTS_PER_INCH


@pytest.fixture(scope="module")
def compared(small_run, tmp_path_factory):
    """The folder of three runs, and a record of them with a fourth that was refused."""
    out = tmp_path_factory.mktemp("runs")
    runs = {
        "intact": small_run.write(out, name="intact", implant=False),
        "cap": small_run.write(out),
        "cap cement_mm=2": small_run.write(out, name="other"),
    }
    variants = [
        {"label": label, "kind": "intact" if label == "intact" else "cap", "scenario": "small", "run": folder.name,
         "status": "complete", "sets": [f"implant.kind={label}"], "warnings": []}
        for label, folder in runs.items()
    ]  # fmt: skip
    error = {"kind": "GeometryError", "what": "The stem of 180 mm is longer than <the bone>."}
    variants.append({"label": "long", "kind": "long", "scenario": "small", "status": "refused", "error": error})
    cells = {
        variant["label"]: {"value": 0.4, "state": "value", "text": "0.400"} for variant in variants if "run" in variant
    } | {"long": {"value": None, "state": "refused", "text": "refused"}}
    row = {"group": "risk factor p99", "label": "femur", "measure": "risk_factor_p99", "zone": "femur", "unit": "-"}
    order = [{"variant": "cap", "rank": 1, "tied": True, "reason": "because of numbers"}]
    record = {
        "name": "compare-small", "disclaimer": "Not a medical device.", "is_one_question": True, "refused": ["long"],
        "remarks": [], "variants": variants, "table": [{**row, "model": "operated", "cells": cells}],
        "ranking": {"caveat": "One model.", "method": "By numbers.", "criteria": [], "order": order},
    }  # fmt: skip
    return runs, record


@pytest.fixture
def drawn(compared, can_draw, tmp_path):
    """Pixels (h, w, 3), and what is written into the file."""
    from PIL import Image

    runs, record = compared
    comparison.draw(record, runs, tmp_path / comparison.FILE)
    with Image.open(tmp_path / comparison.FILE) as image:
        return np.asarray(image.convert("RGB")), dict(image.info)


def test_nothing_is_cut_off_at_the_edge_of_the_page(drawn):
    pixels, _ = drawn
    for edge in (pixels[:4], pixels[-4:], pixels[:, :4], pixels[:, -4:]):
        assert (edge > 250).all()


def test_each_run_has_a_panel_and_the_caption_is_in_the_file(drawn):
    pixels, told = drawn
    assert pixels.shape[1] > 1000
    body = pixels[int(1.5 * DOTS_PER_INCH) :]
    assert 0.05 < np.mean((body < 250).any(axis=-1)) < 0.9
    assert told["Description"].startswith(comparison.CAPTION)


def test_what_is_true_of_the_first_run_alone_is_not_said_of_all(small_run, tmp_path):
    right, left = (comparison._scene(small_run.write(tmp_path, name=side, side=side)) for side in ("right", "left"))
    assert "Right femur" in comparison._seen({"a": right, "b": right})
    assert comparison.BOTH_SIDES in comparison._seen({"a": right, "b": left})
    later = replace(left, told={**left.told, "loads": {**left.told["loads"], "peak_instant": 45.0}})
    assert comparison._seen({"a": left, "b": later}).startswith("Each at its own largest hip force. Left femur")


def test_it_draws_the_same_twice(compared, can_draw, tmp_path):
    runs, record = compared
    for name in ("a.png", "b.png"):
        comparison.draw(record, runs, tmp_path / name)
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()


def test_the_intact_femur_is_grey_where_nothing_can_change(compared, can_draw):
    runs, _ = compared
    scene = comparison._scene(runs["intact"])
    change, risk = comparison._bands()
    grey, coloured = (
        np.vstack([np.atleast_2d(thing.colour) for thing in comparison._things(scene, band)[1::2]])
        for band in (change, risk)
    )
    assert np.allclose(grey, comparison.REFERENCE)
    assert len(np.unique(coloured, axis=0)) > 3


def test_fields_of_a_run_with_nothing_put_in_are_those_of_the_intact_body(small_run, monkeypatch, tmp_path):
    """Such a run has one model, and its fields are saved under that model's name."""
    maps = small_run.maps
    monkeypatch.setattr(small_run, "maps", lambda *both: tuple(m for m in maps(*both) if m.model == "intact"))
    assert comparison._scene(small_run.write(tmp_path, implant=False)).operated.has("risk_factor")


def test_panels_share_one_view_that_reaches_below_every_implant(compared):
    runs, _ = compared
    scenes = {label: comparison._scene(folder) for label, folder in runs.items()}
    eye = comparison._eye(scenes)
    cap = scenes["cap"].operated
    implant = cap.points[np.unique(cap.corners[~cap.bone])]
    flat = eye.on_paper(implant)
    assert (np.abs(flat[:, 0]) <= eye.half_width).all() and (np.abs(flat[:, 1]) <= eye.half_height).all()


def test_the_page_is_self_contained_escapes_names_and_says_once_what_it_is_for(compared, tmp_path):
    runs, record = compared
    text = comparison_page.write(record, tmp_path, runs).read_text(encoding="utf-8")
    assert text.count("Not a medical device.") == 1
    assert "longer than &lt;the bone&gt;" in text
    assert "http" not in text.replace("http-equiv", "")
    assert "There is no picture" in text
    assert "because of numbers" in text and "One model." in text


def test_the_page_shows_the_picture_that_lies_beside_it(compared, can_draw, tmp_path):
    runs, record = compared
    comparison.draw(record, runs, tmp_path / comparison.FILE)
    assert "data:image/png;base64," in comparison_page.write(record, tmp_path, runs).read_text(encoding="utf-8")


def test_a_comparison_of_different_patients_does_not_claim_to_be_of_one(compared, tmp_path):
    runs, record = compared
    text = comparison_page.write({**record, "is_one_question": False}, tmp_path, runs).read_text(encoding="utf-8")
    assert "one femur" not in text and "differ in more than the implant" in text
