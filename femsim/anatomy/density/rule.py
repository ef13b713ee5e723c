"""Bone density without a CT: a cortical shell of varying thickness around a trabecular field with the known columns.

The pattern is the one a radiograph shows (Ward 1838; Singh, J Bone Joint Surg Am 52 (1970) 457): a principal
compressive column from the calcar to the superior head, a principal tensile arch from the lateral cortex through the
superior neck to the inferior head, a weak trochanteric group, Ward's triangle between them, and a canal of marrow.
Places scale with the landmarks of the femur; thicknesses and densities are parameters in absolute units.
"""

from dataclasses import dataclass

import numpy as np

from femsim.anatomy.femur import Femur, Landmarks, outer_surface
from femsim.anatomy.neck_frame import neck_frame
from femsim.anatomy.trabeculae import beside, compressive_column, tensile_band, trochanteric_band
from femsim.mesh.closest import closest_points
from femsim.mesh.signed import signed_distance
from femsim.registry import parameter

_THICKNESS = "working range of femsim after anatomical handbooks"
# Over a depth of one cortex the thickness map changes by less than this [mm].
_SEARCH_MARGIN = 3.0
_TRABECULAR = "working value inside the trabecular range 0.05–1.0 g/cm³"


@dataclass(frozen=True)
class DensityRule:
    """No CT: a cortical shell and the known trabecular columns, placed by the landmarks; densities are apparent.

    A femur with an inner surface has its cortex outside that, whatever the thickness keys say. Apparent: wet
    mineralised mass over bulk volume.
    """

    cortical_density_g_per_cm3: float = parameter(
        1.85,
        text="density of the cortical shell",
        unit="g/cm3",
        low=1.2,
        high=2.1,
        assumed=True,
        source="cortical bone 1.7–2.0 g/cm³ apparent",
    )
    cortex_head_mm: float = parameter(
        1.5,
        text="thickness of the subchondral shell of the head",
        unit="mm",
        low=0.3,
        high=4,
        source=_THICKNESS,
        assumed=True,
    )
    cortex_superior_neck_mm: float = parameter(
        1.3,
        text="cortex of the superior neck",
        unit="mm",
        low=0.3,
        high=4,
        assumed=True,
        source="superior neck cortex 0.5–1.5 mm",
    )
    cortex_calcar_mm: float = parameter(
        4.5,
        text="cortex of the inferior neck and calcar",
        unit="mm",
        low=0.5,
        high=8,
        assumed=True,
        source="calcar cortex 4–6 mm",
    )
    cortex_trochanter_mm: float = parameter(
        1.5, text="cortex of the greater trochanter", unit="mm", low=0.3, high=4, source=_THICKNESS, assumed=True
    )
    cortex_shaft_mm: float = parameter(
        6.5,
        text="cortex of the shaft one femoral offset below the lesser trochanter",
        unit="mm",
        low=1,
        high=10,
        assumed=True,
        source="mid-shaft cortex 5–8 mm",
    )
    cortex_condyle_mm: float = parameter(
        1.0, text="cortex of the condyles of a whole femur", unit="mm", low=0.3, high=4, source=_THICKNESS, assumed=True
    )
    transition_mm: float = parameter(
        0.8,
        text="depth over which cortex passes into trabecular bone",
        unit="mm",
        low=0.05,
        high=3,
        assumed=True,
        source="smoothing choice of femsim",
    )
    head_density_g_per_cm3: float = parameter(
        0.38, text="head between the columns", unit="g/cm3", low=0.02, high=1.2, source=_TRABECULAR, assumed=True
    )
    neck_density_g_per_cm3: float = parameter(
        0.17,
        text="Ward's triangle and the neck between the columns",
        unit="g/cm3",
        low=0.02,
        high=1.2,
        source=_TRABECULAR,
        assumed=True,
    )
    trochanter_density_g_per_cm3: float = parameter(
        0.18, text="greater trochanter", unit="g/cm3", low=0.02, high=1.2, source=_TRABECULAR, assumed=True
    )
    marrow_density_g_per_cm3: float = parameter(
        0.05, text="medullary canal", unit="g/cm3", low=0.01, high=0.3, source=_TRABECULAR, assumed=True
    )
    condyle_density_g_per_cm3: float = parameter(
        0.25, text="condyles of a whole femur", unit="g/cm3", low=0.02, high=1.2, source=_TRABECULAR, assumed=True
    )
    compressive_column_g_per_cm3: float = parameter(
        0.30,
        text="added on the principal compressive column",
        unit="g/cm3",
        low=0,
        high=1,
        source=_TRABECULAR,
        assumed=True,
    )
    tensile_band_g_per_cm3: float = parameter(
        0.18, text="added on the principal tensile band", unit="g/cm3", low=0, high=1, source=_TRABECULAR, assumed=True
    )
    trochanteric_band_g_per_cm3: float = parameter(
        0.08,
        text="added on the secondary compressive group, from the calcar to the greater trochanter",
        unit="g/cm3",
        low=0,
        high=1,
        source=_TRABECULAR,
        assumed=True,
    )

    def mapped(self, femur: Femur) -> "RuleMap":
        """The density of a femur."""
        if femur.inner_surface is None:
            return RuleMap(self, femur)
        note = "Cortex lies outside the inner surface that was given; the keys cortex_…_mm are not used."
        return RuleMap(self, femur, (note,))


