"""The distal femur as a function of space: two condyles below the flared shaft, a notch and a groove between them.

The parts live in the knee frame: origin midway between the condyles at the joint, x lateral along the line on which the
posterior condyles rest, y anterior, z proximal along the line from knee to hip; their lengths are those of a width over
the epicondyles of 90.3 mm. They are working values of femsim that give a femur its usual look, not fitted to any; both
posterior condyles have one radius and lie side by side, so that the table they rest on is parallel to x.
"""

from dataclasses import dataclass

import numpy as np

from femsim.anatomy.implicit import blend, carve, merge, round_cone
from femsim.arrays import freeze, frozen

USUAL_WIDTH, USUAL_DEPTH = 90.3, 68.8  # mm: over the epicondyles, and from back to front, as the parts below come out
# Start, end [mm], radius at start and end [mm].
PARTS = {
    "medial_condyle": ((-23.5, -19.0, 20.5), (-20.0, 8.0, 20.0), 18.5, 19.5),
    "lateral_condyle": ((23.5, -19.0, 20.5), (21.0, 9.0, 20.0), 18.5, 19.5),
    "medial_rim": ((-17.0, 10.0, 22.0), (-11.0, 13.0, 46.0), 15.0, 10.0),
    "lateral_rim": ((18.0, 12.0, 22.0), (12.0, 15.0, 48.0), 15.0, 11.0),
    "medial_epicondyle": ((-20.0, -3.0, 32.0), (-31.5, -6.0, 31.0), 16.0, 10.0),
    "lateral_epicondyle": ((20.0, 0.0, 32.0), (31.5, -3.0, 29.0), 16.0, 10.0),
}
NOTCH = ((0.0, -46.0, 8.0), (0.0, -9.0, 6.0), 11.5, 9.0, 7.0)  # between the condyles: as above, rounding of its edge
GROOVE = ((0.0, 36.0, 4.0), (0.0, 41.0, 50.0), 13.0, 14.0, 9.0)  # for the patella
SHAFT_FORWARD, SHAFT_AT = 9.0, 40.0  # mm by which the shaft's middle lies before the origin, and above it
SHAFT_END = 16.0  # mm above the joint
REACH = 160.0  # mm above the joint, beyond which the knee does not show
MERGE = 4.0  # mm, width over which the parts flow into each other


@dataclass(frozen=True)
class DistalShape:
    """The knee's end of a femur, in the femur frame [mm].

    to_knee : (4, 4) from the femur frame to the knee frame.
    width, depth : over the epicondyles, and from back to front [mm].
    """

    to_knee: np.ndarray
    width: float
    depth: float

    def __post_init__(self):
        freeze(self, to_knee=frozen(self.to_knee, np.float64, (4, 4)))

    @property
    def scale(self) -> float:
        return self.width / USUAL_WIDTH

    def with_shaft(self, points: np.ndarray, shaft: np.ndarray) -> np.ndarray:
        """(n,) values of knee and shaft together at points (n, 3), from those of the shaft alone (n,)."""
        own = points @ self.to_knee[:3, :3].T + self.to_knee[:3, 3]
        scale = self.scale
        flat = own / [1.0, self.depth / USUAL_DEPTH / scale, 1.0]  # as deep as is wanted
        parts = [
            round_cone(flat, scale * np.array(start), scale * np.array(end), scale * r0, scale * r1)
            for start, end, r0, r1 in PARTS.values()
        ]
        # The shaft ends between the condyles.
        shaft = -blend(-shaft, own[:, 2] - SHAFT_END * scale, 12.0 * scale)
        bone = merge([shaft, merge(parts, MERGE * scale)], MERGE * scale)
        for start, end, r0, r1, edge in (NOTCH, GROOVE):
            gap = round_cone(flat, scale * np.array(start), scale * np.array(end), scale * r0, scale * r1)
            bone = carve(bone, gap, edge * scale)
        return bone
