"""V57: natural frequencies of a cantilever, and of a bar that moves along its axis alone."""

import numpy as np

from femsim.fem.assembly import stiffness
from femsim.fem.elasticity import Isotropic
from femsim.fem.mass import mass
from femsim.mesh.mesh import Mesh
from femsim.verification.case import Case, Check
from femsim.verification.mapped import mapped_box
from femsim.verification.solid import held

LENGTH, SIDE = 100.0, 10.0  # mm
MODULUS, POISSON, DENSITY = 70_000.0, 0.3, 2.7e-9  # MPa, -, tonne/mm³
TORSION = 0.1405770 * 6  # torsion constant of a square over its polar moment of area; Timoshenko & Goodier, art. 109
CLAMPED_FREE = 1.8751040687  # first root of cos x cosh x = -1


def run() -> list[Check]:
    return _checks(along=16, across=4)


def _checks(along: int, across: int) -> list[Check]:
    mesh = _mesh(along, across)
    beam = _frequencies(mesh, POISSON, held(mesh, x="root", y="root", z="root"), 6)
    # Without contraction and with its sides guided, the bar knows waves along its axis alone.
    sides = ("root", "y0", "y1", "z0", "z1")
    mesh = _mesh(along, 1)
    bar = _frequencies(mesh, 0.0, held(mesh, x="root", y=sides, z=sides), 3)
    speed = np.sqrt(MODULUS / DENSITY)
    euler = CLAMPED_FREE**2 / (2 * np.pi * LENGTH**2) * speed * SIDE / np.sqrt(12)
    torsion = np.sqrt(TORSION / 2 / (1 + POISSON)) * speed / (4 * LENGTH)
    checks = [
        Check("first bending, by Euler's slender beam", "Hz", euler, beam[:2].mean(), 0.01),
        Check("first bending pair", "Hz", 821.2, beam[:2].mean(), 0.003),
        Check("second bending pair", "Hz", 4930.5, beam[2:4].mean(), 0.003),
        # Other codes with two cells across say 7396 Hz: refined, that falls to 7267, just above Saint-Venant's rod.
        Check("torsion, by the rod that is free to warp", "Hz", torsion, beam[4], 0.01),
        Check("along the axis", "Hz", 12772.0, beam[5], 0.003),
    ]
    for k, found in enumerate(bar):
        name = ("first", "second", "third")[k]
        checks.append(Check(f"{name} of a guided bar", "Hz", (2 * k + 1) * speed / (4 * LENGTH), found, 0.003))
    return checks


def _mesh(along: int, across: int) -> Mesh:
    faces = ("root", "tip", "y0", "y1", "z0", "z1")
    return mapped_box((along, across, across), lambda p: p * [LENGTH, SIDE, SIDE], faces)


def _frequencies(mesh: Mesh, poisson: float, supports: np.ndarray, n: int) -> np.ndarray:
    """(n,) lowest [Hz]."""
    from scipy.sparse.linalg import LinearOperator, eigsh, splu

    free = np.flatnonzero(~supports.ravel())
    k = stiffness(mesh, Isotropic(MODULUS, poisson)).tocsc()[free][:, free]
    m = mass(mesh, DENSITY).tocsc()[free][:, free]
    # eigsh alone would factorise as if K were not symmetric, which takes five times as long.
    factors = splu(k, permc_spec="MMD_AT_PLUS_A", diag_pivot_thresh=0.0, options={"SymmetricMode": True})
    inverse = LinearOperator(k.shape, factors.solve, dtype=float)
    squares = eigsh(k, k=n, M=m, sigma=0.0, OPinv=inverse, return_eigenvectors=False, v0=np.ones(len(free)))
    return np.sqrt(np.sort(squares)) / (2 * np.pi)


CASE = Case(
    title="Cantilever 100 × 10 × 10 and guided bar, consistent mass, 8 019 dof, TET10",
    source="Euler-Bernoulli beam and rod; solid: an independent finite-element code",
    status="independent code",
    quick=True,
    run=run,
)
