"""Who carries the load."""

from dataclasses import dataclass

from femsim import units
from femsim.registry import parameter


@dataclass(frozen=True)
class Subject:
    """A person, as far as loads depend on it."""

    body_mass_kg: float = parameter(75.0, text="body mass", unit="kg", low=30, high=200, assumed=True)

    @property
    def body_weight(self) -> float:
        """[N]"""
        return units.body_weight(self.body_mass_kg)
