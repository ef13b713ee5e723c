"""A smooth stand-in for the simulation, with its cross-validated error; refused where that is too large."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from femsim.errors import MissingPieceError, QualityError

FOLDS = 5
MOST_ROWS = 600  # that a Gaussian process learns from: its work grows with their cube
ROWS_FOR_LENGTHS = 200  # that its lengths are found from, which takes many such works
USUAL_LIMIT = 0.1  # error over the measure's own spread, above which a surrogate is refused
LEAST_ROWS = 10


@dataclass(frozen=True)
class Surrogate:
    """A Gaussian process of one measure.

    error : root mean square of what it misses of cases it has not seen, over the standard deviation of the measure.
    """

    model: Any
    error: float
    n_rows: int

    @property
    def words(self) -> str:
        """How good it is."""
        return (
            f"Gaussian process of {self.n_rows} cases, cross-validated error {100 * self.error:.1f} % of the standard "
            f"deviation ({FOLDS} folds)"
        )

    def at(self, quantiles: np.ndarray) -> np.ndarray:
        """(k,) of quantiles (k, d)."""
        parts = [self.model.predict(some) for some in np.array_split(quantiles, max(1, len(quantiles) // 2000))]
        return np.concatenate(parts)


def surrogate(inputs: np.ndarray, y: np.ndarray, name: str, limit: float = USUAL_LIMIT, seed: int = 0) -> Surrogate:
    """A surrogate learnt from cases, good enough or refused.

    Parameters
    ----------
    inputs : (n, d) quantiles.
    y : (n,)
    limit : float
        Largest cross-validated error over the standard deviation of y.

    Raises
    ------
    QualityError
        Where it is worse, with its error.
    MissingPieceError
        Where scikit-learn is not installed.
    """
    if len(y) < LEAST_ROWS:
        raise QualityError(f"{len(y)} cases are too few for a surrogate of {name}; {LEAST_ROWS} are needed.")
    rng = np.random.default_rng(seed)
    rows = rng.permutation(len(y))[:MOST_ROWS]
    inputs, y = inputs[rows], y[rows]
    spread = float(np.std(y))
    if spread == 0.0:
        raise QualityError(f"{name} is the same in all cases: there is nothing to learn.")
    kernel = _fitted(inputs[:ROWS_FOR_LENGTHS], y[:ROWS_FOR_LENGTHS]).kernel_
    model = _fitted(inputs, y, kernel)
    missed = np.empty(len(y))
    for fold in np.array_split(np.arange(len(y)), FOLDS):
        rest = np.setdiff1d(np.arange(len(y)), fold)
        missed[fold] = y[fold] - _fitted(inputs[rest], y[rest], kernel).predict(inputs[fold])
    error = float(np.sqrt(np.mean(missed**2))) / spread
    if not error <= limit:
        raise QualityError(
            f"The surrogate of {name} misses {100 * error:.1f} % of the standard deviation of cases it has not seen; "
            f"{100 * limit:.1f} % is the limit.",
            why=f"{len(y)} cases do not say enough about so rough a measure",
            remedy="compute more cases, or allow more with --limit",
        )
    return Surrogate(model, error, len(y))


def _fitted(inputs: np.ndarray, y: np.ndarray, kernel: Any = None) -> Any:
    """A Gaussian process; with a kernel given, its lengths are not looked for again."""
    import warnings

    try:
        from sklearn.exceptions import ConvergenceWarning
        from sklearn.gaussian_process import GaussianProcessRegressor
        from sklearn.gaussian_process.kernels import ConstantKernel, Matern, WhiteKernel
    except ImportError:
        raise MissingPieceError(
            "A surrogate needs scikit-learn, which is not installed.", remedy="pip install 'femsim[surrogate]'"
        ) from None
    d = inputs.shape[1]
    lengths = Matern(np.ones(d), (1e-2, 1e3), nu=2.5)
    usual = ConstantKernel(1.0, (1e-3, 1e4)) * lengths + WhiteKernel(1e-6, (1e-10, 1.0))
    optimizer = "fmin_l_bfgs_b" if kernel is None else None
    model = GaussianProcessRegressor(kernel or usual, normalize_y=True, optimizer=optimizer, random_state=0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # lengths at their bounds: an axis that does not matter
        return model.fit(inputs, y)
