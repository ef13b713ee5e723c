"""The parametric femur that comes nearest to a given bone surface, and how near it comes."""

from dataclasses import dataclass, fields, replace

import numpy as np

from femsim.anatomy import measure
from femsim.anatomy.femur import Femur, outer_surface
from femsim.anatomy.femur_shape import FORM, WANTED, FemurShape, knee_below, lowest_point
from femsim.anatomy.frame import frame_of, on_points
from femsim.anatomy.landmarks import Recognised, recognise
from femsim.anatomy.parametric import ParametricFemur
from femsim.anatomy.proximal_shape import FITTED_RADIUS, Form, ProximalShape
from femsim.anatomy.shape_measures import made_to_measure, measured
from femsim.anatomy.stature import usual
from femsim.arrays import freeze, frozen
from femsim.errors import GeometryError, SurfaceError
from femsim.mesh.closest import closest_points
from femsim.mesh.surface import Surface, areas, centroids, compacted, transformed
from femsim.registry import about

N_SAMPLES = 2500  # places on the bone that the shape is pulled to; twice as many move no key by 0.2 mm
SOFT = 2.0  # mm, beyond which a place pulls with constant force: osteophytes and segmentation faults count less
HOLD = 0.1  # how strongly a detail is held to the mean of three femora: share of a typical distance per unit of range
HEAD_HOLD = 0.5  # likewise of the head to the sphere that was recognised, per mm of radius
ROUNDS = 60
WHOLE_FROM = 14.0  # head radii of bone below the head centre from which a surface is fitted as a whole femur
KEPT_SHAFT = 150.0, 250.0  # mm below the head centre: shaft a proximal fit uses, and the longest the keys allow
MARGIN = 2.0  # mm above a cut within which surfaces are not compared: lids and rims are no bone surface


@dataclass(frozen=True)
class Distances:
    """Distances [mm] from one surface to the nearest point of the other, every part of it counting by its area."""

    rms: float
    p95: float
    largest: float


@dataclass(frozen=True)
class Fit:
    """A parametric femur fitted to a surface.

    femur : the keys found; shape : the femur they make.
    bone : the surface that was fitted, in the frame of `shape` and over the same length.
    to_bone, to_shape : distances from `shape` to `bone`, and from `bone` to `shape`.
    away : (t,) [mm] of each triangle of `bone` from the shape; + outside it.
    to_femur : (4, 4) from the file's frame to that of `shape`; mirrors a left femur.
    at_bounds : keys that ended at a bound of their range.
    """

    femur: ParametricFemur
    shape: Femur
    bone: Surface
    to_bone: Distances
    to_shape: Distances
    away: np.ndarray
    to_femur: np.ndarray
    at_bounds: tuple[str, ...]

    def __post_init__(self):
        freeze(self, to_femur=frozen(self.to_femur, np.float64, (4, 4)), away=frozen(self.away, np.float64, (None,)))


