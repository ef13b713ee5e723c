"""V28: a bar whose stiffness grows along it, sampled once per element or at every integration point."""

import numpy as np

from femsim.fem.elasticity import Isotropic
from femsim.fem.forces import surface_traction
from femsim.fem.geometry import centroids, integration_points
from femsim.verification.case import Case, Check
from femsim.verification.mapped import mapped_box
from femsim.verification.solid import held, solve

LENGTH, SOFTEST, GROWTH = 50.0, 1000.0, 2.0  # mm; MPa at z = 0; E = SOFTEST exp(GROWTH z/LENGTH); Poisson's ratio 0
STRESS = 10.0  # MPa
EXACT = STRESS * LENGTH / (SOFTEST * GROWTH) * (1 - np.exp(-GROWTH))  # mm


def run() -> list[Check]:
    return _checks(cells=20)


def _checks(cells: int) -> list[Check]:
    checks = []
    for order, element in ((1, "TET4"), (2, "TET10")):
        for sampled, at_points in (("at centroids", False), ("at integration points", True)):
            coarse, fine = (_lengthening(order, n, at_points) for n in (cells // 2, cells))
            rate = np.log2(abs(coarse / EXACT - 1) / abs(fine / EXACT - 1))
            name = f"{element}, E {sampled}"
            if order == 2 and at_points:  # neither element nor stiffness is of low order here: far better than h²
                checks.append(Check(f"{name}: lengthening", "mm", EXACT, fine, 1e-6))
            else:
                checks.append(Check(f"{name}: lengthening", "mm", EXACT, fine, 1e-3))
                checks.append(Check(f"{name}: order of the error", "-", 2, rate, 0.15, absolute=True))
    return checks


def _lengthening(order: int, cells: int, at_points: bool) -> float:
    faces = ("x0", "x1", "y0", "y1", "bottom", "top")
    mesh = mapped_box((1, 1, cells), lambda p: p * [1, 1, LENGTH], faces, order=order)
    height = (integration_points(mesh) if at_points else centroids(mesh)[:, None])[..., 2]
    elasticity = Isotropic(SOFTEST * np.exp(GROWTH * height / LENGTH), 0.0)
    pull = surface_traction(mesh, mesh.surface("top"), np.array([0, 0, STRESS]))
    solved = solve(mesh, elasticity, held(mesh, x="x0", y="y0", z="bottom"), pull)
    return (pull * solved.u).sum() / pull.sum()  # mean over the end face, as the load sees it


CASE = Case(
    title="Bar whose stiffness grows e² times along it, 10 and 20 cells, TET4 and TET10",
    source="∫ σ/E dz of E = E₀ exp(2z/L)",
    status="closed form",
    quick=True,
    run=run,
)
