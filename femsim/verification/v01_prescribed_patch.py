"""V01: a linear motion prescribed on the surface of a distorted patch gives the same stress everywhere."""

import numpy as np

from femsim.analyses.static import prepare_static
from femsim.fem.elasticity import Isotropic
from femsim.fem.recovery import strain, stress
from femsim.verification.boundary import on_surface
from femsim.verification.case import Case, Check, furthest
from femsim.verification.patch import GRADIENT, SOURCE, patch_mesh

ELASTICITY = Isotropic(1e6, 0.25)
NORMAL, SHEAR = 2000.0, 400.0  # MPa; SOURCE


def run() -> list[Check]:
    return [check for order in (1, 2) for check in _checks(order)]


def _checks(order: int) -> list[Check]:
    mesh = patch_mesh(order)
    exact = mesh.nodes @ GRADIENT.T
    held = np.repeat(on_surface(mesh)[:, None], 3, axis=1)
    problem = prepare_static(mesh, ELASTICITY, held)
    u = problem.solve(np.zeros((mesh.n_nodes, 3)), prescribed=exact).displacements[0]
    found = stress(strain(mesh, u), ELASTICITY)
    element = f"TET{4 if order == 1 else 10}"
    return [
        Check(f"{element}: displacement, worst node", "mm", 0.0, np.abs(u - exact).max(), 2e-13, absolute=True),
        Check(f"{element}: normal stress, worst point", "MPa", NORMAL, furthest(found[..., :3], NORMAL), 1e-10),
        Check(f"{element}: shear stress, worst point", "MPa", SHEAR, furthest(found[..., 3:], SHEAR), 1e-10),
    ]


CASE = Case(
    title="Patch test, linear motion prescribed on the surface",
    source=SOURCE,
    status="published",
    quick=True,
    run=run,
)
