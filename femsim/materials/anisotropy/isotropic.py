"""Bone that is as stiff in every direction."""

from dataclasses import dataclass


@dataclass(frozen=True)
class IsotropicBone:
    """As stiff in every direction as the bone law says."""

    directions = ""  # none are needed
