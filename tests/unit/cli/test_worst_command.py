"""`femsim worst`: what it tells and draws, on which stream, with which exit code."""

import numpy as np
import pytest
from PIL import Image

COARSE = ("--set", "mesh.size_mm=9", "--set", "mesh.order=1")
NEEDED = {
    "force", "risk_factor", "risk_factor_bound", "place", "nominal_risk_factor", "ratio_to_nominal", "load_to_yield",
}  # fmt: skip


@pytest.fixture(autouse=True, scope="module")
def solved_once(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FEMSIM_SOLVED_CACHE", str(tmp_path_factory.mktemp("solved")))
        yield


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--within", "spred"), "Did you mean 'spread'"),
        (("--percent-bw", "0"), "percent_bw = 0 is outside"),
        (("--percent-bw", "-240", "--within", "sphere"), "percent_bw = -240 is outside"),
        (("--half-angle-deg", "0"), "half_angle_deg = 0 is outside"),
        (("--half-angle-deg", "91"), "half_angle_deg = 91 is outside"),
        (("--within", "spread", "--percent-bw", "240"), "does not belong to the set 'spread'"),
        (("--where", "neck_superio"), "Did you mean 'neck_superior'"),
        (("--tolerance-percent", "0"), "outside 0.001"),
        (("--picture", "nowhere/worst.png"), "no folder"),
    ],
)
def test_what_cannot_be_asked_ends_with_2_before_anything_is_made(shell, walking, arguments, words):
    done = shell.call("worst", walking, *arguments, timeout=60)
    assert done.returncode == 2 and words in done.stderr and not done.stdout
    assert "Traceback" not in done.stderr


@pytest.mark.slow  # a mesh, and 22 loads on it: about 20 s
class TestOnACoarseMesh:
    @pytest.mark.long
    def test_one_object_has_both_femora_and_a_picture_is_drawn(self, shell, walking):
        arguments = ("--half-angle-deg", "15", "--picture", "worst.png", *COARSE)
        code, record = shell.call_json("worst", walking, *arguments, timeout=300)
        assert code == 0 and record["status"] == "complete"
        assert record["within"] == {"kind": "cone", "half_angle_deg": 15.0} and record["muscles"]
        for model in ("operated", "intact"):
            told = record["models"][model]
            assert set(told) >= NEEDED
            assert told["nominal_risk_factor"] < told["risk_factor"] <= told["risk_factor_bound"]
            assert told["risk_factor_bound"] <= 1.001 * told["risk_factor"]
            assert told["load_to_yield"] == pytest.approx(1 / told["risk_factor"])
            force, peak = (np.array(of["components_n"]) for of in (told["force"], record["nominal"]))
            cosine = force @ peak / np.linalg.norm(force) / np.linalg.norm(peak)
            assert np.degrees(np.arccos(cosine)) <= 15.0 + 1e-6
        page = np.asarray(Image.open(shell.folder / "worst.png"))
        assert page.std() > 10

    def test_the_table_tells_the_place_and_the_bound(self, shell, walking):
        done = shell.call("worst", walking, "--half-angle-deg", "15", "--where", "head_neck", *COARSE, timeout=300)
        assert done.returncode == 0
        for words in (
            "operated",
            "intact",
            "upper bound",
            "strikes in",
            "neck",
            "load to yield",
            "not a medical device",
        ):
            assert words in done.stdout

    def test_without_muscles_no_muscle_is_told_of_and_nothing_is_left_without_hip_force(self, shell, walking):
        arguments = ("worst", walking, "--half-angle-deg", "15", "--no-muscles", *COARSE)
        code, record = shell.call_json(*arguments, timeout=300)
        assert code == 0 and record["muscles"] == []
        assert record["models"]["operated"]["risk_factor_without_hip_force"] == 0

    def test_a_cone_beyond_the_bearing_ends_with_3_and_says_where(self, shell, walking):
        done = shell.call("worst", walking, "--half-angle-deg", "80", *COARSE, timeout=300)
        assert done.returncode == 3 and "leaves the bearing surface" in done.stderr
        assert "force towards lateral" in done.stderr and "--within sphere" in done.stderr

    @pytest.mark.long
    def test_a_sphere_counts_what_it_leaves_out(self, shell, walking):
        arguments = ("worst", walking, "--within", "sphere", "--no-muscles", "--where", "head_neck", *COARSE)
        code, record = shell.call_json(*arguments, timeout=300)
        assert code == 0 and record["directions_solved"] + record["directions_left_out"] == 162
        assert record["directions_left_out"] > 50
