"""V09: Betti's theorem, the symmetry of the stiffness and its positive definiteness once the body is held."""

import numpy as np

from femsim.analyses.static import solve_static
from femsim.fem.assembly import stiffness
from femsim.verification.case import Case, Check
from femsim.verification.crooked import KINDS, METHODS, crooked_body


def run() -> list[Check]:
    return [check for kind in KINDS for check in _checks(kind)]


def _checks(kind: str) -> list[Check]:
    body = crooked_body(kind)
    matrix = stiffness(body.mesh, body.elasticity).toarray()
    skew = np.abs(matrix - matrix.T).max() / np.abs(matrix).max()
    free = ~body.held.ravel()
    definite = _has_cholesky_factor(matrix[np.ix_(free, free)])
    checks = [
        Check(f"{kind}: asymmetry of K, share of its largest entry", "-", 0.0, skew, 1e-14, absolute=True),
        Check(f"{kind}, held: K has a Cholesky factor (1: yes)", "-", 1, int(definite), 0),
    ]
    for method in METHODS:
        u = solve_static(body.mesh, body.elasticity, body.held, body.loads, rtol=1e-12, method=method).displacements
        first, second = np.vdot(body.loads[0], u[1]), np.vdot(body.loads[1], u[0])
        checks.append(Check(f"{kind}, {method}: f₂·u₁ against f₁·u₂", "N·mm", first, second, 1e-9))
    return checks


def _has_cholesky_factor(matrix: np.ndarray) -> bool:
    try:
        np.linalg.cholesky(matrix)
    except np.linalg.LinAlgError:
        return False
    return True


CASE = Case(
    title="Reciprocity of two random loads",
    source="Betti's theorem",
    status="closed form",
    quick=True,
    run=run,
)
