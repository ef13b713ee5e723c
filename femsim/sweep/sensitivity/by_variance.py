"""Sobol's indices, with bootstrap intervals: from Saltelli's design, or from a surrogate of any other draw."""

import warnings
from collections.abc import Sequence

import numpy as np

from femsim.sweep.designs.saltelli import Saltelli, unit_problem
from femsim.sweep.sensitivity.effects import Effect
from femsim.sweep.sensitivity.surrogate import Surrogate

RESAMPLES = 1000
SURROGATE_ROWS = 2048
CONFIDENCE = 0.95
SEED = 1  # of the bootstrap; SALib takes 0 for none


def sobol_indices(names: Sequence[str], y: np.ndarray, *, second_order: bool = False, seed: int = SEED) -> list[Effect]:
    """First and total index of every axis, total ones in falling order.

    Parameters
    ----------
    names : (d,) of the axes.
    y : (n × block,) of whole blocks of Saltelli's design.

    Source
    ------
    Saltelli et al., Comput. Phys. Commun. 181 (2010) 259–270; bootstrap of Archer et al. 1997; as SALib has them.
    """
    from SALib.analyze import sobol

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        found = sobol.analyze(
            unit_problem(len(names)),
            y,
            calc_second_order=second_order,
            num_resamples=RESAMPLES,
            conf_level=CONFIDENCE,
            seed=seed,
        )
    effects = []
    for n in np.argsort(-found["ST"]):
        effects += [
            Effect(names[n], kind, float(found[key][n]), *_around(found[key][n], found[f"{key}_conf"][n]))
            for kind, key in (("total", "ST"), ("first", "S1"))
        ]
    if second_order:
        for a, b in zip(*np.triu_indices(len(names), 1)):
            value, half = found["S2"][a, b], found["S2_conf"][a, b]
            effects.append(Effect(f"{names[a]} × {names[b]}", "second", float(value), *_around(value, half)))
    return effects


def by_surrogate(names: Sequence[str], model: Surrogate, seed: int = SEED) -> list[Effect]:
    """Indices of a surrogate; its own error comes on top of the intervals."""
    design = Saltelli(SURROGATE_ROWS, seed)
    return sobol_indices(names, model.at(design.points(len(names))), seed=seed)


def _around(value: float, half: float) -> tuple[float, float]:
    return float(value - half), float(value + half)
