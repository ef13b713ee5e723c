"""V03: TET10 with straight sides carries pure bending exactly, on a distorted mesh."""

import numpy as np

from femsim.analyses.static import prepare_static
from femsim.fem.elasticity import Isotropic
from femsim.fem.geometry import integration_points
from femsim.fem.recovery import nodal_average, strain, stress
from femsim.fem.sample import box_mesh
from femsim.verification.boundary import on_surface
from femsim.verification.case import Case, Check
from femsim.verification.crooked import distance

MODULUS, POISSON, RADIUS = 17000.0, 0.3, 1000.0
SIZE = (10.0, 8.0, 12.0)  # mm


def run() -> list[Check]:
    mesh = box_mesh((3, 3, 3), SIZE, order=2, distortion=0.1)
    x, y, z = mesh.nodes.T
    exact = np.column_stack([x * z, -POISSON * y * z, -(x**2 + POISSON * (z**2 - y**2)) / 2]) / RADIUS
    held = np.repeat(on_surface(mesh)[:, None], 3, axis=1)
    elasticity = Isotropic(MODULUS, POISSON)
    problem = prepare_static(mesh, elasticity, held)
    u = problem.solve(np.zeros((mesh.n_nodes, 3)), prescribed=exact).displacements[0]
    found = stress(strain(mesh, u), elasticity)
    height = integration_points(mesh)[..., 2]
    top = np.unravel_index(np.argmax(height), height.shape)
    largest = MODULUS * SIZE[2] / RADIUS
    averages = nodal_average(mesh, found).of_region(0, mesh.n_nodes)[:, 0]
    at_nodes = np.abs(averages - MODULUS * z / RADIUS).max() / largest
    others = np.abs(found[..., 1:]).max() / largest
    slope = np.abs(found[..., 0] - MODULUS * height / RADIUS).max() / largest
    return [
        Check("displacement, share of the largest", "-", 0.0, distance(u, exact), 1e-9, absolute=True),
        Check("bending stress at the highest point", "MPa", MODULUS * height[top] / RADIUS, found[*top, 0], 1e-9),
        Check("bending stress, worst point, share of the largest", "-", 0.0, slope, 1e-9, absolute=True),
        Check("bending stress averaged to nodes, worst, share of the largest", "-", 0.0, at_nodes, 1e-9, absolute=True),
        Check("all other stresses, share of the largest", "-", 0.0, others, 1e-9, absolute=True),
    ]


CASE = Case(
    title="Pure bending of a distorted TET10 mesh, motion prescribed on the surface",
    source="Timoshenko & Goodier, Theory of Elasticity, 3rd ed. (1970), art. 102: u = xz/R, v = -ν yz/R, …; σ = E z/R",
    status="closed form",
    quick=True,
    run=run,
)
