"""A pair whose linear part is solved, and an analysis that takes no time."""

from dataclasses import dataclass, replace
from types import SimpleNamespace

import pytest

from femsim import beyond
from femsim.analyses.linear_static import LinearStatic
from femsim.errors import ConvergenceError
from femsim.registry import Registry


@dataclass(frozen=True)
class StandIn:
    """Gives the courses of the smallest run; `fails` : the model whose last step does not converge."""

    small_run: object
    past_peak: bool = True
    fails: str = ""
    with_course: bool = True

    def run(self, model, *, log=None, progress=None):
        course = self.small_run.failure_course(model.name, 0.8 if model.name == "operated" else 1.0, self.past_peak)
        if model.name == self.fails:
            error = ConvergenceError("The step became too small.", remedy="refine the mesh")
            if self.with_course:
                error.course = course
            raise error
        return course


@pytest.fixture
def asked(small_run, monkeypatch, tmp_path):
    """Makes what is asked of a stand-in analysis."""
    monkeypatch.setattr(beyond, "ANALYSES", Registry("analysis", linear_static=LinearStatic, failure=StandIn))

    def made(analysis=None, *, implant=True):
        operated, intact = small_run.outcomes()
        stages = []
        one = beyond.Asked(
            scenario=replace(small_run.scenario(), analysis=analysis or StandIn(small_run)),
            pair=SimpleNamespace(femur=small_run.femur("right")),
            operated=operated if implant else intact,
            intact=intact,
            risks=small_run.courses()[0],
            beside=tmp_path / "small-01234567",
            progress=stages.append,
        )
        return one, stages

    return made
