"""`femsim plan`: what it tells and draws, on which stream, with which exit code."""

import numpy as np
import pytest
from PIL import Image

NEEDED = {
    "implant", "size_from", "side", "head_diameter_mm", "stem_shaft_angle_deg", "neck_shaft_angle_deg",
    "leg_length_change_mm", "bone_removed_cm3", "bed_uncovered_percent", "solids", "picture", "warnings", "notes",
}  # fmt: skip
CANNOT_DRAW = "from femsim.view import probe\nprobe.rendering = lambda: (False, 'apt-get install this.')"


def test_plan_tells_one_object_and_draws(shell, walking):
    code, record = shell.call_json("plan", walking, "--set", "implant.varus_valgus_deg=-10")
    assert code == 0 and record["status"] == "complete" and set(record) >= NEEDED
    assert record["stem_shaft_angle_deg"] == pytest.approx(record["neck_shaft_angle_deg"] - 10)
    assert record["solids"]["cement"]["material"] == "pmma" and record["solids"]["cap"]["mass_g"] > 50
    page = np.asarray(Image.open(shell.folder / record["picture"]))
    assert record["picture"] == "walking-plan.png" and page.std() > 10


def test_a_picture_that_is_there_is_not_overwritten_unasked(shell, walking):
    (shell.folder / "walking-plan.png").write_text("mine")
    done = shell.call("plan", walking)
    assert done.returncode == 2 and "is there already" in done.stderr and "--force" in done.stderr
    assert (shell.folder / "walking-plan.png").read_text() == "mine"
    done = shell.call("plan", walking, "--force", "--set", "implant.kind=intact")
    assert done.returncode == 0 and (shell.folder / "walking-plan.png").stat().st_size > 20_000
    assert "nothing put in" in done.stdout


def test_warnings_are_said_beside_the_table(shell, walking):
    done = shell.call("plan", walking, "--set", "implant.notch_mm=3", "--out", "notched.png")
    assert done.returncode == 0 and "warning: A notch 3" in done.stderr
    for words in ("stem–shaft angle", "bone removed", "leg length change", "least bone beside the stem", "notched.png"):
        assert words in done.stdout


def test_what_cannot_be_built_ends_with_3_and_the_numbers(shell, walking):
    done = shell.call("plan", walking, "--set", "implant.kind=stemmed")
    assert done.returncode == 3 and "too long for this bone" in done.stderr and "mm" in done.stderr
    assert not (shell.folder / "walking-plan.png").exists()


def test_where_nothing_can_be_drawn_the_numbers_come_anyway(shell, walking):
    done = shell.python(CANNOT_DRAW, "plan", walking)
    assert done.returncode == 0 and "stem–shaft angle" in done.stdout
    assert "No picture" in done.stderr and "apt-get install this." in done.stderr


@pytest.mark.parametrize("name", ["nowhere/plan.png", "."])
def test_a_place_that_cannot_be_written_is_said_before_the_work(shell, walking, name):
    done = shell.call("plan", walking, "--picture", name)
    assert done.returncode == 2 and "Traceback" not in done.stderr
