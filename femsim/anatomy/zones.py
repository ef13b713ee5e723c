"""Zones of the proximal femur: where on the bone a number belongs.

Head and neck follow the regions of resurfacing densitometry (neck superior/inferior × proximal/distal: Smolders 2010,
Häkkinen 2011), with the anterior and posterior sides that a radiograph cannot tell apart. Seen along the neck axis, the
four sides are quarters between the diagonals at 45°: of the head about its centre, of the neck about the centre of its
narrowest section. The zones of Gruen are a partition of their own, in `gruen`.
"""

import numpy as np

from femsim.anatomy.femur import DISTAL_CUT, Femur
from femsim.anatomy.neck_frame import neck_frame
from femsim.errors import GeometryError
from femsim.mesh.surface import Surface, area_vectors
from femsim.mesh.surface import centroids as triangle_centroids

HEAD_SUPERIOR = "head_superior"  # the part under a resurfacing cap that published models find unloaded
HEAD_INFERIOR = "head_inferior"
HEAD_ANTERIOR = "head_anterior"
HEAD_POSTERIOR = "head_posterior"
NECK_SUPERIOR_PROXIMAL = "neck_superior_proximal"
NECK_SUPERIOR_DISTAL = "neck_superior_distal"
NECK_INFERIOR_PROXIMAL = "neck_inferior_proximal"
NECK_INFERIOR_DISTAL = "neck_inferior_distal"
NECK_ANTERIOR_PROXIMAL = "neck_anterior_proximal"
NECK_ANTERIOR_DISTAL = "neck_anterior_distal"
NECK_POSTERIOR_PROXIMAL = "neck_posterior_proximal"
NECK_POSTERIOR_DISTAL = "neck_posterior_distal"
GREATER_TROCHANTER = "greater_trochanter"
CALCAR = "calcar"  # with the lesser trochanter
SHAFT_LATERAL = "shaft_lateral"
SHAFT_MEDIAL = "shaft_medial"
SHAFT_DISTAL = "shaft_distal"
DISTAL_SUPPORT = "distal_support"  # near the held end: strains there belong to the support

ZONES = (
    HEAD_SUPERIOR,
    HEAD_INFERIOR,
    HEAD_ANTERIOR,
    HEAD_POSTERIOR,
    NECK_SUPERIOR_PROXIMAL,
    NECK_SUPERIOR_DISTAL,
    NECK_INFERIOR_PROXIMAL,
    NECK_INFERIOR_DISTAL,
    NECK_ANTERIOR_PROXIMAL,
    NECK_ANTERIOR_DISTAL,
    NECK_POSTERIOR_PROXIMAL,
    NECK_POSTERIOR_DISTAL,
    GREATER_TROCHANTER,
    CALCAR,
    SHAFT_LATERAL,
    SHAFT_MEDIAL,
    SHAFT_DISTAL,
    DISTAL_SUPPORT,
)

SIDES = ("superior", "inferior", "anterior", "posterior")

# Lateral of the neck, bone farther from the neck axis than this many neck radii belongs to the greater trochanter.
_NECK_REACH = 1.5
# Length of the two upper zones of the shaft below the lesser trochanter, in head radii.
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

    head = along >= neck.head_level
    # The trochanter rises beside the neck: the plane at the neck's base alone would give its tip to the neck.
    beside = (superior > 0) & (np.hypot(superior, anterior) > _NECK_REACH * marks.neck_radius)
    on_neck = ~head & (along >= neck.base_level) & ~beside
    proximal = along >= 0.5 * (neck.head_level + neck.base_level)
    cut_centre, up, diameter = distal_end(femur)
    head_side = _side(centroids @ neck.superior, centroids @ neck.anterior)
    neck_side = _side(superior, anterior)

    # First fit decides, hence the support before the shaft and the head before the neck.
    choices = (
        ((centroids - cut_centre) @ up < diameter, DISTAL_SUPPORT),
        *((head & (head_side == row), f"head_{side}") for row, side in enumerate(SIDES)),
        *((on_neck & proximal & (neck_side == row), f"neck_{side}_proximal") for row, side in enumerate(SIDES)),
        *((on_neck & (neck_side == row), f"neck_{side}_distal") for row, side in enumerate(SIDES)),
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


def _side(superior: np.ndarray, anterior: np.ndarray) -> np.ndarray:
    """(e,) row of SIDES; on a diagonal, and on the axis, superior and inferior go first."""
    return np.where(np.abs(superior) >= np.abs(anterior), np.where(superior >= 0, 0, 1), np.where(anterior > 0, 2, 3))


def distal_end(femur: Femur) -> tuple[np.ndarray, np.ndarray, float]:
    """Centre (3,) of the flat end, unit direction into the bone, and diameter of the circle of its area [mm].

    Raises
    ------
    GeometryError
        Where the femur has no flat distal end.
    """
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
