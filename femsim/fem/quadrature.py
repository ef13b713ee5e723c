"""Integration rules on the tetrahedron and the triangle, each stating the polynomial degree it integrates exactly."""

from dataclasses import dataclass

import numpy as np

from femsim.arrays import freeze, frozen


@dataclass(frozen=True)
class Rule:
    """Points and weights of a rule.

    points : (q, 4) barycentric coordinates of a tetrahedron, (q, 3) of a triangle.
    weights : (q,) shares of the volume or area, summing to 1.
    degree : highest total degree of polynomials integrated exactly.
    """

    points: np.ndarray
    weights: np.ndarray
    degree: int

    def __post_init__(self):
        points = frozen(self.points, np.float64, (None, None))
        freeze(self, points=points, weights=frozen(self.weights, np.float64, (len(points),)))


CENTROID = Rule(np.full((1, 4), 0.25), np.ones(1), degree=1)

_NEAR = (5 + 3 * 5**0.5) / 20  # 0.58541020; Hammer & Stroud, Math. Tables Aids Comput. 10 (1956) 137-139
_FAR = (5 - 5**0.5) / 20  # 0.13819660
FOUR_POINTS = Rule(np.full((4, 4), _FAR) + (_NEAR - _FAR) * np.eye(4), np.full(4, 0.25), degree=2)


def conical_rule(degree: int) -> Rule:
    """A rule of any degree, by Gauss-Jacobi points collapsed from the cube.

    For loads and error norms, where a degree above 2 is wanted; its points are not symmetric in the corners.

    Source
    ------
    Stroud, Approximate Calculation of Multiple Integrals (1971), conical product formulas.
    """
    from scipy.special import roots_jacobi

    n = degree // 2 + 1
    (a, wa), (b, wb), (c, wc) = (roots_jacobi(n, power, 0) for power in (2, 1, 0))
    a, b, c = np.meshgrid((1 + a) / 2, (1 + b) / 2, (1 + c) / 2, indexing="ij")
    x, y, z = a, (1 - a) * b, (1 - a) * (1 - b) * c
    weights = wa[:, None, None] * wb[None, :, None] * wc[None, None, :]
    points = np.stack([1 - x - y - z, x, y, z], axis=-1).reshape(-1, 4)
    return Rule(points, (weights / weights.sum()).ravel(), degree=2 * n - 1)


def triangle_rule(degree: int) -> Rule:
    """A rule of any degree on the triangle, by the same construction."""
    from scipy.special import roots_jacobi

    n = degree // 2 + 1
    (a, wa), (b, wb) = (roots_jacobi(n, power, 0) for power in (1, 0))
    a, b = np.meshgrid((1 + a) / 2, (1 + b) / 2, indexing="ij")
    x, y = a, (1 - a) * b
    weights = wa[:, None] * wb[None, :]
    points = np.stack([1 - x - y, x, y], axis=-1).reshape(-1, 3)
    return Rule(points, (weights / weights.sum()).ravel(), degree=2 * n - 1)
