"""A load that grows in its proportions until the bone has broken: force, travel, damage, step by step."""

from dataclasses import dataclass

import numpy as np

from femsim.analyses.breaking_model import borne, refuse_unfit
from femsim.analyses.failure_course import FailureCourse, judged_bone
from femsim.analyses.failure_steps import Steps
from femsim.analyses.loaded_body import LoadedBody
from femsim.analyses.settling import balanced
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
        0.02,
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

    def run(self, model: Model, *, log=None, progress=None) -> FailureCourse:
        """Load the model until past its peak.

        Parameters
        ----------
        model : with `failing`, isotropic.
        log : callable(str), optional
            Told of every step.
        progress : callable(None, str), optional
            Told in short how far it has come; nobody knows which share of the whole that is.

        Raises
        ------
        ModelError
            Where the model does not say what its material bears, or has a grain.
        ConvergenceError
            Where a step cannot be solved; its `course` holds all up to the last converged state.
        """
        refuse_unfit(model, 'take bone.anisotropy.kind = "isotropic" for this analysis')
        body = _loaded(model)
        steps = Steps(body, self, _first_to_yield(body), log, progress)
        trouble = steps.run()
        course = self._course(model, steps)
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

    def _course(self, model: Model, steps: Steps) -> FailureCourse:
        body, columns = steps.body, steps.columns
        force, row = steps.first_crack(self.crack_volume_mm3)
        peak, last = int(columns["force"].argmax()), len(columns["force"]) - 1
        kept = steps.kept({0, peak, last} | ({row} if row is not None else set()))
        return FailureCourse(
            model=model,
            factor=columns["force"] / body.size,
            travel=columns["travel"],
            force=columns["force"],
            work=columns["work"],
            stored=columns["stored"],
            dissipated=columns["lost"],
            yielded=columns["yielded"],
            first_yield=None if force is None else force / body.size,
            crack_volume=self.crack_volume_mm3,
            frames=kept,
            displacement=np.stack([body.motion(steps.fields[k][0]) for k in kept]),
            damage=np.stack([body.of_elements(steps.fields[k][1]) for k in kept]),
            plastic_strain=np.stack([body.of_elements(steps.fields[k][2]) for k in kept]),
            iterations=columns["iterations"],
            ending=steps.ending or "A step did not converge.",
            past_peak=steps.past_peak,
            log=tuple(steps.log),
        )


def _loaded(model: Model) -> LoadedBody:
    """The model under the peak of its activity, told by its hip force; by the sum of its forces where there is none."""
    history = model.history
    loads = np.einsum("b,bnk->nk", model.load_factors[history.peak], model.load_basis)
    size = float(np.linalg.norm(history.hip[history.peak])) or float(np.linalg.norm(loads, axis=1).sum())
    if not size > 0:
        raise ModelError("The load is nothing; it cannot break the bone.", where="load")
    return LoadedBody(
        model.mesh,
        model.elasticity,
        borne(model),
        model.held,
        balanced(model.mesh, model.reactions, loads[None])[0],
        size=size,
        springs=model.springs,
        judged=judged_bone(model),
    )


def _first_to_yield(body: LoadedBody) -> float:
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
