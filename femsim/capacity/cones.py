"""The cones that the triangles of poles span: inside each, what bone feels is linear in the hip force."""

from dataclasses import dataclass

import numpy as np

from femsim.loads.poles import Poles

_NOTHING = 1e-9  # of a force: less than that beyond the edge of a cone is rounding, and maps agree on the edge
_PIECE = 1024


@dataclass(frozen=True)
class Cones:
    """One cone of forces for each triangle of poles."""

    poles: Poles

    def of(self, forces: np.ndarray, among: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The cone (k,) among some (c,) that each force (k, 3) lies in, and its parts (k, 3) along the corners.

        -1 where it lies in none of them. No part is negative.
        """
        cone = np.full(len(forces), -1)
        for start in range(0, len(forces) if len(among) else 0, _PIECE):
            some = slice(start, start + _PIECE)
            least = (self.poles.inverse[among] @ forces[some].T).min(axis=1)
            best = least.argmax(axis=0)
            inside = least[best, np.arange(len(best))] >= -_NOTHING * np.linalg.norm(forces[some], axis=1)
            cone[some] = np.where(inside, among[best], -1)
        return cone, np.maximum(np.einsum("kij,kj->ki", self.poles.inverse[cone], forces), 0.0)

    def touched(self, corners: np.ndarray, among: np.ndarray) -> np.ndarray:
        """(c,) bool: which of the cones `among` (c,) a convex body can touch that is given by its corners (v, 3).

        Cones on whose far side of a face all corners lie are ruled out; some that are not ruled out may be missed by
        the body all the same.
        """
        parts = self.poles.inverse[among] @ corners.T
        return (parts.max(axis=2) > _NOTHING * np.abs(corners).max()).all(axis=1)
