"""V49: a thick hollow sphere that yields from inside out, until it bears no more."""

import numpy as np

from femsim.analyses.loaded_body import LoadedBody
from femsim.fem.elasticity import Isotropic
from femsim.fem.forces import surface_pressure
from femsim.fem.geometry import integration_points
from femsim.fem.kernels.plastic_damage import KAPPA_C, KAPPA_T
from femsim.verification.case import Case, Check
from femsim.verification.shapes import graded, octant_shell
from femsim.verification.solid import held
from femsim.verification.yielding import kept, metal, pushed

INSIDE, OUTSIDE, FRONT = 10.0, 20.0, 15.0  # mm; FRONT: how far it has yielded
MODULUS, POISSON, STRENGTH = 17_000.0, 0.3, 100.0  # MPa, -, MPa


def pressure(front: float) -> float:
    """[MPa] under which the sphere has yielded so far [mm]; at the inside: first yield, at the outside: collapse."""
    return 2 * STRENGTH * (np.log(front / INSIDE) + (1 - (front / OUTSIDE) ** 3) / 3)


def moved(radius: float, front: float) -> float:
    """[mm] outwards."""
    outer = (front / OUTSIDE) ** 3
    if radius >= front:
        return (
            STRENGTH
            / MODULUS
            * radius
            * outer
            * (2 / 3 * (1 - 2 * POISSON) + (1 + POISSON) / 3 * (OUTSIDE / radius) ** 3)
        )
    spread = (1 - POISSON) * (front / radius) ** 3
    return STRENGTH / MODULUS * radius * (spread - 2 / 3 * (1 - 2 * POISSON) * (1 + 3 * np.log(front / radius) - outer))


def run() -> list[Check]:
    return _checks(across=8, along=6)


def _checks(across: int, along: int) -> list[Check]:
    mesh = octant_shell(graded(INSIDE, OUTSIDE, across, 2.0), along, curved=False)
    loads = surface_pressure(mesh, mesh.surface("inner"), 1.0)
    radius = np.linalg.norm(mesh.nodes, axis=1)
    # Over this size the force is the pressure times a constant, the travel what the cavity's face moves outwards.
    area = float((loads * mesh.nodes / radius[:, None]).sum())
    supports = held(mesh, x="x0", y="y0", z="z0")
    body = LoadedBody(mesh, Isotropic(MODULUS, POISSON), metal(mesh, STRENGTH), supports, loads, size=area)
    volume = body.breaking.weights
    # The stress that yields falls with the cube of the radius: every point tells of the face of the cavity.
    places = np.linalg.norm(integration_points(body.breaking.mesh), axis=2)
    ratio = np.average(body.yield_ratio() * (places / INSIDE) ** 3, weights=volume)
    steps = np.array([0.4, 0.6, 0.8, 1.0, 2.0, 4.0])
    states = pushed(body, steps * moved(INSIDE, FRONT))
    half, end = states[3], states[-1]
    # Sides are straight, so that the octant is not quite full: of a share of its volume the front still tells.
    yielded = volume[half.points[..., KAPPA_T] + half.points[..., KAPPA_C] > 0].sum() / volume.sum()
    front = np.cbrt(INSIDE**3 + yielded * (OUTSIDE**3 - INSIDE**3))
    outside = np.unique(mesh.surface("outer"))
    outwards = (half.u[outside] * mesh.nodes[outside] / radius[outside, None]).sum(axis=1).mean()
    return [
        Check("pressure of first yield", "MPa", pressure(INSIDE), 1 / ratio, 0.01),
        Check("radial displacement, cavity, as driven", "mm", moved(INSIDE, FRONT), half.travel, 1e-3),
        Check("pressure then", "MPa", pressure(FRONT), half.force / area, 0.01),
        Check("plastic front then", "mm", FRONT, front, 0.01),
        Check("radial displacement, outer face, then", "mm", moved(OUTSIDE, FRONT), outwards, 0.01),
        Check("pressure of collapse", "MPa", pressure(OUTSIDE), end.force / area, 0.02),
        Check("stored and dissipated over the work of the pressure", "-", 1.0, kept(states), 1e-9),
    ]


CASE = Case(
    title="Hollow sphere that yields under inner pressure, perfectly plastic, von Mises, TET10",
    source="Hill, The Mathematical Theory of Plasticity (1950), ch. V.2",
    status="closed form",
    quick=False,
    run=run,
)
