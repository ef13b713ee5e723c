"""Hip resurfacing: a metal cap cemented on the reamed head, with a short tapered stem."""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from femsim.anatomy.femur import Femur
from femsim.errors import GeometryError
from femsim.implants.solids import BONE, NOTHING, Sheet, Solids
from femsim.interfaces.bonded import Bonded
from femsim.interfaces.free import Free
from femsim.interfaces.superior_half import SuperiorHalf
from femsim.mesh.revolve import arc
from femsim.registry import parameter

ARC_STEP = 1.0  # mm: chord along curved profiles; a 25 mm sphere is within 0.005 mm of it
COVER = 1.0  # mm of bone wanted around the stem
CLEARANCE = 12.0  # mm beyond the cap within which the tool takes all bone above the rim
BED = ("mantle_bone", "mantle_shelf")  # between cement and bone
FIXATIONS = {"bonded": Bonded(), "superior_half": SuperiorHalf(), "free": Free()}
_BHR = "Birmingham Hip Resurfacing dimensions, low confidence"


@dataclass(frozen=True)
class ResurfacingCap:
    """A cobalt-chromium cap on a cement mantle of even thickness, with a stem fitted into the bone.

    Inside, the cap is a dome about the head centre that goes over into a cylinder down to the rim. The bone is reamed
    to the same shape, smaller by the mantle. All bone above the rim and outside the mantle is taken away. The metal
    rim stands off the bone by the mantle's thickness: nothing but cement carries load from the cap to the bone,
    besides the stem, which lies in a hole of its own size, without cement, free or bonded.
    """

    head_diameter_mm: float | None = parameter(
        None,
        text="outer diameter of the cap; by default that of the natural head, not rounded to a catalogue size",
        unit="mm",
        low=20,
        high=90,
        source="catalogue sizes 38–58 mm in steps of 2 mm",
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
    rim_below_centre_mm: float = parameter(
        8.0,
        text="how far below the head centre the bone is reamed, along the stem",
        unit="mm",
        low=0,
        high=16,
        assumed=True,
    )
    cement_mm: float = parameter(
        1.0,
        text="thickness of the cement mantle",
        unit="mm",
        low=0.5,
        high=3,
        source="nominal 0.3–1.5 mm",
        assumed=True,
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
    varus_valgus_deg: float = parameter(
        0.0, text="tilt of the stem against the neck axis; positive is valgus (steeper)", unit="deg", low=-20, high=20
    )
    version_deg: float = parameter(
        0.0,
        text="turn of the stem against the neck axis; positive points the cap further forward",
        unit="deg",
        low=-20,
        high=20,
    )
    stem_fixation: Literal["free", "bonded"] = parameter(
        "free",
        text="between stem and bone; free: nothing is carried across and the two may overlap, there is no contact",
        source="the peg of a resurfacing is normally not cemented",
        assumed=True,
        shapes=False,
    )
    bed_fixation: Literal["bonded", "superior_half", "free"] = parameter(
        "bonded",
        text="between cement and bone; superior_half: free, without contact, below the axis of the stem",
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

    def bonds(self) -> dict[str, Any]:
        """Interface → condition of INTERFACE_CONDITIONS; the others are bonded."""
        return {"stem": FIXATIONS[self.stem_fixation], **dict.fromkeys(BED, FIXATIONS[self.bed_fixation])}

    def penetrated(self) -> tuple[tuple[str, ...], float]:
        """Interfaces through which cement was pressed into the bone, and how deep [mm]."""
        return BED, self.penetration_mm

    def place(self, femur: Femur) -> Solids:
        """The cap about the head centre, its stem along the neck.

        Raises
        ------
        GeometryError
            Where cap and femur do not go together: cap too large for the head, too small for the neck, too thin to
            hold its own inside, or the stem leaving the bone.
        """
        shape = _Shape(self, femur.landmarks.head_radius)
        _refuse_impossible(self, shape)
        _refuse_misfit(shape, femur)
        axis = stem_axis(femur, self.varus_valgus_deg, self.version_deg)
        _refuse_stem_outside(shape, axis, femur)
        materials = {"cement": "pmma", "cap": "cocr"}
        return Solids(np.zeros(3), axis, _tool(shape), _inner_sheets(shape), materials, "cap_outer")


def stem_axis(femur: Femur, varus_valgus_deg: float, version_deg: float) -> np.ndarray:
    """Unit (3,) direction of the stem towards the head: the neck axis tilted in the neck–shaft plane, then turned."""
    neck, shaft = femur.landmarks.neck_axis, femur.landmarks.shaft_axis
    forward = np.cross(neck, shaft)
    forward /= np.linalg.norm(forward)
    upward = np.cross(forward, neck)
    tilt, turn = np.radians(varus_valgus_deg), np.radians(version_deg)
    tilted = np.cos(tilt) * neck + np.sin(tilt) * upward
    return np.cos(turn) * tilted + np.sin(turn) * forward


class _Shape:
    """Radii and heights [mm] that the parameters give on a head of given radius; heights from the head centre."""

    def __init__(self, cap: ResurfacingCap, head_radius: float):
        self.natural = head_radius
        self.radius = head_radius if cap.head_diameter_mm is None else cap.head_diameter_mm / 2
        self.cement = cap.cement_mm
        self.shelf = -cap.rim_below_centre_mm
        self.rim = self.shelf + self.cement
        self.dome = self.radius - cap.pole_wall_mm
        self.rim_outer = np.sqrt(max(self.radius**2 - self.rim**2, 0.0))
        self.inner = self.rim_outer - cap.rim_wall_mm
        self.reamed = self.inner - self.cement
        self.reamed_dome = self.dome - self.cement
        self.stem = cap.stem_diameter_mm / 2
        self.tip = cap.stem_tip_diameter_mm / 2
        self.tip_height = self.shelf - cap.stem_beyond_rim_mm


def _height(radius: float, at: float) -> float:
    """Height at which a sphere about the origin has the given distance from the axis."""
    return float(np.sqrt(radius**2 - at**2))


def _tool(s: _Shape) -> tuple[Sheet, ...]:
    entry = (s.stem, _height(s.reamed_dome, s.stem))
    shoulder = (s.reamed, _height(s.reamed_dome, s.reamed))
    centre = np.array([0.0, s.tip_height + s.tip])
    tip = arc(s.tip, (0, -s.tip), (s.tip, 0), step=ARC_STEP) + centre
    dome = arc(s.reamed_dome, entry, shoulder, step=ARC_STEP)
    far, top = s.radius + CLEARANCE, s.radius + CLEARANCE
    return (
        Sheet("stem", np.vstack([tip, entry]), "cap", BONE),
        Sheet("mantle_bone", np.vstack([dome, (s.reamed, s.shelf)]), "cement", BONE),
        Sheet("mantle_shelf", ((s.reamed, s.shelf), (s.inner, s.shelf)), "cement", BONE),
        Sheet("shelf", ((s.inner, s.shelf), (far, s.shelf)), NOTHING, BONE),
        Sheet("clear", ((far, s.shelf), (far, top), (0, top)), NOTHING, BONE),
    )


def _inner_sheets(s: _Shape) -> tuple[Sheet, ...]:
    root = (s.stem, _height(s.dome, s.stem))
    shoulder = (s.inner, _height(s.dome, s.inner))
    dome = arc(s.dome, root, shoulder, step=ARC_STEP)
    outer = arc(s.radius, (s.rim_outer, s.rim), (0, s.radius), step=ARC_STEP)
    return (
        Sheet("stem_collar", ((s.stem, _height(s.reamed_dome, s.stem)), root), "cap", "cement"),
        Sheet("mantle_cap", np.vstack([dome, (s.inner, s.rim)]), "cap", "cement"),
        Sheet("mantle_rim", ((s.inner, s.rim), (s.inner, s.shelf)), NOTHING, "cement"),
        Sheet("cap_rim", ((s.inner, s.rim), (s.rim_outer, s.rim)), "cap", NOTHING),
        Sheet("cap_outer", outer, "cap", NOTHING),
    )


def _refuse_impossible(cap: ResurfacingCap, s: _Shape) -> None:
    """Refuse a cap whose own dimensions contradict each other."""
    if s.reamed - s.stem < 3 or s.reamed >= s.reamed_dome or s.tip > s.stem:
        raise GeometryError(
            f"A cap of {2 * s.radius:.1f} mm with walls of {cap.pole_wall_mm:g} mm (pole) and {cap.rim_wall_mm:g} mm "
            f"(rim), {cap.cement_mm:g} mm cement and a stem of {2 * s.stem:g} → {2 * s.tip:g} mm "
            f"cannot be made: its inside would be reamed to {2 * s.reamed:.1f} mm under a dome of "
            f"{2 * s.reamed_dome:.1f} mm.",
            where="implant",
            why="the inside must be narrower than the dome and leave 3 mm of bone beside the stem, which must not "
            "widen towards its tip",
            remedy="change implant.rim_wall_mm, implant.pole_wall_mm or implant.stem_diameter_mm",
        )


def _refuse_misfit(s: _Shape, femur: Femur) -> None:
    head, neck = s.natural, femur.landmarks.neck_radius
    head_at_shelf = np.sqrt(max(head**2 - s.shelf**2, 0.0))
    room = min(head_at_shelf - s.reamed, head - s.reamed_dome)
    if room < 0.5:
        raise GeometryError(
            f"The cap of {2 * s.radius:.1f} mm is too large for this head of {2 * head:.1f} mm: reaming to "
            f"{2 * s.reamed:.1f} mm would run outside the bone, whose head is {2 * head_at_shelf:.1f} mm wide there.",
            where="implant.head_diameter_mm",
            why="0.5 mm of bone must be reamed all around for the cement to have a bed",
            remedy=f"take {2 * (s.radius + room - 0.5):.0f} mm or less; "
            "without the key the cap has the natural head's diameter",
        )
    if s.reamed < neck:
        raise GeometryError(
            f"The cap of {2 * s.radius:.1f} mm is too small for this neck: reaming to {2 * s.reamed:.1f} mm would cut "
            f"into the neck, {2 * neck:.1f} mm wide.",
            where="implant.head_diameter_mm",
            why="a notched neck breaks",
            remedy=f"take {2 * (s.radius + neck - s.reamed) + 0.5:.0f} mm or more; "
            "without the key the cap has the natural head's diameter",
        )


def _refuse_stem_outside(s: _Shape, axis: np.ndarray, femur: Femur) -> None:

    from scipy.spatial import cKDTree  # not needed to read a scenario that names this implant

    surface = femur.surface
    corners = surface.points[surface.triangles]
    centres = corners.mean(axis=1)
    normals = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    heights = np.linspace(s.tip_height + s.tip, s.shelf, 40)
    on_axis = heights[:, None] * axis
    reach, nearest = cKDTree(centres).query(on_axis)
    inside = np.einsum("ki,ki->k", centres[nearest] - on_axis, normals[nearest]) > 0
    radii = np.linspace(s.tip, s.stem, len(heights))
    room = np.where(inside, reach, -reach) - radii
    worst = int(room.argmin())
    if room[worst] < COVER:
        raise GeometryError(
            f"The stem leaves the bone: {room[worst]:.1f} mm of bone beside it, {-heights[worst]:.0f} mm from the head "
            f"centre; at least {COVER:g} mm is needed.",
            where="implant",
            remedy="shorten implant.stem_beyond_rim_mm, or bring implant.varus_valgus_deg and implant.version_deg "
            "nearer to 0",
        )
