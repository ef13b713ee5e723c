"""A named plane across a body, and which places lie beyond it."""

from dataclasses import dataclass

import numpy as np

from femsim.arrays import freeze, frozen


@dataclass(frozen=True)
class Plane:
    """Where a body is cut in thought.

    point : (3,) [mm] on the plane; moments are taken about it.
    normal : (3,), made unit; it points to the part that lies beyond.
    reach : distance [mm] from the line through the point along the normal up to which the plane cuts, so that a cut
        of the neck leaves the trochanter beside it alone.
    """

    name: str
    point: np.ndarray
    normal: np.ndarray
    reach: float = np.inf

    def __post_init__(self):
        normal = np.asarray(self.normal, np.float64)
        freeze(
            self,
            point=frozen(self.point, np.float64, (3,)),
            normal=frozen(normal / np.linalg.norm(normal), np.float64, (3,)),
        )

    def beyond(self, places: np.ndarray) -> np.ndarray:
        """(k,) bool: places (k, 3) on the side to which the normal points, within reach."""
        beside = places - self.point
        height = beside @ self.normal
        far = np.einsum("ki,ki->k", beside, beside) - height * height > self.reach**2
        return (height > 0) & ~far
