"""V11: volume, mass and moment of inertia of a metal ball."""

import numpy as np

from femsim.fem.geometry import integration_weights
from femsim.fem.mass import lumped_mass, mass
from femsim.mesh.mesh import Mesh
from femsim.verification.ball import ball_octant
from femsim.verification.case import Case, Check

RADIUS, DENSITY = 24.0, 1.2e-9  # mm, tonne/mm³
VOLUME, MASS, INERTIA = 57905.84, 6.94870e-5, 0.0160098  # mm³, tonne, tonne·mm²; 4/3 π r³, ρ V, 2/5 m r²


def run() -> list[Check]:
    return [
        *_checks("TET4", ball_octant(RADIUS, 18, order=1), 5e-3),
        *_checks("TET10, straight", ball_octant(RADIUS, 18, order=2, curved=False), 5e-3),
        *_checks("TET10, curved", ball_octant(RADIUS, 5, order=2), 1e-3),
    ]


def _checks(name: str, mesh: Mesh, tolerance: float) -> list[Check]:
    consistent, lumped = mass(mesh, DENSITY), lumped_mass(mesh, DENSITY)
    x, y, z = mesh.nodes.T
    shift = np.zeros((mesh.n_nodes, 3))
    shift[:, 0] = 1.0
    turn = np.column_stack([-y, x, np.zeros_like(z)])
    # Octants of the ball: an eighth of its mass and of its inertia about an axis through its centre.
    moved, turned = (8 * field.ravel() @ (consistent @ field.ravel()) for field in (shift, turn))
    checks = [
        Check(f"{name}: volume", "mm³", VOLUME, 8 * float(integration_weights(mesh).sum()), tolerance),
        Check(f"{name}: mass, moving as one", "tonne", MASS, moved, tolerance),
        Check(f"{name}: mass, lumped", "tonne", MASS, 8 * float(lumped.sum()), tolerance),
        Check(f"{name}: moment of inertia, turning as one", "tonne·mm²", INERTIA, turned, 2 * tolerance),
    ]
    return checks


CASE = Case(
    title="Mass of a ball of cement",
    source="4/3 π r³, 2/5 m r²",
    status="closed form",
    quick=True,
    run=run,
)
