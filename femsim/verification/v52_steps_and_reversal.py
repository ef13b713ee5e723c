"""V52: where a yielding body ends does not depend on the number of steps that lead there, nor on the way back."""

import numpy as np

from femsim.analyses.loaded_body import LoadedBody
from femsim.fem.elasticity import Isotropic
from femsim.fem.forces import surface_pressure
from femsim.fem.kernels.plastic_damage import KAPPA_C, KAPPA_T
from femsim.verification.case import Case, Check
from femsim.verification.shapes import graded, octant_shell
from femsim.verification.solid import held
from femsim.verification.yielding import State, kept, metal, pushed

INSIDE, OUTSIDE = 10.0, 20.0  # mm
MODULUS, POISSON, STRENGTH, HARDENING = 15_000.0, 0.3, 90.0, 600.0  # MPa, -, MPa, MPa: the metal of V45
FAR = 8.0  # times the travel at which it yields first: through to its outer face
STEPS = (5, 50)


def run() -> list[Check]:
    return _checks(across=4, along=3)


def _checks(across: int, along: int) -> list[Check]:
    mesh = octant_shell(graded(INSIDE, OUTSIDE, across, 2.0), along, curved=False)
    loads = surface_pressure(mesh, mesh.surface("inner"), 1.0)
    supports = held(mesh, x="x0", y="y0", z="z0")
    outside = np.unique(mesh.surface("outer"))

    def ends(n: int) -> tuple[list[State], list[State]]:
        """States on the way out, and on the way out and back beyond where it came from, in n steps each."""
        body = LoadedBody(
            mesh, Isotropic(MODULUS, POISSON), metal(mesh, STRENGTH, HARDENING), supports, loads, size=1.0
        )
        far = FAR * body.linear_travel / float(body.yield_ratio().max())
        out = pushed(body, far * np.arange(1, n + 1) / n)
        return out, out + pushed(body, far * (1 - 2 * np.arange(1, n + 1) / n), out[-1])

    few, many = (ends(n) for n in STEPS)
    checks = []
    for k, where in enumerate(("loaded", "reversed")):
        one, other = few[k][-1], many[k][-1]
        moved = (np.linalg.norm(state.u[outside], axis=1).mean() for state in (other, one))
        checks += [
            Check(f"pressure, {where}, {STEPS[0]} steps", "MPa", other.force, one.force, 2e-3),
            Check(f"mean plastic strain, {where}, {STEPS[0]} steps", "-", _plastic(other), _plastic(one), 2e-3),
            Check(f"displacement of the outer face, {where}, {STEPS[0]} steps", "mm", *moved, 2e-3),
        ]
    name = "stored and dissipated over the work of the pressure"
    return checks + [Check(f"{name}, {n} steps", "-", 1.0, kept(way[1]), 1e-9) for n, way in zip(STEPS, (few, many))]


def _plastic(state: State) -> float:
    return float((state.points[..., KAPPA_T] + state.points[..., KAPPA_C]).mean())


CASE = Case(
    title="Hollow sphere that yields and hardens, loaded and reversed in 5 and in 50 steps, von Mises, TET10",
    source="The same in 50 steps; the first law",
    status="closed form",
    quick=False,
    run=run,
)
