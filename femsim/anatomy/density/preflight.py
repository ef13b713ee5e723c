"""What a CT says of a femur before anything is computed: HU of the bone, what falls out of the limits, metal."""

from dataclasses import dataclass

import numpy as np

from femsim.anatomy.density.seat import Seat
from femsim.anatomy.femur import Femur
from femsim.anatomy.frame import on_points
from femsim.arrays import freeze, frozen
from femsim.errors import FemsimError, ImageError, QualityError
from femsim.imaging.image import Image, sampled

BINS_HU = np.arange(-300.0, 3001.0, 50.0)
LATTICE_MM = 2.0  # of the places in the bone that are looked at
LEAST_METAL_CM3 = 0.02  # metal this little is noise or a calcification; a suture anchor is larger; assumed
# No tissue of a bone is darker than fat, about -100 HU: below -250 HU lies gas or the dark streak of metal; assumed.
DARK_HU = -250.0


@dataclass(frozen=True)
class Preflight:
    """A CT looked at through one femur.

    seat : how the surface lies in it.
    hu : (k,) of a lattice of places in the bone; density : (k,) apparent, not held to the limits [g/cm³].
    low, high : shares of the places that the limits hold down or up.
    metal_cm3 : volume of metal in and near the bone; dark : share of the bone darker than any tissue of bone.
    n_voxels : in the bone; notes : sentences for the report.
    limits : low, high [g/cm³]; gates : the largest shares allowed at both.
    """

    seat: Seat
    hu: np.ndarray
    density: np.ndarray
    low: float
    high: float
    metal_cm3: float
    dark: float
    voxel_mm: tuple[float, float, float]
    calibration: str
    limits: tuple[float, float]
    gates: tuple[float, float]
    notes: tuple[str, ...] = ()

    def __post_init__(self):
        freeze(self, hu=frozen(self.hu, np.float64, (None,)), density=frozen(self.density, np.float64, (None,)))

    @property
    def problem(self) -> FemsimError | None:
        """Why the CT is not fit to be used; None where it is."""
        if self.metal_cm3 >= LEAST_METAL_CM3:
            return ImageError(
                f"There is metal in or beside the femur: {self.metal_cm3:.2f} cm³.",
                where=f"{100 * self.dark:.1f} % of the bone is darker than any tissue of bone: streaks",
                why="an implant or a screw: its streaks falsify HU all around it",
                remedy="take the other hip, or a CT from before the operation",
            )
        if self.low <= self.gates[0] and self.high <= self.gates[1]:
            return None
        end, share, gate, limit = (
            ("lower", self.low, self.gates[0], self.limits[0])
            if self.low > self.gates[0]
            else ("upper", self.high, self.gates[1], self.limits[1])
        )
        return QualityError(
            f"{100 * share:.0f} % of the bone lies at the {end} limit of density, {limit:g} g/cm³; "
            f"{100 * gate:.0f} % are allowed.",
            where=f"{self.calibration} HU of the bone, 5th to 95th percentile: {self.quantile(5):.0f} to "
            f"{self.quantile(95):.0f}",
            why="slope and intercept belong to another scanner or unit (g/cm³ per HU, not mg/cm³), or the image is not "
            "in HU",
            remedy="check the calibration: femsim ct preflight shows the histogram",
        )

    def quantile(self, percent: float) -> float:
        """HU below which that percentage of the bone lies."""
        return float(np.percentile(self.hu, percent))

    def histogram(self) -> tuple[np.ndarray, np.ndarray]:
        """Edges (b + 1,) [HU] and counts (b,) of the places in the bone; what lies beyond counts in the outer bins."""
        counts, edges = np.histogram(np.clip(self.hu, BINS_HU[0], BINS_HU[-1] - 1e-6), BINS_HU)
        return edges, counts

    def record(self) -> dict:
        """The same as plain numbers."""
        edges, counts = self.histogram()
        problem = self.problem
        return {
            "fit": problem is None,
            "problem": problem.what if problem else None,
            "voxel_mm": list(self.voxel_mm),
            "inside_share": self.seat.inside,
            "surface_contrast_hu": self.seat.contrast_hu,
            "surface_brighter_share": self.seat.brighter,
            "clamped_low_share": self.low,
            "clamped_high_share": self.high,
            "metal_cm3": self.metal_cm3,
            "dark_share": self.dark,
            "hu_percentiles": {str(p): self.quantile(p) for p in (1, 5, 25, 50, 75, 95, 99)},
            "density_mean_g_per_cm3": float(np.clip(self.density, *self.limits).mean()),
            "histogram": {"edges_hu": edges.tolist(), "counts": counts.tolist()},
            "calibration": self.calibration,
            "notes": list(self.notes),
        }


def metal_volume(image: Image, femur: Femur, bone_points: np.ndarray, metal_hu: float, reach_mm: float) -> float:
    """Volume [cm³] of voxels above metal_hu within a reach [mm] of the bone; image in the femur's source frame."""
    from scipy.spatial import cKDTree

    rows = np.argwhere(image.values > metal_hu)
    if not len(rows):
        return 0.0
    distance, _ = cKDTree(on_points(femur.to_source, bone_points)).query(
        image.places(rows), distance_upper_bound=reach_mm + LATTICE_MM
    )
    return float(np.isfinite(distance).sum() * np.prod(image.spacing) / 1000.0)


def bone_hu(image: Image, femur: Femur, bone_points: np.ndarray) -> np.ndarray:
    """(k,) HU at places in the bone, given in the femur frame."""
    return sampled(image, on_points(femur.to_source, bone_points))
