"""A femur of given measures as a function of space, in the femur frame: its upper part, or with shaft and condyles."""

from dataclasses import dataclass, replace

import numpy as np

from femsim.anatomy.distal_shape import REACH, SHAFT_AT, SHAFT_FORWARD, USUAL_DEPTH, USUAL_WIDTH, DistalShape
from femsim.anatomy.frame import frame_of, on_points
from femsim.anatomy.proximal_shape import FITTED_RADIUS, Form, ProximalShape
from femsim.anatomy.shape_measures import ShapeMeasures, made_to_measure, measured
from femsim.anatomy.stature import Measures
from femsim.arrays import freeze, frozen

END = 6.0  # mm of bone below the cut, cut off after the surface is made
# Measures that a shape is corrected to, and the keys that ask for them.
WANTED = {
    "neck_shaft_angle": "neck_shaft_angle_deg",
    "offset": "offset_mm",
    "neck_height": "neck_height_mm",
    "neck_depth": "neck_depth_mm",
    "shaft_width": "shaft_width_mm",
    "shaft_depth": "shaft_depth_mm",
    "trochanter_height": "trochanter_height_mm",
    "trochanter_width": "trochanter_width_mm",
    "lesser_trochanter": "lesser_trochanter_mm",
}
# Numbers of the form that are keys themselves.
FORM = {
    "shaft_behind": "shaft_behind_mm",
    "neck_sag": "neck_sag_mm",
    "greater_back": "trochanter_back_mm",
    "greater_swell": "trochanter_swell_mm",
    "lesser_drop": "lesser_drop_mm",
    "crest": "crest_mm",
    "calcar": "calcar_mm",
    "flare_width": "flare_width_mm",
    "flare_depth": "flare_depth_mm",
    "bow_radius": "bow_radius_mm",
}


@dataclass(frozen=True)
class FemurShape:
    """Function of points (n, 3) in the femur frame [mm], negative inside the bone, about the distance near its surface.

    to_neck : (4, 4) from the femur frame to the neck frame of the upper part.
    shaft_point : (3,) on the proximal shaft axis, which is along z.
    cut : height at which the bone is cut flat [mm].
    """

    proximal: ProximalShape
    to_neck: np.ndarray
    shaft_point: np.ndarray
    cut: float
    distal: DistalShape | None = None

    def __post_init__(self):
        freeze(
            self,
            to_neck=frozen(self.to_neck, np.float64, (4, 4)),
            shaft_point=frozen(self.shaft_point, np.float64, (3,)),
        )

    def __call__(self, points: np.ndarray) -> np.ndarray:
        bone = self.proximal(on_points(self.to_neck, points))
        if self.distal is not None:
            near = on_points(self.distal.to_knee, points)[:, 2] < REACH * self.distal.scale
            if near.any():
                bone[near] = self.distal.with_shaft(points[near], bone[near])
        return np.maximum(bone, self.cut - END - points[:, 2])

    def box(self) -> tuple[np.ndarray, np.ndarray]:
        """Corners of a box in the femur frame that holds the bone."""
        low, high = self.proximal.box(self.cut - END + self.proximal.head[2])
        corners = np.array(np.meshgrid(*zip(low, high))).reshape(3, -1).T
        corners = on_points(np.linalg.inv(self.to_neck), corners)
        low, high = corners.min(axis=0), corners.max(axis=0)
        if self.distal is not None:
            middle = np.linalg.inv(self.distal.to_knee)[:2, 3]
            reach = np.array([0.62 * self.distal.width, 0.75 * self.distal.depth]) + 8.0
            low[:2], high[:2] = np.minimum(low[:2], middle - reach), np.maximum(high[:2], middle + reach)
        low[2] = self.cut - END - 8.0
        return low, high


