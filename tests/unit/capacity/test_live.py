"""Loads that are moved: risk is that of a run of the moved load, and is refused where the run is another one."""

import shutil
from dataclasses import replace

import h5py
import numpy as np
import pytest

from femsim.capacity import solved
from femsim.capacity.live import MOST_TURN, live_loads
from femsim.errors import StoreError
from femsim.results.pieces import Pieces
from femsim.run import run
from femsim.scenario.reading import load
from tests import coarse_scenario

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("live")


@pytest.fixture(scope="module")
def kept(folder):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(solved.SETTING, str(folder / "solved"))
        yield


@pytest.fixture(scope="module")
def computed(folder, kept):
    """Overrides → the folder of the run."""
    (folder / "s.toml").write_text(coarse_scenario.text())

    def made(*sets):
        return run(load(folder / "s.toml", sets), out=folder / "runs").folder

    return made


@pytest.fixture(scope="module")
def live(computed):
    return live_loads(computed())


def saved(folder, model, step):
    pieces = Pieces(folder / "result.vtkhdf")
    try:
        return pieces.values(model, "risk_factor", step)
    finally:
        pieces.close()


def same(found, meant):
    return np.allclose(found, meant, rtol=0, atol=1e-4 * np.nanmax(meant), equal_nan=True)


def test_it_begins_with_the_load_of_the_run(live, computed):
    answer = live.answer(live.usual)
    step = round(live.usual.moment * 3)
    for model in ("operated", "intact"):
        assert same(answer.values[model], saved(computed(), model, step))


def test_it_begins_with_the_run_s_own_activity_whichever_that_is(computed):
    folder = computed('load.activity="stairs_up"', "subject.body_mass_kg=88")
    found = live_loads(folder)
    assert found.usual.activity == "stairs_up" and found.usual.mass == 88.0
    assert found.activities[0]["value"] == "stairs_up"
    step = round(found.usual.moment * 3)
    assert same(found.answer(found.usual).values["operated"], saved(folder, "operated", step))


@pytest.mark.parametrize("moment, step", [(0.0, 0), (1.0, 3)])
def test_another_moment_is_another_step_of_the_run(moment, step, live, computed):
    answer = live.answer(replace(live.usual, moment=moment))
    assert same(answer.values["operated"], saved(computed(), "operated", step))


def test_another_mass_and_another_activity_are_those_of_a_run_of_it(live, computed):
    n = len(live._history("stairs_up", 88.0).instants)
    folder = computed('load.activity="stairs_up"', f"load.frames={n}", "subject.body_mass_kg=88")
    setting = live.checked(live.usual, {"activity": "stairs_up", "mass": 88})
    answer = live.answer(replace(setting, moment=4 / (n - 1)))
    for model in ("operated", "intact"):
        assert same(answer.values[model], saved(folder, model, 4))


def test_the_table_tells_the_largest_values_of_the_map(live):
    from femsim.metrics.places import FEMUR

    answer = live.answer(live.usual)
    row = next(row for row in answer.rows if row["words"] == FEMUR)
    assert float(row["operated"]) <= float(np.nanmax(answer.values["operated"])) * 1.01


def test_turning_moves_the_force_to_where_the_slider_says(live):
    force = live.answer(replace(live.usual, lateral=0.0)).forces[0]["force"]
    lateral = live.answer(replace(live.usual, lateral=10.0)).forces[0]["force"]
    anterior = live.answer(replace(live.usual, anterior=10.0)).forces[0]["force"]
    assert lateral[0] > force[0] and lateral[1] == pytest.approx(force[1])
    assert anterior[1] > force[1] and anterior[0] == pytest.approx(force[0])
    for turned in (lateral, anterior):
        assert np.linalg.norm(turned) == pytest.approx(np.linalg.norm(force))


def test_a_turned_force_changes_the_risk_and_a_larger_one_scales_it(live):
    alone = replace(live.usual, force=2.0)
    usual = live.answer(live.usual).values["operated"]
    assert not same(live.answer(replace(live.usual, lateral=8.0)).values["operated"], usual)
    # What the hip force alone does is twice as much: strain is linear, so risk of twice everything is twice.
    double = live.answer(replace(alone, mass=live.usual.mass)).values["operated"]
    assert np.nanmax(double) > 1.3 * np.nanmax(usual)
    heavy = live.answer(replace(live.usual, mass=2 * live.usual.mass)).values["operated"]
    assert np.allclose(heavy, 2 * usual, rtol=1e-4, equal_nan=True)


@pytest.mark.parametrize(
    "wanted, name, got",
    [
        ({"mass": 1e9}, "mass", 200.0),
        ({"force": -1}, "force", 0.0),
        ({"lateral": 90}, "lateral", MOST_TURN),
        ({"moment": "x"}, "moment", None),
        ({"mass": float("nan")}, "mass", None),
        ({"activity": "flying"}, "activity", None),
        ({"anything": 3}, "mass", None),
    ],
)
def test_what_a_page_asks_is_brought_to_what_can_be_had(wanted, name, got, live):
    found = live.checked(live.usual, wanted)
    assert getattr(found, name) == (getattr(live.usual, name) if got is None else got)


def test_another_activity_begins_at_its_peak(live):
    found = live.checked(live.usual, {"activity": "running"})
    history = live._history("running", found.mass)
    assert round(found.moment * (len(history.instants) - 1)) == history.peak


def test_a_run_with_other_numbers_is_refused(computed, tmp_path):
    folder = tmp_path / "run"
    shutil.copytree(computed(), folder)
    with h5py.File(folder / "result.vtkhdf", "r+") as file:
        values = file["VTKHDF/intact/CellData/risk_factor"]
        values[...] = 1.05 * values[...]
    with pytest.raises(StoreError, match="cannot be moved") as caught:
        live_loads(folder)
    assert "intact" in caught.value.where
