"""How much each factor of a sweep matters, as rows: what any method says of one axis."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Effect:
    """What a method says of an axis.

    kind : first (share of variance by itself), total (with all it acts together with), morris (mean size of elementary
        effects), spread (their scatter), rank (Spearman's ρ), partial_rank (others held), between (share of variance
        between levels), swing (change from the base case, or of the mean), linear (change by a straight line).
    low, high : 95 % interval of the value; of a swing the least and the largest change.
    unit : of the value; "-" where it is a share.
    """

    axis: str
    kind: str
    value: float
    low: float | None = None
    high: float | None = None
    unit: str = "-"


MEANING = {
    "first": "share of the variance that the factor explains by itself (Sobol, first order)",
    "total": "share of the variance that goes with the factor, interactions included (Sobol, total)",
    "second": "share of the variance that two factors explain only together (Sobol, second order)",
    "morris": "mean size of the change when the factor crosses its range (Morris, μ*)",
    "spread": "scatter of these changes: interactions, or a curved answer (Morris, σ)",
    "rank": "rank correlation (Spearman)",
    "partial_rank": "rank correlation with the other factors held (PRCC)",
    "between": "share of the variance between the factor's levels (η²)",
    "swing": "change of the measure when the factor alone goes through its values",
    "linear": "change of the measure between the factor's 5 and 95 % quantiles by a straight line, the others held",
}
