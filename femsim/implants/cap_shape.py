"""Radii, heights and sheets of a resurfacing cap: cylinder, chamfer and dome inside, a sphere outside."""

from dataclasses import dataclass, replace

import numpy as np

from femsim.implants.seat import Seat
from femsim.implants.shapes import Turned
from femsim.implants.solids import BED, BONE, CLEAR, NOTHING, STEM, Sheet
from femsim.mesh.revolve import arc

ARC_STEP = 1.0  # mm: chord along curved profiles; a 25 mm sphere is within 0.005 mm of it
CLEARANCE = 12.0  # mm beyond the cap within which the tool takes all bone above the rim


@dataclass(frozen=True)
class CapShape:
    """Radii and heights [mm] of a cap; heights along its axis from the centre to which the bone is reamed.

    gap : how far the metal stands proud of the reamed bone at the pole. mantle : cement at cylinder and dome, 0 for a
    press-fit. stem_mantle : cement around the stem, 0 where it lies in a hole of its own size. mantle_layers :
    of elements through the mantle.
    """

    radius: float
    pole_wall: float
    rim_wall: float
    mantle: float
    shelf: float
    rim_gap: float
    chamfer: float
    stem: float
    tip: float
    stem_length: float
    stem_mantle: float
    gap: float
    mantle_layers: int = 1

    @property
    def rim(self) -> float:
        """Height of the metal rim."""
        return self.shelf + self.rim_gap + self.gap

    @property
    def dome(self) -> float:
        """Radius of the metal's inside."""
        return self.radius - self.pole_wall

    @property
    def rim_outer(self) -> float:
        """Outer radius of the rim."""
        return float(np.sqrt(max(self.radius**2 - (self.rim - self.gap) ** 2, 0.0)))

    @property
    def inner(self) -> float:
        """Radius of the metal's inner cylinder."""
        return self.rim_outer - self.rim_wall

    @property
    def reamed(self) -> float:
        """Radius of the cylinder to which the bone is reamed."""
        return self.inner - self.mantle

    @property
    def reamed_dome(self) -> float:
        """Radius of the dome to which the bone is reamed."""
        return self.dome - self.mantle

    @property
    def tip_height(self) -> float:
        """Height of the stem's tip."""
        return self.shelf - self.stem_length + self.gap

    @property
    def hole(self) -> float:
        """Radius of the hole for the stem, where it opens."""
        return self.stem + self.stem_mantle

    def can_be_made(self) -> bool:
        """Whether the inside is narrower than the dome and leaves bone beside a stem that does not widen downwards."""
        if self.reamed - self.hole < 3 or self.reamed >= self.reamed_dome or self.tip > self.stem:
            return False
        return _on_sphere(self.reamed_dome, self.reamed) - self.chamfer > self.rim

    def stem_radii(self, n: int = 40) -> tuple[np.ndarray, np.ndarray]:
        """Heights and radii (n,) of the hole for the stem from its tip to the shelf."""
        heights = np.linspace(self.tip_height + self.tip, self.shelf, n)
        return heights, np.linspace(self.tip, self.stem, n) + self.stem_mantle


def sheets_of(s: CapShape, seat: Seat) -> tuple[tuple[Sheet, ...], tuple[Sheet, ...]]:
    """The reaming tool, and the other surfaces of cap, stem and cement."""

    def sheet(name, profile, left, right, role="") -> Sheet:
        return Sheet(name, Turned(np.asarray(profile, float), seat.origin, seat.axis), left, right, role)

    entry, bed = _inside(s, s.reamed_dome, s.reamed, s.hole, 0.0)
    root, inside = _inside(s, s.dome, s.inner, s.stem, s.gap)
    far, top = s.radius + CLEARANCE, s.radius + CLEARANCE
    stem = np.vstack([_tip(s, 0.0), (s.stem, root[1] if s.stem_mantle else entry[1])])
    tool, other = [], []

    if s.stem_mantle:
        tool.append(sheet("stem_hole", np.vstack([_tip(s, s.stem_mantle), entry]), "cement", BONE, STEM))
        other.append(sheet("stem_cement", stem, "stem", "cement"))
    else:
        tool.append(sheet("stem", stem, "stem", BONE, STEM))
        if s.mantle or s.gap:
            beside = "cement" if s.mantle else NOTHING
            other.append(sheet("stem_collar", (entry, root), "stem", beside))
    other.append(sheet("stem_root", ((0.0, root[1]), root), "cap", "stem"))

    if s.mantle:
        tool.append(sheet("mantle_bone", np.vstack([bed, (s.reamed, s.shelf)]), "cement", BONE, BED))
        tool.append(sheet("mantle_shelf", ((s.reamed, s.shelf), (s.inner, s.shelf)), "cement", BONE))
        other.append(sheet("mantle_cap", np.vstack([inside, (s.inner, s.rim)]), "cap", "cement"))
        other.append(sheet("mantle_rim", ((s.inner, s.rim), (s.inner, s.shelf)), NOTHING, "cement"))
    else:
        if s.gap:  # the metal rests on the cylinder alone; its dome stands off
            tool.append(sheet("polar_gap_bone", bed, NOTHING, BONE))
            other.append(sheet("polar_gap_cap", np.vstack([inside, bed[-1]]), "cap", NOTHING))
            bed = bed[-1:]
        tool.append(sheet("bed", np.vstack([bed, (s.reamed, s.rim)]), "cap", BONE, BED))
        tool.append(sheet("below_rim", ((s.reamed, s.rim), (s.reamed, s.shelf)), NOTHING, BONE))
    tool.append(sheet("shelf", ((s.inner, s.shelf), (far, s.shelf)), NOTHING, BONE))
    tool.append(sheet("clear", ((far, s.shelf), (far, top), (0, top)), NOTHING, BONE, CLEAR))

    outer = arc(s.radius, (s.rim_outer, s.rim - s.gap), (0, s.radius), step=ARC_STEP) + np.array([0.0, s.gap])
    other.append(sheet("cap_rim", ((s.inner, s.rim), (s.rim_outer, s.rim)), "cap", NOTHING))
    other.append(sheet("cap_outer", outer, "cap", NOTHING))
    return _layered(s, tool, other, sheet)


