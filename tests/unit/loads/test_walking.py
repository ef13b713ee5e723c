"""Level walking."""

import numpy as np
import pytest

from femsim.loads.subject import Subject
from femsim.loads.walking import Walking, cycle_share


@pytest.mark.parametrize("frames", [1, 7, 20, 101])
def test_the_peak_instant_is_a_frame_however_many_there_are(frames):
    history = Walking(frames=frames).history(Subject())
    assert len(history.instants) == frames
    assert history.instants[history.peak] == pytest.approx(18.0, abs=1e-12)
    assert (np.diff(history.instants) > 0).all() and history.instants[-1] < 100.0


def test_at_the_peak_the_forces_are_the_published_set():
    history = Walking().history(Subject(body_mass_kg=100 / 9.80665))  # 1 % body weight is 1 N
    assert history.forces[history.peak] == pytest.approx(
        np.array([(54, -32.8, -229.2), (-58, 4.3, 86.5), (-7.2, 11.6, 13.2), (0.5, -0.7, -19), (0.9, 18.5, -92.9)]),
        rel=1e-12,
    )


def test_the_cycle_has_two_humps_and_a_quiet_swing():
    assert cycle_share([18.0]) == 1.0
    assert cycle_share([45.0]) == pytest.approx(232 / 250)
    assert 0.65 <= cycle_share([30.0])[0] <= 0.76
    assert (cycle_share(np.arange(75, 86)) <= 0.091).all()
    assert cycle_share([0.0]) == cycle_share([100.0])


def test_scale_multiplies_hip_and_muscles_together():
    plain, scaled = (Walking(scale=scale).history(Subject()) for scale in (1.0, 1.5))
    assert scaled.forces == pytest.approx(1.5 * plain.forces, rel=1e-14)
    assert any("1.5" in sentence for sentence in scaled.sources)


def test_without_muscles_the_hip_force_is_alone_and_the_report_says_so():
    history = Walking(muscles=False).history(Subject())
    assert history.channels == ("hip",)
    assert any("switched off" in sentence for sentence in history.sources)
