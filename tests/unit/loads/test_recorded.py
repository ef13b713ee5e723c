"""Recorded loads: every format by its content, every key by what it does to the forces."""

import numpy as np
import pytest

from femsim.loads.recorded import Recorded
from femsim.loads.subject import Subject
from femsim.units import body_weight

SUBJECT = Subject(body_mass_kg=80)
SERIES = (
    "time_s,Fx_N,Fy_N,Fz_N\n0,100,-20,-700\n0.1,300,-50,-1500\n0.2,400,-90,-2000\n0.3,200,-50,-1200\n0.4,90,-20,-650\n"
)
PEAKS = (
    "subject,activity,weight_N,Fx_pBW,Fy_pBW,Fz_pBW,Fres_pBW\n"
    "A1,LW,760.0,70,-30,-220,233\nA1,SU,760.0,80,-20,-190,207\nB2,LW,800.0,60,-20,-230,239\n"
)
HIP = "hip_r_on_femur_r_in_femur_r"
STORAGE = (
    "JointReaction_ReactionLoads\nversion=1\nnRows=3\nnColumns=7\ninDegrees=no\nendheader\n"
    + "\t".join(["time", *(f"{p}_f{a}" for p in (HIP, "knee_r_on_tibia_r_in_tibia_r") for a in "xyz")])
    + "\n0.0\t-100\t-1000\t200\t0\t0\t0\n0.1\t-150\t-1500\t300\t0\t0\t0\n0.2\t-100\t-1100\t250\t0\t0\t0\n"
)
PEAK = (400.0, -90.0, -2000.0)


@pytest.fixture
def recorded(tmp_path):
    """Text and keys → the activity."""

    def of(text, name="recording.csv", **keys):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
        return Recorded(path, **keys)

    return of


def peak_of(activity, subject=SUBJECT):
    history = activity.history(subject)
    return history.hip[history.peak]


OTHER_WRITINGS = {
    "semicolons and decimal commas": SERIES.replace(",", ";").replace(".", ","),
    "tabs": SERIES.replace(",", "\t"),
    "tabs and decimal commas": SERIES.replace(",", "\t").replace(".", ","),
    "spaces": SERIES.replace(",", "   "),
    "a separator at the end of each line": SERIES.replace("\n", ",\n"),
    "names in quotes": SERIES.replace("Fx_N,Fy_N", '"Fx [N]","Fy [N]"').replace("Fz_N", '"Fz [N]"'),
    "lines of header": "Trial 7\nleg; right\nweight; 760\n\n" + SERIES,
    "units in a line of their own": SERIES.replace("time_s,Fx_N,Fy_N,Fz_N", "Time,Fx,Fy,Fz\n[s],[N],[N],[N]"),
    "units in brackets after a space": SERIES.replace("_N", " [N]").replace("time_s", "Time [s]").replace(",", "  "),
    "Windows": "\ufeff" + SERIES.replace("\n", "\r\n"),
    "names behind a hash": "# " + SERIES,
    "comments between the lines": SERIES.replace("0.2,", "# top\n0.2,"),
}


@pytest.mark.parametrize("writing", OTHER_WRITINGS)
def test_however_a_table_is_written_its_peak_is_the_same(recorded, writing):
    assert peak_of(recorded(OTHER_WRITINGS[writing], frame="bergmann")) == pytest.approx(PEAK, rel=1e-12)


def test_a_text_in_utf_16_is_read(recorded):
    assert peak_of(recorded(SERIES.encode("utf-16"), frame="bergmann")) == pytest.approx(PEAK, rel=1e-12)


@pytest.mark.parametrize(
    ("unit", "factor"),
    [("N", 1.0), ("kN", 1000.0), ("BW", SUBJECT.body_weight), ("%BW", SUBJECT.body_weight / 100)],
)
def test_a_unit_in_the_names_or_in_the_scenario_is_the_same(recorded, unit, factor):
    rows = "".join(f"{t},{2000 * x / factor},0,{-2000 / factor}\n" for t, x in ((0, 0.1), (1, 0.2)))
    named = recorded(f"time,Fx [{unit}],Fy [{unit}],Fz [{unit}]\n{rows}", frame="bergmann")
    stated = recorded(f"time,Fx,Fy,Fz\n{rows}", frame="bergmann", unit=unit)
    assert peak_of(named) == pytest.approx((400.0, 0.0, -2000.0), rel=1e-12)
    assert (peak_of(named) == peak_of(stated)).all()


