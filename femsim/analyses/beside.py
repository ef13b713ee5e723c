"""Bone whose strains belong to what holds or pulls it: judged apart, and unbreakable in a failure analysis."""

import numpy as np

from femsim.analyses.outcome import SUPPORT
from femsim.fem.geometry import centroids
from femsim.model import Model

_BESIDE = 1.5  # patch radii; assumed


def beside_support(model: Model) -> np.ndarray:
    """(e,) bool: elements whose strains belong to the support."""
    return model.zone_of == (model.zones.index(SUPPORT) if SUPPORT in model.zones else -2)


def beside_patches(centres: np.ndarray, points: np.ndarray, patch_radius: float) -> np.ndarray:
    """(k,) bool: elements, by their centres (k, 3), that lie beside a patch of force about one of the points (p, 3)."""
    beside = np.zeros(len(centres), bool)
    for point in points:
        beside |= np.linalg.norm(centres - point, axis=1) < _BESIDE * patch_radius
    return beside


def unbreakable(model: Model) -> np.ndarray:
    """(e,) bool: elements beside the support or a patch of force: their stress is that of clamp and patch."""
    return beside_support(model) | beside_forces(model)


def beside_forces(model: Model) -> np.ndarray:
    """(e,) bool: elements beside the patches where the forces of the activity act, but for that on the head."""
    return beside_patches(centroids(model.mesh), model.pulled_at(model.history), model.patch_radius)
