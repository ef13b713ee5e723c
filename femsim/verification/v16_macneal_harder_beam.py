"""V16: the slender straight beam of MacNeal and Harder, pulled, bent both ways and twisted at its tip."""

import numpy as np

from femsim.analyses.static import prepare_static
from femsim.fem.elasticity import Isotropic
from femsim.fem.forces import surface_traction
from femsim.mesh.mesh import Mesh
from femsim.verification.case import Case, Check
from femsim.verification.mapped import mapped_box
from femsim.verification.solid import held

LENGTH, DEPTH, THICKNESS = 6.0, 0.2, 0.1  # along x, y, z
BEAM = Isotropic(1e7, 0.3)


def run() -> list[Check]:
    return _checks(along=60, deep=4, thick=2)


def _checks(along: int, deep: int, thick: int) -> list[Check]:
    size = np.array([LENGTH, DEPTH, THICKNESS])
    faces = ("root", "tip", "below", "above", "back", "front")
    mesh = mapped_box((along, deep, thick), lambda p: (p - [0, 0.5, 0.5]) * size, faces)
    supports = held(mesh, x="root", y="root", z="root")
    pulls = np.eye(3) / (DEPTH * THICKNESS)
    loads = np.array([surface_traction(mesh, mesh.surface("tip"), pull) for pull in pulls])
    u = prepare_static(mesh, BEAM, supports, n_rhs=3).solve(loads).displacements
    tip = np.unique(mesh.surface("tip"))
    moved = [u[k, tip, k].mean() for k in range(3)]
    return [
        Check("extension under a unit pull", "mm", 3e-5, moved[0], 0.01),
        Check("deflection in the plane", "mm", 0.1081, moved[1], 0.01),
        Check("deflection out of the plane", "mm", 0.4321, moved[2], 0.01),
        # A clamp lets no section warp, which stiffens 6 mm of beam by about 0.4 %.
        Check("twist by a unit torque, warping free in theory", "rad", _twist(), _turn_by_unit_torque(mesh, tip), 0.03),
    ]


def _turn_by_unit_torque(mesh: Mesh, tip: np.ndarray) -> float:
    """The tip section turns as a whole and may warp: the torque that takes."""
    supports = held(mesh, x="root", y=("root", "tip"), z=("root", "tip"))
    turn = np.zeros((mesh.n_nodes, 3))
    turn[tip, 1], turn[tip, 2] = -mesh.nodes[tip, 2], mesh.nodes[tip, 1]
    problem = prepare_static(mesh, BEAM, supports)
    reactions = problem.solve(np.zeros_like(turn), prescribed=turn).reactions[0]
    return 1 / (turn * reactions).sum()


def _twist() -> float:
    """Angle of Saint-Venant torsion of the 2:1 rectangle, J = 0.2287 b t³."""
    modulus, poisson = float(BEAM.youngs_modulus), float(BEAM.poissons_ratio)
    return LENGTH / (modulus / (2 * (1 + poisson)) * 0.2287 * DEPTH * THICKNESS**3)


CASE = Case(
    title="Straight beam of MacNeal and Harder, 6 × 0.2 × 0.1, 16 335 dof, TET10",
    source="MacNeal & Harder, Finite Elem. Anal. Des. 1 (1985) 3-20; twist: Timoshenko & Goodier (1970), art. 109",
    status="published",
    quick=True,
    run=run,
)
