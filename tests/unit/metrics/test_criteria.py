"""Every criterion on the same bone."""

from dataclasses import replace

import pytest

from femsim.criteria import CRITERIA
from femsim.metrics.criteria import Criteria
from femsim.metrics.risk_factor import RiskFactor
from tests.contracts.test_metrics import INTACT, OPERATED


def values(measures):
    return {(m.name, m.zone, m.model): m.value for m in measures}


FOUND = values(Criteria().measure(OPERATED, INTACT))


def with_model(outcome, **keys):
    return replace(outcome, model=replace(outcome.model, **keys))


def test_every_criterion_is_told_of_both_models_in_few_places():
    names = {name for name, _, _ in FOUND}
    assert names == {f"criterion_{name}_{what}" for name in CRITERIA for what in ("p99", "max")}
    assert {zone for _, zone, _ in FOUND} == {"femur", "head_neck"}
    assert {model for _, _, model in FOUND} == {"operated", "intact"}


@pytest.mark.parametrize("what", ["p99", "max"])
@pytest.mark.parametrize("model", ["operated", "intact"])
@pytest.mark.parametrize("zone", ["femur", "head_neck"])
def test_principal_strain_is_the_risk_factor(zone, model, what):
    risk = values(RiskFactor().measure(OPERATED, INTACT))
    assert FOUND[f"criterion_principal_strain_{what}", zone, model] == pytest.approx(
        risk[f"risk_factor_{what}", zone, model], rel=1e-12
    )


def test_weaker_bone_is_nearer_to_failing_by_stress_alone():
    half = {
        "failing": replace(
            INTACT.model.failing,
            tension=0.5 * INTACT.model.failing.tension,
            compression=0.5 * INTACT.model.failing.compression,
        ),
        "shear_strength": 0.5 * INTACT.model.shear_strength,
    }
    weak = values(Criteria().measure(with_model(OPERATED, **half), with_model(INTACT, **half)))
    for key, value in FOUND.items():
        times = 1.0 if "principal_strain" in key[0] else 2.0
        assert weak[key] == pytest.approx(times * value, rel=1e-9)


def test_bone_that_nobody_says_the_strength_of_is_not_judged():
    bare = with_model(OPERATED, failing=None), with_model(INTACT, failing=None)
    assert Criteria().measure(*bare) == ()
