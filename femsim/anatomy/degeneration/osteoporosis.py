"""Osteoporosis: less bone everywhere, and thinner cortex."""

from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np

from femsim.anatomy.degeneration.state import BoneState, Degeneration, scaled
from femsim.anatomy.femur import Femur
from femsim.registry import parameter


@dataclass(frozen=True)
class Osteoporosis(Degeneration):
    """Density times a factor everywhere, compact bone included; cortex thinned from the inside.

    Stiffness follows from the lower density by the bone law: under ρ^1.49 a density of 0.75 is a modulus of 0.65.
    """

    density_factor: float = parameter(
        0.75,
        text="what the density is of that of sound bone, everywhere",
        unit="-",
        low=0.3,
        high=1.0,
        assumed=True,
        source="ρ -20 to -30 % in osteoporosis",
    )
    cortex_factor: float = parameter(
        0.8,
        text="what the thickness of the cortex is of that of sound bone; only where the density source has a thickness",
        unit="-",
        low=0.3,
        high=1.0,
        assumed=True,
        source="cortex 10 to 30 % thinner",
    )

    def on_source(self, source: Any) -> Any:
        """The source with its thicknesses of cortex times the factor; one that has none as it is."""
        return replace(source, **{name: getattr(source, name) * self.cortex_factor for name in _thicknesses(source)})

    def applied(self, state: BoneState, femur: Femur) -> BoneState:
        """Lighter everywhere."""
        everywhere = np.ones(len(state.points), bool)
        return replace(
            state,
            density=scaled(state.density, everywhere, self.density_factor),
            stiffness_density=scaled(state.stiffness_density, everywhere, self.density_factor),
        )

    def told(self, femur: Femur, source: Any, points: np.ndarray, volumes: np.ndarray) -> tuple[str, ...]:
        """By how much, and where the cortex stays."""
        said = f"Osteoporosis: density times {self.density_factor:g} everywhere"
        if _thicknesses(source):
            return (f"{said}, cortex times {self.cortex_factor:g} of its thickness, thinned from the inside.",)
        return (f"{said}; this density source has no cortex thickness, so cortex_factor is not applied.",)


def _thicknesses(source: Any) -> list[str]:
    """Keys of a density source that are thicknesses of cortex."""
    return [f.name for f in fields(source) if f.name.startswith("cortex_") and f.name.endswith("_mm")]
