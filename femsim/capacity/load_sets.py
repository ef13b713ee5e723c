"""Sets of hip forces that are held to be plausible: how much people differ, a cone about one force, every direction.

Bone's risk is convex in the hip force as long as the force stays in one cone of poles. The corners of that part of a
convex set which lies in a cone lie on the set's face, unless the set holds the zero force. So the largest risk lies on
the face, and only faces are searched.
"""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from femsim.arrays import freeze, frozen
from femsim.errors import UsageError
from femsim.loads.activity import Spread
from femsim.loads.poles import Poles, icosphere
from femsim.registry import Registry, about, parameter


@dataclass(frozen=True)
class Face:
    """The outer face of a set of hip forces: centre + shape @ s for unit vectors s, Bergmann frame.

    centre : (3,) [N]. shape : (3, 3) [N].
    axis, cosine : only s with axis @ s >= cosine; all where axis is None.
    partial : whether directions that the bearing cannot carry are left out; otherwise they are an error.
    """

    centre: np.ndarray
    shape: np.ndarray
    axis: np.ndarray | None = None
    cosine: float = -1.0
    partial: bool = False

    def __post_init__(self):
        freeze(self, centre=frozen(self.centre, np.float64, (3,)), shape=frozen(self.shape, np.float64, (3, 3)))
        if self.axis is not None:
            freeze(self, axis=frozen(self.axis, np.float64, (3,)))

    @property
    def is_round(self) -> bool:
        """Whether it lies on a sphere about the zero force, so that s is the direction of the force."""
        return not self.centre.any()

    def forces(self, points: np.ndarray) -> np.ndarray:
        """(…, 3) [N] of points s (…, 3), also of those off the unit sphere."""
        return self.centre + points @ self.shape.T

    def pulled(self, points: np.ndarray) -> np.ndarray:
        """(k, 3) unit vectors moved to the nearest that belong to the face."""
        if self.axis is None:
            return points
        along = points @ self.axis
        across = points - along[:, None] * self.axis
        size = np.linalg.norm(across, axis=1)
        # Opposite to the axis every side is as near, and what is left of `across` is rounding.
        across = np.where(size[:, None] > 1e-9, across / np.maximum(size, 1e-9)[:, None], self._any_across)
        rim = self.cosine * self.axis + np.sqrt(1.0 - self.cosine**2) * across
        return np.where((along < self.cosine)[:, None], rim, points)

    def cover(self, poles: Poles) -> np.ndarray:
        """(t, 3, 3) corners of spherical triangles that hold every unit vector s; of a round face those of poles."""
        points, triangles = (poles.directions, poles.triangles) if self.is_round else icosphere(1)
        return points[triangles]

    def reach(self, directions: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Sizes (k,) [N] of the smallest and the largest force along unit directions (k, 3); NaN where there is none.

        Of a round face beyond its rim too.
        """
        inverse = np.linalg.inv(self.shape)
        along, offset = directions @ inverse.T, inverse @ self.centre
        a, b, c = (along * along).sum(axis=1), along @ offset, offset @ offset - 1.0
        with np.errstate(invalid="ignore"):
            root = np.sqrt(b * b - a * c)
        low, high = (b - root) / a, (b + root) / a
        low = np.where(low > 0, low, high)
        return np.where(high > 0, low, np.nan), np.where(high > 0, high, np.nan)

    def outline(self, n: int = 361) -> np.ndarray | None:
        """(n, 3) forces along which the face ends as seen from the zero force; None where it lies all around."""
        if self.is_round:
            axis, cosine = self.axis, self.cosine
        else:
            # Where the ray to centre + shape s only touches the face: s @ shape⁻¹ centre = -1.
            axis = np.linalg.inv(self.shape) @ self.centre
            size = float(np.linalg.norm(axis))
            axis, cosine = axis / size, -1.0 / size
        if axis is None or abs(cosine) > 1.0:
            return None
        side = _across(axis)
        turn = np.linspace(0.0, 2.0 * np.pi, n)[:, None]
        circle = np.cos(turn) * side + np.sin(turn) * np.cross(axis, side)
        return self.forces(cosine * axis + np.sqrt(1.0 - cosine**2) * circle)

    @cached_property
    def _any_across(self) -> np.ndarray:
        return _across(self.axis)


@dataclass(frozen=True)
class Nominal:
    """The hip force that a set is stated about.

    peak : (3,) [N] hip force at the peak of the scenario's activity, Bergmann frame.
    body_weight : [N].
    spread : how much people differ in that activity; None where nobody says.
    """

    peak: np.ndarray
    body_weight: float
    spread: Spread | None = None

    def __post_init__(self):
        freeze(self, peak=frozen(self.peak, np.float64, (3,)))

    def newtons(self, percent_bw: float | None) -> float:
        """The size of a force in % body weight, or that of the peak."""
        return float(np.linalg.norm(self.peak)) if percent_bw is None else percent_bw * self.body_weight / 100.0


@dataclass(frozen=True)
class SpreadBetweenPeople:
    """Every force within some standard deviations of the mean of people, all three components together."""

    n_sd: float = parameter(
        2.0,
        text="Mahalanobis distance from the mean that still counts; 2 holds 74 % of people, were they normally "
        "distributed, 2.8 holds 95 %",
        unit="-",
        low=0.01,
        high=4,
        assumed=True,
    )

    def face(self, nominal: Nominal) -> Face:
        """Its outer face.

        Raises
        ------
        UsageError
            Where nobody says how much people differ.
        """
        spread = nominal.spread
        if spread is None or spread.mean_vector is None or spread.sd_vector is None:
            raise UsageError(
                "Nobody has measured by how much people differ in this activity.",
                where="--within spread",
                remedy="take --within cone or sphere; components are known of walking, one-legged stance, standing up",
            )
        newton = nominal.body_weight / 100.0
        root = np.linalg.cholesky(covariance_of(spread))
        return Face(np.asarray(spread.mean_vector) * newton, self.n_sd * newton * root)

    def words(self, nominal: Nominal) -> str:
        """What it holds, for people."""
        spread = nominal.spread
        how = "full covariance" if spread.subjects else "components taken as independent"
        return (
            f"forces within {self.n_sd:g} SD of the mean of {spread.n_subjects} people ({how}), body weight "
            f"{nominal.body_weight:.0f} N"
        )


@dataclass(frozen=True)
class ConeAboutPeak:
    """Every direction near that of the scenario's own peak, at one size."""

    half_angle_deg: float = parameter(
        20.0, text="largest angle to the peak hip force", unit="deg", low=0.01, high=90, assumed=True
    )
    percent_bw: float | None = parameter(
        None, text="size of the force, % body weight; that of the peak when not given", unit="%", low=1, high=2000
    )

    def face(self, nominal: Nominal) -> Face:
        """Its outer face: a cap of a sphere."""
        axis = nominal.peak / np.linalg.norm(nominal.peak)
        shape = nominal.newtons(self.percent_bw) * np.eye(3)
        return Face(np.zeros(3), shape, axis, float(np.cos(np.radians(self.half_angle_deg))))

    def words(self, nominal: Nominal) -> str:
        """What it holds, for people."""
        return f"forces of {_size(nominal, self.percent_bw)} within {self.half_angle_deg:g}° of the peak's direction"


@dataclass(frozen=True)
class WholeSphere:
    """Every direction whose pressure the bearing surface can carry, at one size."""

    percent_bw: float | None = parameter(
        None, text="size of the force, % body weight; that of the peak when not given", unit="%", low=1, high=2000
    )

    def face(self, nominal: Nominal) -> Face:
        """The sphere; what the bearing cannot carry is left out by whoever knows the bearing."""
        return Face(np.zeros(3), nominal.newtons(self.percent_bw) * np.eye(3), partial=True)

    def words(self, nominal: Nominal) -> str:
        """What it holds, for people."""
        return f"forces of {_size(nominal, self.percent_bw)} in every direction that the bearing can carry"


LOAD_SETS = Registry("set of hip forces", spread=SpreadBetweenPeople, cone=ConeAboutPeak, sphere=WholeSphere)


def set_of(name: str, given: Mapping[str, float | None]) -> Any:
    """A set with the keys that are given; None leaves a key at its default.

    Raises
    ------
    UsageError
        Where there is no such set, it has no such key, or a value is out of its range.
    """
    kind = LOAD_SETS[name]
    known = {field.name: about(field) for field in dataclasses.fields(kind)}
    chosen = {key: value for key, value in given.items() if value is not None}
    for key, value in chosen.items():
        if key not in known:
            owners = [other for other, of in LOAD_SETS.items() if key in {f.name for f in dataclasses.fields(of)}]
            raise UsageError(
                f"{key} does not belong to the set {name!r}.", remedy=f"leave it out, or take {' or '.join(owners)}"
            )
        low, high, unit = known[key].low, known[key].high, known[key].unit
        if not low <= value <= high:
            raise UsageError(f"{key} = {value:g} is outside {low:g} … {high:g} {unit}: {known[key].text}.")
    return kind(**chosen)


def covariance_of(spread: Spread) -> np.ndarray:
    """(3, 3) [%BW²] of the people where each is known; otherwise of components that vary independently."""
    if len(spread.subjects) > 3:
        return np.cov(np.asarray(spread.subjects).T)
    return np.diag(np.square(spread.sd_vector))


def _size(nominal: Nominal, percent_bw: float | None) -> str:
    newtons = nominal.newtons(percent_bw)
    return f"{newtons:.0f} N ({100 * newtons / nominal.body_weight:.0f} % body weight)"


def _across(axis: np.ndarray) -> np.ndarray:
    """Some unit vector at right angles to a unit vector."""
    across = np.cross(axis, np.eye(3)[np.argmin(np.abs(axis))])
    return across / np.linalg.norm(across)
