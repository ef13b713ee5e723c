"""Osteonecrosis of the femoral head: a cone of dead bone with a dense rim."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from femsim.anatomy.degeneration.head_region import head_direction, in_head, polar
from femsim.anatomy.degeneration.state import BoneState, Degeneration, scaled
from femsim.anatomy.femur import Femur
from femsim.registry import parameter

INDICATION = 0.33  # share of the head; resurfacing is advised up to 30 to 33 % (Medicina 2023)


@dataclass(frozen=True)
class Osteonecrosis(Degeneration):
    """A cone with its apex at the head centre, lighter, softer and weaker than sound bone, in a dense rim.

    Modulus and strength are those of the sound bone times their factors, not of the lower density: 0.45^1.49 = 0.30
    under the law of the femoral neck, so the default says the same as the law would. Strength falls less than modulus:
    dead bone yields at 0.5 / 0.3 of the strain. Studies of resurfacing took 60, 100 and 115° (Tai 2014).
    """

    angle_deg: float = parameter(
        100.0,
        text="full angle of the cone; 0: none",
        unit="deg",
        low=0.0,
        high=180.0,
        assumed=True,
        source="Tai 2014: 0, 60, 100, 115°",
    )
    anterior_tilt_deg: float = parameter(
        20.0, text="its axis, forwards from straight up the shaft", unit="deg", low=-60, high=60, assumed=True
    )
    medial_tilt_deg: float = parameter(
        10.0,
        text="its axis, towards the midline from straight up the shaft",
        unit="deg",
        low=-60,
        high=60,
        assumed=True,
    )
    density_factor: float = parameter(
        0.45,
        text="density of the lesion over that of sound bone",
        unit="-",
        low=0.05,
        high=1.0,
        assumed=True,
        source="bone volume fraction -55 % in necrotic against sclerotic bone of the same head (Hip Int 2026)",
    )
    modulus_factor: float = parameter(
        0.3,
        text="modulus of the lesion over that of sound bone",
        unit="-",
        low=0.02,
        high=1.0,
        assumed=True,
        source="-60 % (Hip Int 2026), -72 % (Brown 1981)",
    )
    strength_factor: float = parameter(
        0.5,
        text="strength of the lesion over that of sound bone",
        unit="-",
        low=0.02,
        high=1.0,
        assumed=True,
        source="-52 % (Brown 1981)",
    )
    rim_mm: float = parameter(
        4.0,
        text="thickness of the sclerotic rim around the lesion, inside the head",
        unit="mm",
        low=0.0,
        high=10.0,
        assumed=True,
        source="3–5 mm",
    )
    rim_density_factor: float = parameter(
        1.6,
        text="density of the rim over that of sound bone",
        unit="-",
        low=1.0,
        high=3.0,
        assumed=True,
        source="design choice of femsim; sclerotic bone is denser and stiffer (Hip Int 2026)",
    )

    citations: ClassVar[tuple[str, ...]] = (
        "Necrotic and sclerotic bone of 15 heads: bone volume fraction -55 %, modulus -60 %. Hip Int (2026)",
        "Tai et al. (2014): finite element study of hip resurfacing in osteonecrosis, lesions of 0, 60, 100 and 115°",
        "Indication for resurfacing in osteonecrosis, lesion up to 30 to 33 % of the head: Medicina (2023)",
    )

    def applied(self, state: BoneState, femur: Femur) -> BoneState:
        """Lesion and rim."""
        lesion, rim = self.lesion_and_rim(femur, state.points)
        return BoneState(
            state.points,
            scaled(scaled(state.density, lesion, self.density_factor), rim, self.rim_density_factor),
            scaled(state.stiffness_density, rim, self.rim_density_factor),
            np.where(lesion, self.modulus_factor * state.modulus_factor, state.modulus_factor),
            np.where(lesion, self.strength_factor * state.strength_factor, state.strength_factor),
        )

    def told(self, femur: Femur, source: Any, points: np.ndarray, volumes: np.ndarray) -> tuple[str, ...]:
        """What share of the head is dead, against the limit for resurfacing."""
        lesion, _ = self.lesion_and_rim(femur, points)
        share = volumes[lesion].sum() / volumes[in_head(femur, points)].sum()
        verdict = "within" if share <= INDICATION else "beyond"
        return (
            f"Osteonecrosis: {100 * share:.0f} % of the volume of the head is dead, {verdict} the 30 to 33 % up to "
            "which resurfacing is advised (Medicina 2023).",
        )

    def lesion_and_rim(self, femur: Femur, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(k,) bool each."""
        half = 0.5 * np.radians(self.angle_deg)
        radius, angle = polar(points, head_direction(self.anterior_tilt_deg, self.medial_tilt_deg))
        head = in_head(femur, points)
        lesion = head & (angle < half)
        # From a place outside, the nearest of the cone is its side, or its apex from a place behind it.
        beyond = angle - half
        away = np.where(beyond < 0.5 * np.pi, radius * np.sin(np.minimum(beyond, 0.5 * np.pi)), radius)
        return lesion, head & ~lesion & (away < self.rim_mm) & (half > 0)
