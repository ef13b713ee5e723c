"""A femur potted in a testing machine."""

from dataclasses import dataclass

import numpy as np

from femsim.anatomy.zones import distal_end
from femsim.errors import ModelError
from femsim.fem.constraints import held_directions
from femsim.registry import parameter
from femsim.supports.holding import Body, Holding

_NEAR = 1e-6  # mm: what lies at the rim of the pot is held, whatever rounding says


@dataclass(frozen=True)
class Rig:
    """Potted: the surface of the distal end does not move to a depth; the pot is tilted under a vertical machine."""

    potting_depth_mm: float = parameter(
        text="how much of the bone's distal end is in the pot", unit="mm", low=0.0, high=200.0
    )
    adduction_deg: float = parameter(
        0.0,
        text="how far the shaft's upper end leans to the lateral side of the machine's vertical",
        unit="deg",
        low=-90.0,
        high=90.0,
    )
    flexion_deg: float = parameter(
        0.0,
        text="how far the shaft's upper end leans back from the machine's vertical, after adduction",
        unit="deg",
        low=-90.0,
        high=90.0,
    )

    @property
    def from_lab(self) -> np.ndarray:
        """(3, 3) rotation from the laboratory (z up; x lateral and y anterior of the upright femur) to the femur."""
        a, f = np.radians([self.adduction_deg, self.flexion_deg])
        adducted = np.array([[np.cos(a), 0.0, np.sin(a)], [0.0, 1.0, 0.0], [-np.sin(a), 0.0, np.cos(a)]])
        flexed = np.array([[1.0, 0.0, 0.0], [0.0, np.cos(f), -np.sin(f)], [0.0, np.sin(f), np.cos(f)]])
        return (flexed @ adducted).T

    def hold(self, body: Body) -> Holding:
        """Nodes of "distal", and those of "bone_outer" no higher above it than the pot.

        Raises
        ------
        ModelError
            Where the pot would reach the lesser trochanter.
        """
        mesh, (end, up, _) = body.mesh, distal_end(body.femur)
        room = float((body.femur.landmarks.lesser_trochanter - end) @ up)
        if self.potting_depth_mm >= room:
            raise ModelError(
                f"A pot {self.potting_depth_mm:g} mm deep reaches the lesser trochanter, {room:.0f} mm above the end.",
                where="support.potting_depth_mm",
                remedy="give a smaller depth, or keep more of the shaft: femur.shaft_length_mm",
            )
        outer = np.unique(mesh.surface("bone_outer"))
        in_pot = outer[(mesh.nodes[outer] - end) @ up <= self.potting_depth_mm + _NEAR]
        nodes = np.union1d(in_pot, mesh.surface("distal"))
        words = (
            f"Potted: the surface of the lowest {self.potting_depth_mm:g} mm is held in all directions, adducted by "
            f"{self.adduction_deg:g}°, flexed by {self.flexion_deg:g}°."
        )
        return Holding(held_directions(mesh, nodes), None, words)
