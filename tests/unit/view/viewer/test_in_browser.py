"""The viewer in a real browser: what it shows, reads and refuses, held against what was saved."""

import contextlib
import io
import json
import os
import re
import subprocess
import sys
import urllib.error
import urllib.request

import numpy as np
import pytest
from PIL import Image

from femsim.view.field_scale import field_scale
from femsim.view.scene import load

pytestmark = pytest.mark.slow
PATIENCE_MS = 60_000


class Served:
    """`femsim view` as a user starts it."""

    def __init__(self, root, *arguments):
        self.process = subprocess.Popen(
            [sys.executable, "-m", "femsim", "view", *map(str, arguments), "--no-browser", "--json"],
            cwd=root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env={**os.environ, "PYTHONPATH": str(root)},
        )  # fmt: skip
        said = ""
        while not said.rstrip().endswith("}"):
            line = self.process.stdout.readline()
            assert line, self.process.stderr.read()
            said += line
        self.told = json.loads(said)
        self.address = self.told["address"]
        self.home = self.address.partition("?")[0]

    def close(self):
        self.process.terminate()
        self.process.wait(timeout=30)
        self.process.stdout.close()
        self.process.stderr.close()


@pytest.fixture(scope="module")
def served(saved, root):
    with contextlib.closing(Served(root, saved)) as one:
        yield one


@pytest.fixture
def page(served, browser):
    with contextlib.closing(Page(browser, served.address)) as one:
        yield one
        one.back()


class Page:
    """A page of the viewer, what it asked for and the errors of its programs."""

    def __init__(self, browser, address):
        self.sheet, self.asked, self.errors = browser.new_page(viewport={"width": 1300, "height": 820}), [], []
        self.sheet.on("request", lambda request: self.asked.append(request.url))
        self.sheet.on("pageerror", lambda error: self.errors.append(str(error)))
        self.sheet.goto(address)
        self.sheet.wait_for_selector("#stage img", timeout=PATIENCE_MS, state="attached")
        self.settled()

    def settled(self):
        """Until the picture stays the same."""
        before = None
        for _ in range(60):
            now = self.sheet.screenshot()
            if now == before:
                return
            before = now
            self.sheet.wait_for_timeout(150)

    def slide(self, name, value):
        self.sheet.evaluate(
            """([name, value]) => { const it = document.getElementById(name); it.value = value;
            it.dispatchEvent(new Event("input", { bubbles: true })); }""",
            [name, value],
        )
        self.settled()

    def choose(self, name, words):
        self.sheet.locator(f".v-select:has(#{name})").click()
        option = self.sheet.get_by_role("option", name=words, exact=True)
        option.wait_for()
        self.sheet.wait_for_timeout(300)
        option.click()
        self.sheet.keyboard.press("Escape")
        self.settled()

    def picture(self):
        """(h, w, 3) of the femora."""
        box = self.box()
        clip = {"x": box["x"], "y": box["y"], "width": box["width"], "height": box["height"]}
        return np.asarray(Image.open(io.BytesIO(self.sheet.screenshot(clip=clip))).convert("RGB")).astype(int)

    def box(self):
        return self.sheet.locator("#stage").bounding_box()

    def click(self, across, down):
        box = self.box()
        before = self.sheet.inner_text("#reading")
        self.sheet.mouse.click(box["x"] + across * box["width"], box["y"] + down * box["height"])
        for _ in range(40):
            self.sheet.wait_for_timeout(50)
            if self.sheet.inner_text("#reading") != before:
                break
        return self.reading()

    def reading(self):
        """Words → number."""
        rows = self.sheet.locator("#reading table").first.locator("tr").all_inner_texts()
        return {row.split("\t")[0]: row.split("\t")[1] for row in rows}

    def legend(self):
        """[(colour, tick)] from above."""
        return self.sheet.evaluate(
            """Array.from(document.querySelectorAll("#legends .legend:first-child .row")).map(row =>
            [getComputedStyle(row.querySelector(".swatch")).backgroundColor, row.querySelector(".tick").textContent])"""
        )

    def back(self):
        """As it was."""
        self.choose("plane", "no cut")
        self.slide("step", 1)
        self.choose("field", "risk factor [-]")

    def close(self):
        assert not self.errors
        self.sheet.close()


