"""Conventional hip: a cemented polished stem with a 12/14 taper and a metal ball."""

from dataclasses import dataclass
from typing import Any, Literal

from femsim.anatomy.femur import Femur
from femsim.implants.bonds import bond
from femsim.implants.solids import Solids
from femsim.implants.stem_shape import StemWidths
from femsim.implants.stem_surgery import StemPlacement, in_proportion, placed
from femsim.registry import parameter


@dataclass(frozen=True)
class StemmedCemented(StemPlacement):
    """A slender double-tapered metal stem in a mantle of cement that fills the canal and ends in the neck cut."""

    stem_length_mm: float = parameter(
        140.0,
        text="from where the stem's axis passes the neck cut to its tip",
        unit="mm",
        low=60,
        high=300,
        source="polished taper of 150 mm",
        assumed=True,
    )
    distal_diameter_mm: float = parameter(7.0, text="diameter at the tip", unit="mm", low=4, high=16, assumed=True)
    lateral_mm: float | None = parameter(
        None,
        text="half-width to the lateral side at the entry; by default 6 for a head of 48, others in proportion",
        unit="mm",
        low=3,
        high=16,
        assumed=True,
    )
    depth_width_mm: float | None = parameter(
        None,
        text="width from front to back at the entry; by default 11 for a head of 48, others in proportion",
        unit="mm",
        low=6,
        high=24,
        assumed=True,
    )
    calcar_gap_mm: float = parameter(
        6.0,
        text="bone left between the cement and the outside of the calcar at the neck cut",
        unit="mm",
        low=2,
        high=20,
        source="calcar cortex 4–6 mm",
        assumed=True,
    )
    cement_mm: float = parameter(
        2.5, text="thickness of the cement around the stem", unit="mm", low=1, high=5, assumed=True
    )
    plug_mm: float = parameter(8.0, text="cement below the tip", unit="mm", low=3, high=30, assumed=True)

    stem_fixation: Literal["sliding", "bonded", "proximal", "proximal_free"] = parameter(
        "sliding",
        text="between stem and cement; sliding: a polished stem, held across its surface, in pull as in push, and down "
        "its axis by its taper, without friction; bonded: a rough one; proximal: bonded above, sliding below; "
        "proximal_free: nothing is carried across below",
        shapes=False,
        assumed=True,
    )
    cement_fixation: Literal["bonded", "proximal", "proximal_free"] = parameter(
        "bonded",
        text="between cement and bone; proximal: sliding below; proximal_free: nothing is carried across there",
        shapes=False,
        assumed=True,
    )
    bonded_share: float = parameter(
        0.5, text="of its length, from the top, that a proximal fixation bonds", unit="-", low=0, high=1, shapes=False,
        assumed=True,
    )  # fmt: skip
    penetration_mm: float = parameter(
        2.0,
        text="how deep the cement fills the pores of the bone beside it; 0: not at all",
        unit="mm",
        low=0,
        high=6,
        source="interdigitated layer of 1–3 mm",
        assumed=True,
        shapes=False,
    )

    def bonds(self) -> dict[str, Any]:
        """Interface → condition of INTERFACE_CONDITIONS; the others are bonded."""
        return {
            "stem_cement": bond(self.stem_fixation, self.bonded_share),
            "cement_bone": bond(self.cement_fixation, self.bonded_share),
        }

    def penetrated(self) -> tuple[tuple[str, ...], float]:
        """Interfaces through which cement was pressed into the bone, and how deep [mm]."""
        return ("cement_bone",), self.penetration_mm

    def place(self, femur: Femur) -> Solids:
        """Stem and mantle in the shaft, the ball where the natural head was.

        Raises
        ------
        GeometryError
            Where femur and stem do not go together.
        """
        widths = StemWidths(
            self.distal_diameter_mm / 2,
            0.0,
            in_proportion(self.lateral_mm, 6.0, femur),
            in_proportion(self.depth_width_mm, 11.0, femur) / 2,
            self.stem_length_mm,
        )
        return placed(
            self,
            femur,
            widths,
            calcar_gap=self.calcar_gap_mm,
            mantle=self.cement_mm,
            plug=self.plug_mm,
            materials={"stem": "cocr", "cement": "pmma", "head": "cocr"},
        )
