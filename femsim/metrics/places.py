"""Over which elements a number is taken: zones of the kept bone, the kept bone as a whole, regions of the implant."""

from dataclasses import dataclass

import numpy as np

from femsim.analyses.beside import beside_patches
from femsim.analyses.outcome import SUPPORT, Outcome
from femsim.fem.spheres import Spheres

FEMUR = "femur"
BONE, CEMENT = "bone", "pmma"  # as Model.materials names them
# Bone so near a patch of force that its strains belong to the patch: judged apart, as the support is.
PATCHES = "load_patches"
NECK_SUPERIOR, NECK_INFERIOR, HEAD_NECK = "neck_superior", "neck_inferior", "head_neck"
# Zones that are also judged together: place → what their names begin with.
UNIONS = {NECK_SUPERIOR: ("neck_superior_",), NECK_INFERIOR: ("neck_inferior_",), HEAD_NECK: ("head_", "neck_")}
AVERAGING_RADIUS = 2.0  # mm; peaks at re-entrant edges are singular, averages over 2 mm are not
AVERAGED = f"of averages over spheres of {AVERAGING_RADIUS:g} mm"
OF_MEAN_STRAIN = f"of strain averaged over spheres of {AVERAGING_RADIUS:g} mm"


@dataclass(frozen=True)
class Place:
    """A named set of elements: rows (m,) of the mesh, the same in both models where it is kept bone."""

    name: str
    rows: np.ndarray


def bone_places(operated: Outcome) -> tuple[Place, ...]:
    """Where kept bone is judged: its zones, unions of them, the zones of Gruen, all but the distal support as "femur".

    Only places that hold elements.
    """
    return operated.lasting("bone places", lambda: _bone_places(operated))


def _bone_places(operated: Outcome) -> tuple[Place, ...]:
    model, kept = operated.model, slice(operated.n_kept)
    zone_of, zones = model.zone_of[kept], model.zones
    places = [Place(name, np.flatnonzero(zone_of == row)) for row, name in enumerate(zones)]
    places += [Place(name, np.flatnonzero(in_union(operated, name)[kept])) for name in UNIONS]
    places += [Place(name, np.flatnonzero(model.gruen_of[kept] == row)) for row, name in enumerate(model.gruen_zones)]
    judged = zone_of >= 0
    if SUPPORT in zones:
        judged &= zone_of != zones.index(SUPPORT)
    places.append(Place(FEMUR, np.flatnonzero(judged)))
    return tuple(place for place in places if len(place.rows))


def judged_places(operated: Outcome) -> tuple[Place, ...]:
    """Where kept bone is judged by its risk: as `bone_places`, with what lies beside patches of force apart."""
    points = operated.model.pulled_at(operated.model.history)
    key = ("judged places", tuple(float(x) for point in points for x in point))
    return operated.lasting(key, lambda: _judged_places(operated, points))


def _judged_places(operated: Outcome, points: list[np.ndarray]) -> tuple[Place, ...]:
    model = operated.model
    rows = np.arange(operated.n_kept)
    centres = model.mesh.nodes[model.mesh.elements[rows, :4]].mean(axis=1)
    beside = beside_patches(centres, points, model.patch_radius)
    beside &= model.zone_of[rows] >= 0
    places = [Place(place.name, place.rows[~beside[place.rows]]) for place in bone_places(operated)]
    places.insert(len(places) - 1, Place(PATCHES, np.flatnonzero(beside)))
    return tuple(place for place in places if len(place.rows))


def in_union(outcome: Outcome, name: str) -> np.ndarray:
    """(e,) bool: elements of the zones that one of UNIONS gathers, kept or removed."""
    model = outcome.model
    return np.isin(model.zone_of, [row for row, zone in enumerate(model.zones) if zone.startswith(UNIONS[name])])


def implant_places(outcome: Outcome, *, cement: bool) -> tuple[Place, ...]:
    """The regions of cement, or every other region that is neither cement nor bone."""
    mesh = outcome.model.mesh
    materials = {name: material_of(outcome, name) for name in mesh.regions}
    names = [name for name, material in materials.items() if material != BONE and (material == CEMENT) == cement]
    places = (Place(name, np.flatnonzero(mesh.in_region(name))) for name in names)
    return tuple(place for place in places if len(place.rows))


def material_of(outcome: Outcome, region: str) -> str:
    """The name of a region's solid, or BONE; where the model does not say, cement is acrylic and the rest metal."""
    usual = BONE if region.startswith(BONE) else CEMENT if region == "cement" else "cocr"
    return outcome.model.materials.get(region, usual)


def kept_spheres(operated: Outcome) -> Spheres:
    """Spheres over which the peaks of kept bone are averaged; the same in both models, as the kept bone is."""
    return operated.lasting(
        "spheres", lambda: Spheres(operated.model.mesh, AVERAGING_RADIUS, np.arange(operated.n_kept))
    )


def solid_spheres(operated: Outcome) -> Spheres:
    """The same over kept bone without marrow."""
    rows = np.flatnonzero(~operated.marrow[: operated.n_kept])
    if len(rows) == operated.n_kept:
        return kept_spheres(operated)
    return operated.lasting("solid spheres", lambda: Spheres(operated.model.mesh, AVERAGING_RADIUS, rows))


def bone_mask(outcome: Outcome) -> np.ndarray:
    """(e,) bool: kept and removed bone."""
    mesh = outcome.model.mesh
    return mesh.in_region(*(name for name in mesh.regions if name.startswith("bone")))
