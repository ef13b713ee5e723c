"""What solid bone feels of every load of a model: strain averaged over small spheres, ready for any combination.

Averages are linear in the load, so those of the few loads that span an activity give those of every frame, of another
body mass, and of every other activity of the same loads.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from femsim.analyses.outcome import Outcome
from femsim.arrays import freeze, frozen
from femsim.criteria.principal_strain import PrincipalStrain
from femsim.fem.recovery import strain
from femsim.fem.spheres import Spheres
from femsim.fem.superposition import extreme_principal
from femsim.metrics.places import AVERAGING_RADIUS, bone_mask, solid_spheres

_SAME = 1e-13  # factors of two frames, over their size, that differ by less are one load in two sizes


@dataclass(frozen=True)
class BoneStrain:
    """Strain of solid bone (marrow left out) under each load.

    rows : (k,) elements of the mesh; kept bone first, the same in both models of a pair.
    n_kept : how many of them are kept bone.
    fields : (k, b, 6) mean strain over the sphere about each element, per unit of each load, divided at every point by
        what the yield strain is there of that of sound bone.
    """

    rows: np.ndarray
    n_kept: int
    fields: np.ndarray

    def __post_init__(self):
        freeze(self, rows=frozen(self.rows, np.int64, (None,)), fields=frozen(self.fields, np.float64, (None, None, 6)))

    def risk(self, factors: np.ndarray, criterion: PrincipalStrain) -> np.ndarray:
        """(k,) risk factor where factors (b,) of the loads act."""
        return criterion.of_extremes(*extreme_principal(self.fields, factors))

    def risks(
        self, factors: np.ndarray, criterion: PrincipalStrain
    ) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
        """Risk in every frame of an activity, judged once for frames that carry the same load in different size.

        Parameters
        ----------
        factors : (t, b)

        Yields
        ------
        frames : (m,) that carry the same load; the first is where it is largest. Frames without any load never come.
        shares : (m,) of that largest load.
        values : (k,) risk factor of the first frame; in the others it is shares times this.
        """
        factors = np.asarray(factors, float)
        acting = np.flatnonzero(factors.any(axis=0))
        bone = self
        for number, (frames, shares) in enumerate(_in_proportion(factors)):
            if number == 1 and len(acting) < self.fields.shape[1]:
                # Many loads: what acts in them is brought side by side once, as memory is read in whole lines.
                bone = replace(self, fields=self.fields[:, acting])
            row = factors[frames[0]]
            yield frames, shares, bone.risk(row if bone is self else row[acting], criterion)


def _in_proportion(factors: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Frames (m,) whose rows are one load in different sizes, the largest first, and their share of it (m,)."""
    sizes = np.linalg.norm(factors, axis=1)
    open_ones = np.flatnonzero(sizes > 0)
    directions = factors / np.where(sizes > 0, sizes, 1.0)[:, None]
    while len(open_ones):
        same = np.abs(directions[open_ones] - directions[open_ones[0]]).max(axis=1) < _SAME
        frames = open_ones[same]
        frames = frames[np.argsort(-sizes[frames], kind="stable")]
        yield frames, sizes[frames] / sizes[frames[0]]
        open_ones = open_ones[~same]


def bone_strain(outcome: Outcome, operated: Outcome) -> BoneStrain:
    """Of one model of a pair; kept bone is averaged over the same spheres in both, removed bone over its own."""

    def made() -> BoneStrain:
        spheres = bone_spheres(outcome, operated)
        rows = np.concatenate([one.rows for one in spheres])
        fields = np.empty((len(rows), len(outcome.displacement_basis), 6))
        for load in range(fields.shape[1]):
            fields[:, load] = _averaged(outcome, spheres, outcome.basis_strain(load))
        return BoneStrain(rows, len(spheres[0].rows), fields)

    return outcome.lasting("bone strain", made)


def mean_strain(outcome: Outcome, operated: Outcome, displacement: np.ndarray) -> np.ndarray:
    """(k, 6) mean strain of solid bone, as in `BoneStrain`, under any displacement (n, 3) [mm] of the model."""
    return _averaged(outcome, bone_spheres(outcome, operated), strain(outcome.model.mesh, displacement))


def bone_spheres(outcome: Outcome, operated: Outcome) -> tuple[Spheres, ...]:
    """Over which solid bone is averaged: kept bone, then removed bone where there is any."""

    def made() -> tuple[Spheres, ...]:
        solid = bone_mask(outcome) & ~outcome.marrow
        solid[: outcome.n_kept] = False
        removed = [Spheres(outcome.model.mesh, AVERAGING_RADIUS, np.flatnonzero(solid))] if solid.any() else []
        return (solid_spheres(operated), *removed)

    return outcome.lasting("bone spheres", made)


def _averaged(outcome: Outcome, spheres: tuple[Spheres, ...], strains: np.ndarray) -> np.ndarray:
    strains = strains / outcome.model.yield_strain_factor[..., None]
    return np.concatenate([one.average(strains[one.rows]) for one in spheres])
