"""Mid-head resection: half of the head is cut off, a metal head sits on a cone of bone with a short uncemented stem."""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from femsim.anatomy.femur import Femur
from femsim.errors import GeometryError
from femsim.implants.bonds import bond
from femsim.implants.cap_shape import ARC_STEP, CLEARANCE
from femsim.implants.fit import bed_radii, notes_on_fit, refuse_cut_neck, refuse_stem_outside, step_into_neck
from femsim.implants.notch import notch_of
from femsim.implants.seat import Placement, Seat, seat_of
from femsim.implants.shapes import Turned
from femsim.implants.sizes import CATALOGUE, joint_note, refuse_unknown_size, size_by_rule, superior_neck
from femsim.implants.solids import BED, BONE, CLEAR, NOTHING, STEM, Sheet, Solids
from femsim.mesh.revolve import arc
from femsim.registry import parameter

_GAP = "Birmingham Mid-Head Resection: dimensions not published"
RIM_SHARE, NECK_SHARE = 0.4, 0.6  # of the wanted edge length, along the rim and on the superior neck


@dataclass(frozen=True)
class MidHeadResection(Placement):
    """A cobalt-chromium head on a cone that is reamed from the lower head, with a tapered stem into the metaphysis.

    The head is resected across the stem. Below, the bone is reamed to a cone that widens towards the rim; metal lies
    on the cone and on the resected plane. Nothing is cemented.
    """

    head_diameter_mm: float | None = parameter(
        None,
        text="outer diameter of the metal head; by default the catalogue size nearest to the natural head, or the next "
        "that does not notch the neck",
        unit="mm",
        low=20,
        high=90,
        source="catalogue: 38–58 mm in steps of 2 mm",
    )
    custom_size: bool = parameter(False, text="whether diameters between those of the catalogue may be given")
    resection_above_centre_mm: float = parameter(
        6.0,
        text="how far above the head centre the head is cut off, along the stem; negative is below it",
        unit="mm",
        low=-60,
        high=20,
        source=_GAP,
        assumed=True,
    )
    cone_half_angle_deg: float = parameter(
        10.0, text="half the opening angle of the cone of bone", unit="deg", low=1, high=30, source=_GAP, assumed=True
    )
    rim_wall_mm: float = parameter(
        3.0, text="wall thickness at the rim", unit="mm", low=1, high=6, source=_GAP, assumed=True
    )
    rim_below_centre_mm: float = parameter(
        8.0,
        text="how far below its centre the bone is reamed, along the stem",
        unit="mm",
        low=0,
        high=16,
        assumed=True,
    )
    rim_gap_mm: float = parameter(
        1.0, text="how far the rim stands off the reamed bone", unit="mm", low=0.5, high=3, assumed=True
    )
    stem_diameter_mm: float = parameter(
        15.0, text="diameter of the stem at the resection", unit="mm", low=6, high=24, source=_GAP, assumed=True
    )
    stem_tip_diameter_mm: float = parameter(
        10.0, text="diameter of the stem at its rounded tip", unit="mm", low=4, high=20, source=_GAP, assumed=True
    )
    stem_length_mm: float = parameter(
        60.0, text="length of the stem from the resection to its tip", unit="mm", low=15, high=120, source=_GAP,
        assumed=True,
    )  # fmt: skip

    bed_fixation: Literal["bonded", "superior_half", "free"] = parameter(
        "bonded",
        text="between bone and the metal on the cone and on the resected plane; superior_half: free, without contact, "
        "below the axis of the stem",
        shapes=False,
        assumed=True,
    )
    stem_fixation: Literal["bonded", "proximal", "sliding", "free"] = parameter(
        "bonded",
        text="between stem and bone; proximal: bonded on its coated part, sliding below; sliding: held across its "
        "surface, in pull as in push, without friction along it; free: nothing is carried across",
        shapes=False,
        assumed=True,
    )
    coated_share: float = parameter(
        0.5, text="of the stem's length, from the resection, that is coated", unit="-", low=0, high=1, assumed=True,
        shapes=False,
    )  # fmt: skip

    def bonds(self) -> dict[str, Any]:
        """Interface → condition of INTERFACE_CONDITIONS; the others are bonded."""
        bed = bond(self.bed_fixation)
        return {"stem": bond(self.stem_fixation, self.coated_share), "cone": bed, "plateau": bed}

    def penetrated(self) -> tuple[tuple[str, ...], float]:
        """No cement."""
        return (), 0.0

    def place(self, femur: Femur) -> Solids:
        """The metal head where surgery puts it.

        Raises
        ------
        GeometryError
            Where head and femur do not go together: an unknown size, a resection that leaves no cone or runs below the
            head, too small for the neck, the stem leaving the bone.
        """
        refuse_unknown_size(self.head_diameter_mm, self.custom_size)
        seat, marks = seat_of(self, femur), femur.landmarks
        natural = 2 * marks.head_radius
        shelf = -self.rim_below_centre_mm
        diameter = self.head_diameter_mm
        if diameter is None:
            diameter = size_by_rule(
                natural, lambda size: step_into_neck(femur, seat, self._cone(size / 2)[0], shelf).max()
            )
        wide, narrow = self._cone(diameter / 2)
        self._refuse_impossible(diameter, wide, narrow)
        self._refuse_uncovered(femur, seat, diameter, wide)
        steps = step_into_neck(femur, seat, wide, shelf)
        larger = [size for size in CATALOGUE if size >= diameter + 2 * max(steps.mean(), steps.max() - 6.0)]
        refuse_cut_neck(
            steps, wide, f"take {larger[0]:g} mm or more" if larger else "move the implant off the neck's side"
        )
        top, stem, tip = self.resection_above_centre_mm, self.stem_diameter_mm / 2, self.stem_tip_diameter_mm / 2
        heights = np.linspace(top - self.stem_length_mm + tip, shelf, 40)
        room = refuse_stem_outside(femur, seat, heights, np.linspace(tip, stem, 40))
        tool, sheets = self._sheets(seat, diameter / 2, wide, narrow)
        burrs = ()
        if self.notch_mm > 0:
            burrs = (notch_of(femur, seat, depth=self.notch_mm, shelf=shelf, stem_radius=stem),)
        rim = next(sheet for sheet in sheets if sheet.name == "cap_rim").shape.ring(0)
        outer = np.sqrt((diameter / 2) ** 2 - shelf**2)
        cone = np.linspace(shelf + 1.0, top - 1.0, 12)
        bare = bed_radii(femur, seat, cone) < np.linspace(wide, narrow, 12)[:, None]
        return Solids(
            seat.origin,
            seat.axis,
            tool,
            sheets,
            {"cap": "cocr", "stem": "cocr"},
            "cap_outer",
            burrs,
            head_centre=seat.origin,
            head_radius=diameter / 2,
            fine=((rim, RIM_SHARE), (superior_neck(femur, seat, shelf), NECK_SHARE)),
            notes=(
                *notes_on_fit(
                    steps=steps,
                    bare=float(bare.mean()),
                    overhang=outer - bed_radii(femur, seat, np.array([shelf]))[0],
                    stem_room=room,
                ),
                *joint_note(seat.origin),
            ),
        )

    def _cone(self, radius: float) -> tuple[float, float]:
        """Radii [mm] of the cone of bone at the rim and at the resection."""
        rim = -self.rim_below_centre_mm + self.rim_gap_mm
        wide = float(np.sqrt(max(radius**2 - rim**2, 0.0))) - self.rim_wall_mm
        height = self.resection_above_centre_mm - rim
        return wide, wide - height * float(np.tan(np.radians(self.cone_half_angle_deg)))

    def _refuse_impossible(self, diameter: float, wide: float, narrow: float) -> None:
        rim = -self.rim_below_centre_mm + self.rim_gap_mm
        top = self.resection_above_centre_mm
        if top < rim + 3:
            raise GeometryError(
                f"The head is resected {-top:g} mm below its centre, and the rim lies {-rim:g} mm below it: no cone of "
                "3 mm is left for the metal to sit on.",
                where="implant.resection_above_centre_mm",
                why="a mid-head resection cuts through the head, not the neck or the trochanter below it",
                remedy=f"take {rim + 3:g} mm or more",
            )
        stem, tip = self.stem_diameter_mm / 2, self.stem_tip_diameter_mm / 2
        above = diameter / 2 - np.hypot(narrow, top)
        if narrow - stem < 3 or above < 1.5 or tip > stem:
            raise GeometryError(
                f"A metal head of {diameter:.1f} mm on a cone of {2 * wide:.1f} → {2 * narrow:.1f} mm, resected "
                f"{top:g} mm above the centre, with a stem of {2 * stem:g} → {2 * tip:g} mm, cannot be made: "
                f"{narrow - stem:.1f} mm of bone beside the stem, {above:.1f} mm of metal over the cone's edge.",
                where="implant",
                why="3 mm of bone beside the stem and 1.5 mm of metal are needed; a stem must not widen to its tip",
                remedy="change implant.resection_above_centre_mm, implant.cone_half_angle_deg or "
                "implant.stem_diameter_mm",
            )

    def _refuse_uncovered(self, femur: Femur, seat: Seat, diameter: float, wide: float) -> None:
        shelf = -self.rim_below_centre_mm
        room = float(np.median(bed_radii(femur, seat, np.array([shelf + 0.5]))[0])) - wide
        if room < 0.5:
            raise GeometryError(
                f"The metal head of {diameter:.1f} mm is too large for this head of "
                f"{2 * femur.landmarks.head_radius:.1f} mm: a cone of {2 * wide:.1f} mm leaves {room:.1f} mm of bone "
                "to ream.",
                where="implant.head_diameter_mm",
                why="0.5 mm of bone must be reamed all around for the implant to have a bed",
                remedy=f"take {diameter + 2 * (room - 0.5):.0f} mm or less",
            )

    def _sheets(self, seat: Seat, radius: float, wide: float, narrow: float):
        def sheet(name, profile, left, right, role="") -> Sheet:
            return Sheet(name, Turned(np.asarray(profile, float), seat.origin, seat.axis), left, right, role)

        top, shelf = self.resection_above_centre_mm, -self.rim_below_centre_mm
        rim = shelf + self.rim_gap_mm
        stem, tip = self.stem_diameter_mm / 2, self.stem_tip_diameter_mm / 2
        end = arc(tip, (0, -tip), (tip, 0), step=ARC_STEP) + np.array([0.0, top - self.stem_length_mm + tip])
        far = roof = radius + CLEARANCE
        outer = float(np.sqrt(radius**2 - rim**2))
        tool = (
            sheet("stem", np.vstack([end, (stem, top)]), "stem", BONE, STEM),
            sheet("plateau", ((stem, top), (narrow, top)), "cap", BONE, BED),
            sheet("cone", ((narrow, top), (wide, rim)), "cap", BONE, BED),
            sheet("below_rim", ((wide, rim), (wide, shelf)), NOTHING, BONE),
            sheet("shelf", ((wide, shelf), (far, shelf)), NOTHING, BONE),
            sheet("clear", ((far, shelf), (far, roof), (0, roof)), NOTHING, BONE, CLEAR),
        )
        sheets = (
            sheet("stem_root", ((0, top), (stem, top)), "cap", "stem"),
            sheet("cap_rim", ((wide, rim), (outer, rim)), "cap", NOTHING),
            sheet("cap_outer", arc(radius, (outer, rim), (0, radius), step=ARC_STEP), "cap", NOTHING),
        )
        return tool, sheets
