"""Which measures a person is shown first; qoi.csv has them all."""

from collections.abc import Iterable, Mapping
from typing import Any

GRUEN, SECTION = "gruen_", "section_"
STEM, CAP = "stem", "cap"  # regions of implants
# Zones that say of the upper shaft what those of Gruen say where there is a stem.
SHAFT_ZONES = ("greater_trochanter", "calcar", "shaft_lateral", "shaft_medial", "shaft_distal")
# Measures that have tables of their own, on how a femur broke and on an impact.
OF_FRACTURE = (
    *("fracture_load", "first_crack_load", "energy_to_fracture", "fracture_stiffness"),
    *("broken_volume", "linear_fracture_load", "linear_over_fracture_load"),
)
OF_IMPACT = (
    *("impact_peak_force", "impact_peak_time", "impact_risk_factor_max"),
    *("impact_broken_volume", "impact_energy_error"),
    *("impact_crack_area", "impact_dissipated", "impact_first_crack_force", "impact_fracture_force"),
    *("impact_breaking_speed", "impact_breaking_height", "impact_breaking_push"),
)
SHARES = ("axial_share_", "bending_share_")  # measures of sections, one for each part that carries


def for_reading(measures: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The upper shaft divided once: by the zones of Gruen where a stem without cap lies in it, else by femsim's own."""
    measures = list(measures)
    places = {measure["zone"] for measure in measures}
    if STEM in places and CAP not in places:
        return [measure for measure in measures if measure["zone"] not in SHAFT_ZONES]
    return [measure for measure in measures if not measure["zone"].startswith(GRUEN)]


def share_of(name: str) -> tuple[str, str] | None:
    """("axial_share", part) of a measure such as "axial_share_cap"; None of any other."""
    for start in SHARES:
        if name.startswith(start):
            return start.rstrip("_"), name.removeprefix(start)
    return None
