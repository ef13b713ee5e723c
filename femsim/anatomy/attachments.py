"""Where forces act on the femur: sites scaled to its landmarks and snapped to its surface, and those of its knee."""

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

import numpy as np

from femsim.anatomy.bergmann import TEN_LATERAL, TEN_MEDIAL, TEN_P1, bergmann_rotation
from femsim.anatomy.femur import Femur, Landmarks, outer_surface
from femsim.anatomy.knee import Knee, knee_of, neck_meets_shaft
from femsim.errors import GeometryError
from femsim.mesh.closest import closest_points

GREATER_TROCHANTER = "greater_trochanter"  # P1 of Heller 2005: abductors and tensor fasciae latae
VASTUS_LATERALIS = "vastus_lateralis"  # P2 of Heller 2005: lateral proximal shaft below the greater trochanter
VASTUS_MEDIALIS = "vastus_medialis"  # P3 of Heller 2005: medial, anterior proximal shaft
ILIOPSOAS = "iliopsoas"  # lesser trochanter
GLUTEUS_MAXIMUS = "gluteus_maximus"  # gluteal tuberosity
TROCHANTER_SIDE = "trochanter_side"  # where a sideways fall hits
KNEE = "knee"  # midpoint of the epicondyles, inside the bone or beyond its cut
LATERAL_EPICONDYLE = "lateral_epicondyle"

# Farther than this many head radii from its target, a snapped site lies on some other part of the bone.
_SNAP_LIMIT = 1.0
# Head radius of the ten patients [mm]: that of a usual man, 48 ± 3 mm across; assumed, it is not published.
_TEN_RADIUS = 24.0

# Bergmann frame [mm from the head centre] of the TLEM2.0 femur: right, head radius 22.7, head centre to epicondyles
# 359 mm. Muscles: centroids of TLEM2.0, gluteus medius between its two parts, iliopsoas in the middle of its range.
# The trochanter's side is the most lateral centroid on it (assumed); the knee is that of ten OrthoLoad patients, 15 %
# taller, made as small (359 / 423, assumed).
REFERENCE_SITES: Mapping[str, np.ndarray] = MappingProxyType(
    {
        GREATER_TROCHANTER: np.array([60.0, -4.0, 0.5]),
        VASTUS_LATERALIS: np.array([53.0, 4.0, -32.0]),
        VASTUS_MEDIALIS: np.array([30.0, -3.0, -65.0]),
        ILIOPSOAS: np.array([21.5, -15.0, -54.0]),
        GLUTEUS_MAXIMUS: np.array([50.0, -13.0, -74.0]),
        TROCHANTER_SIDE: np.array([62.0, 5.0, -2.0]),
        KNEE: 359.0 / 423.0 * 0.5 * np.add(TEN_MEDIAL, TEN_LATERAL),
        LATERAL_EPICONDYLE: 359.0 / 423.0 * np.array(TEN_LATERAL),
    }
)
for _point in REFERENCE_SITES.values():
    _point.flags.writeable = False
SITES = tuple(REFERENCE_SITES)


class FemurSites(Mapping[str, np.ndarray]):
    """Site → (3,) point of one femur in the femur frame [mm], found when asked for: elsewhere bone may be missing.

    A point that is asked for raises GeometryError where the surface is farther than one head radius from it.

    Source
    ------
    Heller 2005 (J Biomech 38:1155) publishes no coordinates. Sites are assumed from the TLEM2.0 centroids, relative to
    the shaft axis and in head radii (22.7 mm there, shaft axis 47 mm lateral of the head centre). Of the shaft axis'
    height and depth there nothing is known: trochanters and P1 are those of ten patients, made as small.
    """

    def __init__(self, femur: Femur, rotation: np.ndarray | None = None):
        """rotation : (3, 3) from the Bergmann frame to the femur frame; the usual one when not given."""
        self._femur, self._rotation = femur, bergmann_rotation(femur) if rotation is None else rotation
        self._found: dict[str, np.ndarray] = {}

    def __getitem__(self, name: str) -> np.ndarray:
        if name not in self._found:
            if name in _TARGETS:
                point = _snapped(self._femur, name, _TARGETS[name](self._femur.landmarks))
            elif name == TROCHANTER_SIDE:
                point = _most_lateral(self._femur)
            elif name in (KNEE, LATERAL_EPICONDYLE):
                point = self._at_knee(name)
            else:
                raise KeyError(name)
            point = np.array(point, float)
            point.flags.writeable = False
            self._found[name] = point
        return self._found[name]

    def __iter__(self) -> Iterator[str]:
        return iter(SITES)

    def __len__(self) -> int:
        return len(SITES)

    def __contains__(self, name: object) -> bool:
        return name in SITES

    @property
    def notes(self) -> tuple[str, ...]:
        """Sentences on the sites so far asked for that rest on more than this femur."""
        if knee_of(self._femur) is not None or not {KNEE, LATERAL_EPICONDYLE} & set(self._found):
            return ()
        return (
            "This femur has no knee: where it would be is assumed from ten OrthoLoad patients, in proportion to the "
            "head.",
        )

    def in_bergmann(self) -> Mapping[str, np.ndarray]:
        """The same points in the Bergmann frame of this femur, found when asked for."""
        return _Turned(self, self._rotation.T)

    def _at_knee(self, name: str) -> np.ndarray:
        knee = knee_of(self._femur)
        if knee is None:
            knee = _assumed_knee(self._femur, self._rotation)
        return knee.centre if name == KNEE else knee.lateral_epicondyle


