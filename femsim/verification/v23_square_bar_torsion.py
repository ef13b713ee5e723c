"""V23: Saint-Venant torsion of a square bar whose ends may warp."""

import numpy as np

from femsim.fem.elasticity import Isotropic
from femsim.verification.case import Case, Check
from femsim.verification.mapped import mapped_box
from femsim.verification.solid import held, node_at, solve

SIDE, LENGTH = 10.0, 60.0  # mm
MODULUS, POISSON = 17_000.0, 0.3  # MPa, -
TORQUE = 5000.0  # N·mm


def exact() -> tuple[float, float]:
    """Twist [rad] and largest shear stress [MPa], by the series for a square."""
    k = np.arange(1, 200, 2)
    inertia = SIDE**4 / 3 * (1 - 192 / np.pi**5 * (np.tanh(k * np.pi / 2) / k**5).sum())
    slope = TORQUE / (MODULUS / (2 * (1 + POISSON)) * inertia)  # rad/mm
    peak = 1 - 8 / np.pi**2 * (1 / (k**2 * np.cosh(np.minimum(k * np.pi / 2, 300)))).sum()
    return slope * LENGTH, MODULUS / (2 * (1 + POISSON)) * slope * SIDE * peak


def run() -> list[Check]:
    return _checks(across=8, along=4)


def _checks(across: int, along: int) -> list[Check]:
    size = np.array([SIDE, SIDE, LENGTH])
    faces = ("left", "right", "below", "above", "bottom", "top")
    mesh = mapped_box((across, across, along), lambda p: (p - [0.5, 0.5, 0]) * size, faces)
    supports = held(mesh, x=("bottom", "top"), y=("bottom", "top"))
    supports[node_at(mesh, (0, 0, 0)), 2] = True
    turn = np.zeros((mesh.n_nodes, 3))
    top = np.unique(mesh.surface("top"))
    turn[top, 0], turn[top, 1] = -mesh.nodes[top, 1], mesh.nodes[top, 0]
    solved = solve(mesh, Isotropic(MODULUS, POISSON), supports, prescribed=turn)
    stiffness = (turn * solved.reactions).sum()  # N·mm per rad
    shear = solved.stress_at((SIDE / 2, 0, LENGTH / 2))[4]
    twist, peak = exact()
    return [
        Check("twist", "rad", twist, TORQUE / stiffness, 0.01),
        Check("largest shear stress", "MPa", peak, shear * TORQUE / stiffness, 0.03),
    ]


CASE = Case(
    title="Torsion of a square bar free to warp, 7 803 dof, TET10",
    source="Saint-Venant; Timoshenko & Goodier, Theory of Elasticity, 3rd ed. (1970), art. 109",
    status="closed form",
    quick=True,
    run=run,
)
