"""The page stands alone, escapes what it is told, and holds every number of the run."""

import json
import re
from html.parser import HTMLParser

import pytest

from femsim.errors import StoreError
from femsim.results import summary
from femsim.view import report
from femsim.view.probe import rendering

MOVING = {"Damage as the load grows", "The impact in motion"}


class Page(HTMLParser):
    """Tags, attributes and words of a page."""

    def __init__(self, text: str):
        super().__init__()
        self.tags, self.words = [], ""
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))

    def handle_data(self, data):
        self.words += data


@pytest.fixture(scope="module")
def page(saved):
    return Page(report.write(saved).read_text(encoding="utf-8"))


def test_every_measure_is_on_it_with_its_unit(page, small_run):
    for measure in small_run.MEASURES:
        assert report.number(measure.value) in page.words
    assert "operated[-]" in page.words and "change[%]" in page.words and "mean over 1.5 mm" in page.words


def test_it_tells_loads_checks_assumptions_sources_and_the_disclaimer_once(page):
    for words in ("1729", "abductor", "1.0e-11", "subject.body_mass_kg = 75 kg", "Somebody 2001", "Cut at 70 mm."):
        assert words in page.words
    assert page.words.count("not a medical device") == 1


def test_it_asks_nothing_of_the_outside(page):
    policy = next(a["content"] for tag, a in page.tags if tag == "meta" and "content" in a and "src" in a["content"])
    assert policy == "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
    assert not {"script", "link", "iframe", "object", "form"} & {tag for tag, _ in page.tags}
    for tag, attributes in page.tags:
        for name in ("src", "href"):
            assert attributes.get(name, "data:").startswith("data:"), (tag, attributes)


def test_pictures_are_inside_it_with_their_captions(can_draw, small_run, tmp_path):
    from femsim.view.figures import FIGURES
    from femsim.view.pictures import draw_all

    folder = small_run.write(tmp_path)
    drawn = draw_all(folder)
    assert [path.name for path in drawn] == [*(f"{name}.png" for name in FIGURES), "failure.gif", "impact.gif"]
    page = Page(report.write(folder).read_text(encoding="utf-8"))
    pictures = [attributes for tag, attributes in page.tags if tag == "img"]
    assert {picture["alt"] for picture in pictures} == {figure.title for figure in FIGURES.values()} | MOVING
    sorts = ("data:image/png;base64,iVBOR", "data:image/gif;base64,R0lG")
    assert all(picture["src"].startswith(sorts) for picture in pictures)
    assert "largest principal strain over the yield strain" in page.words


def test_without_pictures_it_says_why(small_run, tmp_path, monkeypatch):
    from femsim.view import probe

    monkeypatch.setattr(probe, "rendering", lambda: (False, "On Debian or Ubuntu: apt-get install this."))
    text = report.write(small_run.write(tmp_path)).read_text(encoding="utf-8")
    assert "There are no pictures." in text and "apt-get install this" in text and "<img" not in text
    assert rendering is not probe.rendering


EVIL = "<script>alert(1)</script>"


def test_what_a_stranger_wrote_is_shown_and_not_obeyed(small_run, tmp_path):
    folder = small_run.write(tmp_path, warnings=[EVIL], sources=[f'"><img src=http://x/ onerror=1>{EVIL}'])
    told = summary.read(folder)
    told["measures"][0].update(zone=EVIL, note=EVIL, unit=EVIL)
    told["models"]["operated"]["solver"] = EVIL
    (folder / "summary.json").write_text(json.dumps(told))
    text = report.write(folder).read_text(encoding="utf-8")
    page = Page(text)
    assert "script" not in {tag for tag, _ in page.tags} and EVIL in page.words
    assert not any("onerror" in attributes for _, attributes in page.tags)


@pytest.mark.parametrize("sound, says", [(190.0, "before disease 190 g"), (150.0, "150 g")])
def test_it_tells_how_much_bone_there_is_and_what_ails_it(sound, says):
    told = {
        "mass_g": 150.0, "mean_density_g_per_cm3": 0.7, "sound_mass_g": sound, "sound_mean_density_g_per_cm3": 0.9,
    }  # fmt: skip
    words = report._bone({"bone": told})
    assert says in words and ("disease" in words) == (sound != 150.0)
    assert report._bone({}) == ""


def test_a_folder_that_is_no_run_is_refused(tmp_path):
    with pytest.raises(StoreError):
        report.write(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_damaged_provenance_does_not_stop_the_page(small_run, tmp_path):
    folder = small_run.write(tmp_path)
    (folder / "provenance.json").write_text("[")
    assert "risk factor p99" in report.write(folder).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"), (0.42, "0.420"), (41.25, "41.2"), (1460.4, "1\u202f460"), (999.6, "1\u202f000"),
        (-36.8421, "-36.8"), (0.0012, "0.00120"), (3.2e-7, "3.20e-07"), (1.23e9, "1.23e+09"), (5, "5.00"),
    ],
)  # fmt: skip
def test_numbers_are_shown_with_three_digits(value, text):
    assert report.number(value) == text


def row(name, zone, value=1.0, unit="-"):
    return {"name": name, "zone": zone, "model": "operated", "value": value, "unit": unit, "note": "by hand"}


def test_numbers_of_one_place_only_share_a_table():
    (table,) = report.groups([row("bone_volume_kept", "femur", 2.0, "cm3"), row("bone_mass_kept", "femur", 3.0, "g")])
    assert table["title"] == "femur" and table["corner"] == "what"
    assert [(line["zone"], line["cells"]["operated"]) for line in table["rows"]] == [
        ("bone volume kept", "2.00 cm3"), ("bone mass kept", "3.00 g"),
    ]  # fmt: skip


