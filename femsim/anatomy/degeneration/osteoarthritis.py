"""Osteoarthritis: bone below the joint surface that bears weight grows dense."""

from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np

from femsim.anatomy.degeneration.head_region import head_direction, in_head, polar
from femsim.anatomy.degeneration.state import BoneState, Degeneration, scaled
from femsim.anatomy.femur import Femur
from femsim.registry import parameter


@dataclass(frozen=True)
class Osteoarthritis(Degeneration):
    """Subchondral sclerosis: denser bone to a depth below the weight-bearing part of the head.

    Cysts below the same surface: [bone.cysts]. For scale: heads taken at hip replacement had a modulus of 232 ± 130 MPa
    and 353 ± 172 mg/cm³ mineral by QCT (Haba 2012, n = 22).
    """

    density_factor: float = parameter(
        1.3,
        text="what the density is of that of sound bone",
        unit="-",
        low=1.0,
        high=3.0,
        assumed=True,
        source="design choice of femsim",
    )
    depth_mm: float = parameter(
        5.0,
        text="how deep below the surface of the head",
        unit="mm",
        low=0.0,
        high=20.0,
        assumed=True,
        source="design choice of femsim",
    )
    angle_deg: float = parameter(
        90.0,
        text="full angle of the weight-bearing cap, seen from the head centre",
        unit="deg",
        low=0.0,
        high=180.0,
        assumed=True,
    )
    anterior_tilt_deg: float = parameter(
        10.0, text="its middle, forwards from straight up the shaft", unit="deg", low=-60, high=60, assumed=True
    )
    medial_tilt_deg: float = parameter(
        14.0,
        text="its middle, towards the midline from straight up the shaft",
        unit="deg",
        low=-60,
        high=60,
        assumed=True,
        source="where the joint force of gait enters, Bergmann 2001",
    )

    citations: ClassVar[tuple[str, ...]] = (
        "Haba et al.: Relationship between mechanical properties and bone mineral density of human femoral bone "
        "retrieved from patients with osteoarthritis. Open Orthop J 6 (2012) 458-463",
    )

    def applied(self, state: BoneState, femur: Femur) -> BoneState:
        """Denser under the cap."""
        where = self._where(femur, state.points)
        return replace(
            state,
            density=scaled(state.density, where, self.density_factor),
            stiffness_density=scaled(state.stiffness_density, where, self.density_factor),
        )

    def told(self, femur: Femur, source: Any, points: np.ndarray, volumes: np.ndarray) -> tuple[str, ...]:
        """How much bone it takes."""
        volume = volumes[self._where(femur, points)].sum() / 1000.0
        return (
            f"Osteoarthritis: density times {self.density_factor:g} in {volume:.1f} cm3 below the weight-bearing "
            f"surface of the head, to a depth of {self.depth_mm:g} mm.",
        )

    def _where(self, femur: Femur, points: np.ndarray) -> np.ndarray:
        axis = head_direction(self.anterior_tilt_deg, self.medial_tilt_deg)
        radius, angle = polar(points, axis)
        shallow = radius > femur.landmarks.head_radius - self.depth_mm
        return in_head(femur, points) & shallow & (angle < 0.5 * np.radians(self.angle_deg))
