"""What every figure promises: it draws the smallest run without a screen, from saved data alone."""

import numpy as np
import pytest

from femsim.view.figures import FIGURES
from femsim.view.scene import load
from femsim.view.sheet import DOTS_PER_INCH

OF_TIME = ("cycle", "risk_course", "load_displacement", "impact_course", "energy_balance")  # show no femur
OF_CHANGE = ("shielding", "stimulus")  # show what the implant changes


@pytest.fixture(scope="module")
def runs(small_run, tmp_path_factory):
    """The smallest run with an implant, of a left femur, and with none."""
    out = tmp_path_factory.mktemp("runs")
    return {
        "operated": small_run.write(out),
        "left": small_run.write(out, name="left", side="left"),
        "intact": small_run.write(out, name="intact", implant=False),
    }


@pytest.fixture(scope="module")
def canvas():
    """One off-screen window for all; skips where VTK cannot draw."""
    from femsim.view.canvas import Canvas
    from femsim.view.probe import rendering

    able, sentence = rendering()
    if not able:
        pytest.skip(sentence)
    with Canvas() as canvas:
        yield canvas


def picture(figure, folder, canvas, path):
    """Pixels (h, w, 3) of a figure that was saved, and what is written into the file."""
    from PIL import Image

    scene = load(folder)
    figure.draw(scene, canvas).save(path, figure.caption(scene))
    with Image.open(path) as image:
        return np.asarray(image.convert("RGB")), dict(image.info)


@pytest.mark.parametrize("name", FIGURES)
def test_it_draws_the_smallest_run(name, runs, canvas, tmp_path):
    figure = FIGURES[name]()
    assert figure.needs(load(runs["operated"])) == ""
    pixels, _ = picture(figure, runs["operated"], canvas, tmp_path / "p.png")
    height, width, _ = pixels.shape
    assert 500 <= height <= 2500 and 500 <= width <= 2500
    # A page with nothing on it but its words is white to 98 %.
    body = pixels[int(1.2 * DOTS_PER_INCH) :, : int(0.7 * width)]
    assert 0.02 < np.mean((body < 250).any(axis=-1)) < 0.9


@pytest.mark.parametrize("name", FIGURES)
def test_nothing_is_cut_off_at_the_edge_of_the_page(name, runs, canvas, tmp_path):
    pixels, _ = picture(FIGURES[name](), runs["operated"], canvas, tmp_path / "p.png")
    for edge in (pixels[:4], pixels[-4:], pixels[:, :4], pixels[:, -4:]):
        assert (edge > 250).all()


@pytest.mark.parametrize("name", FIGURES)
def test_it_draws_the_same_twice(name, runs, canvas, tmp_path):
    for attempt in ("a.png", "b.png"):
        picture(FIGURES[name](), runs["operated"], canvas, tmp_path / attempt)
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()


@pytest.mark.parametrize("name", FIGURES)
def test_its_caption_is_in_the_file_and_titles_hold_no_sign_of_mathematical_text(name, runs, canvas, tmp_path):
    figure = FIGURES[name]()
    _, told = picture(figure, runs["operated"], canvas, tmp_path / "p.png")
    assert told["Description"] == figure.caption(load(runs["operated"])) != ""
    assert not set("|$") & set(figure.title + told["Description"])


@pytest.mark.parametrize("name", FIGURES)
def test_a_left_femur_is_said_to_be_mirrored(name, runs):
    figure = FIGURES[name]()
    caption = figure.caption(load(runs["left"]))
    assert ("mirrored" in caption) == ("mirrored" not in figure.caption(load(runs["operated"])) and name not in OF_TIME)


@pytest.mark.parametrize("name", FIGURES)
def test_with_no_implant_it_draws_or_says_why_not(name, runs, canvas, tmp_path):
    figure = FIGURES[name]()
    why = figure.needs(load(runs["intact"]))
    if not why:
        picture(figure, runs["intact"], canvas, tmp_path / "p.png")
    assert bool(why) == (name in OF_CHANGE)


def test_colours_on_the_cut_are_exactly_those_of_the_legend(runs, canvas):
    """Light or a wrong blend would move a value into its neighbour's colour."""
    from femsim.view.figures.density import STEPS
    from femsim.view.figures.section import PALE, RIM, colour_of, cut_of_field, front
    from femsim.view.sheet import stepped

    scene = load(runs["operated"])
    scale = stepped("density", STEPS, "cividis")
    body = scene.operated
    things = cut_of_field(scene, body, "density", scale, body.bone)[1::2]  # the sections without skin and rims
    assert PALE != RIM
    pixels = canvas.draw(things, front(scene, (body,)), 600).reshape(-1, 3)
    seen, counts = np.unique(pixels, axis=0, return_counts=True)
    known = np.vstack([scale.colours, colour_of("cement"), colour_of("cap"), (1, 1, 1)]) * 255
    # Where two colours meet a pixel mixes them, along a straight side many alike; a patch has more pixels than a side.
    assert (counts > 1000).sum() > 4
    for colour in seen[counts > 1000]:
        assert np.abs(known - colour).max(axis=1).min() <= 1, colour