class _Turned(Mapping[str, np.ndarray]):
    """Points of another mapping, told in another frame."""

    def __init__(self, points: Mapping[str, np.ndarray], rotation: np.ndarray):
        self._points, self._rotation = points, rotation

    def __getitem__(self, name: str) -> np.ndarray:
        return self._rotation @ self._points[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._points)

    def __len__(self) -> int:
        return len(self._points)

    def __contains__(self, name: object) -> bool:
        return name in self._points


def _beside_shaft(marks: Landmarks, lateral: float, anterior: float, height: float) -> np.ndarray:
    """A place beside the shaft axis, in head radii from it, at a height above the head centre [mm]."""
    axis = marks.shaft_point + (height - marks.shaft_point[2]) / marks.shaft_axis[2] * marks.shaft_axis
    return np.array([axis[0] + lateral * marks.head_radius, axis[1] + anterior * marks.head_radius, height])


def _between(marks: Landmarks, share: float) -> float:
    """A height from the greater trochanter's tip (0) to the lesser trochanter (1) [mm]."""
    tip, lesser = marks.greater_trochanter_tip[2], marks.lesser_trochanter[2]
    return tip + share * (lesser - tip)


def _below_lesser(marks: Landmarks, radii: float) -> float:
    return marks.lesser_trochanter[2] - radii * marks.head_radius


# 0.65 radii are 15 mm: gluteus medius (60, -4, 0), about half a head radius below the trochanter's tip; vastus
# lateralis superior (53, 4, -32), which reaches down to about 80 mm below the head centre: P2 lies where the trochanter
# has passed into the shaft, just above the lesser trochanter's level. Vastus medialis superior (30, -3, -65) and
# gluteus maximus superior (50, -13, -74) lie 10 and 19 mm below the lesser trochanter of a femur as small, 17 mm medial
# and 3 mm lateral of its shaft axis, 2 and 13 mm behind it.
_TARGETS: Mapping[str, Callable[[Landmarks], np.ndarray]] = {
    GREATER_TROCHANTER: lambda marks: _beside_shaft(
        marks, 0.65, 0.2, marks.greater_trochanter_tip[2] - 0.45 * marks.head_radius
    ),
    VASTUS_LATERALIS: lambda marks: _beside_shaft(marks, 0.65, 0.2, _between(marks, 0.85)),
    VASTUS_MEDIALIS: lambda marks: _beside_shaft(marks, -0.75, -0.1, _below_lesser(marks, 0.45)),
    ILIOPSOAS: lambda marks: marks.lesser_trochanter,
    GLUTEUS_MAXIMUS: lambda marks: _beside_shaft(marks, 0.15, -0.6, _below_lesser(marks, 0.85)),
}


def _snapped(femur: Femur, name: str, target: np.ndarray) -> np.ndarray:
    nearest, limit = closest_points(outer_surface(femur), target[None]), _SNAP_LIMIT * femur.landmarks.head_radius
    if not nearest.distance[0] <= limit:
        raise GeometryError(
            f"The surface is {nearest.distance[0]:.0f} mm from where {name} is expected, above {limit:.0f} mm.",
            where=f"muscle site {name}",
            why="the landmarks do not fit the surface, or this part of the bone is missing",
            remedy="look at the picture of the landmarks; give femur.side if the side was taken wrongly; with "
            "load.muscles = false no muscle needs its site",
        )
    return nearest.foot[0]


def _most_lateral(femur: Femur) -> np.ndarray:
    """The most lateral point of the surface between the heights of both trochanters."""
    points, marks = outer_surface(femur), femur.landmarks
    points = points.points[np.unique(points.triangles)]
    beside = points[(points[:, 2] > marks.lesser_trochanter[2]) & (points[:, 0] > marks.shaft_point[0])]
    if not len(beside):
        raise GeometryError(
            "There is no bone lateral of the shaft axis above the lesser trochanter.",
            where=f"site {TROCHANTER_SIDE}",
            why="the landmarks do not fit the surface, or this part of the bone is missing",
            remedy="look at the picture of the landmarks",
        )
    return beside[beside[:, 0].argmax()]


def _assumed_knee(femur: Femur, rotation: np.ndarray) -> Knee:
    """The knee of the ten patients below this femur, in proportion to its head."""
    turn = femur.landmarks.head_radius / _TEN_RADIUS * rotation
    meeting = neck_meets_shaft(femur.landmarks)
    medial, lateral = (meeting + turn @ np.subtract(place, TEN_P1) for place in (TEN_MEDIAL, TEN_LATERAL))
    return Knee(0.5 * (medial + lateral), turn[:, 2] / np.linalg.norm(turn[:, 2]), medial, lateral)
