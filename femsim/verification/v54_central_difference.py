"""V54: the period of central differences, and that a step which is too long is caught."""

import numpy as np

from femsim.analyses.impact import Impact
from femsim.errors import ConvergenceError
from femsim.fem.elasticity import Isotropic
from femsim.fem.explicit import element_frequencies, stable_step
from femsim.fem.impact_setting import ImpactSetting
from femsim.solvers.time.central_difference import CentralDifference
from femsim.verification.case import Case, Check
from femsim.verification.moving import Oscillator, Solid, face_mean, guided_bar, wall

MODULUS, DENSITY = 15_000.0, 1.8e-9  # MPa, tonne/mm³


def run() -> list[Check]:
    one = Oscillator()
    checks = [
        Check(f"period over the exact one, Ω = {step:g}", "-", known, one.period(CentralDifference(), step), 1e-6)
        for step, known in ((0.1, 0.999583), (0.5, 0.989393), (1.0, 0.954930))
    ]
    places = [abs(one.followed(CentralDifference(), step, 200)[-1].place[0]) for step in (1.999, 2.001)]
    checks.append(Check("bounded after 200 steps of Ω = 1.999", "-", 1.0, float(places[0] < 100), 0, absolute=True))
    checks.append(Check("unbounded after 200 steps of Ω = 2.001", "-", 1.0, float(places[1] > 100), 0, absolute=True))
    caught = [float(_is_caught(factor)) for factor in (0.9, 1.2)]
    checks.append(Check("bar at 0.9 of the estimated stable step is stopped", "-", 0.0, caught[0], 0, absolute=True))
    checks.append(Check("bar at 1.2 of its stable step is stopped", "-", 1.0, caught[1], 0, absolute=True))
    return checks


def _is_caught(factor: float) -> bool:
    mesh, held = guided_bar(20, 20.0, 1.0, order=1)
    stiff = Isotropic(MODULUS, 0.0)
    velocity = np.zeros((mesh.n_nodes, 3))
    velocity[:, 0] = -2000.0
    density = np.full((mesh.n_elements, 1), DENSITY)
    setting = ImpactSetting(
        "fall", held, density, velocity, floor=wall(mesh, MODULUS / 5), watched={"end": face_mean(mesh, "x1")}
    )
    longest = stable_step(_largest(mesh, stiff, held))
    if factor < 1:
        longest = stable_step(element_frequencies(mesh, stiff, density[:, 0]).max())
    settings = Impact(
        scheme="central_difference", duration_ms=0.1, step_us=1e6 * factor * longest, damping_percent=0.0, outputs=50
    )
    try:
        settings.run(Solid(mesh, stiff), setting)
    except ConvergenceError:
        return True
    return False


def _largest(mesh, stiff, held) -> float:
    """[1/s²] the largest eigenvalue of the bar that moves along its axis alone."""
    from femsim.fem.assembly import stiffness
    from femsim.fem.mass import lumped_mass

    free = ~held.ravel()
    root = np.sqrt(np.repeat(lumped_mass(mesh, DENSITY), 3)[free])
    matrix = stiffness(mesh, stiff).toarray()[free][:, free]
    return float(np.linalg.eigvalsh(matrix / np.outer(root, root))[-1])


CASE = Case(
    title="Central differences on one oscillator, and on a bar with too long a step",
    source="Root of the scheme, sin(θ/2) = Ω/2; stable up to Ω = 2",
    status="closed form",
    quick=True,
    run=run,
)
