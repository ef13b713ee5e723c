"""A failure analysis of both femora: their load grows until they break."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path

import numpy as np

from femsim.analyses.failure_course import FailureCourse
from femsim.anatomy.neck_frame import neck_frame
from femsim.beyond.found import Asked, Found, operated_first
from femsim.errors import ConvergenceError
from femsim.fem.geometry import centroids
from femsim.metrics.courses import Course
from femsim.metrics.fracture import Fracture, fracture
from femsim.metrics.fracture_measures import fracture_measures
from femsim.metrics.places import FEMUR
from femsim.results import failure

PARTIAL = "{}-failure-{}-partial.csv"  # of the path beside a run, and a model
FEW = 8  # elements below which a volume of bone is told by the mesh; a convention of femsim


def failing(asked: Asked) -> Found:
    """Courses of the operated and the intact femur, where and at what load they broke.

    Raises
    ------
    ConvergenceError
        Where a step did not converge however small; the course until then is kept beside the run.
    """
    courses = operated_first({model: _course(asked, model) for model in asked.outcomes})
    fractures = {model: _fracture(asked, course) for model, course in courses.items()}
    estimates = {model: linear_estimate(asked.risks[model]) for model in courses}
    return Found(
        sections={"failure": failure.told(courses, fractures, estimates)},
        measures=fracture_measures(fractures, estimates),
        write=lambda folder: failure.write(folder, courses),
        log=tuple(line for model, course in courses.items() for line in ("", f"failure of {model}:", *course.log)),
        warnings=_warnings(courses, fractures),
        sources=tuple(getattr(asked.scenario.analysis, "citations", ())),
    )


def linear_estimate(risk: Course) -> float | None:
    """Size of the hip force [N] at which a sphere of 2 mm of kept bone first reaches its limit of strain, linear.

    None where nothing is strained. Bone beside the support and beside patches of force is left out.

    Source
    ------
    Schileo et al., J Biomech 47 (2014) 3531-3538, for the criterion.
    """
    history = risk.case.history
    worst = float(risk.largest[history.peak, risk.places.index(FEMUR)])
    return float(np.linalg.norm(history.hip[history.peak])) / worst if worst > 0 else None


def _course(asked: Asked, model: str) -> FailureCourse:
    asked.progress(stage := f"break {model}")
    outcome = asked.outcomes[model]
    try:
        return asked.scenario.analysis.run(outcome.model, progress=partial(asked.within, stage))
    except ConvergenceError as error:
        course = getattr(error, "course", None)
        if course is not None:
            _keep(course, model, asked.beside, error)
        raise


def _keep(course: FailureCourse, model: str, beside: Path, error: ConvergenceError) -> None:
    path = Path(PARTIAL.format(beside, model))
    failure.write_csv(path, {model: course})
    kept = f"{len(course.factor)} converged states, up to {course.factor[-1]:.3g} times the load, are in {path}"
    error.remedy = f"{error.remedy}; {kept}" if error.remedy else kept


def _fracture(asked: Asked, course: FailureCourse) -> Fracture:
    return fracture(course, neck_frame(asked.pair.femur.landmarks).share(centroids(course.model.mesh)))


def _warnings(courses: Mapping[str, FailureCourse], fractures: Mapping[str, Fracture]) -> tuple[str, ...]:
    found = []
    for model, one in fractures.items():
        if not one.is_peak:
            found.append(
                f"The load of the {model} femur had not passed its peak when the analysis ended: it bears at least "
                f"{one.load:.0f} N. {courses[model].ending}"
            )
        if one.crack_elements is not None and one.crack_elements < FEW:
            found.append(
                f"The first crack of the {model} femur is told by {one.crack_elements:.2g} elements: its load belongs "
                "to the mesh. Take a finer one (mesh.size_mm), or a larger analysis.crack_volume_mm3, to believe it."
            )
        if one.pattern == "beside the support":
            found.append(f"The {model} femur broke beside its support: that load belongs to the support.")
    return tuple(found)
