"""Elementary effects of Morris' walks."""

from collections.abc import Sequence

import numpy as np

from femsim.sweep.designs.morris import Morris
from femsim.sweep.designs.saltelli import unit_problem
from femsim.sweep.sensitivity.effects import Effect

RESAMPLES = 1000
SEED = 1  # of the bootstrap


def elementary_effects(
    names: Sequence[str], design: Morris, rows: np.ndarray, y: np.ndarray, unit: str, seed: int = SEED
) -> list[Effect]:
    """Mean size μ* and scatter σ of every axis, the largest first.

    Parameters
    ----------
    rows : (k,) places in the design, of whole walks; y : (k,).
    unit : of y. An effect is over the whole range of the axis.

    Source
    ------
    Morris 1991; μ* of Campolongo, Cariboni, Saltelli, Environ. Model. Softw. 22 (2007) 1509–1518; as SALib has them.
    """
    from SALib.analyze import morris

    walks = design.walks(len(names))[rows]
    found = morris.analyze(
        unit_problem(len(names)), walks, y, num_resamples=RESAMPLES, num_levels=design.grid, seed=seed
    )
    effects = []
    for n in np.argsort(-np.asarray(found["mu_star"])):
        size, half = float(found["mu_star"][n]), float(found["mu_star_conf"][n])
        effects.append(Effect(names[n], "morris", size, size - half, size + half, unit))
        effects.append(Effect(names[n], "spread", float(found["sigma"][n]), unit=unit))
    return effects