def rgb(words):
    return np.array([int(part) for part in re.findall(r"\d+", words)[:3]])


def element_read(page):
    return int(re.search(r"element (\d+)", page.sheet.inner_text("#reading")).group(1))


def hit(page, panel=0, n=2):
    """Places on the cut femur of a panel, as shares of the picture, whose surroundings have one colour."""
    picture = page.picture()
    tall, wide, _ = picture.shape
    found = []
    for down in np.linspace(0.2, 0.9, 36):
        for across in np.linspace(panel / n + 0.05, (panel + 1) / n - 0.05, 40):
            y, x = int(down * tall), int(across * wide)
            around = picture[y - 4 : y + 5, x - 4 : x + 5].reshape(-1, 3)
            if np.ptp(around, axis=0).max() <= 6 and around.mean() < 245:
                found.append((across, down, around.mean(axis=0)))
    return found


def test_it_opens_with_the_legend_of_the_saved_field_and_asks_nobody_else(page, saved):
    scene = load(saved)
    meant = field_scale("risk_factor", "-", []).scale
    legend = page.legend()
    ticks = [tick for _, tick in legend]
    assert ticks == [f"{bound:g}" for bound in meant.bounds[::-1]]
    colours = [meant.above, *meant.colours[::-1]]
    assert [list(rgb(colour)) for colour, _ in page.legend()] == [list(np.round(255 * np.array(c))) for c in colours]
    assert page.sheet.inner_text("#titles").split() == ["Operated", "Intact"]
    assert scene.told["name"] in page.sheet.title()
    outside = [
        url for url in page.asked if not url.startswith(("http://127.0.0.1:", "blob:http://127.0.0.1:", "data:"))
    ]
    assert outside == []
    assert "secret" not in page.sheet.url
    assert "not a medical device" in page.sheet.inner_text("#femsim")


@pytest.mark.parametrize("field, unit", [("risk_factor", "-"), ("density", "g/cm3")])
def test_a_cut_has_the_colours_of_its_legend_at_the_values_that_are_read(field, unit, page, saved):
    page.choose("field", f"{field.replace('_', ' ')} [{unit}]")
    page.choose("plane", "frontal")
    body, legend = load(saved).operated, page.legend()
    bounds = sorted({float(tick) for _, tick in legend if tick})
    seen = 0
    for across, down, colour in hit(page)[::9][:14]:
        told = page.click(across, down)
        if told.get(field.replace("_", " "), "–") == "–":
            continue
        row = element_read(page)
        saved_value = float(body.fields[field][row])
        assert told[field.replace("_", " ")] == f"{saved_value:.4g}"
        # Rows from above: beyond the last bound, then each step with its lower bound.
        step = int(np.searchsorted(bounds, saved_value, side="right")) - 1
        meant = rgb(legend[len(bounds) - 1 - step][0])
        if np.abs(colour - meant).max() <= 10:
            seen += 1
    assert seen >= 4


def test_scrubbing_shows_the_saved_values_of_that_step(page, saved):
    page.choose("plane", "frontal")
    place = next((a, d) for a, d, _ in hit(page) if page.click(a, d).get("risk factor", "–") != "–")
    for step in (0, 3):
        page.slide("step", step)
        told = page.click(*place)
        row = element_read(page)
        assert told["risk factor"] == f"{load(saved, step).operated.fields['risk_factor'][row]:.4g}"
    assert "80 % gait cycle" in page.sheet.inner_text("#instant")


def test_the_second_panel_reads_the_intact_femur(page, saved):
    page.choose("plane", "frontal")
    place = next((a, d) for a, d, _ in hit(page, 1) if page.click(a, d).get("risk factor", "–") != "–")
    told = page.click(*place)
    assert "intact" in page.sheet.inner_text("#reading")
    assert told["risk factor"] == f"{load(saved).intact.fields['risk_factor'][element_read(page)]:.4g}"