def femur_shape(measures: Measures) -> tuple[FemurShape, ShapeMeasures]:
    """The shape of given measures, and what it measures.

    Raises
    ------
    GeometryError
        Where the measures do not go together.
    """
    value = measures.value
    scale = value["head_diameter_mm"] / 2 / FITTED_RADIUS
    form = replace(Form.usual(scale), **{name: value[key] for name, key in FORM.items() if key in value})
    whole = "femur_length_mm" in value
    shaft_length = np.inf if whole else value["shaft_length_mm"]
    across = np.sqrt(max(value["offset_mm"] ** 2 - form.shaft_behind**2, 1.0))
    start = ProximalShape(
        radius=value["head_diameter_mm"] / 2,
        head=np.array([-across, 0.0, across / np.tan(np.radians(180.0 - value["neck_shaft_angle_deg"]))]),
        neck_half=(0.48 * value["neck_height_mm"], 0.48 * value["neck_depth_mm"]),
        shaft_half=(value["shaft_width_mm"] / 2, value["shaft_depth_mm"] / 2),
        form=form,
        twist=-np.radians(value["anteversion_deg"]),
    )
    wanted = {name: value[key] for name, key in WANTED.items() if key in value}
    proximal = made_to_measure(start, wanted, shaft_length)
    found = measured(proximal, shaft_length)
    to_femur = frame_of(proximal.head, found.neck_axis, found.shaft_axis, value["anteversion_deg"])
    to_neck, point = np.linalg.inv(to_femur), on_points(to_femur, found.shaft_point)
    if not whole:
        return FemurShape(proximal, to_neck, point, -shaft_length), found
    lowest = proximal.radius - value["femur_length_mm"]
    # The condyles' lowest point and width are what comes out; the knee is moved and scaled until they are as wanted.
    guess, width = lowest, value["bicondylar_width_mm"]
    for _ in range(3):
        upper, distal = knee_below(proximal, to_femur, guess, width, value["condyle_depth_mm"])
        shape = FemurShape(upper, to_neck, point, lowest + value["distal_cut_mm"], distal)
        guess += lowest - lowest_point(shape)
        width += value["bicondylar_width_mm"] - width_of_knee(shape)
    return shape, found


def knee_below(
    proximal: ProximalShape, to_femur: np.ndarray, lowest: float, width: float, depth: float
) -> tuple[ProximalShape, DistalShape]:
    """The shaft widened above its knee, and condyles where it leads, their joint line square to that of knee and hip.

    to_femur : (4, 4) from the neck frame to the femur frame; lowest : height about which the lowest condyle lies.
    """
    scale = width / USUAL_WIDTH
    proximal = replace(proximal, knee=(lowest + SHAFT_AT * scale + proximal.head[2], scale))
    level = np.array([proximal.knee[0]])
    x, y, z = on_points(to_femur, np.r_[proximal.centreline(level)[0], level])
    tilt = np.arctan2(x, -lowest)
    along_x, along_z = np.array([np.cos(tilt), 0.0, np.sin(tilt)]), np.array([-np.sin(tilt), 0.0, np.cos(tilt)])
    matrix = np.eye(4)
    matrix[:3, :3] = [along_x, [0.0, 1.0, 0.0], along_z]
    forward = SHAFT_FORWARD * depth / USUAL_DEPTH
    origin = np.array([x, y - forward, z]) - SHAFT_AT * scale * along_z
    matrix[:3, 3] = -matrix[:3, :3] @ origin
    return proximal, DistalShape(matrix, width, depth)


def width_of_knee(shape: FemurShape) -> float:
    """Extent of the condyles from side to side [mm], above the cut."""
    distal = shape.distal
    knee = np.linalg.inv(distal.to_knee)[:3, 3]
    y, z = np.meshgrid(np.linspace(-0.5, 0.4, 31) * distal.depth, np.linspace(0.0, 0.6, 31) * distal.width)
    ends = []
    for side in (-1.0, 1.0):
        points = np.stack([np.full(y.size, side * 0.8 * distal.width), y.ravel(), z.ravel()], axis=1) + knee
        for _ in range(40):
            points[:, 0] -= side * np.maximum(shape(points), 0.0)
            points[:, 0] = np.maximum(side * points[:, 0], side * knee[0]) * side
        ends.append(side * float((side * points[:, 0]).max()))
    return ends[1] - ends[0]


def lowest_point(shape: FemurShape) -> float:
    """Height of the lowest point of the condyles [mm], as if nothing were cut off."""
    distal = shape.distal
    knee = np.linalg.inv(distal.to_knee)[:3, 3]
    whole = replace(shape, cut=-np.inf)
    x, y = np.meshgrid(np.linspace(-0.5, 0.5, 43) * distal.width, np.linspace(-0.6, 0.5, 37) * distal.depth)
    points = np.stack([x.ravel() + knee[0], y.ravel() + knee[1], np.full(x.size, knee[2] - 40.0)], axis=1)
    for _ in range(40):
        points[:, 2] = np.minimum(points[:, 2] + np.maximum(whole(points), 0.0), knee[2] + 60.0)
    return float(points[:, 2].min())
