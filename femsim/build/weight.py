"""What bone and implant weigh, place by place."""

from collections.abc import Mapping

import numpy as np

from femsim import units
from femsim.materials import SOLIDS
from femsim.mesh.mesh import Mesh


def mass_density(mesh: Mesh, density: np.ndarray, materials: Mapping[str, str]) -> np.ndarray:
    """(e, q) [tonne/mm³]: bone by its apparent density (e, q) [g/cm³], NaN outside bone; the rest by its solid."""
    weight = density * units.g_per_cm3
    for region in mesh.regions:
        if materials.get(region, "bone") != "bone":
            weight[mesh.in_region(region)] = SOLIDS[materials[region]]().density
    return weight
