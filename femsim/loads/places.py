"""Where forces of activities act, and the femur that is meant when none is named."""

from collections.abc import Mapping

import numpy as np

from femsim.anatomy.attachments import KNEE, TROCHANTER_SIDE, VASTUS_MEDIALIS
from femsim.anatomy.attachments import REFERENCE_SITES as USUAL_SITES
from femsim.errors import ModelError, near

__all__ = ["KNEE", "TROCHANTER_SIDE", "USUAL_SITES", "VASTUS_MEDIALIS", "place"]


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
