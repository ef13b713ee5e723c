"""Sensitivity of functions whose answer is known, with failed cases among the others."""

import numpy as np
import pytest

from femsim.errors import StoreError, UsageError
from femsim.sweep.planning import plan
from femsim.sweep.reading import load_sweep
from femsim.sweep.sensitivity.asking import ask
from femsim.sweep.sensitivity.finished import read_finished
from tests.unit.sweep.conftest import BASE
from tests.unit.sweep.finished_sweep import FIRST, KEYS, MEASURE, TOTAL, finish, table_text

SALTELLI = table_text('design = "saltelli"\nn = 512\nseed = 1')


@pytest.fixture(scope="module")
def ishigami_sweep(tmp_path_factory):
    """Folders of a sweep of Ishigami's function, with none and with 5 % of its cases failed."""
    folder = tmp_path_factory.mktemp("ishigami")
    path = folder / "tried.toml"
    path.write_text(BASE + SALTELLI, encoding="utf-8")
    found = plan(load_sweep(path))
    return {
        "none fail": finish(path, folder / "none", found=found),
        "5 % fail": finish(path, folder / "some", found=found, fails=one_in_twenty),
    }


def one_in_twenty(number):
    """5 % of all cases, everywhere alike."""
    return np.random.default_rng(number).random() < 0.05


def answer(folder, **how):
    (found,) = ask(read_finished(folder), ["*"], **how)
    return found


def values(found, kind):
    return {effect.axis: effect for effect in found.effects if effect.kind == kind}


def holds(effect, known):
    return bool(effect.low <= known <= effect.high)


@pytest.mark.slow
@pytest.mark.parametrize("which", ["none fail", "5 % fail"])
def test_indices_of_ishigami_lie_in_their_intervals(ishigami_sweep, which):
    found = answer(ishigami_sweep[which])
    for kind, known in (("first", FIRST), ("total", TOTAL)):
        effects = values(found, kind)
        for key, value in zip(KEYS, known):
            assert holds(effects[key], value)
            assert effects[key].high - effects[key].low < 0.35


@pytest.mark.slow
def test_dropped_blocks_are_told(ishigami_sweep):
    found = answer(ishigami_sweep["5 % fail"])
    # A block of five is whole with probability 0.95⁵ = 0.77: 116 of 512 are lost, ± 9.5.
    lost = 512 - found.n_used // 5
    assert f"dropped: {lost} of 512 blocks" in found.failed and 85 < lost < 147
    assert found.n == 2560


@pytest.mark.slow
def test_a_surrogate_fills_in_where_it_is_good_enough(ishigami_sweep):
    found = answer(ishigami_sweep["5 % fail"], policy="impute")
    assert found.n_used == 2560 and "cross-validated error" in found.failed
    for key, value in zip(KEYS, TOTAL):
        assert holds(values(found, "total")[key], value)


@pytest.mark.slow
def test_failed_cases_can_be_refused(ishigami_sweep):
    assert "of 2560 cases have no" in answer(ishigami_sweep["5 % fail"], policy="refuse").refused


def test_a_surrogate_that_is_not_good_enough_is_refused_with_its_number(sweep_file, tmp_path):
    noise = np.random.default_rng(0)
    text = table_text('design = "saltelli"\nn = 16\nseed = 1')
    folder = finish(sweep_file(text), tmp_path / "done", lambda x: noise.random(), one_in_twenty)
    found = answer(folder, policy="impute")
    assert "% of the standard deviation of cases it has not seen; 10.0 % is the limit" in found.refused
    assert found.effects == ()


def test_too_few_blocks_are_refused(sweep_file, tmp_path):
    text = table_text('design = "saltelli"\nn = 8\nseed = 1')
    found = answer(finish(sweep_file(text), tmp_path / "done", fails=lambda number: number == 3))
    assert "only 7 are without a failed case; 8 are needed" in found.refused


def test_failures_that_gather_are_told(sweep_file, tmp_path):
    text = table_text('design = "monte_carlo"\nn = 200\nseed = 1')
    path = sweep_file(text)
    quantile = np.random.default_rng(1).random((200, 3))[:, 1]
    found = answer(finish(path, tmp_path / "done", fails=lambda number: quantile[number] > 0.9))
    assert [KEYS[1] in note for note in found.notes if "gather at high" in note] == [True]


