"""The proximal femur as a function of space: parts fitted to real femora, merged, with an exactly round head.

The parts live in the neck frame: origin where the neck axis meets the shaft, x lateral along the neck's projection
across the shaft, y anterior, z proximal; their lengths are those of a head of 48 mm. They are merged round cones and
two elliptic tubes, fitted by least squares to three segmented femora, each scaled to that head (LibHip m3 and m4,
doi:10.1016/j.cmpb.2022.107140, MIT licence; gfxmorph, BSD-2 licence), then evened by hand where the mean of three
trochanters was lumpy. How near the shape comes to real bones is told in docs/femur_parametric.md.
"""

from dataclasses import dataclass, fields

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
SHAFT_SECTION = -84.0  # mm, height at which the shaft has its given width and depth: 110 mm below the head centre
LINEA_ASPERA = 1.5, 3.0, 5.0  # mm: how far the ridge along the back of the shaft stands out, radius, fillet; assumed
NECK_FLARE = 0.13, 0.04  # relative growth of neck height and depth a head radius beyond the narrowest section
FLARE_LENGTH = 22.0  # mm over which the widening of the upper shaft dies away
# Widening of half the shaft's width and depth above the knee and length it dies away over [mm]; assumed.
KNEE_FLARE = 21.0, 7.0, 34.0
TAPER = 0.03  # relative narrowing of the shaft per 60 mm downward; assumed
TWIST = -140.0, -330.0  # mm below the head centre between which the shaft turns from the neck's plane to the condyles'
# Parts that move with the greater trochanter, and the height [mm] over which its movement sets in.
GREATER = ("trochanter_body", "trochanter_tip", "lateral_flare", "trochanter_front", "trochanter_back")
ON_NECK, USUAL_ACROSS = ("calcar", "neck_base"), 44.6  # parts that go with the neck, and its extent in the three [mm]
GREATER_FOOT, GREATER_TOP = -10.0, 20.0
GREATER_SIDE = -30.0, 5.0  # likewise of its movement sideways


@dataclass(frozen=True)
class Form:
    """What makes one upper femur differ from another beside its main measures, in mm at the femur's own size.

    shaft_behind : by which the shaft axis passes behind the neck axis.
    neck_sag : by which the neck's middle has risen towards its upper side a head radius beyond the narrowest section.
    greater_rise, greater_lateral, greater_back : top of the greater trochanter, moved from the mean of three.
    greater_swell, crest, calcar : how much fuller those parts are than the mean.
    lesser_out, lesser_drop : the lesser trochanter, moved away from the shaft axis and down.
    flare_width, flare_depth : widening of the shaft at the lesser trochanter, which dies away below.
    bow_radius : radius of curvature of the shaft, which is convex forward.
    """

    shaft_behind: float
    neck_sag: float
    greater_rise: float
    greater_lateral: float
    greater_back: float
    greater_swell: float
    lesser_out: float
    lesser_drop: float
    crest: float
    calcar: float
    flare_width: float
    flare_depth: float
    bow_radius: float

    @classmethod
    def usual(cls, scale: float) -> "Form":
        """The mean of three femora at a scale; their shafts pass 3.7, 6.4 and 10.8 mm behind the neck axis."""
        moved = dict.fromkeys((field.name for field in fields(cls)), 0.0)
        lengths = {
            "shaft_behind": 6.0,
            "neck_sag": 1.7,
            "flare_width": 0.8,
            "flare_depth": 1.0,
            "bow_radius": 1136.0,  # 1.1 mm of bow over 50 mm; assumed
        }
        return cls(**(moved | {name: scale * length for name, length in lengths.items()}))


