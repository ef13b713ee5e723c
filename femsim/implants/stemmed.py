"""Conventional hip: an uncemented tapered titanium stem with a 12/14 taper and a metal ball."""

from dataclasses import dataclass
from typing import Any, Literal

from femsim.anatomy.femur import Femur
from femsim.implants.bonds import bond
from femsim.implants.solids import Solids
from femsim.implants.stem_shape import StemWidths
from femsim.implants.stem_surgery import StemPlacement, distal_by_rule, in_proportion, placed
from femsim.registry import parameter

CORTEX = 6.0  # mm left beside the tip by the rule; a shaft's cortex is 5–8 mm thick
LARGEST_TIP = 14.0  # mm; distal diameters of 10–14 mm


@dataclass(frozen=True)
class Stemmed(StemPlacement):
    """A tapered titanium stem pressed into the shaft, porous and ingrown in its proximal part, smooth below.

    Head and neck are cut off. The stem widens from its tip to a rounded rectangle at the neck cut, where its medial
    side follows the calcar. What is done for one femur (tip diameter, medial width, neck length) follows its bone.
    """

    stem_length_mm: float = parameter(
        140.0,
        text="from where the stem's axis passes the neck cut to its tip",
        unit="mm",
        low=60,
        high=300,
        source="115–150 mm",
        assumed=True,
    )
    distal_diameter_mm: float | None = parameter(
        None,
        text="diameter at the tip; by default the thickest even one, 8 to 14, that leaves 6 mm of bone beside it",
        unit="mm",
        low=6,
        high=24,
        source="10–14 mm",
        assumed=True,
    )
    lateral_mm: float | None = parameter(
        None,
        text="half-width to the lateral side at the entry; by default 8 for a head of 48, others in proportion",
        unit="mm",
        low=3,
        high=16,
        assumed=True,
    )
    depth_width_mm: float | None = parameter(
        None,
        text="width from front to back at the entry; by default 15 for a head of 48, others in proportion",
        unit="mm",
        low=6,
        high=24,
        assumed=True,
    )
    calcar_gap_mm: float = parameter(
        6.0,
        text="bone left between the stem and the outside of the calcar at the neck cut",
        unit="mm",
        low=2,
        high=20,
        source="calcar cortex 4–6 mm",
        assumed=True,
    )

    stem_fixation: Literal["proximal", "proximal_free", "bonded", "free"] = parameter(
        "proximal",
        text="between stem and bone; proximal: bonded on its coated part, sliding below: held across its surface, in "
        "pull as in push, without friction along it; proximal_free: nothing is carried across below; bonded: ingrown "
        "along all of it",
        shapes=False,
        assumed=True,
    )
    coated_share: float = parameter(
        0.35,
        text="of the stem's length in the bone, from the top, that is coated",
        unit="-",
        low=0,
        high=1,
        source="proximal third",
        assumed=True,
        shapes=False,
    )

    def bonds(self) -> dict[str, Any]:
        """Interface → condition of INTERFACE_CONDITIONS; the others are bonded."""
        return {"stem": bond(self.stem_fixation, self.coated_share)}

    def penetrated(self) -> tuple[tuple[str, ...], float]:
        """No cement."""
        return (), 0.0

    def place(self, femur: Femur) -> Solids:
        """The stem in the shaft, the ball where the natural head was.

        Raises
        ------
        GeometryError
            Where femur and stem do not go together.
        """
        distal = self.distal_diameter_mm
        if distal is None:
            distal = distal_by_rule(femur, self, self.stem_length_mm, cortex=CORTEX, largest=LARGEST_TIP)
        widths = StemWidths(
            distal / 2,
            0.0,
            in_proportion(self.lateral_mm, 8.0, femur),
            in_proportion(self.depth_width_mm, 15.0, femur) / 2,
            self.stem_length_mm,
        )
        return placed(self, femur, widths, calcar_gap=self.calcar_gap_mm, materials={"stem": "ti6al4v", "head": "cocr"})
