"""What becomes of failed cases before factors are asked about: declared, counted, and looked at for a pattern."""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from femsim.errors import QualityError
from femsim.sweep.sensitivity.finished import Finished

Policy = Literal["drop", "impute", "refuse"]
LEAST_BLOCKS = 8  # below that an index means nothing
SUSPECT = 0.01  # p below which failures are said to gather


@dataclass(frozen=True)
class Kept:
    """Rows of a measure that are asked about.

    rows : (k,) places in the design, whole blocks; y : (k,) their values, none NaN.
    words : what was done about failed cases, with how many.
    """

    rows: np.ndarray
    y: np.ndarray
    words: str


def kept(finished: Finished, name: str, policy: Policy, limit: float) -> Kept:
    """A measure with its failed cases dealt with.

    Blocks of Saltelli's design and walks of Morris' stand or fall together.

    Raises
    ------
    QualityError
        Where the policy is to refuse and a case failed, too little is left, or a surrogate is not good enough.
    """
    y = finished.measures[name]
    absent = np.isnan(y)
    if not absent.any():
        return Kept(np.arange(len(y)), y, "no case failed")
    n = int(absent.sum())
    if policy == "refuse":
        raise QualityError(
            f"{n} of {len(y)} cases have no {name}.",
            remedy="run them again (femsim sweep retry), or let --failed drop or impute them",
        )
    if policy == "impute":
        return _imputed(finished, name, y, limit)
    size = finished.design.block(len(finished.own_axes)) if hasattr(finished.design, "block") else 1
    whole = ~absent.reshape(-1, size).any(axis=1)
    if whole.sum() < LEAST_BLOCKS:
        raise QualityError(
            f"Of {len(whole)} {_noun(finished.design)} only {int(whole.sum())} are without a failed case; "
            f"{LEAST_BLOCKS} are needed.",
            where=name,
            remedy="mend the failed cases and run them again (femsim sweep retry), or try --failed impute",
        )
    rows = np.flatnonzero(np.repeat(whole, size))
    lost = f"; dropped: {int((~whole).sum())} of {len(whole)} {_noun(finished.design)}" if size > 1 else "; dropped"
    return Kept(rows, y[rows], f"{n} of {len(y)} cases have no value{lost}")


def _noun(design: Any) -> str:
    return "blocks" if hasattr(design, "block") else "cases"


def _imputed(finished: Finished, name: str, y: np.ndarray, limit: float) -> Kept:
    from femsim.sweep.sensitivity.surrogate import surrogate

    there = ~np.isnan(y)
    inputs = coordinates(finished)
    model = surrogate(inputs[there], y[there], name, limit)
    filled = y.copy()
    filled[~there] = model.at(inputs[~there])
    told = f"{int((~there).sum())} of {len(y)} cases have no value; put in from a surrogate: {model.words}"
    return Kept(np.arange(len(y)), filled, told)


def coordinates(finished: Finished) -> np.ndarray:
    """(n, d) what a surrogate goes by: quantiles, or numbers from 0 to 1.

    Raises
    ------
    QualityError
        Where an axis is not a number.
    """
    if finished.quantiles is not None:
        return finished.quantiles
    columns = []
    for name, values in finished.values.items():
        if values.dtype.kind != "f":
            raise QualityError(
                f"{name} is no number, and a surrogate goes by numbers.", remedy="let --failed drop, or draw the cases"
            )
        spread = np.nanmax(values) - np.nanmin(values)
        columns.append((values - np.nanmin(values)) / (spread or 1.0))
    return np.stack(columns, axis=1)


def gathering(finished: Finished, name: str) -> list[str]:
    """Axes along which failed cases gather (Mann, Whitney): what is left then misses a part of the space."""
    from scipy.stats import mannwhitneyu

    absent = np.isnan(finished.measures[name])
    if finished.quantiles is None or not 3 <= absent.sum() < len(absent):
        return []
    found = []
    for axis, column in zip(finished.own_axes, finished.quantiles.T):
        p = float(mannwhitneyu(column[absent], column[~absent]).pvalue)
        if p < SUSPECT:
            side = "high" if np.median(column[absent]) > np.median(column[~absent]) else "low"
            found.append(f"failed cases gather at {side} {axis.name} (p = {p:.1g}): what is left misses part of it")
    return found