def fit(surface: Surface, *, side: str = "auto", anteversion_deg: float | None = None) -> Fit:
    """The parametric femur nearest to a closed, outward-facing surface of one femur [mm], in any position.

    Placed by its landmarks, then all keys and a rigid motion together by robust least squares on the shape's own
    function at places on the bone. The distances are then measured between the surfaces.

    Raises
    ------
    SurfaceError
        Where the surface is not a femur.
    GeometryError
        Where the keys found make no femur.
    """
    found = recognise(surface, side=side, anteversion_deg=anteversion_deg)
    bone = transformed(surface, found.to_femur)
    reach = -float(bone.points[:, 2].min())
    whole = reach > WHOLE_FROM * found.landmarks.head_radius and not found.landmarks.anteversion_is_assumed
    cut = -min(found.available - 1.0, KEPT_SHAFT[0])
    problem = _Problem(found, whole, bone, bone.points[:, 2].min() if whole else cut)
    measures = measure.measured(surface, found)
    neck = {"neck_height": measures.neck_height_mm, "neck_depth": measures.neck_depth_mm}
    solution = problem.solved(problem.start)
    # By distance alone the neck comes out thin where a real one is not quite round: it is held to what it measures.
    try:
        solution = problem.solved(problem.with_neck(solution, neck), fixed=("neck_height", "neck_depth"))
    except GeometryError:  # the neck is none that the shape can have: the nearest one stands
        neck = {}
    femur, motion, at_bounds = problem.keys(solution, neck)
    shape = femur.shape()
    bone = transformed(bone, motion)
    lid = max(float(shape.surface.points[:, 2].min()), problem.bottom)  # a stub may be shorter than the keys allow
    near = _above(bone, lid + MARGIN)
    made = _above(outer_surface(shape), lid + MARGIN)
    to_bone, _ = _distances(made, bone)
    to_shape, away = _distances(near, outer_surface(shape))
    sign = np.where(_inside(shape, near), -1.0, 1.0)
    return Fit(femur, shape, near, to_bone, to_shape, sign * away, motion @ found.to_femur, at_bounds)


