"""Bone density from a CT: HU around each place, the scanner's line, ash density, apparent density."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from femsim.anatomy.density.calibration import ASH, Calibration, line_of_rods, line_of_tissues, tissue_modes
from femsim.anatomy.density.ct_map import CtMap
from femsim.anatomy.density.preflight import DARK_HU, LATTICE_MM, Preflight, bone_hu, metal_volume
from femsim.anatomy.density.seat import refuse_unseated
from femsim.anatomy.femur import Femur
from femsim.anatomy.frame import on_points
from femsim.errors import FemsimError, ImageError
from femsim.imaging.image import FRAMES, Image, cropped, in_frame, stated
from femsim.registry import parameter

MARGIN_MM = 15.0  # of the image kept around the femur
COARSE_MM = 1.5  # voxels beyond this blur a cortex of 1 to 2 mm; assumed
_AIR_FAT_MUSCLE = "method: Eggermont et al. 2019 (doi 10.1371/journal.pone.0220564); the number is unchecked"
_GATE = "choice of femsim: 2 to 3 % in a synthetic CT, nearly all with a line of another unit"


@dataclass(frozen=True)
class CtDensity:
    """A CT of this femur; how HU become density must be said."""

    file: Path = parameter(text="the CT in HU: .nii, .nii.gz, .mhd, .mha, .nrrd, .vti or a DICOM folder", folder=True)
    calibration: Literal["slope_intercept", "two_tissue", "rods"] = parameter(
        text="where the line from HU to QCT density is from: given, tissues of the image, or rods of a phantom in it"
    )
    slope_g_per_cm3_per_hu: float | None = parameter(
        None, text="of the scanner's line, QCT density over HU; never a default", unit="g/cm3/HU", low=1e-5, high=0.01
    )
    intercept_g_per_cm3: float | None = parameter(
        None, text="of the scanner's line: QCT density at 0 HU; never a default", unit="g/cm3", low=-0.5, high=0.5
    )
    frame: Literal["auto", "LPS", "RAS"] = parameter(
        "auto", text="axes of the CT's coordinates; auto: what the file says, and .vti says nothing"
    )
    femur_frame: Literal["auto", "LPS", "RAS"] = parameter(
        "auto", text="axes of the coordinates the femur came in; auto: what the femur says"
    )
    series: str = parameter("", text="identifier of the DICOM series, where the folder holds several")
    air_hu: float | None = parameter(None, text="HU of air; by default its mode", unit="HU", low=-1100, high=-850)
    fat_hu: float | None = parameter(None, text="HU of fat; by default its mode", unit="HU", low=-200, high=0)
    muscle_hu: float | None = parameter(None, text="HU of muscle; by default its mode", unit="HU", low=0, high=120)
    air_g_per_cm3: float = parameter(
        -0.840, text="QCT density of air", unit="g/cm3", low=-1.2, high=-0.5, source=_AIR_FAT_MUSCLE, assumed=True
    )
    fat_g_per_cm3: float = parameter(
        -0.080, text="QCT density of fat", unit="g/cm3", low=-0.2, high=0.0, source=_AIR_FAT_MUSCLE, assumed=True
    )
    muscle_g_per_cm3: float = parameter(
        0.030, text="QCT density of muscle", unit="g/cm3", low=-0.05, high=0.12, source=_AIR_FAT_MUSCLE, assumed=True
    )
    rod_centres_mm: tuple[tuple[float, float, float], ...] = parameter(
        (), text="middle of each rod of the phantom, in the CT's coordinates", unit="mm"
    )
    rod_radius_mm: float = parameter(
        4.0, text="of the ball averaged in each rod", unit="mm", low=0.5, high=15, assumed=True
    )
    rod_mask: Path | None = parameter(None, text="instead of centres: an image with labels 1, 2 … in the rods")
    rod_densities_g_per_cm3: tuple[float, ...] = parameter(
        (), text="QCT density of each rod", unit="g/cm3", low=-0.5, high=3
    )
    least_r2: float = parameter(
        0.99, text="fit of the line below which it is refused", low=0.5, high=1, assumed=True, source="choice of femsim"
    )
    ash: Literal["k2hpo4", "schileo_2008"] = parameter(
        "k2hpo4",
        text="QCT → ash density: 0.0633 + 0.887 QCT, or 0.079 + 0.877 QCT",
        source="k2hpo4: published code, Les, Keyak; Schileo et al. 2008",
    )
    ash_over_apparent: float = parameter(
        0.60, text="ash over apparent density", low=0.4, high=0.8, assumed=True, source="0.598, as usually quoted"
    )
    lowest_g_per_cm3: float = parameter(
        0.05, text="apparent density is held above", unit="g/cm3", low=0.001, high=0.5, assumed=True,
        source="trabecular bone 0.05–1.0 g/cm³",
    )  # fmt: skip
    highest_g_per_cm3: float = parameter(
        2.0, text="apparent density is held below", unit="g/cm3", low=1.0, high=2.5, assumed=True,
        source="bone tissue 2.0 g/cm³",
    )  # fmt: skip
    partial_volume: Literal["none", "inward"] = parameter(
        "inward",
        text="inward: a place nearer to the surface than the CT resolves takes the densest bone on its way inward",
        source="RMS errors with and without: docs/ct.md",
    )
    most_clamped_low_pct: float = parameter(
        50.0, text="share of the bone allowed at the lower limit", unit="%", low=0, high=100, assumed=True, source=_GATE
    )
    most_clamped_high_pct: float = parameter(
        10.0, text="share of the bone allowed at the upper limit", unit="%", low=0, high=100, assumed=True, source=_GATE
    )
    metal_hu: float = parameter(
        2500.0, text="HU from which a voxel is metal", unit="HU", low=1500, high=20000, assumed=True,
        source="cortical bone stays below about 2000 HU; 12-bit scanners end at 3071",
    )  # fmt: skip
    metal_reach_mm: float = parameter(
        15.0, text="metal nearer to the femur than this counts", unit="mm", low=0, high=100, assumed=True,
        source="choice of femsim",
    )  # fmt: skip

    def __post_init__(self):
        slope = self.slope_g_per_cm3_per_hu is not None and self.intercept_g_per_cm3 is not None
        if self.calibration == "slope_intercept" and not slope:
            raise ValueError(
                "calibration slope_intercept needs slope_g_per_cm3_per_hu and intercept_g_per_cm3, from a phantom "
                "scanned on this scanner with these settings; there is no default"
            )
        if self.calibration == "rods":
            given = len(self.rod_densities_g_per_cm3)
            if given < 3:
                raise ValueError(f"calibration rods needs rod_densities_g_per_cm3 of at least 3 rods, not {given}")
            if self.rod_mask is None and len(self.rod_centres_mm) != given:
                raise ValueError(
                    f"calibration rods has {given} rod_densities_g_per_cm3 and {len(self.rod_centres_mm)} "
                    "rod_centres_mm: give as many, or rod_mask"
                )
        if self.lowest_g_per_cm3 >= self.highest_g_per_cm3:
            raise ValueError("lowest_g_per_cm3 is not below highest_g_per_cm3")

    def mapped(self, femur: Femur) -> CtMap:
        """The density of a femur.

        Raises
        ------
        ImageError
            Where the CT cannot be read or calibrated, does not lie where the femur is, or shows metal there.
        QualityError
            Where more of the bone than allowed lies at a limit of density.
        """
        found, report = self.looked_at(femur)
        if report.problem:
            raise self._placed(report.problem)
        return found

    def looked_at(self, femur: Femur) -> tuple[CtMap, Preflight]:
        """The density of a femur, and what the CT says of it, whether or not that is fit to be used."""
        from femsim.imaging.files import read_image
        from femsim.mesh.filling import points_inside

        frame = self._femur_frame(femur)
        try:
            whole = stated(read_image(self.file, series=self.series), self.frame, "bone.density.frame")
            calibration = self._calibrated(whole)
            whole = in_frame(whole, frame)
            points = points_inside(femur.surface, LATTICE_MM)
            image = cropped(whole, on_points(femur.to_source, points), max(MARGIN_MM, self.metal_reach_mm))
            seat = refuse_unseated(whole, femur, points)
        except FemsimError as error:
            raise self._placed(error) from None
        hu = bone_hu(image, femur, points)
        density = calibration.apparent(hu)
        low, high = self.lowest_g_per_cm3, self.highest_g_per_cm3
        notes = _notes(self, image, calibration)
        report = Preflight(
            seat=seat,
            hu=hu,
            density=density,
            low=float((density <= low).mean()),
            high=float((density >= high).mean()),
            metal_cm3=metal_volume(image, femur, points, self.metal_hu, self.metal_reach_mm),
            dark=float((hu < DARK_HU).mean()),
            voxel_mm=tuple(float(s) for s in image.spacing),
            calibration=calibration.note,
            limits=(low, high),
            gates=(self.most_clamped_low_pct / 100, self.most_clamped_high_pct / 100),
            notes=notes,
        )
        shares = (
            f"{100 * report.low:.1f} % of the bone lies at the lower limit of density ({low:g} g/cm³), "
            f"{100 * report.high:.1f} % at the upper ({high:g})."
        )
        found = CtMap(
            image, calibration, femur, (low, high), self.partial_volume == "inward", (*notes, shares)
        )  # fmt: skip
        return found, report

    def _placed(self, error: FemsimError) -> FemsimError:
        if self.file.name not in error.where:
            error.within(self.file.name)
        return error

    def _femur_frame(self, femur: Femur) -> str:
        frame = femur.frame if self.femur_frame == "auto" else self.femur_frame
        if frame not in FRAMES:
            raise ImageError(
                "It is not known in which axes the femur's coordinates are: a CT cannot be laid over it.",
                why="a surface file does not say whether x points to the patient's left (LPS) or right (RAS)",
                remedy='say which: bone.density.femur_frame = "LPS" (3D Slicer, ITK-SNAP, most scanners) or "RAS"',
            )
        if self.femur_frame != "auto" and femur.frame in FRAMES and femur.frame != self.femur_frame:
            raise ImageError(
                f"The femur's coordinates are in {femur.frame}, but bone.density.femur_frame says {self.femur_frame}.",
                remedy="leave bone.density.femur_frame out",
            )
        return frame

    def _calibrated(self, image: Image) -> Calibration:
        if self.calibration == "slope_intercept":
            slope, intercept, note = self.slope_g_per_cm3_per_hu, self.intercept_g_per_cm3, "Line of the scanner given."
        elif self.calibration == "two_tissue":
            given = {"air": self.air_hu, "fat": self.fat_hu, "muscle": self.muscle_hu}
            measured = tissue_modes(image) | {name: hu for name, hu in given.items() if hu is not None}
            known = {"air": self.air_g_per_cm3, "fat": self.fat_g_per_cm3, "muscle": self.muscle_g_per_cm3}
            slope, intercept, note = line_of_tissues(measured, known, self.least_r2)
            note += " No phantom: the densities of the tissues are assumed."
        else:
            slope, intercept, note = line_of_rods(
                image,
                self.rod_densities_g_per_cm3,
                self.least_r2,
                centres=self.rod_centres_mm,
                radius=self.rod_radius_mm,
                mask=self._rod_mask(image),
            )
        steps = f" QCT = {slope:.6f} HU {intercept:+.4f} g/cm³."
        return Calibration(slope, intercept, *ASH[self.ash], self.ash_over_apparent, note + steps)

    def _rod_mask(self, image: Image) -> Image | None:
        if self.rod_mask is None:
            return None
        from femsim.imaging.files import read_image

        mask = read_image(self.rod_mask)
        return in_frame(mask, image.frame) if mask.frame else mask


def _notes(density: CtDensity, image: Image, calibration: Calibration) -> tuple[str, ...]:
    constant, factor = ASH[density.ash]
    voxel = " × ".join(f"{s:.2f}" for s in image.spacing)
    notes = (
        f"Density from the CT {density.file.name}, voxels of {voxel} mm.",
        calibration.note,
        f"Ash = {constant:g} + {factor:g} QCT; apparent = ash / {density.ash_over_apparent:g}.",
    )
    if image.spacing.max() > COARSE_MM:
        notes += (
            f"Voxels of {image.spacing.max():.1f} mm are too coarse for the cortex of a hip: its density comes out too "
            "low.",
        )
    return notes