LAYERS = {"cement_outer": "cement", "cap_outer_half": "cap"}  # parts that are meshed on their own


def _layered(s: CapShape, tool: list[Sheet], other: list[Sheet], sheet) -> tuple[tuple[Sheet, ...], tuple[Sheet, ...]]:
    """The same with the wall, and the mantle where it is asked for, parted along the middle: two layers of elements."""
    middle = s.dome + 0.5 * s.pole_wall
    ring = (float(np.sqrt(middle**2 - (s.rim - s.gap) ** 2)), s.rim)
    wall = arc(middle, (ring[0], ring[1] - s.gap), (0, middle), step=ARC_STEP) + np.array([0.0, s.gap])
    parted = {
        "cap_rim": (
            sheet("cap_rim", ((s.inner, s.rim), ring), "cap", NOTHING),
            sheet("cap_rim_outer", (ring, (s.rim_outer, s.rim)), "cap_outer_half", NOTHING),
            replace(sheet("wall_middle", wall, "cap", "cap_outer_half"), thickness=0.5 * s.pole_wall),
        ),
        "cap_outer": (replace(next(one for one in other if one.name == "cap_outer"), left="cap_outer_half"),),
    }
    if s.mantle_layers == 2:
        half, at = s.inner - 0.5 * s.mantle, s.dome - 0.5 * s.mantle
        low, profile = _inside(s, at, half, s.stem, 0.5 * s.gap)
        bottom = (half, s.shelf)
        entry, root = (next(one for one in other if one.name == "stem_collar").shape.profile[k] for k in (0, -1))
        layer = {"thickness": 0.5 * s.mantle}
        parted |= {
            "mantle_shelf": (
                sheet("mantle_shelf", ((s.reamed, s.shelf), bottom), "cement", BONE),
                sheet("mantle_shelf_outer", (bottom, (s.inner, s.shelf)), "cement_outer", BONE),
            ),
            "stem_collar": (
                sheet("stem_collar", (entry, low), "stem", "cement"),
                sheet("stem_collar_outer", (low, root), "stem", "cement_outer"),
                replace(sheet("mantle_middle", np.vstack([profile, bottom]), "cement_outer", "cement"), **layer),
            ),
        }
        for name in ("mantle_cap", "mantle_rim"):
            parted[name] = (replace(next(one for one in other if one.name == name), right="cement_outer"),)
    layered = [tuple(new for one in sheets for new in parted.get(one.name, (one,))) for sheets in (tool, other)]
    return layered[0], layered[1]


def _on_sphere(radius: float, at: float) -> float:
    """Height at which a sphere about the origin has the given distance from the axis."""
    return float(np.sqrt(radius**2 - at**2))


def _inside(s: CapShape, dome: float, cylinder: float, opening: float, up: float):
    """Where the stem's opening meets a dome, and the profile from there over the chamfer to the top of a cylinder."""
    entry = (opening, _on_sphere(dome, opening))
    corner = _on_sphere(dome, cylinder)
    begin = np.arctan2(corner, cylinder) + s.chamfer / dome
    shoulder = (dome * np.cos(begin), dome * np.sin(begin))
    profile = arc(dome, entry, shoulder, step=ARC_STEP)
    if s.chamfer > 0:
        profile = np.vstack([profile, (cylinder, corner - s.chamfer)])
    else:
        profile[-1] = cylinder, corner
    return (entry[0], entry[1] + up), profile + np.array([0.0, up])


def _tip(s: CapShape, beyond: float) -> np.ndarray:
    """The rounded tip of the stem, or of its hole, which lies `beyond` it."""
    radius = s.tip + beyond
    return arc(radius, (0, -radius), (radius, 0), step=ARC_STEP) + np.array([0.0, s.tip_height + s.tip])
