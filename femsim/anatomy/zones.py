"""Zones of the proximal femur: where on the bone a number belongs.

Head and neck follow the regions of resurfacing densitometry (neck superior/inferior × proximal/distal: Smolders 2010,
Häkkinen 2011), the rest the zones of Gruen for the femoral side of a hip replacement.
"""

import numpy as np

from femsim.anatomy.femur import DISTAL_CUT, Femur
from femsim.anatomy.neck_frame import neck_frame
from femsim.errors import GeometryError
from femsim.mesh.surface import Surface, area_vectors
from femsim.mesh.surface import centroids as triangle_centroids

HEAD_SUPERIOR = "head_superior"  # the part under a resurfacing cap that published models find unloaded
HEAD_INFERIOR = "head_inferior"
NECK_SUPERIOR_PROXIMAL = "neck_superior_proximal"
NECK_SUPERIOR_DISTAL = "neck_superior_distal"
NECK_INFERIOR_PROXIMAL = "neck_inferior_proximal"
NECK_INFERIOR_DISTAL = "neck_inferior_distal"
GREATER_TROCHANTER = "greater_trochanter"  # Gruen 1
CALCAR = "calcar"  # Gruen 7, with the lesser trochanter
SHAFT_LATERAL = "shaft_lateral"  # Gruen 2
SHAFT_MEDIAL = "shaft_medial"  # Gruen 6
SHAFT_DISTAL = "shaft_distal"  # Gruen 3 to 5
DISTAL_SUPPORT = "distal_support"  # near the held end: strains there belong to the support

ZONES = (
    HEAD_SUPERIOR,
    HEAD_INFERIOR,
    NECK_SUPERIOR_PROXIMAL,
    NECK_SUPERIOR_DISTAL,
    NECK_INFERIOR_PROXIMAL,
    NECK_INFERIOR_DISTAL,
    GREATER_TROCHANTER,
    CALCAR,
    SHAFT_LATERAL,
    SHAFT_MEDIAL,
    SHAFT_DISTAL,
    DISTAL_SUPPORT,
)

# Lateral of the neck, bone farther from the neck axis than this many neck radii belongs to the greater trochanter.
_NECK_REACH = 1.5
# Length of Gruen zones 2 and 6 below the lesser trochanter, in head radii: a third of a stem of about 150 mm.
_SHAFT_ZONE = 2.5


def zones_of(femur: Femur, centroids: np.ndarray) -> tuple[np.ndarray, tuple[str, ...]]:
    """The zone of each place in the bone.

    Parameters
    ----------
    femur : Femur
    centroids : (e, 3) array [mm]
        In the femur frame; every place gets a zone.

    Returns
    -------
    zone_of : (e,) int array
        Rows of the names.
    names : tuple of str
        Always all of ZONES, also those that hold no bone of this femur.

    Raises
    ------
    GeometryError
        Where the femur has no flat distal end.
    """
    marks, neck = femur.landmarks, neck_frame(femur.landmarks)
    along, superior, anterior = neck.coordinates(centroids)
    height, lateral = centroids[:, 2], centroids[:, 0] - marks.shaft_point[0]
    lesser = marks.lesser_trochanter[2]

    upper = centroids @ neck.superior > 0
    head = along >= neck.head_level
    # The trochanter rises beside the neck: the plane at the neck's base alone would give its tip to the neck.
    beside = (superior > 0) & (np.hypot(superior, anterior) > _NECK_REACH * marks.neck_radius)
    on_neck = ~head & (along >= neck.base_level) & ~beside
    proximal = along >= 0.5 * (neck.head_level + neck.base_level)
    cut_centre, up, diameter = _distal_end(femur)

    # First fit decides, hence the support before the shaft and the head before the neck.
    choices = (
        ((centroids - cut_centre) @ up < diameter, DISTAL_SUPPORT),
        (head & upper, HEAD_SUPERIOR),
        (head, HEAD_INFERIOR),
        (on_neck & (superior > 0) & proximal, NECK_SUPERIOR_PROXIMAL),
        (on_neck & (superior > 0), NECK_SUPERIOR_DISTAL),
        (on_neck & proximal, NECK_INFERIOR_PROXIMAL),
        (on_neck, NECK_INFERIOR_DISTAL),
        (height < lesser - _SHAFT_ZONE * marks.head_radius, SHAFT_DISTAL),
        ((height < lesser) & (lateral > 0), SHAFT_LATERAL),
        (height < lesser - 0.5 * marks.head_radius, SHAFT_MEDIAL),
        # Beyond the neck, all above the line of its axis is trochanter; the calcar lies below.
        ((lateral > 0) | (superior > 0), GREATER_TROCHANTER),
    )
    zone_of = np.select(
        [where for where, _ in choices], [ZONES.index(name) for _, name in choices], ZONES.index(CALCAR)
    )
    return zone_of, ZONES


def _distal_end(femur: Femur) -> tuple[np.ndarray, np.ndarray, float]:
    """Centre of the flat end, unit direction into the bone, and diameter of the circle of its area [mm]."""
    flat = femur.surface.labels == DISTAL_CUT
    if not flat.any():
        raise GeometryError(
            "The femur has no flat distal end to be held at.",
            where="femur surface",
            why=f"no triangle carries the label {DISTAL_CUT} of the cut",
            remedy="cut the shaft across before the zones are asked for",
        )
    end = Surface(femur.surface.points, femur.surface.triangles[flat])
    vectors = area_vectors(end)
    area = np.linalg.norm(vectors.sum(axis=0))
    weights = np.linalg.norm(vectors, axis=1)
    return (
        weights @ triangle_centroids(end) / weights.sum(),
        -vectors.sum(axis=0) / area,
        float(np.sqrt(4.0 * area / np.pi)),
    )
