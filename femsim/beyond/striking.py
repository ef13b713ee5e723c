"""An impact on both femora: a fall, a dropped weight or a push over time, followed step by step."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from femsim import units
from femsim.analyses.impact_course import ImpactCourse
from femsim.beyond.breaking import limit_of
from femsim.beyond.found import Asked, Found, operated_first
from femsim.build.impact import impact_setting
from femsim.errors import ConvergenceError
from femsim.fem.impact_setting import ImpactSetting
from femsim.mesh.mesh import Mesh
from femsim.metrics.blow import Blow, blow, blow_measures
from femsim.metrics.breaking import Limit, limit_measures
from femsim.metrics.risk_factor import RiskFactor
from femsim.results import impact

PARTIAL = "{}-impact-{}-partial.csv"  # of the path beside a run, and a model


def striking(asked: Asked) -> Found:
    """Courses of the operated and the intact femur, what became of their bone, and what would just break it.

    Raises
    ------
    ModelError, ConvergenceError
    """
    courses: dict[str, ImpactCourse] = {}
    blows: dict[str, Blow] = {}
    limits: dict[str, Limit] = {}
    log, setting, analysis = [], {}, asked.scenario.analysis
    for model, outcome in asked.outcomes.items():
        asked.progress(stage := f"strike {model}")
        log += ["", f"impact on {model}:"]
        stated = impact_setting(asked.scenario, asked.pair, outcome.model)
        try:
            courses[model] = analysis.run(outcome.model, stated, log=log.append, progress=partial(asked.within, stage))
        except ConvergenceError as error:
            _keep(error, model, asked)
            raise
        judge = partial(blow, outcome=outcome, operated=asked.operated, criterion=RiskFactor().criterion)
        blows[model] = judge(courses[model])
        if analysis.search_breaking:
            limits[model] = limit_of(asked, model, stated, blows[model], judge, log.append)
        setting = setting or told_of(stated, outcome.model.mesh)
    courses, blows, limits = map(operated_first, (courses, blows, limits))
    return Found(
        sections={"impact": impact.told(courses, blows, setting, limits)},
        measures=(*blow_measures(blows), *limit_measures(limits)),
        write=lambda folder: impact.write(folder, courses, blows),
        log=tuple(log),
        warnings=_warnings(courses, limits),
        sources=tuple(getattr(analysis, "citations", ())),
    )


def _keep(error: ConvergenceError, model: str, asked: Asked) -> None:
    """The course to the last good state, beside the run that will not be."""
    course = getattr(error, "course", None)
    if course is None:
        return
    done = blow(course, asked.outcomes[model], asked.operated, RiskFactor().criterion)
    path = Path(PARTIAL.format(asked.beside, model))
    impact.write_csv(path, {model: course}, {model: done})
    kept = f"{len(course.times)} states, up to {1e3 * course.times[-1]:.4g} ms, are in {path}"
    error.remedy = f"{error.remedy}; {kept}" if error.remedy else kept


def _warnings(courses: Mapping[str, ImpactCourse], limits: Mapping[str, Limit]) -> tuple[str, ...]:
    said = [warning for course in courses.values() for warning in course.warnings]
    said += [f"{one.sought.capitalize()} of the {model} femur: {one.why}" for model, one in limits.items() if one.why]
    return tuple(dict.fromkeys(said))


def told_of(setting: ImpactSetting, mesh: Mesh) -> dict[str, Any]:
    """What the impact was, in words, and where the floor lies [mm]."""
    told: dict[str, Any] = {"blow": _in_short(setting), "words": " ".join(setting.words), "kind": setting.kind}
    floor = setting.floor
    if floor is not None:
        heights = mesh.nodes[floor.nodes] @ floor.normal
        lowest = int(heights.argmin())
        # Soft tissue lies between bone and floor, as thick as it is where it is not pressed.
        told["tissue_mm"] = float(getattr(floor.law, "thickness", 0.0))
        point = mesh.nodes[floor.nodes[lowest]] - (float(floor.gaps[lowest]) + told["tissue_mm"]) * floor.normal
        told["floor"] = {"point": np.round(point, 4).tolist(), "normal": np.round(floor.normal, 6).tolist()}
    return told


def _in_short(setting: ImpactSetting) -> str:
    """What strikes the femur, in one sentence."""
    if setting.pulse is not None:
        course = setting.pulse
        return f"A push of {course.hip.max():.0f} N over {1e3 * np.ptp(course.times):.3g} ms."
    one = setting.masses[0]
    speed, mass = one.speed / units.m, one.mass / units.kg
    if setting.kind == "drop":
        return f"A weight of {mass:.3g} kg meets the head at {speed:.3g} m/s."
    return f"A fall: the hip meets the floor at {speed:.3g} m/s, {mass:.3g} kg behind it."
