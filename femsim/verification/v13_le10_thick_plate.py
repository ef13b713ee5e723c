"""V13: NAFEMS LE10, a thick plate between two ellipses under pressure."""

import numpy as np

from femsim.fem.elasticity import Isotropic
from femsim.fem.forces import surface_pressure
from femsim.mesh.mesh import Mesh
from femsim.verification.case import Case, Check
from femsim.verification.nafems import SOURCE, STEEL, D, elliptic_plate
from femsim.verification.solid import held, solve

PRESSURE = 1.0  # MPa
TOP = 300.0  # mm


def run() -> list[Check]:
    return _checks(across=8, along=12, through=6)


def _checks(across: int, along: int, through: int) -> list[Check]:
    mesh = elliptic_plate(across, along, np.linspace(-TOP, TOP, through + 1), ratio=5.0)
    loads = surface_pressure(mesh, mesh.surface("top"), PRESSURE)
    solved = solve(mesh, Isotropic(*STEEL), _supports(mesh), loads)
    return [Check("σyy at D, on the loaded face", "MPa", -5.38, solved.stress_at((*D, TOP))[1], 0.02)]


def _supports(mesh: Mesh) -> np.ndarray:
    """Symmetry; the outer face held in the plane, and its middle line across it too."""
    supports = held(mesh, x=("x0", "outer"), y=("y0", "outer"))
    rim = np.unique(mesh.surface("outer"))
    supports[rim[np.abs(mesh.nodes[rim, 2]) < 1e-6 * TOP], 2] = True
    return supports


CASE = Case(
    title="NAFEMS LE10: thick elliptic plate under pressure, 16 575 dof, curved TET10",
    source=f"{SOURCE}, test LE10",
    status="published",
    quick=True,
    run=run,
)
