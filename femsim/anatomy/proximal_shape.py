"""The proximal femur as a function of space: parts fitted to real femora, merged, with an exactly round head.

The parts live in the neck frame: origin where the neck axis meets the shaft, x lateral along the neck's projection
across the shaft, y anterior, z proximal; their lengths are those of a head of 48 mm. They are merged round cones and
two elliptic tubes, fitted by least squares to three segmented femora, each scaled to that head (LibHip m3 and m4,
doi:10.1016/j.cmpb.2022.107140, MIT licence; gfxmorph, BSD-2 licence), then evened by hand where the mean of three
trochanters was lumpy. The shape lies 1.6, 2.6 and 1.6 mm RMS from m4, m3 and gfxmorph.
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from femsim.anatomy.implicit import blend, carve, elliptic_tube, merge, round_cone, sphere
from femsim.arrays import freeze, frozen

FITTED_RADIUS = 24.0  # mm, head radius the table is scaled to
# Start, end [mm], radius at start and end [mm].
PARTS = {
    "trochanter_body": ((6.4, -10.5, -5.0), (8.5, -6.0, 27.0), 11.0, 8.0),
    "trochanter_tip": ((6.0, -15.0, 22.0), (3.5, -11.5, 38.5), 7.5, 7.5),
    "lateral_flare": ((13.3, 0.5, 2.0), (10.5, -2.0, 17.0), 8.6, 7.5),
    "trochanter_front": ((3.0, 4.5, 10.0), (4.0, 2.5, 24.0), 8.0, 7.5),
    "trochanter_back": ((7.0, -14.6, 15.8), (4.3, -17.0, 28.1), 7.0, 6.3),
    "intertrochanteric_crest": ((1.2, -20.7, 17.2), (-9.3, -18.5, -8.3), 6.1, 6.2),
    "lesser_trochanter": ((0.5, -14.7, -28.5), (-20.6, -27.7, -17.0), 11.3, 7.6),
    "calcar": ((-8.7, -5.5, -41.8), (-23.5, -4.5, 0.5), 6.2, 7.8),
    "neck_base": ((-14.8, -8.1, -8.1), (-8.8, 6.4, 16.9), 7.7, 9.7),
}
MERGE = 4.0  # mm, width over which the parts flow into each other
FOSSA = ((-7.8, -20.2, 25.6), 8.7, 6.0)  # trochanteric fossa: centre, radius, rounding of its edge [mm]
HEAD_FILLET = 5.0  # mm, between head and neck; the head is an exact sphere beyond it
SHAFT_BEHIND = 6.0  # mm by which the shaft axis passes behind the neck axis; 3.7, 6.4 and 10.8 in the three
SHAFT_SECTION = -84.0  # mm, height at which the shaft has its given width and depth: 110 mm below the head centre
FLARE = (
    0.8,
    1.0,
    22.0,
)  # mm, widening of shaft width and depth at the lesser trochanter, and the length it dies away over
BOW = 1.1  # mm per (50 mm)², forward bow of the shaft: a radius of curvature of 1.1 m; assumed
TAPER = 0.03  # relative narrowing of the shaft per 60 mm downward; assumed
LINEA_ASPERA = 1.5, 3.0, 5.0  # mm: how far the ridge along the back of the shaft stands out, radius, fillet; assumed
NECK_FLARE = 0.13, 0.04  # relative growth of neck height and depth a head radius beyond the narrowest section
NECK_SAG = 1.7  # mm by which the neck's middle rises towards its upper side over the same length
END = 6.0  # mm of shaft below the cut, cut off after the surface is made


@dataclass(frozen=True)
class ProximalShape:
    """Function of points (n, 3) in the femur frame [mm], negative inside the bone, about the distance near its surface.

    radius : of the head [mm]; head : (3,) its centre in the neck frame.
    anteversion : [rad].
    neck_half, shaft_half : half of height and depth of the narrowest neck, of width and depth of the shaft [mm].
    shaft_point : (3,) of the shaft axis in the femur frame [mm].
    depth : of the shape's lower end below the head centre [mm].
    """

    radius: float
    head: np.ndarray
    anteversion: float
    neck_half: tuple[float, float]
    shaft_half: tuple[float, float]
    shaft_point: np.ndarray
    depth: float

    def __post_init__(self):
        freeze(self, head=frozen(self.head, np.float64, (3,)), shaft_point=frozen(self.shaft_point, np.float64, (3,)))

    @classmethod
    def of(cls, femur: Any) -> "ProximalShape":
        """The shape of a `ParametricFemur`."""
        scale = femur.head_diameter_mm / 2 / FITTED_RADIUS
        behind = SHAFT_BEHIND * scale
        across = np.sqrt(femur.offset_mm**2 - behind**2)
        rise = across / np.tan(np.radians(180.0 - femur.neck_shaft_angle_deg))
        turn = np.radians(femur.anteversion_deg)
        point = (
            across * np.cos(turn) - behind * np.sin(turn),
            -across * np.sin(turn) - behind * np.cos(turn),
            -110.0 * scale,
        )
        shape = cls(
            radius=femur.head_diameter_mm / 2,
            head=np.array([-across, 0.0, rise]),
            anteversion=turn,
            neck_half=(femur.neck_height_mm / 2, femur.neck_depth_mm / 2),
            shaft_half=(femur.shaft_width_mm / 2, femur.shaft_depth_mm / 2),
            shaft_point=np.array(point),
            depth=femur.shaft_length_mm + END,
        )
        # The parts around it thicken the neck, so its tube is made thinner until the neck has the wanted section.
        for _ in range(4):
            height, depth = shape.narrowest_neck()
            half = shape.neck_half
            excess = (height - femur.neck_height_mm) / 2, (depth - femur.neck_depth_mm) / 2
            shape = replace(shape, neck_half=tuple(max(half[k] - excess[k], 0.15 * shape.radius) for k in (0, 1)))
        return shape

    @property
    def scale(self) -> float:
        return self.radius / FITTED_RADIUS

    def narrowest_neck(self) -> tuple[float, float]:
        """Height and depth [mm] of the section across the neck axis where their product is smallest."""
        along = self.head / np.linalg.norm(self.head)
        up, front = np.array([along[2], 0.0, -along[0]]), np.array([0.0, 1.0, 0.0])
        depths = np.arange(0.8, 1.6, 0.05) * self.radius
        reach = np.arange(0.25, 1.25, 0.005) * self.radius
        extents = []
        for direction in (up, -up, front, -front):
            rays = -depths[:, None, None] * along + reach[None, :, None] * direction
            inside = self._with_head((rays + self.head).reshape(-1, 3)).reshape(len(depths), len(reach)) < 0
            extents.append(reach[np.where(inside.all(axis=1), -1, inside.argmin(axis=1))])
        height, depth = extents[0] + extents[1], extents[2] + extents[3]
        narrowest = int(np.argmin(height * depth))
        return float(height[narrowest]), float(depth[narrowest])

    def box(self) -> tuple[np.ndarray, np.ndarray]:
        """Corners of a box in the femur frame that holds the bone."""
        margin, reach = 6.0, 32.0 * self.scale
        x = max(self.shaft_point[0], 0.0) + reach
        low = (-self.radius - margin, min(self.shaft_point[1], 0.0) - reach, -self.depth - margin)
        top = max(self.radius, 46.0 * self.scale - self.head[2] + 8.0)
        high = (x, max(self.radius, self.shaft_point[1] + 0.75 * reach) + margin, top + margin)
        return np.array(low), np.array(high)

    def __call__(self, points: np.ndarray) -> np.ndarray:
        return np.maximum(self._with_head(self._in_neck_frame(points)), -self.depth - points[:, 2])

    def _with_head(self, own: np.ndarray) -> np.ndarray:
        return blend(self._body(own), sphere(own, self.head, self.radius), HEAD_FILLET * self.scale)

    def _in_neck_frame(self, points: np.ndarray) -> np.ndarray:
        c, s = np.cos(self.anteversion), np.sin(self.anteversion)
        lateral = c * points[:, 0] - s * points[:, 1]
        anterior = s * points[:, 0] + c * points[:, 1]
        return np.stack([lateral, anterior, points[:, 2]], axis=1) + self.head

    def _body(self, own: np.ndarray) -> np.ndarray:
        scale = self.scale
        parts = [self._shaft(own), self._neck(own)]
        parts += [
            round_cone(own, scale * np.array(start), scale * np.array(end), scale * r0, scale * r1)
            for start, end, r0, r1 in PARTS.values()
        ]
        centre, radius, edge = FOSSA
        return carve(merge(parts, MERGE * scale), sphere(own, scale * np.array(centre), scale * radius), edge * scale)

    def _shaft(self, own: np.ndarray) -> np.ndarray:
        scale, z = self.scale, own[:, 2]
        # The bow leaves the straight line through the shaft's middle part where it is.
        bow = -BOW * scale * (((z / scale - SHAFT_SECTION) / 50.0) ** 2 - 0.15)
        flare = scale * np.exp(np.minimum(z / scale + 10.0, 15.0) / FLARE[2])
        taper = 1.0 + TAPER * (z / scale - SHAFT_SECTION) / 60.0
        stands, radius, fillet = (scale * x for x in LINEA_ASPERA)
        # The ridge is part of the shaft's depth: the tube gives way to it by half.
        half = np.stack([self.shaft_half[k] * taper + FLARE[k] * flare for k in (0, 1)], axis=1) - [0.0, stands / 2]
        across, forward = own[:, 0], own[:, 1] + SHAFT_BEHIND * scale - bow - stands / 2
        tube = elliptic_tube(np.stack([across, forward], axis=1), half)
        apart = (
            2.0 * np.sqrt(fillet * stands) - fillet
        )  # with it the fillet, (fillet - apart)²/4 fillet, makes up the rest
        ridge = np.hypot(across, forward + half[:, 1] + apart - radius) - radius
        tube = blend(tube, ridge, fillet)
        return -blend(-tube, 8.0 * scale - z, 16.0 * scale)

    def _neck(self, own: np.ndarray) -> np.ndarray:
        scale, length = self.scale, np.linalg.norm(self.head)
        along = self.head / length
        up = np.array([along[2], 0.0, -along[0]])
        offset = own - self.head
        depth = -(offset @ along)
        beyond = np.maximum(depth / self.radius - 1.0, 0.0)
        half = np.stack([self.neck_half[k] * (1.0 + NECK_FLARE[k] * beyond**2) for k in (0, 1)], axis=1)
        tube = elliptic_tube(np.stack([offset @ up - NECK_SAG * scale * beyond, own[:, 1]], axis=1), half)
        tube = np.maximum(tube, 0.4 * self.radius - depth)
        return -blend(-tube, length + 4.0 * scale - depth, 16.0 * scale)
