"""Animations: GIFs that move, are small, and show every femur; a page of several runs."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from PIL import Image

from femsim.errors import UsageError
from femsim.results import summary
from femsim.view import animation, fracture_curves
from femsim.view.pictures import ANIMATIONS
from femsim.view.scene import load


@pytest.fixture(scope="module")
def gifs(saved, tmp_path_factory):
    """Both animations of the smallest run."""
    from femsim.view.canvas import Canvas
    from femsim.view.probe import rendering

    able, sentence = rendering()
    if not able:
        pytest.skip(sentence)
    folder, scene = tmp_path_factory.mktemp("gifs"), load(saved)
    with Canvas() as canvas:
        for name, animate in ANIMATIONS.items():
            animate(scene, canvas, folder / f"{name}.gif")
    return folder


@pytest.mark.parametrize("name", ANIMATIONS)
def test_a_gif_moves_and_is_small(name, gifs):
    path = gifs / f"{name}.gif"
    assert path.stat().st_size < animation.LARGEST
    with Image.open(path) as gif:
        assert gif.n_frames == 5  # as many as states whose fields are kept
        pages = []
        for frame in range(gif.n_frames):
            gif.seek(frame)
            pages.append(np.asarray(gif.convert("RGB"), int))
    moved = [np.abs(a - b).max() for a, b in pairwise(pages)]
    assert min(moved) > 60


def test_what_would_be_too_large_is_told_in_fewer_pages(tmp_path, monkeypatch):
    rng = np.random.default_rng(0)
    monkeypatch.setattr(animation, "LARGEST", 60_000)

    def noise(share):
        return rng.integers(0, 255, (60, 60, 3), np.uint8)

    animation.write_gif(tmp_path / "n.gif", noise, 40)
    with Image.open(tmp_path / "n.gif") as gif:
        assert 3 <= gif.n_frames < 40
    assert (tmp_path / "n.gif").stat().st_size <= 60_000


def test_no_more_pages_than_the_most(tmp_path):
    animation.write_gif(tmp_path / "n.gif", lambda share: np.full((20, 20, 3), int(250 * share), np.uint8), 500)
    with Image.open(tmp_path / "n.gif") as gif:
        assert gif.n_frames <= animation.MOST_FRAMES


@pytest.mark.parametrize(("largest", "times"), [(12.0, 1.0), (1.5, 5.0), (0.001, 100.0)])
def test_small_displacements_are_magnified_by_a_round_number(largest, times, saved):
    body = load(saved).intact
    moved = replace(body, displacement=np.full_like(body.displacement, largest / np.sqrt(3)))
    assert animation.magnification([moved]) == times


def test_curves_of_several_runs_are_one_picture(saved, tmp_path):
    curves = [curve for name in ("healthy", "osteoporotic") for curve in fracture_curves.curves_of(saved, name)]
    assert [(c.label, c.model) for c in curves][:2] == [("healthy", "operated"), ("healthy", "intact")]
    fracture_curves.draw(curves, tmp_path / "c.png")
    with Image.open(tmp_path / "c.png") as picture:
        assert picture.info["Description"] == fracture_curves.CAPTION


def test_a_run_without_a_failure_analysis_has_no_curve(small_run, tmp_path):
    folder = small_run.write(tmp_path, sections={})
    assert "failure" not in summary.read(folder)
    with pytest.raises(UsageError, match="no failure analysis"):
        fracture_curves.curves_of(folder)


def test_a_load_that_did_not_pass_its_peak_is_drawn_as_at_least(saved):
    (curve, _) = fracture_curves.curves_of(saved)
    assert fracture_curves.fracture_words({**curve.told, "past_peak": False}).startswith("at least ")
