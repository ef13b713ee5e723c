"""What risk bone runs under any hip force while all other forces stay as they are."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from femsim.arrays import freeze, frozen
from femsim.capacity.cones import Cones
from femsim.criteria.principal_strain import PrincipalStrain
from femsim.metrics.bone_strain import BoneStrain

_ROWS = 4096  # judged at once: their strains stay in the cache of a core
_SORTED = 256  # rows that are judged together once they are sorted
_FEW = 8  # forces in one cone for which sorting the bone first does not pay


@dataclass(frozen=True)
class HipRisk:
    """Risk of the judged bone of one model as a function of the hip force; cones and forces in one frame.

    bone : strain of it under each unit load.
    rows : (k,) of bone.fields that are judged.
    cones : Cones
    columns : (p,) column of bone.fields of each pole; -1 where it is not solved.
    beside : (n, 6) strain from all else, one row per row of bone.fields.
    """

    bone: BoneStrain
    rows: np.ndarray
    cones: Cones
    columns: np.ndarray
    beside: np.ndarray
    criterion: PrincipalStrain = PrincipalStrain()

    def __post_init__(self):
        freeze(
            self,
            rows=frozen(self.rows, np.int64, (None,)),
            columns=frozen(self.columns, np.int64, (len(self.cones.poles.directions),)),
            beside=frozen(self.beside, np.float64, (len(self.bone.fields), 6)),
        )

    @cached_property
    def solved(self) -> np.ndarray:
        """(t,) bool: cones of which all three corners are solved."""
        return (self.columns[self.cones.poles.triangles] >= 0).all(axis=1)

    def limits(self, rows: np.ndarray, cones: np.ndarray, corners: np.ndarray) -> np.ndarray:
        """(r,) what no risk of rows exceeds under any force of a convex body, given by its corners (v, 3) [N].

        cones : (c,) all those that the body reaches into; its corners may lie outside of some or of all.
        """
        limit = np.zeros(len(rows))
        for cone in cones:
            parts = corners @ self.cones.poles.inverse[cone].T
            np.maximum(limit, self._by_parts(rows, int(cone), parts).max(axis=1), out=limit)
        return limit

    def largest(self, forces: np.ndarray, rows: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray]:
        """Largest risk (m,) of the judged bone under each force (m, 3) [N], and the row (m,) that has it.

        NaN and -1 where a force lies in no cone that is solved. rows : only these are judged.
        """
        rows = self.rows if rows is None else rows
        forces = np.asarray(forces, float)
        values, where = np.full(len(forces), np.nan), np.full(len(forces), -1)
        cones, parts = self.cones.of(forces, np.flatnonzero(self.solved))
        for cone in np.unique(cones[cones >= 0]):
            of_it = np.flatnonzero(cones == cone)
            values[of_it], where[of_it] = self._largest_in(rows, int(cone), parts[of_it])
        return values, where

    def _largest_in(self, rows: np.ndarray, cone: int, parts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        if len(parts) <= _FEW:
            risk = self._by_parts(rows, cone, parts)
            at = risk.argmax(axis=0)
            return risk[at, np.arange(len(parts))], rows[at]
        # No part is negative, so every force lies between the six corners of a frustum, and no row exceeds its largest
        # risk at them: rows that cannot reach what others have are not judged at all.
        sums = parts.sum(axis=1)
        corners = np.concatenate([sums.min() * np.eye(3), sums.max() * np.eye(3)])
        limit = self._by_parts(rows, cone, corners).max(axis=1)
        order = np.argsort(-limit, kind="stable")
        values, where = np.full(len(parts), -np.inf), np.full(len(parts), -1)
        for some in np.array_split(order, max(1, len(order) // _SORTED)):
            if limit[some[0]] <= values.min():
                break
            risk = self._by_parts(rows[some], cone, parts)
            at = risk.argmax(axis=0)
            better = risk[at, np.arange(len(parts))] > values
            values[better] = risk[at, np.arange(len(parts))][better]
            where[better] = rows[some[at]][better]
        return values, where

    def _by_parts(self, rows: np.ndarray, cone: int, parts: np.ndarray) -> np.ndarray:
        """(r, m) risk where parts (m, 3) [N] of the pressures along the corners of a cone act."""
        columns = self.columns[self.cones.poles.triangles[cone]]
        risk = np.empty((len(rows), len(parts)))
        for start in range(0, len(rows), _ROWS):
            some = rows[start : start + _ROWS]
            fields = np.ascontiguousarray(self.bone.fields[some[:, None], columns].transpose(2, 0, 1))
            strain = fields @ parts.T + self.beside[some].T[:, :, None]  # (6, r, m)
            risk[start : start + _ROWS] = self.criterion.ratio(None, np.moveaxis(strain, 0, -1))
        return risk
