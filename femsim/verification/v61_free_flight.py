"""V61: free flight and slow spin of a rigid motion, consistent and lumped mass."""

import numpy as np

from femsim.analyses.impact import Impact
from femsim.fem.elasticity import Isotropic
from femsim.fem.geometry import corner_volumes
from femsim.fem.impact_setting import ImpactSetting
from femsim.fem.mass import lumped_mass, mass
from femsim.fem.sample import box_mesh
from femsim.verification.case import Case, Check
from femsim.verification.moving import Solid

DENSITY = 1.8e-9  # tonne/mm³
SPEED, SPIN = np.array([300.0, -200.0, 100.0]), np.array([0.4, 0.3, -0.5])  # mm/s, rad/s
TIME = 1e-4  # s


def run() -> list[Check]:
    checks = []
    for order in (1, 2):
        mesh = box_mesh((2, 2, 3), (10.0, 12.0, 15.0), order=order, distortion=0.1)
        whole = corner_volumes(mesh).sum() * DENSITY
        ones = np.ones(mesh.n_nodes)
        consistent = mass(mesh, DENSITY).tocsr()[::3, ::3]
        name = f"TET{6 * order - 2}"
        checks += [
            Check(f"{name}: lumped mass", "tonne", whole, lumped_mass(mesh, DENSITY).sum(), 1e-12),
            Check(f"{name}: consistent mass", "tonne", whole, float(ones @ consistent @ ones), 1e-12),
        ]
        velocity = SPEED + np.cross(SPIN, mesh.nodes - mesh.nodes.mean(axis=0))
        for kind, scheme in (("consistent", "hht_alpha"), ("lumped", "hht_alpha"), ("lumped", "central_difference")):
            density = np.full((mesh.n_elements, 4 if order == 2 else 1), DENSITY)
            setting = ImpactSetting("fall", np.zeros((mesh.n_nodes, 3), bool), density, velocity)
            settings = Impact(
                scheme=scheme, mass=kind, duration_ms=1e3 * TIME, step_us=1.0 if scheme == "hht_alpha" else None,
                outputs=10, damping_percent=0.0, single_precision=False,
            )  # fmt: skip
            course = settings.run(Solid(mesh, Isotropic(15_000.0, 0.3)), setting)
            away = np.abs(course.displacement[-1] - TIME * velocity).max() / (TIME * np.abs(velocity).max())
            checks.append(Check(f"{name}, {scheme}, {kind} mass: motion", "-", 0.0, away, 1e-9, absolute=True))
    return checks


CASE = Case(
    title="A block in free flight that turns slowly; TET4 and TET10",
    source="A rigid motion of small turns goes on as it is",
    status="closed form",
    quick=True,
    run=run,
)