def test_newtons_are_absolute_without_the_mass_of_the_recorded(recorded):
    history = recorded(SERIES, frame="bergmann").history(Subject(body_mass_kg=160))
    assert history.hip[history.peak] == pytest.approx(PEAK)
    assert history.mass_exponent == 0.0
    assert any("whatever the subject's body mass" in sentence for sentence in history.sources)


def test_newtons_grow_with_mass_once_that_of_the_recorded_is_known(recorded):
    history = recorded(SERIES, frame="bergmann", recorded_mass_kg=40).history(SUBJECT)
    assert history.hip[history.peak] == pytest.approx(2 * np.array(PEAK))
    assert history.mass_exponent == 1.0


NAMED_AXES = {
    "isb": ("Fx_ant_N,Fy_prox_N,Fz_right_N", (-90, -2000, 400)),
    "bergmann": ("Fx_lat_N,Fy_ant_N,Fz_sup_N", PEAK),
    "hip98": ("Fx_med_N,Fy_ant_N,Fz_prox_N", (-400, -90, -2000)),
}


@pytest.mark.parametrize("frame", NAMED_AXES)
def test_names_of_columns_that_say_axes_need_no_frame(recorded, frame):
    names, values = NAMED_AXES[frame]
    text = f"time_s,{names}\n0,{','.join(map(str, values))}\n"
    assert peak_of(recorded(text)) == pytest.approx(PEAK)


def test_the_word_orthoload_above_the_names_says_the_frame(recorded):
    assert peak_of(recorded("OrthoLoad, trial 7\n" + SERIES)) == pytest.approx(PEAK)


def test_a_force_on_the_pelvis_is_the_opposite_of_that_on_the_femur(recorded):
    opposite = "time,Fx_N,Fy_N,Fz_N\n0,-400,90,2000\n"
    assert peak_of(recorded(opposite, frame="bergmann", acts_on="pelvis")) == pytest.approx(PEAK)


def test_a_left_leg_is_mirrored(recorded):
    left = "time_s,Fx_ant_N,Fy_prox_N,Fz_right_N\n0,-90,-2000,-400\n"
    assert peak_of(recorded(left, side="left")) == pytest.approx(PEAK)


def test_a_force_told_in_the_femurs_frame_stays_in_it(recorded):
    history = recorded(SERIES, frame="femur").history(SUBJECT)
    assert history.frame == "femur"
    assert history.hip[history.peak] == pytest.approx(PEAK)


def test_the_hip_reaction_of_opensim_is_found(recorded):
    history = recorded(STORAGE, "reactions.sto").history(SUBJECT)
    assert history.hip[history.peak] == pytest.approx((300.0, -150.0, -1500.0))
    assert history.instants == pytest.approx((0.0, 0.1, 0.2))


def test_opensim_names_the_leg(recorded):
    left = STORAGE.replace("_r", "_l").replace("200", "-200").replace("300", "-300").replace("250", "-250")
    assert peak_of(recorded(left, "reactions.sto")) == pytest.approx((300.0, -150.0, -1500.0))


def test_opensim_names_the_body(recorded):
    on_pelvis = STORAGE.replace("hip_r_on_femur_r", "hip_r_on_pelvis").replace("\t-1", "\t1").replace("\t200", "\t-200")
    on_pelvis = on_pelvis.replace("\t300", "\t-300").replace("\t250", "\t-250")
    assert peak_of(recorded(on_pelvis, "reactions.sto")) == pytest.approx((300.0, -150.0, -1500.0))


@pytest.mark.parametrize("asked", [HIP, HIP + "_f", HIP + "_fx"])
def test_one_of_two_hips_is_chosen_by_what_precedes_fx(recorded, asked):
    both = STORAGE.replace("knee_r_on_tibia_r_in_tibia_r", "hip_l_on_femur_l_in_femur_l")
    assert peak_of(recorded(both, "reactions.sto", columns=(asked,))) == pytest.approx((300.0, -150.0, -1500.0))


def test_columns_of_other_names_are_named(recorded):
    text = SERIES.replace("time_s", "clock").replace("Fx_N,Fy_N,Fz_N", "side,front,up")
    activity = recorded(text, columns=("clock", "side", "front", "up"), frame="bergmann", unit="N")
    assert peak_of(activity) == pytest.approx(PEAK)


