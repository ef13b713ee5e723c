"""The page of one activity: what is drawn of forces, people and muscles."""

import numpy as np
import pytest
from PIL import Image

from femsim.view.activity_picture import Drawn, caption, draw

PEOPLE = np.array([(70.0, -25.0, -210.0), (50.0, -10.0, -240.0), (80.0, -40.0, -190.0)])
RED, TEAL, ORANGE = (199, 33, 33), (0, 139, 139), (210, 105, 30)


def activity(n=21, **more):
    instants = np.linspace(0, 100, n) if n > 1 else np.array([18.0])
    share = np.sin(np.pi * np.linspace(0.01, 0.99, n)) if n > 1 else np.ones(1)
    told = {"muscles": {"abductor": 100 * share}, "sources": ("Somebody measured it.",)} | more
    hip = share[:, None] * np.array([54.0, -33.0, -229.0])
    return Drawn(
        "walking", "Level walking.", "% body weight", instants, "% gait cycle", "bergmann", hip, int(share.argmax()),
        told.pop("muscles"), told.pop("sources"), **told,
    )  # fmt: skip


def page(what, folder):
    draw(what, folder / "page.png")
    return np.asarray(Image.open(folder / "page.png").convert("RGB")).astype(int)


def ink(picture, colour):
    return int((np.abs(picture - colour) < 20).all(axis=2).sum())


def test_people_are_drawn_as_dots_and_their_spread_as_bars(tmp_path):
    bare = ink(page(activity(), tmp_path), RED)
    bars = ink(page(activity(mean=247.0, sd=20.0), tmp_path), RED)
    dots = ink(page(activity(mean=247.0, sd=20.0, people=PEOPLE), tmp_path), RED)
    assert bare + 100 < bars < dots - 100


def test_a_table_of_the_same_people_is_not_drawn_beside_them(tmp_path):
    alone = page(activity(people=PEOPLE), tmp_path)
    again = PEOPLE[::-1] + 0.04  # rounded otherwise, in another order
    assert np.array_equal(page(activity(people=PEOPLE, vivo={"in vivo": again}), tmp_path), alone)


def test_a_table_of_other_people_is_drawn_beside_them(tmp_path):
    alone = page(activity(people=PEOPLE), tmp_path)
    assert not np.array_equal(page(activity(people=PEOPLE, vivo={"in vivo": PEOPLE + 8.0}), tmp_path), alone)


def test_a_muscle_that_hides_behind_another_is_seen_between_its_dashes(tmp_path):
    size = 19 * np.sin(np.linspace(0, 3, 21))
    alone = page(activity(muscles={"abductor": 5 * size, "tfl_proximal": size}), tmp_path)
    both = page(activity(muscles={"abductor": 5 * size, "tfl_proximal": size, "tfl_distal": size}), tmp_path)
    assert ink(both, ORANGE) > 200
    assert ink(both, TEAL) > 0.4 * ink(alone, TEAL)


@pytest.mark.parametrize("n", [1, 2, 21])
@pytest.mark.parametrize("muscles", [{}, {"floor": None}])
def test_every_number_of_instants_can_be_drawn(tmp_path, n, muscles):
    muscles = {name: np.full(n, 50.0) for name in muscles}
    assert page(activity(n, muscles=muscles, mean=247.0, sd=20.0, people=PEOPLE), tmp_path).std() > 10


def test_long_sources_make_the_page_longer_not_wider(tmp_path):
    short, long = (page(activity(sources=("word " * n,)), tmp_path) for n in (5, 400))
    assert long.shape[0] > short.shape[0] + 100 and long.shape[1] == short.shape[1]
    assert (long[:, -20:] > 250).all()  # nothing runs over the edge


def test_the_page_says_what_one_sees_and_is_the_same_each_time(tmp_path):
    draw(activity(), tmp_path / "a.png")
    draw(activity(), tmp_path / "b.png")
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()
    assert Image.open(tmp_path / "a.png").info["Description"] == caption(activity())
    assert "peak 238 % body weight" in caption(activity())
