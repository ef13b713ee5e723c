"""The pages on activities and supports know what there is, and their pictures are there."""

import re

import pytest

from femsim.loads import ACTIVITIES
from femsim.scenario.catalogue import TOPICS
from femsim.scenario.reading import load
from femsim.supports import SUPPORTS

LARGEST = 120_000  # bytes of a picture: the pages stay quick to fetch
FACTS = {entry.name: entry.facts for entry in TOPICS["activities"]()}
LINK = re.compile(r"\]\(([^)#]+)\)")


@pytest.fixture
def page(root):
    return lambda name: (root / "docs" / name).read_text("utf-8")


def rows(text):
    return [line for line in text.splitlines() if line.startswith("| ")]


@pytest.mark.parametrize("name", list(ACTIVITIES))
def test_the_library_has_a_row_with_the_peak_of_every_activity(page, name):
    (row,) = [line for line in rows(page("activities.md")) if f"`{name}`" in line.split("|")[1]]
    peak = re.match(r"(\d+) (% body weight|N)", FACTS[name]["peak hip force"])
    if peak is None:
        assert "you give it" in row or "your file" in row
    else:
        assert re.search(rf"\b{peak[1]}\b", row.split("|")[2])


@pytest.mark.parametrize("name", list(SUPPORTS))
def test_every_support_has_a_row_and_a_column(page, name):
    found = rows(page("supports.md"))
    assert any(line.split("|")[1].strip() == f"`{name}`" for line in found)
    assert any(re.search(rf"\b{name}\b", line.split("|", 2)[2]) for line in found if line.startswith("| |"))


def test_the_week_is_told_as_the_scenario_has_it(page, root):
    text = page("activities.md")
    for activity in load(root / "scenarios" / "week.toml").routine:
        cycles = activity.cycles_per_day()
        assert any(f"| {cycles:.0f} |" in row for row in rows(text)), activity


@pytest.mark.parametrize("name", ["activities.md", "supports.md"])
def test_links_lead_somewhere_and_pictures_are_small(page, root, name):
    for target in LINK.findall(page(name)):
        path = root / "docs" / target
        assert path.exists(), target
        assert path.suffix != ".png" or path.stat().st_size < LARGEST
