"""V60: energy, momentum and impulse of runs without damping, by both schemes."""

import numpy as np

from femsim.analyses.impact import Impact
from femsim.fem.elasticity import Isotropic
from femsim.fem.impact_setting import ImpactSetting
from femsim.fem.mass import lumped_mass
from femsim.fem.sample import box_mesh
from femsim.verification.case import Case, Check
from femsim.verification.moving import Solid

MODULUS, DENSITY = 15_000.0, 1.8e-9  # MPa, tonne/mm³


def run() -> list[Check]:
    checks = []
    for scheme, drift in (("hht_alpha", 1e-6), ("central_difference", 1e-4)):
        free = _swinging(scheme)
        total = sum(free.energies[name] for name in ("kinetic", "strain"))
        away = np.abs(total / total[0] - 1).max()
        checks.append(Check(f"{scheme}: drift of energy", "-", 0.0, float(away), drift, absolute=True))
        place = free.travels["middle"]
        steady = np.abs(place - place[-1] * free.times / free.times[-1]).max() / place[-1]
        checks.append(Check(f"{scheme}: drift of momentum", "-", 0.0, float(steady), 1e-6, absolute=True))
    return checks


def _swinging(scheme: str):
    """A free block that flies, turns and swings."""
    mesh = box_mesh((3, 2, 2), (12.0, 6.0, 6.0), order=1, distortion=0.1)
    velocity = np.array([500.0, 200.0, 0.0]) + np.cross([0.0, 0.0, 30.0], mesh.nodes - [6.0, 3.0, 3.0])
    velocity[:, 0] += 300.0 * np.sin(np.pi * mesh.nodes[:, 0] / 12.0)
    mass = lumped_mass(mesh, DENSITY)
    middle = mass[:, None] / mass.sum() * [1.0, 0.0, 0.0]
    density = np.full((mesh.n_elements, 1), DENSITY)
    held = np.zeros((mesh.n_nodes, 3), bool)
    setting = ImpactSetting("fall", held, density, velocity, watched={"middle": middle})
    settings = Impact(
        scheme=scheme, duration_ms=0.05, step_us=0.25 if scheme == "hht_alpha" else None, alpha=0.0,
        damping_percent=0.0, outputs=100, relative_tolerance=1e-11, single_precision=False,
    )  # fmt: skip
    return settings.run(Solid(mesh, Isotropic(MODULUS, 0.3)), setting)


CASE = Case(
    title="A free block that flies, turns and swings, 200 implicit steps and some thousand explicit ones",
    source="Conservation of energy and momentum",
    status="closed form",
    quick=True,
    run=run,
)
