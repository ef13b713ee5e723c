"""What a sweep is said to cost: shared work counts once, finer meshes cost more; many cases are to be confirmed."""

import itertools

import pytest

from femsim.errors import UsageError
from femsim.metrics import METRICS
from femsim.scenario.reading import load
from femsim.sweep.costs import AGAIN, Reckoning, cost_of
from femsim.sweep.planning import plan, refuse_by_accident
from femsim.sweep.reading import load_sweep
from tests.unit.sweep.test_planning import GRID


def test_a_mesh_and_a_stiffness_count_once(sweep_file):
    path = sweep_file(GRID)
    estimate, cost = plan(load_sweep(path)).estimate, cost_of(load(path))
    assert (estimate.n_meshes, estimate.n_stiffnesses) == (3, 3)
    assert estimate.mesh == pytest.approx(3 * cost.mesh)
    assert estimate.solve == pytest.approx(3 * cost.solve)
    assert 3 * cost.measures < estimate.measures < 15 * cost.measures


def test_what_is_not_measured_costs_nothing(sweep_file):
    scenario = load(sweep_file(""))
    sums = {}
    for metrics in (("risk_over_activity",), ("risk_over_activity", "criteria"), tuple(METRICS)):
        reckoning = Reckoning(metrics)
        for _ in range(3):
            reckoning.add(scenario, "mesh", "stiffness")
        sums[metrics] = reckoning.estimate()
    one, two, everything = sums.values()
    assert one.measures < two.measures < everything.measures and one.solve == everything.solve
    assert set(AGAIN) < set(METRICS)


@pytest.mark.parametrize("order", [1, 2])
def test_a_finer_mesh_costs_more(sweep_file, order):
    path = sweep_file("")
    costs = [cost_of(load(path, [f"mesh.size_mm={size}", f"mesh.order={order}"])) for size in (5.0, 4.0, 2.0, 1.0)]
    assert all(a.solve < b.solve and a.memory_mb < b.memory_mb for a, b in itertools.pairwise(costs))


def test_many_cases_are_to_be_confirmed(sweep_file):
    text = GRID.replace("steps = 5", "steps = 40000")
    sweep = load_sweep(sweep_file(text))
    with pytest.raises(UsageError, match="120,000 cases") as refused:
        refuse_by_accident(sweep, yes=False)
    assert "--yes" in refused.value.remedy and "subject.body_mass_kg 40000" in refused.value.why
    refuse_by_accident(sweep, yes=True)
