"""Hip resurfacing: a metal cap on the reamed head, cemented or pressed on, with a short tapered stem."""

from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

from femsim.anatomy.femur import Femur
from femsim.errors import GeometryError
from femsim.implants.bonds import bond
from femsim.implants.cap_shape import LAYERS, CapShape, sheets_of
from femsim.implants.fit import bed_radii, notes_on_fit, refuse_cut_neck, refuse_stem_outside, step_into_neck
from femsim.implants.notch import notch_of
from femsim.implants.seat import Placement, Seat, seat_of
from femsim.implants.sizes import CATALOGUE, joint_note, refuse_unknown_size, size_by_rule, superior_neck
from femsim.implants.solids import Solids
from femsim.registry import parameter

_BHR = "Birmingham Hip Resurfacing dimensions, low confidence"
RIM_SHARE = 0.4  # of the wanted edge length, along the rim
NECK_SHARE = 0.6  # … and on the superior neck


@dataclass(frozen=True)
class ResurfacingCap(Placement):
    """A cobalt-chromium cap on the reamed head, with a short stem in the neck.

    Inside, a dome about the head centre goes over a chamfer into a cylinder down to the rim. The bone is reamed to the
    same shape, smaller by the mantle. All bone above the rim and outside the mantle is taken away. The metal rim
    stands off the bone: no load goes from metal to bone but through the bed and the stem.
    """

    head_diameter_mm: float | None = parameter(
        None,
        text="outer diameter of the cap; by default the catalogue size nearest to the natural head, or the next that "
        "does not notch the neck",
        unit="mm",
        low=20,
        high=90,
        source="catalogue: 38–58 mm in steps of 2 mm",
    )
    custom_size: bool = parameter(False, text="whether diameters between those of the catalogue may be given")
    fixation: Literal["cemented", "press_fit"] = parameter(
        "cemented", text="cemented: on a mantle of even thickness; press_fit: metal on bone, without cement"
    )
    pole_wall_mm: float = parameter(
        3.5, text="wall thickness of the dome", unit="mm", low=1.5, high=8, source="3–4 mm", assumed=True
    )
    rim_wall_mm: float = parameter(
        3.0,
        text="wall thickness at the rim",
        unit="mm",
        low=1,
        high=6,
        source="2–3 mm; inside ≈ outside − 8 mm",
        assumed=True,
    )
    chamfer_mm: float = parameter(
        2.0, text="length of the chamfer between inner cylinder and dome, along either", unit="mm", low=0, high=8,
        assumed=True,
    )  # fmt: skip
    rim_below_centre_mm: float = parameter(
        8.0,
        text="how far below its centre the bone is reamed, along the stem",
        unit="mm",
        low=0,
        high=16,
        assumed=True,
    )
    cement_mm: float = parameter(
        1.0,
        text="thickness of the cement mantle; gap below a press-fit rim",
        unit="mm",
        low=0.5,
        high=3,
        source="nominal 0.3–1.5 mm",
        assumed=True,
    )
    polar_gap_mm: float = parameter(
        0.0,
        text="how far the cap is left proud: cement, or with press_fit a void, as thick at the pole in addition",
        unit="mm",
        low=0,
        high=6,
    )
    stem_diameter_mm: float = parameter(
        9.0, text="diameter of the stem where it leaves the cap", unit="mm", low=4, high=16, source=_BHR, assumed=True
    )
    stem_tip_diameter_mm: float = parameter(
        7.0, text="diameter of the stem at its rounded tip", unit="mm", low=3, high=16, source=_BHR, assumed=True
    )
    stem_beyond_rim_mm: float = parameter(
        35.0,
        text="how far the stem's tip lies beyond the rim plane",
        unit="mm",
        low=5,
        high=80,
        source="30–40 mm, low confidence",
        assumed=True,
    )
    stem_cement_mm: float = parameter(
        1.0,
        text="thickness of the cement around a cemented stem",
        unit="mm",
        low=0.5,
        high=3,
        assumed=True,
    )
    mantle_layers: Literal[1, 2] = parameter(
        1,
        text="layers of elements through the mantle; 2 makes half as many elements again, for cement in detail",
        unit="-",
    )
    stem_fixation: Literal["sliding", "free", "bonded", "cemented"] = parameter(
        "sliding",
        text="between stem and bone; sliding: held across its surface, in pull as in push, and guided along it without "
        "friction; free: nothing is carried across and the two may overlap; cemented: in a wider hole filled with "
        "cement",
        source="the peg of a resurfacing is normally not cemented, in a hole of its own size",
        assumed=True,
    )
    bed_fixation: Literal["bonded", "superior_half", "free"] = parameter(
        "bonded",
        text="between bone and cement, or metal of a press-fit; superior_half: free, without contact, below the axis "
        "of the stem",
        source="superior half: an ingrowth pattern of Haider 2015",
        shapes=False,
    )
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

    fill_cysts: bool = parameter(
        False, text="whether the cysts of [bone.cysts] are filled with cement, or left as they are", shapes=False
    )

    def bonds(self) -> dict[str, Any]:
        """Interface → condition of INTERFACE_CONDITIONS; the others are bonded."""
        bonds = {name: bond(self.bed_fixation) for name in self._bed}
        return bonds if self.stem_fixation == "cemented" else {"stem": bond(self.stem_fixation), **bonds}

    def penetrated(self) -> tuple[tuple[str, ...], float]:
        """Interfaces through which cement was pressed into the bone, and how deep [mm]."""
        names = self._bed if self.fixation == "cemented" else ()
        return names + ("stem_hole",) * self.is_stem_cemented, self.penetration_mm

    def meshed_alike(self) -> "ResurfacingCap":
        """The cap that stands for all that have the same meshes: how an uncemented stem holds shapes none."""
        return self if self.is_stem_cemented else replace(self, stem_fixation="free")

    @property
    def _bed(self) -> tuple[str, ...]:
        outer = ("mantle_shelf_outer",) * (self.mantle_layers == 2)
        return ("mantle_bone", "mantle_shelf", *outer) if self.fixation == "cemented" else ("bed",)

    @property
    def is_stem_cemented(self) -> bool:
        """Whether cement fills a wider hole around the stem."""
        return self.stem_fixation == "cemented"

    def place(self, femur: Femur) -> Solids:
        """The cap where surgery puts it.

        Raises
        ------
        GeometryError
            Where cap and femur do not go together: a size that is not made, too large for the head, too small for the
            neck, walls too thin to hold its own inside, or the stem leaving the bone.
        """
        refuse_unknown_size(self.head_diameter_mm, self.custom_size)
        if self.mantle_layers == 2 and self.is_stem_cemented:
            raise GeometryError(
                "Two layers of elements are not made around a cemented stem.",
                where="implant.mantle_layers",
                remedy="take implant.mantle_layers = 1, or another implant.stem_fixation",
            )
        seat = seat_of(self, femur)
        natural = 2 * femur.landmarks.head_radius
        if self.head_diameter_mm is None:
            diameter = size_by_rule(natural, lambda size: self._notch(femur, seat, self._shape(size)))
        else:
            diameter = self.head_diameter_mm
        shape = self._shape(diameter)
        self._refuse_impossible(shape)
        _refuse_uncovered(femur, seat, shape)
        steps = step_into_neck(femur, seat, shape.reamed, shape.shelf)
        needed = diameter + 2 * max(steps.mean(), steps.max() - 6.0)
        larger = [size for size in CATALOGUE if size >= needed]
        refuse_cut_neck(
            steps, shape.reamed, f"take {larger[0]:g} mm or more" if larger else "move the implant off the neck's side"
        )
        room = refuse_stem_outside(femur, seat, *shape.stem_radii())
        tool, sheets = sheets_of(shape, seat)
        burrs = ()
        if self.notch_mm > 0:
            burrs = (notch_of(femur, seat, depth=self.notch_mm, shelf=shape.shelf, stem_radius=shape.hole),)
        materials = {"cement": "pmma"} if self.fixation == "cemented" or self.is_stem_cemented else {}
        centre = seat.origin + shape.gap * seat.axis
        rim = next(sheet for sheet in sheets if sheet.name == "cap_rim").shape.ring(0)
        return Solids(
            seat.origin,
            seat.axis,
            tool,
            sheets,
            {**materials, "cap": "cocr", "stem": "cocr"},
            "cap_outer",
            burrs,
            head_centre=centre,
            head_radius=shape.radius,
            layers=LAYERS,
            fine=((rim, RIM_SHARE), (superior_neck(femur, seat, shape.shelf), NECK_SHARE)),
            notes=(
                *self._size_note(diameter, natural),
                *notes_on_fit(
                    steps=steps,
                    bare=_bare_share(femur, seat, shape),
                    overhang=shape.rim_outer - bed_radii(femur, seat, np.array([shape.shelf]))[0],
                    stem_room=room,
                ),
                *joint_note(centre),
            ),
        )

    def _shape(self, diameter: float) -> CapShape:
        cemented = self.fixation == "cemented"
        return CapShape(
            radius=diameter / 2,
            pole_wall=self.pole_wall_mm,
            rim_wall=self.rim_wall_mm,
            mantle=self.cement_mm if cemented else 0.0,
            shelf=-self.rim_below_centre_mm,
            rim_gap=self.cement_mm,
            chamfer=self.chamfer_mm,
            stem=self.stem_diameter_mm / 2,
            tip=self.stem_tip_diameter_mm / 2,
            stem_length=self.stem_beyond_rim_mm,
            stem_mantle=self.stem_cement_mm if self.is_stem_cemented else 0.0,
            gap=self.polar_gap_mm,
            mantle_layers=self.mantle_layers if cemented else 1,
        )

    def _notch(self, femur: Femur, seat: Seat, shape: CapShape) -> float:
        """How deep [mm] a size would notch the neck; infinite where it cannot be made."""
        if not shape.can_be_made():
            return np.inf
        return float(step_into_neck(femur, seat, shape.reamed, shape.shelf).max())

    def _size_note(self, diameter: float, natural: float) -> list[str]:
        if self.head_diameter_mm is not None or abs(diameter - natural) <= 1.0:
            return []
        return [f"The rule chose a cap of {diameter:g} mm for a head of {natural:.1f} mm."]

    def _refuse_impossible(self, s: CapShape) -> None:
        """Refuse a cap whose own dimensions contradict each other."""
        if not s.can_be_made():
            raise GeometryError(
                f"A cap of {2 * s.radius:.1f} mm with walls of {s.pole_wall:g} mm (pole) and {s.rim_wall:g} mm "
                f"(rim), {s.mantle:g} mm cement, a chamfer of {s.chamfer:g} mm and a stem of "
                f"{2 * s.stem:g} → {2 * s.tip:g} mm cannot be made: its inside would be reamed to "
                f"{2 * s.reamed:.1f} mm under a dome of {2 * s.reamed_dome:.1f} mm.",
                where="implant",
                why="the inside must be narrower than the dome, with room for the chamfer above the rim, and leave "
                "3 mm of bone beside the stem, which must not widen towards its tip",
                remedy="change implant.rim_wall_mm, implant.pole_wall_mm, implant.chamfer_mm or "
                "implant.stem_diameter_mm",
            )


