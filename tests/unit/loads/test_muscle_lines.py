"""Lines of action: where they pull, how hard, and what is no line."""

import numpy as np
import pytest

from femsim.errors import FemsimError, ModelError, ScenarioError
from femsim.loads.muscle_lines import pull, read_muscle_lines
from femsim.loads.recorded import Recorded
from femsim.loads.subject import Subject

SUBJECT = Subject(body_mass_kg=80)
SITES = {"greater_trochanter": np.array([60.0, 0.0, 0.0]), "iliopsoas": np.array([20.0, -15.0, -54.0])}
HEAD = "name,site,to_x_mm,to_y_mm,to_z_mm,via_x_mm,via_y_mm,via_z_mm,percent_bw,column\n"
LINES = HEAD + "medius,greater_trochanter,60,0,100,,,,100,\npsoas,iliopsoas,0,30,60,20,20,-54,,psoas_N\n"
FORCE = "time_s,Fx_lat_pBW,Fy_ant_pBW,Fz_sup_pBW,psoas_N\n0,50,0,-100,20\n0.1,100,0,-200,80\n"


@pytest.fixture
def recorded(tmp_path):
    """Lists of muscles and keys → the history."""

    def of(lines=LINES, force=FORCE, sites=SITES, recorded_mass_kg=80, **keys):
        file, muscles = tmp_path / "force.csv", tmp_path / "muscles.csv"
        file.write_text(force, encoding="utf-8")
        muscles.write_text(lines, encoding="utf-8")
        return Recorded(file, muscles_file=muscles, recorded_mass_kg=recorded_mass_kg, **keys).history(SUBJECT, sites)

    return of


def force_of(history, channel):
    return history.forces[:, history.channels.index(channel)]


def test_a_muscle_pulls_along_the_straight_line():
    assert pull([0, 0, 0], [0, 3, 4]) == pytest.approx((0, 0.6, 0.8))


def test_a_muscle_with_a_via_point_leaves_towards_it():
    assert pull([0, 0, 0], [0, 3, 4], [5, 0, 0]) == pytest.approx((1, 0, 0))


@pytest.mark.parametrize("towards", [(1.0, 2.0, 3.0), (1.0, 2.0, 3.9), (float("nan"), 0.0, 0.0)])
def test_a_line_without_length_is_refused_by_name(towards):
    with pytest.raises(ModelError, match=r"psoas is .* mm long"):
        pull([1.0, 2.0, 3.0], towards, name="psoas")


def test_percent_body_weight_is_the_force_at_the_peak_and_follows_the_hip(recorded):
    expected = np.array([[0, 0, 0.5], [0, 0, 1.0]]) * SUBJECT.body_weight
    assert force_of(recorded(), "medius") == pytest.approx(expected)


def test_a_column_gives_a_muscle_its_own_course(recorded):
    assert force_of(recorded(recorded_mass_kg=40), "psoas") == pytest.approx(
        np.array([[0, 40, 0], [0, 160, 0]])  # the subject weighs twice as much
    )


def test_channels_act_at_their_sites(recorded):
    assert recorded().sites == ("head", "greater_trochanter", "iliopsoas")


def test_scale_multiplies_both_kinds(recorded):
    assert recorded(scale=1.5).forces == pytest.approx(1.5 * recorded().forces)


def test_places_are_told_in_their_own_frame(recorded):
    isb = HEAD + "medius,greater_trochanter,0,100,60,,,,100,\n"
    assert force_of(recorded(isb, muscles_frame="isb"), "medius") == pytest.approx(force_of(recorded(), "medius"))


def test_places_grow_with_the_femur_when_that_of_the_file_is_known(recorded):
    small = HEAD + "medius,greater_trochanter,30,40,0,,,,100,\n"
    force = force_of(recorded(small, muscles_trochanter_mm=30.0), "medius")
    assert force[1] / np.linalg.norm(force[1]) == pytest.approx((0, 1, 0))


def test_growing_places_need_the_trochanter(recorded):
    with pytest.raises(ModelError, match="greater_trochanter"):
        psoas = HEAD + LINES.splitlines()[2] + "\n"
        recorded(psoas, sites={"iliopsoas": SITES["iliopsoas"]}, muscles_trochanter_mm=60.0)


ROW = "medius,greater_trochanter,60,0,100,,,,100,\n"
WRONG = {
    "unknown site": (HEAD + ROW.replace("greater_trochanter", "greater_trochantre"), ["'medius'", "Did you mean"]),
    "the head": (HEAD + ROW.replace("greater_trochanter", "head"), ["'medius'", "muscles.csv:2"]),
    "no force": (HEAD + ROW.replace(",100,\n", ",,\n"), ["neither percent_bw nor column", "muscles.csv:2"]),
    "two forces": (HEAD + ROW.replace(",100,\n", ",100,psoas_N\n"), ["both percent_bw and column"]),
    "a pushing muscle": (HEAD + ROW.replace(",100,\n", ",-5,\n"), ["-5 % body weight", "'percent_bw'"]),
    "half a via point": (HEAD + ROW.replace(",,,,100", ",1,,,100"), ["'via_y_mm'", "muscles.csv:2"]),
    "no such column of the force": (HEAD + ROW.replace(",100,\n", ",,psoas_kN\n"), ["'psoas_kN'", "mean 'psoas_N'"]),
    "the same name twice": (HEAD + ROW + ROW, ["'medius' is taken", "muscles.csv:3"]),
    "named as the joint": (HEAD + ROW.replace("medius", "hip"), ["'hip' is taken"]),
    "an attachment by coordinates": (HEAD.replace("site", "x_mm") + ROW, ["'x_mm'", "named sites"]),
    "a missing column": (HEAD.replace("to_z_mm", "via_z_mm") + ROW, ["to_z_mm"]),
    "towards its own site": (HEAD + ROW.replace("60,0,100", "60,0,0.5"), ["medius is 0.5 mm long"]),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_with_a_list_of_muscles_is_named(recorded, case):
    lines, words = WRONG[case]
    with pytest.raises(FemsimError) as raised:
        recorded(lines)
    for word in words:
        assert word in str(raised.value)


IN_NEWTON = FORCE.replace("pBW", "N").replace("-100", "-1000").replace("-200", "-2000")


@pytest.mark.parametrize("force", [FORCE, IN_NEWTON], ids=["muscle in N, hip in %BW", "muscle in %BW, hip in N"])
def test_newtons_beside_body_weights_need_the_weight_of_the_recorded(recorded, force):
    with pytest.raises(ScenarioError, match="recorded_mass_kg"):
        recorded(force=force, recorded_mass_kg=None)


def test_a_column_that_pushes_is_refused_with_its_line(recorded):
    with pytest.raises(ScenarioError, match=r"(?s)'psoas' pushes: -80.*force\.csv:3"):
        recorded(force=FORCE.replace(",80", ",-80"))


def test_two_sources_of_muscle_forces_are_refused(recorded):
    with pytest.raises(ScenarioError, match="both give muscle forces"):
        recorded(muscles="proportional")


def test_a_list_is_read_as_it_is_written(tmp_path):
    path = tmp_path / "muscles.csv"
    path.write_text(LINES, encoding="utf-8")
    medius, psoas = read_muscle_lines(path)
    assert (medius.via, medius.percent_bw, medius.column) == (None, 100.0, "")
    assert (psoas.via, psoas.percent_bw, psoas.column) == ((20.0, 20.0, -54.0), None, "psoas_N")