@dataclass(frozen=True)
class ProximalShape:
    """Function of points (n, 3) in the neck frame [mm], negative inside the bone, about the distance near its surface.

    The shaft goes on below without an end.

    radius : of the head [mm]; head : (3,) its centre in the neck frame.
    neck_half, shaft_half : half of height and depth of the narrowest neck's tube, of width and depth of the shaft [mm].
    form : the rest of its shape.
    twist : [rad] by which the front of the lower shaft is turned from the neck frame's towards lateral.
    knee : height [mm] at which the shaft is widest above the knee, and the knee's size; without one the shaft goes on.
    """

    radius: float
    head: np.ndarray
    neck_half: tuple[float, float]
    shaft_half: tuple[float, float]
    form: Form
    twist: float = 0.0
    knee: tuple[float, float] = (-np.inf, 1.0)

    def __post_init__(self):
        freeze(self, head=frozen(self.head, np.float64, (3,)))

    @property
    def scale(self) -> float:
        return self.radius / FITTED_RADIUS

    def box(self, bottom: float) -> tuple[np.ndarray, np.ndarray]:
        """Corners of a box in the neck frame that holds the bone above z = bottom."""
        scale, form, margin = self.scale, self.form, 8.0
        reach = 34.0 * scale
        side = reach + abs(form.greater_lateral) + abs(form.greater_swell) + max(0.0, self.shaft_half[0] - 15.0 * scale)
        back = form.shaft_behind + reach + max(form.crest, form.greater_back, form.lesser_out, 0.0)
        back += abs(form.greater_swell)
        low = (min(self.head[0] - self.radius, -side), -max(back, self.radius), bottom)
        top = max(self.head[2] + self.radius, 48.0 * scale + max(form.greater_rise, 0.0) + abs(form.greater_swell))
        return np.array(low) - margin, np.array((side, max(self.radius, 26.0 * scale), top)) + margin

    def __call__(self, own: np.ndarray) -> np.ndarray:
        return blend(self._body(own), sphere(own, self.head, self.radius), HEAD_FILLET * self.scale)

    def centreline(self, z: np.ndarray) -> np.ndarray:
        """(n, 2) middle of the shaft across the neck frame at heights (n,)."""
        turn = self.twist_at(z)
        # The bow leaves the straight line through the shaft's middle part where it is.
        bow = -0.5 / self.form.bow_radius * ((z - SHAFT_SECTION * self.scale) ** 2 - 375.0 * self.scale**2)
        return np.stack([bow * np.sin(turn), bow * np.cos(turn) - self.form.shaft_behind], axis=1)

    def twist_at(self, z: np.ndarray) -> np.ndarray:
        """(n,) [rad] by which the shaft is turned against the neck's plane at heights (n,), towards +x."""
        start, end = (self.scale * height + self.head[2] for height in TWIST)
        share = np.clip((z - start) / (end - start), 0.0, 1.0)
        return self.twist * share * share * (3.0 - 2.0 * share)

    def _parts(self) -> list[tuple[np.ndarray, np.ndarray, float, float]]:
        """Start, end and radii of the merged round cones, in the neck frame [mm]."""
        form, scale = self.form, self.scale
        tip = PARTS["lesser_trochanter"][1]
        out = np.array([tip[0], tip[1] + 6.0, 0.0])  # from the shaft axis
        squeeze = np.clip(-self.head[0] / (USUAL_ACROSS * scale), 0.5, 1.3)
        moves = {
            "lesser_trochanter": form.lesser_out * out / np.linalg.norm(out),
            "intertrochanteric_crest": np.array([-0.3, -0.95, 0.0]) * form.crest,
            "calcar": np.array([-form.calcar, 0.0, 0.0]),
        }
        found = []
        for name, (start, end, r0, r1) in PARTS.items():
            start, end = scale * np.array(start), scale * np.array(end)
            if name in ON_NECK:  # a shorter neck leaves them less room
                start[0], end[0] = start[0] * squeeze, end[0] * squeeze
            r0, r1 = scale * r0, scale * r1
            if name in GREATER:
                start, end = self._with_trochanter(start), self._with_trochanter(end)
                r0, r1 = r0 + form.greater_swell, r1 + form.greater_swell
            elif name == "lesser_trochanter":
                end = end + moves[name]
                start, end = start - [0.0, 0.0, form.lesser_drop], end - [0.0, 0.0, form.lesser_drop]
            elif name in moves:
                start, end = start + moves[name], end + moves[name]
            found.append((start, end, max(r0, 1.0), max(r1, 1.0)))
        return found

    def _with_trochanter(self, point: np.ndarray) -> np.ndarray:
        """A place that moves with the greater trochanter: fully at its top, not at all at its foot."""
        form, height = self.form, point[2] / self.scale
        share = np.clip((height - GREATER_FOOT) / (GREATER_TOP - GREATER_FOOT), 0.0, 1.0)
        side = np.clip((height - GREATER_SIDE[0]) / (GREATER_SIDE[1] - GREATER_SIDE[0]), 0.0, 1.0)
        rise = np.clip(height / 38.5, 0.0, 1.0)
        return point + np.array([side * form.greater_lateral, -share * form.greater_back, rise * form.greater_rise])

    def _body(self, own: np.ndarray) -> np.ndarray:
        scale = self.scale
        parts = [self._shaft(own), self._neck(own)]
        parts += [round_cone(own, start, end, r0, r1) for start, end, r0, r1 in self._parts()]
        centre, radius, edge = FOSSA
        fossa = self._with_trochanter(scale * np.array(centre))
        return carve(merge(parts, MERGE * scale), sphere(own, fossa, scale * radius), edge * scale)

    def _shaft(self, own: np.ndarray) -> np.ndarray:
        scale, form, z = self.scale, self.form, own[:, 2]
        middle, turn = self.centreline(z), self.twist_at(z)
        offset = own[:, :2] - middle
        across = offset[:, 0] * np.cos(turn) - offset[:, 1] * np.sin(turn)
        forward = offset[:, 0] * np.sin(turn) + offset[:, 1] * np.cos(turn)
        flare = np.exp(np.minimum(z / scale + 10.0, 15.0) / FLARE_LENGTH)
        taper = 1.0 + TAPER * (np.maximum(z / scale, -184.0) - SHAFT_SECTION) / 60.0
        stands, radius, fillet = (scale * x for x in LINEA_ASPERA)
        forward = forward - stands / 2
        # The ridge is part of the shaft's depth: the tube gives way to it by half.
        widen = (form.flare_width, form.flare_depth)
        lower = self.knee[1] * np.exp(-np.maximum((z - self.knee[0]) / self.knee[1], -10.0) / KNEE_FLARE[2])
        half = np.stack(
            [self.shaft_half[k] * taper + widen[k] * flare + KNEE_FLARE[k] * lower for k in (0, 1)], axis=1
        ) - [0.0, stands / 2]
        tube = elliptic_tube(np.stack([across, forward], axis=1), half)
        # With it the fillet, (fillet - apart)²/4 fillet, makes up the rest.
        apart = 2.0 * np.sqrt(fillet * stands) - fillet
        ridge = np.hypot(across, forward + half[:, 1] + apart - radius) - radius
        tube = blend(tube, ridge, fillet)
        return -blend(-tube, 8.0 * scale - z, 16.0 * scale)

    def _neck(self, own: np.ndarray) -> np.ndarray:
        scale, form, length = self.scale, self.form, np.linalg.norm(self.head)
        along = self.head / length
        up = np.array([along[2], 0.0, -along[0]])
        offset = own - self.head
        depth = -(offset @ along)
        beyond = np.maximum(depth / self.radius - 1.0, 0.0)
        half = np.stack([self.neck_half[k] * (1.0 + NECK_FLARE[k] * beyond**2) for k in (0, 1)], axis=1)
        tube = elliptic_tube(np.stack([offset @ up - form.neck_sag * beyond, own[:, 1]], axis=1), half)
        tube = np.maximum(tube, 0.4 * self.radius - depth)
        return -blend(-tube, length + 4.0 * scale - depth, 16.0 * scale)
