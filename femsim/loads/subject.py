"""Who carries the load."""

from dataclasses import dataclass

from femsim import units
from femsim.registry import parameter


@dataclass(frozen=True)
class Subject:
    """A person, as far as loads depend on it."""

    body_mass_kg: float = parameter(75.0, text="body mass", unit="kg", low=30, high=200, assumed=True)
    limp_ratio: float = parameter(
        1.0,
        text="limp: peak force of this leg over that of the other in walking, stairs, jogging and running; 1 is none, "
        "below 1 spares this leg; its forces become 2r/(1 + r) times those without a limp",
        unit="-",
        low=0.3,
        high=3,
        assumed=True,
    )

    @property
    def body_weight(self) -> float:
        """[N]"""
        return units.body_weight(self.body_mass_kg)

    @property
    def share_of_this_leg(self) -> float:
        """What gait forces of this leg are times those of a symmetrical gait; 1 where there is no limp."""
        return 2.0 * self.limp_ratio / (1.0 + self.limp_ratio)
