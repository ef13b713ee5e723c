"""Bone as it is at some places, and what a disease does there."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from femsim.anatomy.femur import Femur
from femsim.arrays import freeze, frozen

LIGHTEST = 0.01  # g/cm³ apparent; no disease takes bone below it, where bone laws end
DENSEST = 2.0  # g/cm³ apparent; bone tissue without a pore: none makes bone denser


@dataclass(frozen=True)
class BoneState:
    """Bone at points of a femur.

    points : (k, 3) [mm] in the femur frame.
    density : (k,) apparent [g/cm³]; the mass that is there.
    stiffness_density : (k,) apparent [g/cm³]; the density that the bone law is asked for. It differs from `density`
        where the factors say what became of the sound bone.
    modulus_factor, strength_factor : (k,) what modulus and strength are of those the bone law gives.
    """

    points: np.ndarray
    density: np.ndarray
    stiffness_density: np.ndarray
    modulus_factor: np.ndarray
    strength_factor: np.ndarray

    def __post_init__(self):
        k = len(self.points)
        freeze(self, points=frozen(self.points, np.float64, (k, 3)))
        for name in ("density", "stiffness_density", "modulus_factor", "strength_factor"):
            freeze(self, **{name: frozen(getattr(self, name), np.float64, (k,))})

    @property
    def yield_strain_factor(self) -> np.ndarray:
        """(k,) what the yield strain is of that of sound bone: strength over modulus."""
        return self.strength_factor / self.modulus_factor


def sound(points: np.ndarray, density: np.ndarray) -> BoneState:
    """Bone without disease, of a density (k,) apparent [g/cm³]."""
    ones = np.ones(len(points))
    return BoneState(points, density, density, ones, ones)


def scaled(density: np.ndarray, where: np.ndarray, factor: float) -> np.ndarray:
    """The density (k,) times a factor at the places `where` (k,) bool, kept within LIGHTEST and DENSEST.

    Density that was outside them before goes no further out.
    """
    changed = np.clip(density * factor, np.minimum(density, LIGHTEST), np.maximum(density, DENSEST))
    return np.where(where, changed, density)


class Degeneration:
    """What a disease promises; one without a say leaves bone as it is.

    citations : papers that its numbers come from.
    """

    citations: ClassVar[tuple[str, ...]] = ()

    def on_source(self, source: Any) -> Any:
        """The density source of a sound femur, changed where the disease changes the shape of what is inside."""
        return source

    def applied(self, state: BoneState, femur: Femur) -> BoneState:
        """The state with the disease."""
        raise NotImplementedError

    def told(self, femur: Femur, source: Any, points: np.ndarray, volumes: np.ndarray) -> tuple[str, ...]:
        """Sentences for the report: where it is, how much of it.

        Parameters
        ----------
        source : density source of the sound femur.
        points, volumes : (k, 3) [mm], (k,) [mm³]: the whole intact femur.

        Raises
        ------
        ModelError
            Where the mesh does not hold it.
        """
        raise NotImplementedError
