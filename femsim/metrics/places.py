"""Over which elements a number is taken: zones of the kept bone, the kept bone as a whole, regions of the implant."""

from dataclasses import dataclass

import numpy as np

from femsim.analyses.outcome import Outcome

FEMUR = "femur"
SUPPORT = (
    "distal_support"  # zone beside the held end; its strains belong to the support (Saint-Venant), not to the implant
)
AVERAGING_RADIUS = 1.5  # mm; peaks at re-entrant edges are singular, averages over 1–2 mm are not
AVERAGED = f"of averages over spheres of {AVERAGING_RADIUS:g} mm"


@dataclass(frozen=True)
class Place:
    """A named set of elements: rows (m,) of the mesh, the same in both models where it is kept bone."""

    name: str
    rows: np.ndarray


def bone_places(operated: Outcome) -> tuple[Place, ...]:
    """The zones of the kept bone that hold elements, then all of them but the distal support as "femur"."""
    zone_of = operated.model.zone_of[: operated.n_kept]
    zones = operated.model.zones
    places = [Place(name, np.flatnonzero(zone_of == row)) for row, name in enumerate(zones)]
    judged = zone_of >= 0
    if SUPPORT in zones:
        judged &= zone_of != zones.index(SUPPORT)
    places.append(Place(FEMUR, np.flatnonzero(judged)))
    return tuple(place for place in places if len(place.rows))


def implant_places(outcome: Outcome, *, cement: bool) -> tuple[Place, ...]:
    """The cement mantle, or every other region that is not bone."""
    mesh = outcome.model.mesh
    names = [name for name in mesh.regions if not name.startswith("bone") and (name == "cement") == cement]
    places = (Place(name, np.flatnonzero(mesh.in_region(name))) for name in names)
    return tuple(place for place in places if len(place.rows))


def rows_mask(outcome: Outcome, rows: np.ndarray) -> np.ndarray:
    """(e,) bool."""
    mask = np.zeros(outcome.model.mesh.n_elements, bool)
    mask[rows] = True
    return mask


def bone_mask(outcome: Outcome) -> np.ndarray:
    """(e,) bool: kept and removed bone."""
    mesh = outcome.model.mesh
    return mesh.in_region(*(name for name in mesh.regions if name.startswith("bone")))
