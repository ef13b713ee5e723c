"""Cysts: holes in the bone, filled with marrow."""

from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

from femsim.anatomy.degeneration.head_region import head_direction
from femsim.anatomy.degeneration.state import BoneState, Degeneration
from femsim.anatomy.femur import Femur
from femsim.anatomy.neck_frame import neck_frame
from femsim.errors import ModelError
from femsim.registry import parameter

Place = tuple[float, float, float]


@dataclass(frozen=True)
class Cysts(Degeneration):
    """Round holes of marrow: one at a named site, or any number at places of your own."""

    site: Literal["superior_head", "anterior_superior_head", "superior_neck"] = parameter(
        "superior_head",
        text="where the one cyst is: below the top of the head, in front of it, or below the top of the neck",
    )
    depth_mm: float = parameter(
        8.0, text="of its centre below the surface there", unit="mm", low=0.0, high=40.0, assumed=True
    )
    diameter_mm: float = parameter(10.0, text="its diameter; 0: none", unit="mm", low=0.0, high=40.0, assumed=True)
    centres_mm: tuple[Place, ...] = parameter(
        (),
        text="centres [x, y, z] of cysts instead: x lateral, y anterior, z up the shaft from the head centre",
        unit="mm",
        low=-500.0,
        high=500.0,
    )
    diameters_mm: tuple[float, ...] = parameter(
        (), text="their diameters, as many as centres", unit="mm", low=0.0, high=40.0
    )
    void_density_g_per_cm3: float = parameter(
        0.05,
        text="apparent density of what fills them, which keeps a positive stiffness",
        unit="g/cm3",
        low=0.001,
        high=0.3,
        assumed=True,
        source="as the marrow of the canal",
    )

    def __post_init__(self):
        if len(self.centres_mm) != len(self.diameters_mm):
            raise ModelError(
                f"{len(self.centres_mm)} centres_mm and {len(self.diameters_mm)} diameters_mm are given.",
                remedy="give every cyst a centre [x, y, z] and a diameter",
            )

    def spheres(self, femur: Femur) -> tuple[tuple[np.ndarray, float], ...]:
        """Centre (3,) and diameter of each cyst [mm], femur frame."""
        if self.centres_mm:
            return tuple((np.array(centre), size) for centre, size in zip(self.centres_mm, self.diameters_mm))
        marks = femur.landmarks
        if self.site == "superior_neck":
            neck = neck_frame(marks)
            return ((neck.centre + (marks.neck_radius - self.depth_mm) * neck.superior, self.diameter_mm),)
        # 14° medial: where the joint force of gait enters (Bergmann 2001); 30° forwards: choice of femsim.
        up = head_direction(30.0 if self.site == "anterior_superior_head" else 0.0, 14.0)
        return (((marks.head_radius - self.depth_mm) * up, self.diameter_mm),)

    def applied(self, state: BoneState, femur: Femur) -> BoneState:
        """Marrow inside the spheres; what is lighter already stays."""
        hole = np.zeros(len(state.points), bool)
        for centre, diameter in self.spheres(femur):
            hole |= _inside(state.points, centre, diameter)
        filled = np.where(hole, np.minimum(state.density, self.void_density_g_per_cm3), state.density)
        return replace(
            state,
            density=filled,
            stiffness_density=np.where(hole, filled, state.stiffness_density),
            modulus_factor=np.where(hole, 1.0, state.modulus_factor),
            strength_factor=np.where(hole, 1.0, state.strength_factor),
        )

    def told(self, femur: Femur, source: Any, points: np.ndarray, volumes: np.ndarray) -> tuple[str, ...]:
        """Where they are and how much of them is in the bone.

        Raises
        ------
        ModelError
            Where a cyst holds no integration point.
        """
        said = []
        for centre, diameter in self.spheres(femur):
            hole = _inside(points, centre, diameter)
            at = ", ".join(f"{x:.1f}" for x in centre)
            if diameter > 0 and not hole.any():
                raise ModelError(
                    f"A cyst of {diameter:g} mm at ({at}) mm changes no bone.",
                    where="bone.cysts",
                    why="it lies outside the femur, or the mesh is too coarse for it",
                    remedy="check its centre, which counts from the head centre, or refine mesh.size_mm",
                )
            whole = np.pi / 6 * diameter**3
            said.append(
                f"Cyst of {diameter:g} mm at ({at}) mm, x lateral, y anterior, z up: {volumes[hole].sum():.0f} mm3 of "
                f"bone are marrow, of the {whole:.0f} mm3 of its sphere."
            )
        return tuple(said)


def _inside(points: np.ndarray, centre: np.ndarray, diameter: float) -> np.ndarray:
    return np.linalg.norm(points - centre, axis=1) < 0.5 * diameter
