"""Where a linear answer stretches what it rests on: said with the result, in sentences."""

import numpy as np

from femsim.analyses.outcome import Outcome
from femsim.fem.recovery import principal
from femsim.materials.bone.densitometry import of_its_kind, share_outside
from femsim.materials.bone.law import BoneLaw

LARGE_STRAIN = 0.02  # beyond it bone has long yielded and small-strain theory is off by per cents
LARGE_DISPLACEMENT = 0.1  # of the model's size; a rotation of about 5°


def beyond_the_law(intact: Outcome, law: BoneLaw) -> tuple[str, ...]:
    """How much of the bone has a density that the bone law was not measured on, or that nobody says."""
    if not law.measured:
        return ("On which densities the bone law was measured is not known to femsim; see 'femsim list bone-laws'.",)
    outside = share_outside(law.measured, of_its_kind(law, intact.model.density), intact.weights)
    ranges = " or ".join(f"{low:g} to {high:g}" for low, high in law.measured)
    kind = "" if law.density_kind == "apparent" else f" {law.density_kind} density"
    sentence = (
        f"{100 * outside:.0f} % of the bone's volume, most of it cortex or marrow, has a density outside the "
        f"{ranges} g/cm3{kind} that the bone law was measured on."
    )
    return (sentence,) if outside > 0 else ()


def beyond_linear(outcome: Outcome) -> tuple[str, ...]:
    """Where a model goes beyond what linear, small-strain analysis with good elements describes; empty when nowhere."""
    mesh, peak, found = outcome.model.mesh, outcome.peak, []
    if mesh.order == 1:
        found.append(
            "Linear tetrahedra (mesh.order = 1) are 16 to 23 % too stiff in energy on the same mesh: a preview only."
        )
    largest = float(np.abs(principal(outcome.strain(peak)[~outcome.marrow])).max(initial=0.0))
    if largest > LARGE_STRAIN:
        found.append(
            f"The largest principal strain of the {outcome.model.name} femur is {100 * largest:.1f} %: beyond "
            f"{100 * LARGE_STRAIN:g} % a linear analysis no longer describes bone."
        )
    size = float(np.linalg.norm(np.ptp(mesh.nodes, axis=0)))
    moved = float(np.linalg.norm(outcome.displacement(peak), axis=1).max())
    if moved > LARGE_DISPLACEMENT * size:
        found.append(
            f"The {outcome.model.name} femur moves by {moved:.1f} mm, more than {100 * LARGE_DISPLACEMENT:g} % of its "
            "size: a linear analysis no longer describes it."
        )
    return tuple(found)
