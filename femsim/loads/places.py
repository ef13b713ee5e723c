"""Where forces of activities act, and the femur that is meant when none is named."""

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np

from femsim.errors import ModelError, near

VASTUS_MEDIALIS = "vastus_medialis"  # P3 of Heller 2005
TROCHANTER_SIDE = "trochanter_side"  # where the floor hits in a sideways fall
KNEE = "knee"  # midpoint of the epicondyles; a pivot, no point of a proximal femur's surface

# Bergmann frame [mm]; no femur is known here yet.
USUAL_SITES: Mapping[str, np.ndarray] = MappingProxyType({})


def place(sites: Mapping[str, np.ndarray], name: str) -> np.ndarray:
    """(3,) [mm] of a site.

    Raises
    ------
    ModelError
        Where the femur has no such site.
    """
    if name not in sites:
        raise ModelError(
            f"The forces of this activity depend on where {name!r} is, and this femur does not tell. "
            f"{near(name, sites)}",
            where="load",
        )
    return np.asarray(sites[name], float)