@dataclass(frozen=True)
class RuleMap:
    """The rule on one femur."""

    rule: DensityRule
    femur: Femur
    notes: tuple[str, ...] = ()

    def at(self, points: np.ndarray, spans: np.ndarray | None = None) -> np.ndarray:
        """(k,) apparent density [g/cm³] at points (k, 3) [mm]; the rule is smooth, so their spans do not matter."""
        return density_at(self.rule, self.femur, points)


def density_at(field: DensityRule, femur: Femur, points: np.ndarray) -> np.ndarray:
    """Apparent density at points inside the femur.

    Parameters
    ----------
    field : DensityRule
    femur : Femur
        Depth is measured from its inner surface where it has one, else from its surface without the flat distal cut,
        which is no outer surface.
    points : (k, 3) array [mm]
        In the femur frame.

    Returns
    -------
    (k,) array [g/cm³, apparent]
    """
    points = np.ascontiguousarray(points, float)
    marks, knee = femur.landmarks, femur.knee_height
    density = trabecular_density(field, marks, points, knee)
    if femur.inner_surface is not None:
        outward = signed_distance(femur.inner_surface, points)
        deep = _smooth(-outward / field.transition_mm + 0.5, 0.0, 1.0)
        return _between(field.cortical_density_g_per_cm3, density, deep)
    # Thickness changes slowly, so a place has nearly that of its foot: where bone is thin a short search is enough.
    reach = cortical_thickness(field, marks, points, knee) + 0.5 * field.transition_mm + _SEARCH_MARGIN
    nearest = closest_points(outer_surface(femur), points, within=reach)
    shell = np.isfinite(nearest.distance)
    thickness = cortical_thickness(field, marks, nearest.foot[shell], knee)
    deep = _smooth((nearest.distance[shell] - thickness) / field.transition_mm + 0.5, 0.0, 1.0)
    density[shell] = _between(field.cortical_density_g_per_cm3, density[shell], deep)
    return density


def cortical_thickness(
    field: DensityRule, landmarks: Landmarks, feet: np.ndarray, knee: float | None = None
) -> np.ndarray:
    """Thickness [mm] (k,) of the cortical shell below places (k, 3) of the outer surface.

    knee : height of the lowest condyle [mm], where the femur has condyles.
    """
    neck = neck_frame(landmarks)
    along, superior, anterior = neck.coordinates(feet)
    lateral, height = _beside_shaft(landmarks, feet)
    inferior = 0.5 * (1.0 - superior / np.maximum(np.hypot(superior, anterior), 1e-9))
    medial = 0.5 * (1.0 - lateral)
    # The square keeps the thick calcar on the inferior third of the neck; its two sides stay thin.
    on_neck = _between(field.cortex_superior_neck_mm, field.cortex_calcar_mm, inferior**2)
    # The medial wall of the greater trochanter, above the line of the neck, is as thin as its lateral one.
    calcar = _smooth(medial, 0.35, 1.0) * _smooth(superior, 0.0, -landmarks.neck_radius)
    on_trochanters = _between(field.cortex_trochanter_mm, field.cortex_calcar_mm, calcar)
    head, base, radius = neck.head_level, neck.base_level, landmarks.head_radius
    proximal = _between(on_trochanters, on_neck, _smooth(along, base - radius / 3, base + radius / 3))
    proximal = _between(proximal, field.cortex_head_mm, _smooth(along, 1.6 * head, 0.4 * head))
    # From the tip of the trochanter the lateral cortex thickens downwards; the whole shaft is reached one offset
    # below the lesser.
    lesser = landmarks.lesser_trochanter[2]
    shaft_weight = _smooth(-height, -0.55 * lesser, -lesser + landmarks.offset_mm)
    above_knee = _between(proximal, field.cortex_shaft_mm, shaft_weight)
    return _between(above_knee, field.cortex_condyle_mm, _in_knee(landmarks, height, knee))


