"""The density a CT gives at places of one femur, each averaged over the bone it stands for."""

from dataclasses import dataclass

import numpy as np

from femsim.anatomy.density.calibration import Calibration
from femsim.anatomy.femur import Femur, outer_surface
from femsim.anatomy.frame import on_points
from femsim.imaging.image import Image, averaged
from femsim.mesh.closest import closest_points
from femsim.mesh.surface import area_vectors

N_STEPS = 4  # places on the way inward that are looked at


@dataclass(frozen=True)
class CtMap:
    """A calibrated CT on one femur.

    image : in the frame of the femur's source, around the femur.
    limits : lowest and highest apparent density handed on [g/cm³].
    inward : whether places near the surface take the densest bone on their way inward.
    """

    image: Image
    calibration: Calibration
    femur: Femur
    limits: tuple[float, float]
    inward: bool
    notes: tuple[str, ...] = ()

    def at(self, points: np.ndarray, spans: np.ndarray) -> np.ndarray:
        """(k,) apparent density [g/cm³] at points (k, 3) [mm], each the mean over a cube of edge spans (k,) [mm].

        The density is averaged, not the stiffness: HU and density are lines of each other, and what becomes of density
        is the affair of the bone's law. Over a cube of 1 mm in trabecular bone both differ by less than the scatter of
        the law; at the cortex's edge the averaged density gives the softer bone.
        """
        points, spans = np.asarray(points, float), np.asarray(spans, float)
        hu = averaged(self.image, on_points(self.femur.to_source, points), spans)
        if self.inward:
            hu = self._corrected(hu, points, spans)
        return np.clip(self.calibration.apparent(hu), *self.limits)

    def _corrected(self, hu: np.ndarray, points: np.ndarray, spans: np.ndarray) -> np.ndarray:
        """Near the surface a voxel is part bone, part soft tissue: the densest mean on the way inward replaces it.

        The way ends where a voxel, or the cube of the place, no longer reaches out of the bone.
        """
        surface = outer_surface(self.femur)
        reach = 0.5 * (self.image.diagonal + spans)
        near = closest_points(surface, points, within=reach)
        rows = np.flatnonzero(near.triangle >= 0)
        if not len(rows):
            return hu
        normals = area_vectors(surface)[near.triangle[rows]]
        normals /= np.linalg.norm(normals, axis=1, keepdims=True)
        depth = -np.einsum("ij,ij->i", points[rows] - near.foot[rows], normals)
        missing = np.maximum(reach[rows] - depth, 0.0)
        best = hu[rows]
        for share in np.arange(1, N_STEPS + 1) / N_STEPS:
            moved = points[rows] - (share * missing)[:, None] * normals
            best = np.maximum(best, averaged(self.image, on_points(self.femur.to_source, moved), spans[rows]))
        corrected = hu.copy()
        corrected[rows] = best
        return corrected
