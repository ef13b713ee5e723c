"""The speed, height or push that just breaks a femur: the impact again, harder or gentler, until it does."""

from collections.abc import Callable
from functools import partial

from femsim import units
from femsim.analyses.impact_course import ImpactCourse
from femsim.analyses.impact_search import FASTEST, Unbroken, breaking_factor
from femsim.beyond.found import Asked
from femsim.errors import ConvergenceError
from femsim.fem.impact_setting import ImpactSetting
from femsim.metrics.blow import SEVERITY, Blow
from femsim.metrics.breaking import Limit, Tried

# Linear strain grows nearly with the speed; of cracks little is known before they are there, and harder runs are long.
REACH = {"linear": FASTEST, "breaking": 1.5}


def limit_of(
    asked: Asked,
    model: str,
    setting: ImpactSetting,
    first: Blow,
    judge: Callable[[ImpactCourse], Blow],
    log: Callable[[str], None],
) -> Limit:
    """What just breaks one model.

    Parameters
    ----------
    setting : of the impact itself, and `first` what it did.
    judge : what a course did.
    log : told every run.
    """
    analysis, outcome = asked.scenario.analysis, asked.outcomes[model]
    sought, given = _sought(asked, setting)
    limit = Limit(sought, given, None, SEVERITY[analysis.bone], (_tried(1.0, first),))
    tried = list(limit.tried)

    def severity(factor: float) -> float:
        told = f"{limit.at(factor):.3g} {limit.unit}"
        asked.progress(stage := f"strike {model}, {sought} {told}")
        course = analysis.run(outcome.model, setting.harder(factor), progress=partial(asked.within, stage))
        tried.append(_tried(factor, judge(course)))
        log(f"{sought} {told}, {factor:.4g} times what was given: severity {tried[-1].severity:.4g}")
        return tried[-1].severity

    factor, why = None, ""
    try:
        factor = breaking_factor(severity, first=first.severity, reach=REACH[analysis.bone]).factor
    except Unbroken as error:
        why = error.what
    except ConvergenceError as error:  # of a harder run than the one that was asked for: what is known stays true
        why = f"What just breaks was not found: a run could not be followed. {error.what}"
    return Limit(sought, given, factor, limit.severity, tuple(tried), why)


def _tried(factor: float, one: Blow) -> Tried:
    return Tried(factor, one.severity, one.peak_force[one.leading], one.risk_zone)


def _sought(asked: Asked, setting: ImpactSetting) -> tuple[str, float]:
    """A key of `SOUGHT`, and what the scenario gave of it."""
    if setting.kind == "fall":
        return "speed", setting.masses[0].speed / units.m
    if setting.kind == "drop":
        return "drop height", asked.scenario.analysis.drop_height_mm
    return "push", float(setting.pulse.hip.max())