def _in_knee(landmarks: Landmarks, height: np.ndarray, knee: float | None) -> np.ndarray | float:
    """(k,) 0 in the shaft and above, 1 in the condyles; the shaft's cortex thins over the flare above the knee."""
    if knee is None:
        return 0.0
    return _smooth(height, knee + 3.0 * landmarks.offset_mm, knee + 1.1 * landmarks.offset_mm)


def trabecular_density(
    field: DensityRule, landmarks: Landmarks, points: np.ndarray, knee: float | None = None
) -> np.ndarray:
    """Apparent density [g/cm³] (k,) of the trabecular field alone, as if there were no cortex, at points (k, 3).

    knee : height of the lowest condyle [mm], where the femur has condyles.
    """
    neck = neck_frame(landmarks)
    along, _, _ = neck.coordinates(points)
    lateral, height = _beside_shaft(landmarks, points)
    radius = landmarks.head_radius
    trochanteric = _smooth(along, neck.base_level + 0.4 * radius, neck.base_level - 0.4 * radius)
    background = _between(
        field.neck_density_g_per_cm3, field.trochanter_density_g_per_cm3, trochanteric * _smooth(lateral, -0.3, 0.3)
    )
    background = _between(
        background, field.head_density_g_per_cm3, _smooth(along, 1.5 * neck.head_level, 0.2 * neck.head_level)
    )
    total = background
    for amplitude, path, widths in (
        (field.compressive_column_g_per_cm3, compressive_column(landmarks, neck), (0.26 * radius, 0.50 * radius)),
        (field.tensile_band_g_per_cm3, tensile_band(landmarks, neck), (0.17 * radius, 0.30 * radius)),
        (field.trochanteric_band_g_per_cm3, trochanteric_band(landmarks, neck), (0.20 * radius, 0.30 * radius)),
    ):
        total = total + amplitude * _sheet(points, path, widths, neck.anterior)
    # Trabeculae end in the shaft: the canal opens from mid-way down to the lesser trochanter to half an offset below
    # it.
    lesser = landmarks.lesser_trochanter[2]
    canal = _smooth(-height, -0.65 * lesser, -lesser + 0.5 * landmarks.offset_mm)
    above_knee = _between(total, field.marrow_density_g_per_cm3, canal)
    return _between(above_knee, field.condyle_density_g_per_cm3, _in_knee(landmarks, height, knee))


def _sheet(points: np.ndarray, path: np.ndarray, widths: tuple[float, float], across: np.ndarray) -> np.ndarray:
    """(k,) weight 1 on the path falling as a Gaussian beside it, its width going from the first to the second end."""
    distance, row = beside(points, path, across)
    width = np.linspace(*widths, len(path))[row]
    return np.exp(-0.5 * (distance / width) ** 2)


def _beside_shaft(landmarks: Landmarks, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(k,) each: cosine of the lateral direction seen from the shaft axis (1 lateral, -1 medial), and height [mm]."""
    beside = points - landmarks.shaft_point
    beside = beside - np.outer(beside @ landmarks.shaft_axis, landmarks.shaft_axis)
    return beside[:, 0] / np.maximum(np.linalg.norm(beside, axis=1), 1e-9), points[:, 2]


def _between(low, high, share):
    return low + (high - low) * share


def _smooth(values, start: float, end: float):
    """0 at start, 1 at end, with level ends; start may lie above end."""
    t = np.clip((values - start) / (end - start), 0.0, 1.0)
    return t * t * (3.0 - 2.0 * t)