def _refuse_uncovered(femur: Femur, seat: Seat, s: CapShape) -> None:
    """Refuse a cap whose reamed bed would lie outside the bone on average."""
    radii = bed_radii(femur, seat, np.array([s.shelf + 0.5]))[0]
    room = float(np.median(radii)) - s.reamed
    top = femur.landmarks.head_radius - s.reamed_dome + float(-seat.origin @ seat.axis)
    if min(room, top) < 0.5:
        raise GeometryError(
            f"The cap of {2 * s.radius:.1f} mm is too large for this head of {2 * femur.landmarks.head_radius:.1f} mm: "
            f"reaming to {2 * s.reamed:.1f} mm leaves {min(room, top):.1f} mm of bone to ream.",
            where="implant.head_diameter_mm",
            why="0.5 mm of bone must be reamed all around for the implant to have a bed",
            remedy=f"take {2 * (s.radius + min(room, top) - 0.5):.0f} mm or less; "
            "without the key the cap has the natural head's size",
        )


def _bare_share(femur: Femur, seat: Seat, s: CapShape) -> float:
    """Share of the reamed cylinder and dome that has no bone."""
    corner = np.sqrt(s.reamed_dome**2 - s.reamed**2)
    heights = np.linspace(s.shelf + 0.5, s.reamed_dome - 1.0, 24)
    wanted = np.where(heights < corner, s.reamed, np.sqrt(np.maximum(s.reamed_dome**2 - heights**2, 0.0)))
    # A sphere's area is spread evenly over its height, and so is a cylinder's.
    radii = bed_radii(femur, seat, heights)
    weight = np.where(heights < corner, s.reamed, s.reamed_dome)
    return float(np.average((radii < wanted[:, None]).mean(axis=1), weights=weight))
