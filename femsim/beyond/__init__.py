"""What a scenario asks beyond linear statics: computed for both femora, told, and kept with the run."""

from collections.abc import Callable

from femsim.analyses import ANALYSES
from femsim.beyond.failing import failing
from femsim.beyond.found import Asked, Found
from femsim.beyond.striking import striking

# Name of an analysis → what computes it for a pair; linear statics, which every run has, needs nothing more.
BEYOND: dict[str, Callable[[Asked], Found]] = {"failure": failing, "impact": striking}


def found(asked: Asked) -> Found:
    """What the scenario's analysis finds; nothing where that is linear statics.

    Raises
    ------
    ModelError, ConvergenceError
    """
    compute = BEYOND.get(ANALYSES.name_of(asked.scenario.analysis))
    return compute(asked) if compute else Found()
