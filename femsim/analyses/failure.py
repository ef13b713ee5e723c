"""A load that grows in its proportions until the bone has broken: force, travel, damage, step by step."""

from dataclasses import dataclass

import numpy as np

from femsim.analyses.failure_course import FailureCourse
from femsim.analyses.failure_steps import Steps
from femsim.analyses.loaded_body import LoadedBody
from femsim.analyses.outcome import Outcome
from femsim.errors import ConvergenceError, ModelError
from femsim.model import Model
from femsim.registry import parameter

_JUDGED = 0.99  # share of the bone's volume whose yielding sets the scale of the steps


@dataclass(frozen=True)
class Failure:
    """Bone, cement and metal that yield, crack and crush, under the peak of the activity times a growing factor."""

    stop_at_percent: float = parameter(
        15.0, text="how far the load must have fallen below its peak to end", unit="%", low=1.0, high=90.0
    )
    crack_volume_mm3: float = parameter(
        30.0,
        text="contiguous volume of bone past yield that counts as the first crack; 30 mm³ is a sphere of 1.9 mm radius",
        unit="mm3",
        low=0.01,
        high=5000.0,
        assumed=True,
        source="the size over which femsim averages strain; 1–2 % of a neck is about 500 mm³",
    )
    steps_to_yield: int = parameter(
        8, text="steps on the way to the travel at which 1 % of the bone yields", unit="-", low=1, high=200
    )
    largest_travel: float = parameter(
        8.0,
        text="gives up beyond this many times the travel at which 1 % of the bone yields",
        unit="-",
        low=1,
        high=100,
    )
    viscosity: float = parameter(
        0.05,
        text="travel, as a share of that at which 1 % of the bone yields, over which damage lags behind; 0: not at all",
        unit="-",
        low=0.0,
        high=1.0,
        assumed=True,
        source="choice of femsim; docs/failure.md tells what it does to the fracture load",
    )
    relative_tolerance: float = parameter(
        1e-5, text="largest residual of a state over its load", unit="-", low=1e-12, high=1e-3
    )

    def run(self, model: Model, *, linear: Outcome, log=None) -> FailureCourse:
        """Load the model until past its peak.

        Parameters
        ----------
        model : with `failing`, isotropic.
        linear : its linear answer, from which the first steps start.
        log : callable(str), optional
            Told of every step.

        Raises
        ------
        ModelError
            Where the model does not say what its material bears, or has a grain.
        ConvergenceError
            Where a step cannot be solved; its `course` holds all up to the last converged state.
        """
        _refuse_unfit(model)
        body = LoadedBody(model, linear.displacement(linear.peak), log=log)
        scale = _first_to_yield(model, body)
        steps = Steps(body, self, scale, log)
        trouble = steps.run()
        course = steps.course(linear)
        if trouble:
            error = ConvergenceError(
                f"Step {len(course.factor)} did not converge: {trouble}.",
                where=f"{model.name} femur at {course.factor[-1]:.3g} times the load, peak so far "
                f"{course.factor[course.peak]:.3g}",
                why="bone that breaks at once releases more energy than the steps can follow",
                remedy="raise analysis.viscosity or analysis.steps_to_yield, or refine the mesh",
            )
            error.course = course
            raise error
        return course


def _refuse_unfit(model: Model) -> None:
    if model.failing is None:
        raise ModelError("The model does not say what its material bears.", where=f"{model.name} femur")
    if model.orthotropic is not None:
        raise ModelError(
            "Bone with a grain cannot be broken: the law of breaking is isotropic.",
            where="bone.anisotropy",
            remedy='take bone.anisotropy.kind = "isotropic" for this analysis',
        )


def _first_to_yield(model: Model, body: LoadedBody) -> float:
    """Factor of the load at which 1 % of the bone would yield, by linear statics.

    Raises
    ------
    ModelError
        Where the load strains nothing.
    """
    ratio, volume = (values[body.judged].ravel() for values in (body.yield_ratio(), body.breaking.weights))
    order = np.argsort(ratio)
    below = np.cumsum(volume[order])
    largest = float(ratio[order][np.searchsorted(below, _JUDGED * below[-1])])
    if not largest > 0:
        raise ModelError("The load strains nothing; it cannot break the bone.", where="load")
    return 1.0 / largest