def test_walks_of_morris_find_what_matters(sweep_file, tmp_path):
    text = table_text('design = "morris"\nn = 30\nseed = 1')
    folder = finish(sweep_file(text), tmp_path / "done", lambda x: 4 * x[0] + 2 * x[1], one_in_twenty)
    found = answer(folder)
    sizes = values(found, "morris")
    # Linear: crossing the range changes it by 4 × 2π; quartiles' middles span 3/4 of the range for a walk of 1.
    assert sizes[KEYS[0]].value == pytest.approx(4 * 2 * np.pi * 0.75, rel=1e-6)
    assert sizes[KEYS[1]].value == pytest.approx(2 * 2 * np.pi * 0.75, rel=1e-6)
    assert sizes[KEYS[2]].value == pytest.approx(0.0, abs=1e-6)
    assert values(found, "spread")[KEYS[0]].value == pytest.approx(0.0, abs=1e-6)


def test_ranks_of_a_rising_function_are_one(sweep_file, tmp_path):
    text = table_text('design = "latin_hypercube"\nn = 64\nseed = 1')
    found = answer(finish(sweep_file(text), tmp_path / "done", lambda x: np.exp(x[0])))
    ranks = values(found, "rank")
    assert ranks[f"{KEYS[0]} [deg]"].value == pytest.approx(1.0)
    assert abs(ranks[f"{KEYS[1]} [deg]"].value) < 0.3


def test_partial_ranks_see_through_another_factor(sweep_file, tmp_path):
    text = table_text('design = "latin_hypercube"\nn = 200\nseed = 1')
    found = answer(finish(sweep_file(text), tmp_path / "done", lambda x: 10 * x[0] + x[1]))
    name = f"{KEYS[1]} [deg]"
    assert values(found, "rank")[name].value < 0.3 < 0.9 < values(found, "partial_rank")[name].value


def test_intervals_of_ranks_hold_the_truth_nineteen_times_in_twenty():
    from femsim.sweep.sensitivity.by_rank import rank_effects

    rng, n, rho, held = np.random.default_rng(2), 60, 0.6, 0
    truth = 6 / np.pi * np.arcsin(rho / 2)  # Spearman's ρ of a bivariate normal
    for _ in range(400):
        x = rng.standard_normal(n)
        y = rho * x + np.sqrt(1 - rho**2) * rng.standard_normal(n)
        held += holds(rank_effects({"x": x}, y)[0], truth)
    # 380 expected, ± 4.4.
    assert 366 <= held <= 394


def test_one_at_a_time_tells_changes_from_the_base_case(sweep_file, tmp_path):
    text = table_text('design = "one_at_a_time"', more="steps = 3\n")
    folder = finish(sweep_file(text), tmp_path / "done", lambda x: 5 + 2 * x[0] - x[1] ** 2)
    found = values(answer(folder), "swing")
    assert (found[KEYS[0]].low, found[KEYS[0]].high) == pytest.approx((-2 * np.pi, 2 * np.pi))
    assert (found[KEYS[1]].low, found[KEYS[1]].high) == pytest.approx((-(np.pi**2), 0.0))


def test_a_surrogate_of_other_draws_gives_indices(sweep_file, tmp_path):
    text = table_text('design = "sobol"\nn = 64\nseed = 1')
    found = answer(finish(sweep_file(text), tmp_path / "done", lambda x: x[0] + 2 * x[1]), with_surrogate=True)
    first = values(found, "first")
    assert [first[key].value for key in KEYS] == pytest.approx([0.2, 0.8, 0.0], abs=0.02)
    assert any("surrogate" in note for note in found.notes)


def test_what_does_not_vary_has_no_factors(sweep_file, tmp_path):
    text = table_text('design = "latin_hypercube"\nn = 20\nseed = 1')
    assert "the same in all cases" in answer(finish(sweep_file(text), tmp_path / "done", lambda x: 3.0)).refused


