"""A parametric femur with a thick cortex of known density, and CTs of it; made once for all tests."""

import dataclasses
import functools

import numpy as np
from scipy.spatial import cKDTree

from femsim.anatomy.density.ct import CtDensity
from femsim.anatomy.femur import Femur, outer_surface
from femsim.anatomy.parametric import ParametricFemur
from femsim.anatomy.synthetic_ct import INTERCEPT, SLOPE, synthetic_ct
from femsim.imaging.files import write_image
from femsim.imaging.image import Image
from femsim.mesh.surface import centroids

CORTEX_MM, CORTICAL, TRABECULAR = 3.0, 1.8, 0.4  # g/cm³
LINE = {"calibration": "slope_intercept", "slope_g_per_cm3_per_hu": SLOPE, "intercept_g_per_cm3": INTERCEPT}


class Layered:
    """The known density: cortex, and trabecular bone that grows denser upwards."""

    def __init__(self, femur: Femur):
        surface = outer_surface(femur)
        self.tree = cKDTree(np.concatenate([surface.points, centroids(surface)]))

    def at(self, points, spans):
        within = np.isfinite(self.tree.query(points, distance_upper_bound=CORTEX_MM)[0])
        return np.where(within, CORTICAL, TRABECULAR + 0.001 * points[:, 2])


@functools.cache
def femur() -> Femur:
    return dataclasses.replace(ParametricFemur().shape(), frame="RAS")


@functools.cache
def known() -> Layered:
    return Layered(femur())


@functools.cache
def ct(voxel_mm: float = 2.0, noise_hu: float = 20.0) -> Image:
    return synthetic_ct(femur(), known(), voxel_mm=voxel_mm, noise_hu=noise_hu)


def source(path, image: Image | None = None, **keys) -> CtDensity:
    """A density source on a file with that image in it."""
    if image is not None:
        write_image(path, image)
    return CtDensity(file=path, **{**LINE, **keys})
