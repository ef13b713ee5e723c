"""How the rate of strain stiffens and strengthens bone."""

from dataclasses import dataclass

from femsim.registry import parameter


@dataclass(frozen=True)
class StrainRate:
    """Modulus and strength of bone times (rate / reference)^0.06: 1.32 at 1 per second, 1.51 at 10 per second.

    Yield strains stay. One rate for all bone and all instants: that of the place and moment in question.

    Source
    ------
    The power of Carter, Hayes, J Bone Joint Surg Am 59 (1977) 954–962, as usually quoted.
    """

    strain_rate_per_s: float = parameter(
        text="rate of strain: 0.01 in walking, 1 to 10 in an impact", unit="1/s", low=1e-5, high=100
    )
    reference_per_s: float = parameter(
        0.01,
        text="rate at which the laws of stiffness and strength hold as they are",
        unit="1/s",
        low=1e-5,
        high=100,
        assumed=True,
        source="order of magnitude of walking and of slow tests",
    )
    exponent: float = parameter(
        0.06,
        text="power of the rate",
        unit="-",
        low=0,
        high=0.2,
        assumed=True,
        source="Carter, Hayes 1977, as usually quoted",
    )

    @property
    def factor(self) -> float:
        """What modulus and strength are of those at the reference."""
        return (self.strain_rate_per_s / self.reference_per_s) ** self.exponent

    def told(self) -> str:
        """A sentence for the report."""
        return (
            f"Rate of strain {self.strain_rate_per_s:g} per second: modulus and strength of bone are {self.factor:.3f} "
            f"of what their laws give at {self.reference_per_s:g} per second."
        )