class _Problem:
    """Least squares over a vector: upper femur, rigid motion, and the knee where there is one.

    The numbers of the shape are not keys: neck and shaft are parts that others thicken. What the shape measures in the
    end is what the keys then ask for.
    """

    def __init__(self, found: Recognised, whole: bool, bone: Surface, bottom: float):
        self.found, self.whole, self.bottom = found, whole, bottom
        marks = found.landmarks
        self.scale = scale = marks.head_radius / FITTED_RADIUS
        self.version = np.radians(marks.anteversion_deg)
        self.points = _places(bone, bottom + MARGIN if not whole else -np.inf)
        usual_form = Form.usual(scale)
        tilt = np.radians(180.0 - marks.neck_shaft_angle_deg)
        across = np.sqrt(max(marks.offset_mm**2 - usual_form.shaft_behind**2, 1.0))
        names = [field.name for field in fields(Form) if whole or field.name != "bow_radius"]
        start = {"radius": marks.head_radius, "tilt": tilt, "across": across}
        start |= {"neck_height": 15.8 * scale, "neck_depth": 14.2 * scale}
        start |= {"shaft_width": 15.0 * scale, "shaft_depth": 13.7 * scale}
        start |= {name: getattr(usual_form, name) for name in names}
        low, high = {"radius": 18.0, "tilt": 0.55, "across": 20.0}, {"radius": 30.0, "tilt": 1.25, "across": 72.0}
        low |= {name: 0.4 * start[name] for name in ("neck_height", "neck_depth", "shaft_width", "shaft_depth")}
        high |= {name: 1.6 * start[name] for name in ("neck_height", "neck_depth", "shaft_width", "shaft_depth")}
        ranges = {field.name: about(field) for field in fields(ParametricFemur)}
        for name in names:
            known = ranges[FORM[name]] if name in FORM else None
            low[name], high[name] = (known.low, known.high) if known else (start[name] - 9.0, start[name] + 9.0)
        if whole:
            width = usual("male")["bicondylar_width_mm"] * scale
            start |= {"length": -bottom + marks.head_radius, "width": width, "depth": width * 66.0 / 84.0}
            start |= {"version": marks.anteversion_deg}
            for name, key in (("length", "femur_length_mm"), ("width", "bicondylar_width_mm")):
                low[name], high[name] = ranges[key].low, ranges[key].high
            low["depth"], high["depth"] = ranges["condyle_depth_mm"].low, ranges["condyle_depth_mm"].high
            low["version"], high["version"] = start["version"] - 15.0, start["version"] + 15.0
        self.names = list(start)
        self.form_names = names
        self.low = np.r_[[low[name] for name in self.names], [-np.inf] * 6]
        self.high = np.r_[[high[name] for name in self.names], [np.inf] * 6]
        self.start = np.clip(np.r_[list(start.values()), np.zeros(6)], self.low + 1e-6, self.high - 1e-6)
        self.size = np.ones(len(self.start))
        self.size[self.names.index("tilt")] = 0.03
        if whole:
            self.size[self.names.index("bow_radius")] = 200.0
        self.size[-6:-3] = 0.02

    def with_neck(self, vector: np.ndarray, neck: dict[str, float]) -> np.ndarray:
        """The vector, its neck's tube corrected until the neck has the given measures."""
        made = made_to_measure(self.shape(vector).proximal, neck, self.shaft_length)
        rows = [self.names.index(name) for name in ("neck_height", "neck_depth")]
        vector = vector.copy()
        vector[rows] = np.clip(made.neck_half, self.low[rows] + 1e-6, self.high[rows] - 1e-6)
        return vector

    @property
    def shaft_length(self) -> float:
        return np.inf if self.whole else -self.bottom

    def solved(self, start: np.ndarray, fixed: tuple[str, ...] = ()) -> np.ndarray:
        from scipy.optimize import least_squares

        free = np.array([name not in fixed for name in (*self.names, *["motion"] * 6)])

        held = np.array([self.names.index(name) for name in self.form_names])
        span = np.minimum(self.high - self.low, 1e6)[held]

        def residuals(moved):
            vector = start.copy()
            vector[free] = moved
            placed = on_points(_motion(vector[-6:]), self.points)
            drawn_back = HOLD * np.sqrt(len(self.points)) * (vector[held] - self.start[held]) / span
            head = HEAD_HOLD * np.sqrt(len(self.points)) * (vector[0] - self.start[0])
            return np.r_[self.shape(vector)(placed), drawn_back, head]

        result = least_squares(
            residuals,
            start[free],
            bounds=(self.low[free], self.high[free]),
            loss="soft_l1",
            f_scale=SOFT,
            x_scale=self.size[free],
            max_nfev=ROUNDS,
        )
        vector = start.copy()
        vector[free] = result.x
        return vector

    def shape(self, vector: np.ndarray) -> FemurShape:
        """The shape of a vector; its frame is that of the recognised bone."""
        value = dict(zip(self.names, vector))
        form = replace(Form.usual(value["radius"] / FITTED_RADIUS), **{name: value[name] for name in self.form_names})
        version = np.radians(value["version"]) if self.whole else self.version
        upper = ProximalShape(
            radius=value["radius"],
            head=np.array([-value["across"], 0.0, value["across"] / np.tan(value["tilt"])]),
            neck_half=(value["neck_height"], value["neck_depth"]),
            shaft_half=(value["shaft_width"], value["shaft_depth"]),
            form=form,
            twist=-version,
        )
        turn = np.eye(4)
        turn[:2, :2] = [[np.cos(version), -np.sin(version)], [np.sin(version), np.cos(version)]]
        turn[:3, 3] = upper.head
        middle = np.zeros(3)
        if not self.whole:
            return FemurShape(upper, turn, middle, -np.inf)
        upper, distal = knee_below(
            upper, np.linalg.inv(turn), upper.radius - value["length"], value["width"], value["depth"]
        )
        return FemurShape(upper, turn, middle, -np.inf, distal)

    def keys(self, vector: np.ndarray, neck: dict[str, float]) -> tuple[ParametricFemur, np.ndarray, tuple[str, ...]]:
        """The keys that ask for the shape of a vector, and the motion (4, 4) of the bone into their femur's frame."""
        value, shape = dict(zip(self.names, vector)), self.shape(vector)
        upper, marks = shape.proximal, self.found.landmarks
        seen = replace(measured(upper, self.shaft_length), **neck)
        # In the frame of the recognised bone the neck axis points this far forward.
        place = np.linalg.inv(_motion(vector[-6:])) @ np.linalg.inv(shape.to_neck)
        version = value.get("version")
        if version is None:
            neck, axis = place[:3, :3] @ seen.neck_axis, place[:3, :3] @ seen.shaft_axis
            flat = neck - (neck @ axis) * axis
            version = float(np.degrees(np.arctan2(flat[1], -flat[0]))) if not marks.anteversion_is_assumed else None
        wished = {"head_diameter_mm": 2.0 * value["radius"]}
        wished |= {} if version is None else {"anteversion_deg": version}
        wished |= {key: getattr(seen, name) for name, key in WANTED.items()}
        wished |= {FORM[name]: value[name] for name in self.form_names if name in FORM}
        if self.whole:
            wished |= {"femur_length_mm": upper.radius - lowest_point(shape), "bicondylar_width_mm": value["width"]}
            wished |= {"condyle_depth_mm": value["depth"]}
        else:
            wished["shaft_length_mm"] = float(np.floor(10 * min(-self.bottom, KEPT_SHAFT[1])) / 10)
        ranges = {field.name: about(field) for field in fields(ParametricFemur)}
        kept = {key: float(np.clip(round(x, 2), ranges[key].low, ranges[key].high)) for key, x in wished.items()}
        ends = [(0.005 * (ranges[key].high - ranges[key].low), ranges[key], key) for key in kept]
        at_bounds = tuple(
            key
            for near, known, key in ends
            if not known.low + near < kept[key] < known.high - near and key != "shaft_length_mm"
        )
        femur = ParametricFemur(
            extent="whole" if self.whole else "proximal", side="left" if self.found.side == "left" else "right", **kept
        )
        version = femur.measures().value["anteversion_deg"]
        to_femur = frame_of(upper.head, seen.neck_axis, seen.shaft_axis, version)
        return femur, to_femur @ shape.to_neck @ _motion(vector[-6:]), at_bounds