def test_shares_of_all_parts_stand_in_one_table():
    (table,) = report.groups([row(f"axial_share_{part}", "section_mid_neck") for part in ("bone", "cap")])
    assert table["title"] == "axial share"
    assert [line["zone"] for line in table["rows"]] == ["section mid neck, bone", "section mid neck, cap"]


def test_zones_that_differ_in_unit_show_it_beside_the_number():
    rows = [
        {"name": "a", "zone": "x", "model": "operated", "value": 1.0, "unit": "mm", "note": ""},
        {"name": "a", "zone": "y", "model": "operated", "value": 2.0, "unit": "N", "note": ""},
    ]
    (table,) = report.groups(rows)
    assert [row["cells"]["operated"] for row in table["rows"]] == ["1.00 mm", "2.00 N"]
    assert table["units"] == {"operated": ""}


def test_the_page_names_no_folder_of_this_machine(page, saved):
    assert str(saved.parent) not in page.words and not re.search(r"/(home|root|tmp|work)/", page.words)


def test_it_tells_what_the_person_does_and_what_that_may_grow_to(page, saved):
    _, same, jogging, rising = summary.read(saved)["activities"]
    section = page.words[page.words.index("What the person does") : page.words.index("Loads and support")]
    assert section.count("walking") == 1  # that under [load] and that of the routine are one
    for one in (same, jogging, rising):
        assert report.number(one["cycles_per_day"]) in section and report.number(one["hip_peak_n"]) in section
        for model in one["models"].values():
            assert f"{report.number(model['load_to_yield'])} ×" in section
            assert report.number(model["body_mass_to_yield_kg"]) in section
    assert "at 15 % gait cycle in neck" in section and "at 0.8 s in shaft" in section


def test_every_activity_has_its_sources_and_each_is_said_once(page):
    sources = page.words[page.words.index("Sources") :]
    for words in ("walking: Somebody 2001", "jogging: Jogger 1998", "rising: Riser 2010"):
        assert sources.count(words) == 1
    assert sources.count("Somebody 2001") == 1


def test_a_source_of_several_activities_names_them_all(saved):
    told = summary.read(saved)
    told["activities"][2]["sources"] = told["activities"][3]["sources"] = ["Both 2003"]
    assert "jogging, rising: Both 2003" in report.sources_of(told)
    assert report.sources_of({**told, "activities": told["activities"][2:3]})[0] == "Both 2003"


@pytest.mark.parametrize(
    ("support", "says"),
    [
        (
            {"words": "Potted deep.", "n_nodes": 7, "lowest_mm": -90.0, "highest_mm": -50.0},
            "Potted deep. That is 7 nodes",
        ),
        (
            {"n_nodes": 7, "lowest_mm": -90.0, "highest_mm": -90.0},
            "held in all directions. That is 7 nodes at z = -90.0",
        ),
        ({"words": "Nothing is held.", "n_nodes": 0}, "Nothing is held. Both models have the same loads; each has"),
    ],
)
def test_the_support_is_told_in_its_own_words(saved, support, says):
    told = summary.read(saved)
    told["loads"]["support"] = support
    assert says in Page(report.page(saved, told)).words


def test_what_does_not_grow_with_body_mass_has_a_dash(saved):
    told = summary.read(saved)
    del told["activities"][1:]
    for model in told["activities"][0]["models"].values():
        model["body_mass_to_yield_kg"] = None
    words = Page(report.page(saved, told)).words
    assert "×–" in words and "None" not in words


def test_a_run_without_implant_tells_of_one_femur(small_run, tmp_path):
    words = Page(report.write(small_run.write(tmp_path, implant=False)).read_text(encoding="utf-8")).words
    section = words[words.index("What the person does") : words.index("Loads and support")]
    assert "operated" not in section and "intact" in section


def test_a_run_of_an_older_femsim_has_a_page_without_activities(saved):
    told = summary.read(saved)
    del told["activities"]
    words = Page(report.page(saved, told)).words
    assert "What the person does" not in words and "Somebody 2001" in words


def test_it_tells_when_the_femur_breaks_and_how_an_impact_goes(page, saved):
    told = summary.read(saved)
    section = page.words[page.words.index("When it breaks") : page.words.index("What the bone feels")]
    for one in told["failure"]["models"].values():
        assert f"{one['fracture_load_n']:.0f}" in section and one["ending"] in section
    for words in (
        "transcervical",
        "operated over intact: 0.800",
        "Impact",
        "4000 N at 20.0 ms",
        "a speed of 4.2 m/s, 1.400 times what was given",
        "0.700 at 3 m/s (4000 N, neck superior); 1.000 at 4.2 m/s (5600 N, neck superior)",
        "What just breaks was not found: never.",
        "A fall on the side at 3 m/s.",
    ):
        assert words in section
    assert "linear elastic" in page.words[page.words.index("Assumptions") :]


def test_measures_of_a_fracture_are_told_once(saved):
    told = summary.read(saved)
    told["measures"].append({**told["measures"][0], "name": "fracture_load", "value": 1234.0})
    words = Page(report.page(saved, told)).words
    assert "1 234" not in words and "1\u202f234" not in words


def test_a_run_of_linear_statics_says_nothing_of_breaking(saved):
    told = summary.read(saved)
    del told["failure"], told["impact"]
    words = Page(report.page(saved, told)).words
    assert "When it breaks" not in words and "Impact" not in words
