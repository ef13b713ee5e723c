"""A femur segmented from a CT: one hip, parted from the pelvis, as a closed surface in the axes of the patient."""

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Literal

import numpy as np

from femsim.anatomy.ct_head import CtHead, find_ct_head, metal_near
from femsim.anatomy.ct_segmentation import segmented, surface_of
from femsim.anatomy.ct_short import told_landmarks
from femsim.anatomy.femur import Femur
from femsim.anatomy.landmarks import recognise
from femsim.anatomy.surface_file import DEFAULT_SHAFT_MM, LEAST_BELOW_LESSER_MM, cut_across
from femsim.errors import FemsimError, ImageError, SurfaceError
from femsim.imaging.image import Image, cropped, in_frame, stated
from femsim.mesh.surface import Surface, enclosed_volume, transformed
from femsim.registry import parameter

OFF_THE_END_MM = 2.0  # of the image, where the surface is rounded
METAL_REACH_MM, LEAST_METAL_CM3 = 60.0, 0.02  # around the head centre; a suture anchor is larger; assumed
COARSE_MM = 1.5  # voxels beyond this hide a cortex of 1 mm and a joint space of 3 mm; assumed
SIDES = {"right": "left", "left": "right"}


@dataclass(frozen=True)
class CtFemur:
    """One femur in a CT, segmented by threshold and joint space; look at the picture: femsim ct segment."""

    endings: ClassVar[tuple[str, ...]] = (".nii", ".nii.gz", ".mhd", ".mha", ".nrrd", ".vti")

    file: Path = parameter(text="the CT in HU: .nii, .nii.gz, .mhd, .mha, .nrrd, .vti or a DICOM folder", folder=True)
    side: Literal["right", "left"] = parameter(text="which of the patient's hips")
    frame: Literal["auto", "LPS", "RAS"] = parameter(
        "auto", text="axes of the CT's coordinates; auto: what the file says, and .vti says nothing"
    )
    series: str = parameter("", text="identifier of the DICOM series, where the folder holds several")
    threshold_hu: float = parameter(
        150.0, text="above lies bone, for the first surface", unit="HU", low=60.0, high=800.0, assumed=True,
        source="between muscle, 40–60 HU, and cortical bone",
    )  # fmt: skip
    head_centre_mm: tuple[float, float, float] | None = parameter(
        None, text="centre of the femoral head in the CT's coordinates; by default found", unit="mm", low=-3000.0,
        high=3000.0, source="where the CT shows it",
    )  # fmt: skip
    head_radius_mm: float = parameter(
        24.0, text="rough radius of the head, where its centre is given", unit="mm", low=15.0, high=34.0, assumed=True
    )
    mask_file: Path | None = parameter(None, text="a mask of the femur made elsewhere, instead of segmenting")
    mask_label: int = parameter(1, text="label of the femur in the mask", low=1, high=10000)
    shaft_length_mm: float | None = parameter(
        None, text="shaft kept below the head centre; by default 150, or what the CT shows", unit="mm", low=25.0,
        high=300.0, assumed=True,
    )  # fmt: skip
    shaft_axis: tuple[float, float, float] | None = parameter(
        None,
        text="direction of the shaft, upwards, in the CT's axes; only where the CT ends above it: lesser trochanter "
        "and offset are then means of ten patients",
        assumed=True,
    )
    anteversion_deg: float | None = parameter(
        None, text="known anteversion; by default measured from the condyles, 12.5 assumed where there are none",
        unit="deg", low=-30.0, high=60.0, assumed=True,
        source="implant version 12.5 ± 8.9 of ten OrthoLoad patients (landmarks in RWTHmediTEC/HipJointForceModel)",
    )  # fmt: skip
    metal_hu: float = parameter(
        2500.0, text="HU from which a voxel is metal", unit="HU", low=1500, high=20000, assumed=True,
        source="cortical bone stays below about 2000 HU; 12-bit scanners end at 3071",
    )  # fmt: skip

    def shape(self) -> Femur:
        """The femur in its own frame, cut flat across the shaft; its source frame is LPS.

        Raises
        ------
        ImageError
            Where the CT cannot be read, shows no such hip, or metal in it, or femur and pelvis are not parted.
        SurfaceError
            Where what was segmented is no femur, or too short a one.
        """
        try:
            surface, notes = self.segment()
            return self._femur(surface, notes)
        except FemsimError as error:
            if self.file.name not in error.where:
                error.within(self.file.name)
            raise

    def segment(self) -> tuple[Surface, tuple[str, ...]]:
        """The closed surface of the bone in LPS, as far as the CT shows it; and sentences on how it was found."""
        from femsim.mesh.repair import repaired

        image = self.image()
        head = self._head(image)
        volume = metal_near(image, head.centre, METAL_REACH_MM, self.metal_hu)
        if volume >= LEAST_METAL_CM3:
            raise ImageError(
                f"The {self.side} hip holds metal: {volume:.1f} cm³ above {self.metal_hu:g} HU within "
                f"{METAL_REACH_MM:g} mm of its head.",
                why="an implant or a screw: neither the bone's edge nor its density can be read beside it",
                remedy=f"take the {SIDES[self.side]} hip if it is native, or a CT from before the operation",
            )
        if self.mask_file is None:
            raw = segmented(image, head, self.side, threshold_hu=self.threshold_hu)
            how = (
                f"by threshold ({self.threshold_hu:g} HU) and joint space; not checked by anybody: look at the picture."
            )
        else:
            raw = self._from_mask(image)
            how = f"from label {self.mask_label} of {self.mask_file.name}."
        surface, repairs = repaired(raw)
        notes = (f"{self.side.capitalize()} femur segmented from {self.file.name} {how}", *repairs)
        if image.spacing.max() > COARSE_MM:
            notes += (
                f"Voxels of {image.spacing.max():.1f} mm are too coarse to tell thin cortex from muscle and the head "
                "from its socket: the surface may be off by a millimetre and more.",
            )
        return surface, notes

    def image(self) -> Image:
        """The CT in LPS."""
        from femsim.imaging.files import read_image

        return self._in_lps(read_image(self.file, series=self.series))

    def _in_lps(self, image: Image) -> Image:
        return in_frame(stated(image, self.frame, "femur.frame"), "LPS")

    def _told_in_lps(self, image_frame: str, vector) -> np.ndarray:
        return np.asarray(vector, float) * ([-1, -1, 1] if image_frame == "RAS" else [1, 1, 1])

    def _stated_frame(self) -> str:
        if self.frame != "auto":
            return self.frame
        return "RAS" if self.file.name.lower().endswith((".nii", ".nii.gz")) else "LPS"

    def _head(self, image: Image) -> CtHead:
        if self.head_centre_mm is None:
            return find_ct_head(image, self.side)
        return CtHead(self._told_in_lps(self._stated_frame(), self.head_centre_mm), self.head_radius_mm, 1.0)

    def _from_mask(self, image: Image) -> Surface:
        from femsim.imaging.files import read_image

        mask = read_image(self.mask_file)
        mask = in_frame(mask, "LPS") if mask.frame else Image(mask.values, mask.affine, "LPS", mask.source)
        same = mask.shape == image.shape and np.allclose(mask.affine, image.affine, atol=0.01)
        if not same:
            raise ImageError(
                f"The mask does not lie on the voxels of the CT: {' × '.join(map(str, mask.shape))} and "
                f"{' × '.join(map(str, image.shape))}, or placed elsewhere.",
                where=self.mask_file.name,
                remedy="save the mask on the grid of the CT",
            )
        inside = np.round(mask.values) == self.mask_label
        if inside.sum() < 1000:
            raise ImageError(
                f"The mask has {int(inside.sum())} voxels of label {self.mask_label}; a femur has thousands.",
                where=self.mask_file.name,
                remedy="check femur.mask_label",
            )
        rows = image.places(np.argwhere(inside))
        part = cropped(image, rows, 6.0)
        low = np.round(image.indices(part.affine[None, :3, 3])[0]).astype(int)
        return surface_of(part, inside[tuple(slice(a, a + n) for a, n in zip(low, part.shape))])

    def _femur(self, surface: Surface, notes: tuple[str, ...]) -> Femur:
        if self.shaft_axis is None:
            try:
                found = recognise(surface, side=self.side, anteversion_deg=self.anteversion_deg)
            except SurfaceError as error:
                raise self._too_short(surface, error) from error
            marks, to_femur, available = found.landmarks, found.to_femur, found.available
            least = LEAST_BELOW_LESSER_MM - float(marks.lesser_trochanter[2])
        else:
            axis = self._told_in_lps(self._stated_frame(), self.shaft_axis)
            marks, to_femur, available = told_landmarks(surface, self.side, axis, self.anteversion_deg)
            available, least = available - OFF_THE_END_MM, 25.0
            notes += (
                f"The CT ends {available:.0f} mm below the head centre and shows no shaft: its direction was told, "
                f"offset ({marks.offset_mm:.0f} mm) and lesser trochanter are means of ten patients scaled to the "
                "head. Loads, zones and supports below the neck mean little; strains near the cut are the support's.",
            )
        length = min(available, DEFAULT_SHAFT_MM) if self.shaft_length_mm is None else self.shaft_length_mm
        if not least <= length <= available:
            raise SurfaceError(
                f"The shaft cannot be cut {length:.0f} mm below the head centre: {least:.0f} mm are needed, "
                f"{available:.0f} are there.",
                why="the CT ends too high, or shaft_length_mm asks for too much or too little",
                remedy="leave shaft_length_mm out; use a CT that shows more of the shaft",
            )
        bone = cut_across(transformed(surface, to_femur), length)
        notes += (
            f"{self.side.capitalize()} femur, head radius {marks.head_radius:.2f} mm, neck–shaft angle "
            f"{marks.neck_shaft_angle_deg:.1f}°, {enclosed_volume(bone) / 1000:.0f} cm³; shaft cut {length:.1f} mm "
            "below the head centre.",
        )
        return Femur(bone, marks, self.side, np.linalg.inv(to_femur), notes, "LPS")

    def _too_short(self, surface: Surface, error: SurfaceError) -> SurfaceError:
        below = float(np.ptp(surface.points[:, 2]))
        if below > 130.0:
            return error
        return SurfaceError(
            f"The CT shows too little of the femur: {below:.0f} mm from its top to the end of the image, above "
            "the shaft.",
            where=error.what,
            why="it is a CT of abdomen and pelvis that ends at the hip",
            remedy="use a CT that reaches 35 mm below the lesser trochanter; to look at head and neck alone, say "
            "the direction of the shaft: femur.shaft_axis = [0, 0, 1]",
        )