def test_dragging_turns_both_femora_and_a_view_brings_them_back(page):
    page.sheet.get_by_role("button", name="frontal").click()
    page.settled()
    before, box = page.picture(), page.box()
    x, y = box["x"] + 0.25 * box["width"], box["y"] + 0.5 * box["height"]
    page.sheet.mouse.move(x, y)
    page.sheet.mouse.down()
    for k in range(12):
        page.sheet.mouse.move(x + 8 * k, y + 2 * k)
    page.sheet.mouse.up()
    page.settled()
    turned, half = page.picture(), before.shape[1] // 2
    for side in (slice(0, half), slice(half, None)):
        assert (np.abs(turned[:, side] - before[:, side]).max(axis=2) > 40).mean() > 0.01
    page.sheet.get_by_role("button", name="frontal").click()
    page.settled()
    assert (np.abs(page.picture() - before).max(axis=2) > 40).mean() < 0.005


def test_moving_the_plane_moves_the_cut(page):
    page.choose("plane", "frontal")
    before = page.picture()
    page.slide("offset", -4)
    assert (np.abs(page.picture() - before).max(axis=2) > 30).mean() > 0.002
    page.slide("offset", 0)


def test_limits_that_are_typed_are_those_of_the_legend(page):
    page.sheet.fill("#low", "0.1")
    page.sheet.fill("#high", "0.7")
    page.settled()
    ticks = [float(tick) for _, tick in page.legend() if tick]
    assert (max(ticks), min(ticks)) == (0.7, 0.1)
    page.sheet.fill("#low", "")
    page.sheet.fill("#high", "")
    page.settled()


def test_a_click_on_a_zone_outlines_it(page):
    before = page.picture()
    page.sheet.locator("#zone_table tbody tr").first.click()
    page.settled()
    pink = np.abs(page.picture() - np.round(255 * np.array([0.85, 0.0, 0.55]))).max(axis=2) < 40
    was = np.abs(before - np.round(255 * np.array([0.85, 0.0, 0.55]))).max(axis=2) < 40
    assert pink.sum() > was.sum() + 20
    page.sheet.locator("#zone_table tbody tr").first.click()
    page.settled()


def test_a_link_and_a_view_file_bring_the_view_back(page, served, browser, root, saved, tmp_path):
    page.choose("plane", "sagittal")
    page.slide("step", 3)
    page.slide("offset", 2)
    page.sheet.click("#save_link")
    word = page.sheet.inner_text("#link").rpartition("#view=")[2].strip()
    with page.sheet.expect_download() as download:
        page.sheet.click("#save_view_file")
    download.value.save_as(tmp_path / "view.json")
    wanted = json.loads((tmp_path / "view.json").read_text())
    assert (wanted["plane"], wanted["step"], wanted["offset"]) == ("sagittal", 3, 2.0)
    before = page.picture()
    for given in (tmp_path / "view.json", word):
        with contextlib.closing(Served(root, saved, "--view", given)) as other:
            with contextlib.closing(Page(browser, other.address)) as again:
                assert "80 % gait cycle" in again.sheet.inner_text("#instant")
                assert again.sheet.input_value("#offset") == "2"
                assert (np.abs(again.picture() - before).max(axis=2) > 40).mean() < 0.01
    page.slide("step", 1)
    page.slide("offset", 0)
    with contextlib.closing(Page(browser, f"{served.address}#view={word}")) as again:
        assert "80 % gait cycle" in again.sheet.inner_text("#instant")


def test_a_picture_for_print_is_saved(page, tmp_path):
    with page.sheet.expect_download() as download:
        page.sheet.click("#save_picture")
    download.value.save_as(tmp_path / "view.png")
    with Image.open(tmp_path / "view.png") as image:
        assert image.width > 1000 and "largest hip force" in image.info["Description"]


def test_playing_goes_on_by_itself_until_it_is_paused(page):
    seen = set()
    page.sheet.click("#play")
    for _ in range(30):
        seen.add(page.sheet.inner_text("#instant"))
        page.sheet.wait_for_timeout(80)
    page.sheet.click("#play")
    page.sheet.wait_for_timeout(500)
    still = page.sheet.inner_text("#instant")
    page.sheet.wait_for_timeout(600)
    assert len(seen) >= 3 and page.sheet.inner_text("#instant") == still