def test_a_row_of_a_table_of_peaks_is_one_instant(recorded):
    history = recorded(PEAKS, frame="bergmann", rows="subject=B2, activity=LW").history(SUBJECT)
    assert history.hip == pytest.approx(np.array([[60.0, -20.0, -230.0]]) * SUBJECT.body_weight / 100)
    assert history.weights == pytest.approx([1.0])


def test_a_window_takes_its_ends(recorded):
    history = recorded(SERIES, frame="bergmann", begin=0.1, end=0.3).history(SUBJECT)
    assert history.instants == pytest.approx((0.1, 0.2, 0.3))
    assert history.duration_s == pytest.approx(0.2)


def test_a_cycle_leaves_out_its_end_and_counts_in_percent(recorded):
    history = recorded(SERIES, frame="bergmann", cyclic=True).history(SUBJECT)
    assert history.instants == pytest.approx((0.0, 25.0, 50.0, 75.0))
    assert history.duration_s == pytest.approx(0.4)
    assert history.weights.sum() == pytest.approx(1.0)


LONG = "time_s,Fx_N,Fy_N,Fz_N\n" + "".join(
    f"{t:.3f},300,-50,{-1000 - 900 * np.sin(np.pi * t) ** 2:.4f}\n" for t in np.arange(0, 1.0005, 0.001)
)


@pytest.mark.parametrize("cyclic", [True, False])
@pytest.mark.parametrize("frames", [1, 2, 3, 20, 137])
def test_fewer_instants_keep_the_peak(recorded, frames, cyclic):
    history = recorded(LONG, frame="bergmann", frames=frames, cyclic=cyclic).history(SUBJECT)
    assert len(history.instants) == frames
    assert (np.diff(history.instants) > 0).all()
    assert history.hip[history.peak] == pytest.approx((300.0, -50.0, -1900.0), rel=1e-9)


def test_milliseconds_become_seconds(recorded):
    text = SERIES.replace("time_s", "time_ms").replace("\n0.", "\n").replace("\n0,", "\n0,")
    assert recorded(text, frame="bergmann").history(SUBJECT).instants == pytest.approx([0, 0.001, 0.002, 0.003, 0.004])


def test_a_course_in_percent_takes_its_duration_from_the_scenario(recorded):
    text = "gait cycle [%],Fx_N,Fy_N,Fz_N\n0,100,-20,-700\n50,400,-90,-2000\n100,100,-20,-700\n"
    history = recorded(text, frame="bergmann", cyclic=True, duration_s=1.1).history(SUBJECT)
    assert history.duration_s == 1.1
    assert history.instants == pytest.approx((0.0, 50.0))


def test_scale_multiplies_hip_and_muscles(recorded):
    plain, scaled = (
        recorded(SERIES, frame="bergmann", muscles="proportional", scale=s).history(SUBJECT) for s in (1.0, 1.5)
    )
    assert scaled.forces == pytest.approx(1.5 * plain.forces)


def test_proportional_muscles_are_those_of_walking_at_the_size_of_walking(recorded):
    newton = SUBJECT.body_weight / 100
    text = f"time_s,Fx_med_N,Fy_ant_N,Fz_prox_N\n0,{-54 * newton},{-32.8 * newton},{-229.2 * newton}\n"
    history = recorded(text, muscles="proportional").history(SUBJECT)
    abductor = history.forces[0, history.channels.index("abductor")]
    assert abductor == pytest.approx(np.array([-58.0, 4.3, 86.5]) * newton)


def test_no_muscle_acts_unless_asked_for(recorded):
    assert recorded(SERIES, frame="bergmann").history(SUBJECT).channels == ("hip",)


def test_the_sources_say_where_each_number_is_from_and_no_path(recorded, tmp_path):
    told = " ".join(recorded(SERIES, frame="bergmann", recorded_mass_kg=70).history(SUBJECT).sources)
    assert "recording.csv" in told and "Fx_N, Fy_N, Fz_N" in told and "70 kg" in told
    assert str(tmp_path) not in told


def test_body_weight_of_the_recorded_divides_out(recorded):
    in_newton = recorded(SERIES, frame="bergmann", recorded_mass_kg=70)
    share = np.array(PEAK) / body_weight(70)
    assert peak_of(in_newton) == pytest.approx(share * SUBJECT.body_weight)
