"""What a solved model tells: displacement, strain and stress of any frame, and how well its equations are solved."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from femsim.arrays import freeze, frozen
from femsim.fem.geometry import integration_points, integration_weights
from femsim.fem.recovery import principal, strain, stress
from femsim.model import LoadCase, Model

# Fields of more frames than this make a file large and a slider no better.
MOST_FRAMES = 26
SUPPORT = "distal_support"  # zone beside the held end: its strains belong to the support (Saint-Venant)
MARROW = 0.1  # g/cm³ apparent, below which no trabecula is counted; assumed: trabecular bone is 0.05–1.0


@dataclass(frozen=True)
class Checks:
    """How well the discrete equations are solved; all relative, dimensionless.

    residual : largest ‖Ku - f‖/‖f‖ over the load cases.
    force_balance, moment_balance : |reactions + loads| over |loads| (times the model's size) at the peak.
    energy_balance : |½f·u - strain energy| over ½f·u at the peak.
    """

    residual: float
    force_balance: float
    moment_balance: float
    energy_balance: float


@dataclass(frozen=True)
class Outcome:
    """A model and its converged solution.

    displacement_basis : (b, n, 3) [mm], one per load of `model.load_basis`.
    n_kept : elements shared with the twin; they come first, so rows [:n_kept] of two outcomes are the same bone.
    solver : sentence that names the solver and why it was chosen.
    """

    model: Model
    displacement_basis: np.ndarray
    n_kept: int
    checks: Checks
    solver: str
    _cache: dict = field(default_factory=dict, repr=False, compare=False)
    _lasting: dict = field(default_factory=dict, repr=False, compare=False)

    def __post_init__(self):
        freeze(
            self,
            displacement_basis=frozen(self.displacement_basis, np.float64, self.model.load_basis.shape),
            # What a copy with another model or displacement was made from must not answer for it.
            _cache={},
            _lasting={},
        )

    def under(self, cases: Sequence[LoadCase], sites: Mapping[str, np.ndarray]) -> "Outcome":
        """The same solution, asked for other activities that the loads of the model span; what does not depend on the
        activity is made once for all.

        cases : the one under [load] first. sites : where their forces enter, as of `Model.sites`.
        """
        main, *routine = cases
        model = replace(
            self.model, history=main.history, load_factors=main.factors, activity=main.activity,
            routine=tuple(routine), sites=sites,
        )  # fmt: skip
        other = replace(self, model=model)
        freeze(other, _lasting=self._lasting)
        return other

    @property
    def peak(self) -> int:
        """Frame with the largest hip force."""
        return self.model.history.peak

    def displacement(self, frame: int) -> np.ndarray:
        """(n, 3) [mm]."""
        return np.einsum("b,bnk->nk", self.model.load_factors[frame], self.displacement_basis)

    def nodal_loads(self, frame: int) -> np.ndarray:
        """(n, 3) [N]."""
        return np.einsum("b,bnk->nk", self.model.load_factors[frame], self.model.load_basis)

    def strain(self, frame: int) -> np.ndarray:
        """(e, q, 6), components XX YY ZZ XY YZ XZ, true shear strain; kept for the peak, which is asked for often."""
        if frame == self.peak:
            return self.once("strain at peak", lambda: self._strain(frame))
        return self._strain(frame)

    def _strain(self, frame: int) -> np.ndarray:
        return strain(self.model.mesh, self.displacement(frame))

    def basis_strain(self, row: int) -> np.ndarray:
        """(e, q, 6) under one load of `model.load_basis` alone."""
        return strain(self.model.mesh, self.displacement_basis[row])

    @property
    def shown_frames(self) -> np.ndarray:
        """(f,) frames whose fields are kept: evenly spread over the activity, the peak among them."""
        n = len(self.model.history.instants)
        spread = np.linspace(0, n - 1, min(n, MOST_FRAMES)).round().astype(int)
        return np.unique(np.append(spread, self.peak))

    def stress(self, frame: int) -> np.ndarray:
        """(e, q, 6) [MPa]."""
        if frame == self.peak:
            return self.once("stress at peak", lambda: stress(self.strain(frame), self.model.elasticity))
        return stress(self.strain(frame), self.model.elasticity)

    @property
    def peak_principal_strain(self) -> np.ndarray:
        """(e, q, 3) at the peak, ascending."""
        return self.once("principal strain", lambda: principal(self.strain(self.peak)))

    @property
    def marrow(self) -> np.ndarray:
        """(e,) bool: elements of bone so light that they are marrow, or the fluid of a cyst: they strain, not break."""
        return self.lasting("marrow", lambda: self.model.density.mean(axis=1) < MARROW)

    @property
    def weights(self) -> np.ndarray:
        """(e, q) [mm³]: the volume each integration point stands for."""
        return self.lasting("weights", lambda: integration_weights(self.model.mesh))

    @property
    def points(self) -> np.ndarray:
        """(e, q, 3) [mm]: the integration points."""
        return self.lasting("points", lambda: integration_points(self.model.mesh))

    @property
    def volumes(self) -> np.ndarray:
        """(e,) [mm³]."""
        return self.lasting("volumes", lambda: self.weights.sum(axis=1))

    def once(self, name, make: Callable):
        """What `make` returns, made the first time that it is asked for by this name and kept with the outcome."""
        if name not in self._cache:
            self._cache[name] = make()
        return self._cache[name]

    def lasting(self, name, make: Callable):
        """The same of what does not depend on the activity: it answers for every outcome `under` another one too."""
        if name not in self._lasting:
            self._lasting[name] = make()
        return self._lasting[name]
