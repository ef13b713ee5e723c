"""What every activity promises."""

import numpy as np
import pytest

from femsim.anatomy.attachments import GREATER_TROCHANTER, VASTUS_LATERALIS
from femsim.loads import ACTIVITIES
from femsim.loads.history import HEAD
from femsim.loads.subject import Subject

SUBJECT = Subject(body_mass_kg=80)


RECORDING = "time_s,Fx_lat_pBW,Fy_ant_pBW,Fz_sup_pBW\n0,20,-5,-60\n0.2,60,-25,-230\n0.5,50,-20,-180\n1.1,20,-5,-60\n"


@pytest.fixture(params=sorted(ACTIVITIES))
def activity(request, tmp_path):
    if request.param != "recorded":
        return ACTIVITIES[request.param]()
    file = tmp_path / "recording.csv"
    file.write_text(RECORDING, encoding="utf-8")
    return ACTIVITIES[request.param](file, cyclic=True)


def test_forces_scale_with_body_mass(activity):
    heavy = activity.history(Subject(body_mass_kg=2 * SUBJECT.body_mass_kg))
    assert heavy.forces == pytest.approx(2 * activity.history(SUBJECT).forces, rel=1e-12)


def test_the_peak_hip_force_is_one_to_twelve_body_weights(activity):
    history = activity.history(SUBJECT)
    hip = history.forces[:, history.channels.index("hip")]
    assert 1.0 <= np.linalg.norm(hip[history.peak]) / SUBJECT.body_weight <= 12.0


def test_the_hip_force_presses_the_head_down_at_its_peak(activity):
    history = activity.history(SUBJECT)
    assert history.forces[history.peak, history.channels.index("hip"), 2] < 0


def test_channels_act_at_known_sites(activity):
    assert set(activity.history(SUBJECT).sites) <= {HEAD, GREATER_TROCHANTER, VASTUS_LATERALIS}


def test_it_names_its_sources(activity):
    sources = activity.history(SUBJECT).sources
    assert sources and all(sentence.endswith(".") for sentence in sources)


def test_instants_rise_and_a_cycle_does_not_repeat_its_first(activity):
    history = activity.history(SUBJECT)
    assert (np.diff(history.instants) > 0).all()
    if history.cyclic and history.instant_unit.startswith("%"):
        assert history.instants[-1] - history.instants[0] < 100.0
