"""Stress in a part of the implant, as percentiles of local averages and against its strength."""

import numpy as np

from femsim.analyses.outcome import Outcome
from femsim.fem.spheres import Spheres
from femsim.metrics.measure import Measure
from femsim.metrics.places import AVERAGED, AVERAGING_RADIUS, Place
from femsim.metrics.statistics import percentile


def against_strength(
    operated: Outcome, place: Place, stress: np.ndarray, *, name: str, strength_mpa: float, strength: str
) -> list[Measure]:
    """The 95th and 99th percentile by volume, and the latter over the strength.

    Parameters
    ----------
    place : rows of the elements of the part.
    stress : (m, q) array [MPa]
        The stress that the strength is compared with, in those elements.
    name : of the measures, which add _p95 and _p99.
    strength : what the strength is, for the note.
    """
    averaged = Spheres(operated.model.mesh, AVERAGING_RADIUS, place.rows).average(stress)
    volumes = operated.volumes[place.rows]
    p95, p99 = (percentile(averaged, volumes, percent) for percent in (95.0, 99.0))
    return [
        Measure(f"{name}_p95", place.name, "operated", p95, "MPa", f"95 % of the volume lies below; {AVERAGED}"),
        Measure(f"{name}_p99", place.name, "operated", p99, "MPa", f"99 % of the volume lies below; {AVERAGED}"),
        Measure(
            "stress_over_strength",
            place.name,
            "operated",
            p99 / strength_mpa,
            "-",
            f"the p99 over the {strength} of {strength_mpa:g} MPa",
        ),
    ]