def test_a_line_across_the_neck_and_the_shares_of_its_parts_are_told(page):
    page.sheet.click("#neck_section")
    page.settled()
    assert "across the neck" in page.sheet.inner_text("#profile")
    assert page.sheet.evaluate("document.querySelector('#profile path').getAttribute('d').length") > 20


def test_closed_and_opened_again_it_goes_on_and_two_can_look(served, browser):
    for _ in range(2):
        with contextlib.closing(Page(browser, served.address)) as one:
            assert one.legend()
    with (
        contextlib.closing(Page(browser, served.address)) as one,
        contextlib.closing(Page(browser, served.address)) as other,
    ):
        one.slide("step", 2)
        other.settled()
        assert one.sheet.inner_text("#instant") == other.sheet.inner_text("#instant")
        one.slide("step", 1)


@pytest.mark.parametrize("secret", ["", "?secret=wrong", "?secret=wslink-secret", "?secret="])
def test_without_the_secret_nothing_is_shown(secret, served, browser):
    sheet = browser.new_page()
    sheet.goto(served.home + secret)
    sheet.wait_for_timeout(2500)
    assert sheet.locator("#stage img").count() == 0 and "small" not in sheet.content()
    sheet.close()


def asked(url, **headers):
    request = urllib.request.Request(url, headers=headers)
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=20) as answer:
            return answer.status, dict(answer.headers)
    except urllib.error.HTTPError as error:
        return error.code, dict(error.headers)


def test_pages_of_elsewhere_and_other_names_of_this_machine_are_refused(served):
    assert asked(served.home)[0] == 200
    assert asked(served.home, Host="evil.example")[0] == 403
    assert asked(served.home, Origin="http://evil.example")[0] == 403
    socket = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13"}
    socket["Sec-WebSocket-Key"] = "dGhlIHNhbXBsZSBub25jZQ=="
    assert asked(served.home.replace("index.html", "ws"), **socket)[0] == 403
    assert asked(served.home.replace("index.html", "ws"), Origin="http://evil.example", **socket)[0] == 403
    request = urllib.request.Request(served.home, data=b"x", method="POST")
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=20)


def test_every_answer_forbids_others(served):
    _, headers = asked(served.home)
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["Referrer-Policy"] == "no-referrer" and headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("path", ["../pyproject.toml", "..%2f..%2fetc/passwd", "result.vtkhdf", "summary.json"])
def test_files_of_the_machine_are_not_served(path, served):
    assert asked(served.home.replace("index.html", path))[0] in (403, 404)


def test_a_result_that_is_cut_off_opens_and_says_what_is_missing(small_run, tmp_path, root, browser):
    folder = small_run.write(tmp_path)
    with open(folder / "result.vtkhdf", "r+b") as file:
        file.truncate(int(0.7 * (folder / "result.vtkhdf").stat().st_size))
    with contextlib.closing(Served(root, folder)) as other:
        assert any("cut off" in line for line in other.told["missing"])
        with contextlib.closing(Page(browser, other.address)) as one:
            assert "cut off" in one.sheet.inner_text("#notes")


def test_several_runs_share_one_scale(saved, root, browser):
    with contextlib.closing(Served(root, saved, saved)) as other:
        with contextlib.closing(Page(browser, other.address)) as one:
            titles = one.sheet.locator("#titles span").all_inner_texts()
            assert [title.partition(",")[0] for title in titles] == ["small 1: operated", "small 2: operated"]
            assert one.sheet.locator("#legends .legend").count() == 1


def test_how_a_femur_broke_is_shown_over_its_own_states(served, page):
    page.choose("course", "failure")
    assert page.sheet.inner_text("#instant").startswith("state")
    assert page.sheet.input_value("#step") == "4"
    page.choose("course", "activity")
    assert "gait cycle" in page.sheet.inner_text("#instant")