def test_repeated_cases_count_as_often_as_they_were_drawn(sweep_file, tmp_path):
    text = """[sweep]
design = "saltelli"
n = 64
seed = 1
[[sweep.axis]]
key = "implant.cement_mm"
values = [1, 2]
[[sweep.axis]]
key = "implant.depth_mm"
values = [0, 1]
"""
    keys = ("implant.cement_mm", "implant.depth_mm")
    folder = finish(sweep_file(text), tmp_path / "done", lambda x: 3 * x[0] + x[1], keys=keys)
    finished = read_finished(folder)
    assert finished.n == 256 and finished.n_missing == 0
    first = values(answer(folder), "first")
    assert [first[key].value for key in keys] == pytest.approx([0.9, 0.1], abs=0.03)


def test_response_curves_follow_the_function(sweep_file, tmp_path):
    text = table_text('design = "latin_hypercube"\nn = 200\nseed = 1')
    found = answer(finish(sweep_file(text), tmp_path / "done", lambda x: x[0] ** 2))
    curve = found.curves[f"{KEYS[0]} [deg]"]
    assert len(curve.at) == 10 and sum(curve.n) == 200
    assert np.allclose(curve.middle, np.square(curve.at), atol=0.05)


def test_a_folder_that_is_no_sweep_is_told(tmp_path):
    with pytest.raises(StoreError, match="holds no sweep"):
        read_finished(tmp_path)


def test_a_measure_that_is_not_there_is_told(sweep_file, tmp_path):
    text = table_text('design = "latin_hypercube"\nn = 20\nseed = 1')
    finished = read_finished(finish(sweep_file(text), tmp_path / "done"))
    with pytest.raises(UsageError, match="No measure fits risk"):
        finished.chosen(["risk"])
    assert list(finished.chosen(["*.answer"])) == [MEASURE]


@pytest.mark.parametrize("design", ['design = "latin_hypercube"\nn = 40\nseed = 1', 'design = "one_at_a_time"'])
def test_rows_of_one_activity_can_be_asked_about(sweep_file, tmp_path, design):
    text = (
        table_text(design) + '[[sweep.axis]]\nkey = "load.activity"\nvalues = ["walking", "jogging"]\ncrossed = true\n'
    )
    keys = (*KEYS, "load.activity")
    folder = finish(sweep_file(text), tmp_path / "done", lambda x: x[0] if x[3] == "walking" else 10 + x[1], keys=keys)
    finished = read_finished(folder)
    for activity, key in (("walking", KEYS[0]), ("jogging", KEYS[1])):
        (found,) = ask(finished.only("load.activity", activity), ["*"])
        assert found.n == finished.n / 2
        strongest = max((e for e in found.effects if e.kind in ("rank", "swing")), key=lambda e: abs(e.value))
        assert strongest.axis.partition(" [")[0] == key


def test_straight_lines_tell_the_change_in_the_unit_of_the_measure():
    from femsim.sweep.sensitivity.by_line import linear_effects

    rng, held = np.random.default_rng(3), 0
    for _ in range(200):
        x, z = rng.uniform(0, 10, 60), rng.choice(["a", "b"], 60)
        y = 2.0 * x + 5.0 * (z == "b") + rng.standard_normal(60)
        found = {effect.axis: effect for effect in linear_effects({"x [mm]": x, "z [-]": z}, y, "N").effects}
        reach = np.subtract(*np.quantile(x, (0.95, 0.05)))
        held += holds(found["x [mm]"], 2.0 * reach) + holds(found["z: b against a"], 5.0)
    # 95 % of 400 are 380, ± 4.4.
    assert 366 <= held <= 394


def test_straight_lines_need_more_cases_than_unknowns():
    from femsim.sweep.sensitivity.by_line import linear_effects

    assert linear_effects({"x": np.arange(6.0), "z": np.arange(6.0) ** 2}, np.arange(6.0), "N").effects == ()


def test_a_surrogate_says_what_it_takes_for_granted(sweep_file, tmp_path):
    pair = f'correlation = [["{KEYS[0]}", "{KEYS[1]}", 0.5]]'
    text = table_text(f'design = "latin_hypercube"\nn = 60\nseed = 1\nfilters = ["{KEYS[0]} < 3"]\n{pair}')
    found = answer(finish(sweep_file(text), tmp_path / "done", lambda x: x[0] + 2 * x[1]), with_surrogate=True)
    assert any("independent" in note for note in found.notes)
    assert any("rows that are not in the table" in note for note in found.notes)
