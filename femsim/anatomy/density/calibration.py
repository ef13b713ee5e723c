"""From HU to apparent density: the line of a scanner, ash density, apparent density; each step with its source."""

from dataclasses import dataclass

import numpy as np

from femsim.errors import ImageError
from femsim.imaging.image import Image, averaged, sampled

# ρ_ash = constant + factor · ρ_QCT [g/cm³].
ASH = {
    # As published code has it; also Les et al. and Keyak et al., as usually quoted.
    "k2hpo4": (0.0633, 0.887),
    "schileo_2008": (0.079, 0.877),  # Schileo et al. 2008
}
# Where the mode of each tissue is looked for [HU].
WINDOWS = {"air": (-1100.0, -850.0), "fat": (-160.0, -50.0), "muscle": (10.0, 90.0)}
FEWEST_VOXELS = 2000  # of a tissue, for its mode to count; assumed
MOST_LOOKED_AT = 4_000_000  # voxels; the mode does not change with more


@dataclass(frozen=True)
class Calibration:
    """HU → equivalent mineral density (QCT) → ash → apparent, all [g/cm³].

    slope [g/cm³ per HU], intercept [g/cm³] : the line of the scanner.
    ash_constant [g/cm³], ash_factor : of the second line; ash_over_apparent : ratio of the third step.
    note : a sentence on where the line is from.
    """

    slope: float
    intercept: float
    ash_constant: float
    ash_factor: float
    ash_over_apparent: float
    note: str = ""

    def apparent(self, hu: np.ndarray) -> np.ndarray:
        """Apparent density [g/cm³] of HU; not held to physical limits."""
        qct = self.slope * np.asarray(hu, float) + self.intercept
        return (self.ash_constant + self.ash_factor * qct) / self.ash_over_apparent

    def hu(self, apparent: np.ndarray) -> np.ndarray:
        """The inverse of `apparent`."""
        qct = (self.ash_over_apparent * np.asarray(apparent, float) - self.ash_constant) / self.ash_factor
        return (qct - self.intercept) / self.slope


def tissue_modes(image: Image) -> dict[str, float]:
    """The most frequent HU of air, fat and muscle in an image, where enough of it is there.

    The lowest value is left out: scanners pad with it what they have not seen.
    """
    values = image.values.ravel()[:: max(1, image.values.size // MOST_LOOKED_AT)]
    values = values[values > image.values.min()]
    modes = {}
    for tissue, (low, high) in WINDOWS.items():
        counts, edges = np.histogram(values[(values > low) & (values < high)], bins=int((high - low) / 2))
        if counts.sum() < min(FEWEST_VOXELS, values.size / 100):
            continue
        smooth = np.convolve(counts, np.hanning(9) / np.hanning(9).sum(), mode="same")
        top = int(np.argmax(smooth))
        if 2 < top < len(smooth) - 3:  # a mode at the end of the window is the flank of something else
            modes[tissue] = float(edges[top] + 1.0)
    return modes


def line_of_tissues(measured: dict[str, float], known: dict[str, float], least_r2: float) -> tuple[float, float, str]:
    """Slope, intercept and a sentence, of the line through tissues with measured HU and known density [g/cm³]."""
    names = [name for name in known if name in measured]
    if "muscle" not in names or len(names) < 2:
        missing = [name for name in known if name not in measured]
        raise ImageError(
            f"The calibration by tissues needs muscle and fat or air; {' and '.join(missing)} was not found.",
            why="the image is cropped to the bone, or a contrast agent or a filter moved the tissues",
            remedy="measure their mean HU and give them (muscle_hu, fat_hu, air_hu), or give slope and intercept",
        )
    slope, intercept, r2 = _line([measured[name] for name in names], [known[name] for name in names])
    said = ", ".join(f"{name} {measured[name]:.0f} HU = {known[name]:+.3f} g/cm³" for name in names)
    _refuse_poor(slope, r2, least_r2, said)
    return slope, intercept, f"Line of the scanner from tissues of the image ({said}; R² {r2:.4f})."


def line_of_rods(
    image: Image,
    densities: tuple[float, ...],
    least_r2: float,
    *,
    centres: tuple[tuple[float, float, float], ...] = (),
    radius: float = 5.0,
    mask: Image | None = None,
) -> tuple[float, float, str]:
    """Slope, intercept and a sentence, of the line through rods of known density [g/cm³].

    Parameters
    ----------
    centres : (k, 3) [mm], in the axes of the image
        A ball of `radius` around each is averaged.
    mask : Image
        Instead: labels 1, 2 … in the order of the densities.
    """
    if mask is not None:
        measured = _means_in_mask(image, mask, len(densities))
    else:
        measured = [_mean_of_ball(image, np.asarray(centre, float), radius) for centre in centres]
    slope, intercept, r2 = _line(measured, densities)
    said = ", ".join(f"{hu:.0f} HU = {density:.3f}" for hu, density in zip(measured, densities))
    _refuse_poor(slope, r2, least_r2, said)
    return slope, intercept, f"Line of the scanner from {len(densities)} rods ({said} g/cm³; R² {r2:.4f})."


def _mean_of_ball(image: Image, centre: np.ndarray, radius: float) -> float:
    from femsim.imaging.image import holds

    ticks = np.linspace(-radius, radius, 9)
    ball = np.stack(np.meshgrid(ticks, ticks, ticks), axis=-1).reshape(-1, 3)
    places = centre + ball[np.linalg.norm(ball, axis=1) <= radius]
    if not holds(image, places).all():
        raise ImageError(
            f"The rod at ({', '.join(f'{x:g}' for x in centre)}) mm lies outside the image.",
            remedy="give centres in mm, in the axes of the image (not in voxels)",
        )
    return float(sampled(image, places).mean())


def _means_in_mask(image: Image, mask: Image, n: int) -> list[float]:
    means = []
    for label in range(1, n + 1):
        rows = np.argwhere(mask.values == label)
        if not len(rows):
            raise ImageError(f"The mask of the rods has no voxel of label {label}.", remedy="label the rods 1, 2, …")
        rows = rows[:: max(1, len(rows) // 20000)]
        means.append(float(averaged(image, mask.places(rows), np.zeros(len(rows))).mean()))
    return means


def _line(hu, density) -> tuple[float, float, float]:
    hu, density = np.asarray(hu, float), np.asarray(density, float)
    if np.ptp(hu) < 1e-9:
        return 0.0, float(density.mean()), 0.0
    slope, intercept = np.polyfit(hu, density, 1)
    residual = density - slope * hu - intercept
    return float(slope), float(intercept), float(1 - residual @ residual / ((density - density.mean()) ** 2).sum())


def _refuse_poor(slope: float, r2: float, least_r2: float, said: str) -> None:
    if slope <= 0 or r2 < least_r2:
        raise ImageError(
            f"The calibration is no line: R² {r2:.4f} where {least_r2:g} is asked, slope {slope:.3g} g/cm³ per HU.",
            where=said,
            why="the places are not those of the rods, the densities are in another order, or metal is near",
            remedy="check places and order; lower least_r2 only where you know why",
        )
