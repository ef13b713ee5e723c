"""A CT that never was: a femur of known density in soft tissue, as a scanner with blur and noise would show it."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from femsim.anatomy.density.calibration import ASH, Calibration
from femsim.anatomy.femur import Femur
from femsim.arrays import freeze, frozen
from femsim.errors import UsageError
from femsim.imaging.image import Image
from femsim.mesh.filling import filled, points_inside
from femsim.mesh.surface import Surface, transformed

# A made-up scanner, for which air, fat and muscle have their usual QCT densities (-0.840, -0.080, 0.030 g/cm³) at
# usual HU (-1024, -98, 37).
SLOPE, INTERCEPT = 0.00082, 0.0  # g/cm³ per HU, g/cm³
AIR_HU, FAT_HU, MUSCLE_HU = -1024.4, -97.6, 36.6
MUSCLE_MM, FAT_MM, AIR_MM = 10.0, 6.0, 5.0  # thickness of each layer around the bone
FINE_MM = 0.7  # of the lattice on which the bone is drawn before it is blurred
FWHM_OF_SIGMA = 2.3548  # full width at half maximum of a Gaussian over its standard deviation


@dataclass(frozen=True)
class Recovered:
    """How well a density source gives back a known density, at places (k, 3) inside a femur.

    known, found : (k,) apparent [g/cm³]; depth : (k,) below the outer surface [mm].
    """

    known: np.ndarray
    found: np.ndarray
    depth: np.ndarray

    def __post_init__(self):
        freeze(self, **{name: frozen(getattr(self, name), np.float64, (None,)) for name in ("known", "found", "depth")})

    def groups(self) -> dict[str, np.ndarray]:
        """(k,) which places belong to each group."""
        return {
            "trabecular": (self.known < 1.0) & (self.depth > 5.0),
            "cortical": self.known > 1.5,
            "near surface": self.depth < 1.5,
            "all": np.ones(len(self.known), bool),
        }

    def rms(self) -> dict[str, float]:
        """Root mean square error of each group [g/cm³]."""
        error = self.found - self.known
        return {name: float(np.sqrt((error[rows] ** 2).mean())) for name, rows in self.groups().items()}

    def bias(self) -> dict[str, float]:
        """Mean error of each group [g/cm³]."""
        return {name: float((self.found - self.known)[rows].mean()) for name, rows in self.groups().items()}


def made_up_scanner(slope: float = SLOPE, intercept: float = INTERCEPT) -> Calibration:
    """The calibration that the synthetic CT is drawn with."""
    return Calibration(slope, intercept, *ASH["k2hpo4"], 0.60, "Made-up scanner.")


def synthetic_ct(
    femur: Femur,
    density: Any,
    *,
    voxel_mm: float = 0.7,
    noise_hu: float = 20.0,
    blur_mm: float = 0.8,
    scanner: Calibration | None = None,
    seed: int = 0,
) -> Image:
    """The image of a femur in layers of muscle, fat and air.

    Parameters
    ----------
    femur : Femur
        Drawn in the frame of its source; where that is nobody's, in RAS, which a right femur's own frame is.
    density : what a density source's `mapped` gives
    voxel_mm : edge of the cubic voxels; each is the mean over its volume
    noise_hu : standard deviation of the noise of each voxel
    blur_mm : full width at half maximum of the scanner's point spread
    scanner : how density becomes HU

    Raises
    ------
    UsageError
        Where the image would have no or too many voxels.
    """
    from scipy.ndimage import distance_transform_edt, gaussian_filter

    if not (0.3 <= voxel_mm <= 10 and noise_hu >= 0 and blur_mm >= 0):
        raise UsageError(
            f"A synthetic CT has voxels of 0.3 to 10 mm, noise and blur of 0 or more; not {voxel_mm:g}, {noise_hu:g}, "
            f"{blur_mm:g}."
        )
    scanner = scanner or made_up_scanner()
    surface = transformed(femur.surface, femur.to_source)
    per_voxel = int(np.ceil(voxel_mm / FINE_MM - 1e-9))
    fine = voxel_mm / per_voxel
    margin = MUSCLE_MM + FAT_MM + AIR_MM
    counts = np.ceil((np.ptp(surface.points, axis=0) + 2 * margin) / voxel_mm).astype(int)
    low = (surface.points.max(axis=0) + surface.points.min(axis=0) - counts * voxel_mm) / 2
    bone = filled(Surface((surface.points - low) / fine - 0.5, surface.triangles), tuple(counts * per_voxel))
    away = distance_transform_edt(~bone, sampling=fine).astype(np.float32)
    hu = np.where(away <= MUSCLE_MM, MUSCLE_HU, np.where(away <= MUSCLE_MM + FAT_MM, FAT_HU, AIR_HU)).astype(np.float32)
    del away
    places = (np.argwhere(bone) + 0.5) * fine + low
    back = np.linalg.inv(femur.to_source)
    inside = density.at(places @ back[:3, :3].T + back[:3, 3], np.full(len(places), fine))
    hu[bone] = scanner.hu(inside)
    hu = gaussian_filter(hu, blur_mm / FWHM_OF_SIGMA / fine, truncate=3.0)
    shape = [n for count in counts for n in (count, per_voxel)]
    hu = hu.reshape(shape).mean(axis=(1, 3, 5))
    hu += np.random.default_rng(seed).normal(0.0, noise_hu, hu.shape).astype(np.float32)
    affine = np.diag([voxel_mm, voxel_mm, voxel_mm, 1.0])
    affine[:3, 3] = low + 0.5 * voxel_mm
    return Image(hu, affine, femur.frame or "RAS", "synthetic CT")


def recovered(femur: Femur, known: Any, found: Any, *, spacing_mm: float = 1.7, span_mm: float = 0.9) -> Recovered:
    """Two densities of a femur compared at places like the integration points of a mesh.

    Parameters
    ----------
    known, found : what the `mapped` of two density sources gave
    spacing_mm : of the lattice of places, each moved at random by up to half of it
    span_mm : edge of the cube each place stands for; 0.9 mm belongs to tetrahedra of 3 mm with four points
    """
    from femsim.anatomy.femur import outer_surface
    from femsim.mesh.closest import closest_points

    points = points_inside(femur.surface, spacing_mm)
    ticks = np.array([-0.25, 0.25]) * span_mm
    corners = np.stack(np.meshgrid(ticks, ticks, ticks), axis=-1).reshape(-1, 3)
    spans = np.full(len(points), span_mm)
    truth = np.mean([known.at(points + corner, spans) for corner in corners], axis=0)
    depth = closest_points(outer_surface(femur), points).distance
    return Recovered(truth, found.at(points, spans), depth)
