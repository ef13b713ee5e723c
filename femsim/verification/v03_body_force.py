"""V03: a body force does the right work on every motion elements can follow; TET10 follows a quadratic one."""

import numpy as np

from femsim.analyses.static import prepare_static
from femsim.fem.elasticity import Isotropic
from femsim.fem.forces import body_force
from femsim.fem.geometry import integration_points
from femsim.fem.sample import box_mesh
from femsim.verification import hooke
from femsim.verification.boundary import on_surface
from femsim.verification.case import Case, Check
from femsim.verification.crooked import distance

LENGTHS = np.array([2.0, 3.0, 4.0])  # mm
MODULUS, POISSON = 17000.0, 0.3
# u_i = QUADRATIC[i, j, k] x_j x_k; no numbers are equal, so that no two directions can be exchanged unnoticed.
QUADRATIC = 1e-4 * np.random.default_rng(5).uniform(-1, 1, (3, 3, 3))


def run() -> list[Check]:
    return [*_work("TET4", 1, 1), *_work("TET10", 2, 2), _quadratic_motion()]


def _work(name: str, order: int, power: int) -> list[Check]:
    """Work of the force density f_i = 1 + x + 2 y + 3 z [N/mm³] on the motions u_i = z^power."""
    mesh = box_mesh((2, 3, 3), LENGTHS, order=order, distortion=0.1)
    density = 1 + integration_points(mesh) @ [1.0, 2, 3] if order == 2 else None
    x, y, z = LENGTHS
    plain = x * y * z ** (power + 1) / (power + 1)  # ∫ z^p
    if order == 1:  # one point per element: uniform within each
        forces, work = body_force(mesh, np.ones(3)), plain
    else:
        forces = body_force(mesh, np.repeat(density[..., None], 3, axis=-1))
        work = (1 + x / 2 + y) * plain + 3 * x * y * z ** (power + 2) / (power + 2)
    motion = mesh.nodes[:, 2] ** power
    return [
        Check(f"{name}: work of a force along {axis}", "N·mm", work, motion @ forces[:, k], 1e-10)
        for k, axis in enumerate("xyz")
    ]


def _quadratic_motion() -> Check:
    mesh = box_mesh((2, 3, 3), LENGTHS, order=2, distortion=0.1)
    exact = np.einsum("ijk,nj,nk->ni", QUADRATIC, mesh.nodes, mesh.nodes)
    second = QUADRATIC + QUADRATIC.transpose(0, 2, 1)  # ∂²u_i/∂x_j∂x_k
    force = -np.einsum("ijkl,kjl->i", hooke.isotropic(MODULUS, POISSON), second)
    held = np.repeat(on_surface(mesh)[:, None], 3, axis=1)
    problem = prepare_static(mesh, Isotropic(MODULUS, POISSON), held)
    u = problem.solve(body_force(mesh, force), prescribed=exact, rtol=1e-12).displacements[0]
    name = "TET10: displacement under a uniform force, share of the largest"
    return Check(name, "-", 0.0, distance(u, exact), 1e-9, absolute=True)


CASE = Case(
    title="Body forces on a distorted mesh",
    source="∫ f·u over a box; for a quadratic motion f = -div σ is uniform",
    status="closed form",
    quick=True,
    run=run,
)