def _motion(vector: np.ndarray) -> np.ndarray:
    """(4, 4) of a rotation vector [rad] and a shift [mm] (6,)."""
    from scipy.spatial.transform import Rotation

    matrix = np.eye(4)
    matrix[:3, :3], matrix[:3, 3] = Rotation.from_rotvec(vector[:3]).as_matrix(), vector[3:]
    return matrix


def _places(bone: Surface, bottom: float) -> np.ndarray:
    """(N_SAMPLES, 3) places spread over the bone above a height by area, the same ones every time."""
    middle, size = centroids(bone), areas(bone)
    size = np.where(middle[:, 2] > bottom, size, 0.0)
    share = np.cumsum(size) / size.sum()
    return middle[np.searchsorted(share, (np.arange(N_SAMPLES) + 0.5) / N_SAMPLES)]


def _above(surface: Surface, height: float) -> Surface:
    kept = surface.points[surface.triangles][:, :, 2].min(axis=1) > height
    if not kept.any():
        raise SurfaceError("The fitted femur and the surface have no height in common.", remedy="report this file")
    return compacted(Surface(surface.points, surface.triangles[kept], surface.labels[kept]))


def _distances(one: Surface, other: Surface) -> tuple[Distances, np.ndarray]:
    """Of the triangles of one surface from another one."""
    away, size = closest_points(other, centroids(one)).distance, areas(one)
    order = np.argsort(away)
    share = np.cumsum(size[order]) / size.sum()
    p95 = away[order[np.searchsorted(share, 0.95)]]
    return Distances(float(np.sqrt((size @ away**2) / size.sum())), float(p95), float(away.max())), away


def _inside(shape: Femur, bone: Surface) -> np.ndarray:
    """(t,) whether triangles of the bone lie inside the shape."""
    outer = outer_surface(shape)
    nearest = closest_points(outer, centroids(bone))
    corners = outer.points[outer.triangles[nearest.triangle]]
    normal = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    return np.einsum("ij,ij->i", centroids(bone) - nearest.foot, normal) < 0
