"""V30: a column of bone inside a tube of metal, pressed together between plates: how much the bone carries."""

import numpy as np

from femsim.fem.elasticity import Isotropic
from femsim.verification.case import Case, Check
from femsim.verification.mapped import joined
from femsim.verification.shapes import quarter_rod, quarter_tube
from femsim.verification.solid import held, solve

CORE, OUTSIDE, LENGTH = 20.0, 25.0, 50.0  # mm
BONE, METAL, POISSON = 1000.0, 210_000.0, 0.3  # MPa, MPa, -
SHORTENING = 0.05  # mm


def run() -> list[Check]:
    return _checks(along_arc=4, height=4)


def _checks(along_arc: int, height: int) -> list[Check]:
    planes = np.linspace(0, LENGTH, height + 1)
    core = quarter_rod(CORE, planes, along_arc, 2, "seam", region="bone")
    mesh = joined([core, quarter_tube(np.array([CORE, OUTSIDE]), planes, along_arc, ("seam", "outer"), region="metal")])
    pressed = np.zeros((mesh.n_nodes, 3))
    top = np.unique(mesh.surface("top"))
    pressed[top, 2] = -SHORTENING
    supports = held(mesh, x="x0", y="y0", z=("bottom", "top"))
    elasticity = Isotropic(np.where(mesh.in_region("bone"), BONE, METAL), POISSON)
    solved = solve(mesh, elasticity, supports, prescribed=pressed)
    bone, metal = BONE * CORE**2, METAL * (OUTSIDE**2 - CORE**2)
    force = np.pi / 4 * (bone + metal) * SHORTENING / LENGTH
    areas = np.pi / 4 * np.array([CORE**2, OUTSIDE**2 - CORE**2])
    carried = areas * [solved.mean_stress(name)[2] for name in ("bone", "metal")]
    return [
        Check("share of the force in the bone", "-", bone / (bone + metal), carried[0] / carried.sum(), 0.01),
        Check("force on a quarter of the column", "N", -force, solved.reactions[top, 2].sum(), 0.01),
    ]


CASE = Case(
    title="Bone in a metal tube between plates, 4 941 dof, curved TET10",
    source="Springs in parallel: E A of each over their sum",
    status="closed form",
    quick=True,
    run=run,
)
