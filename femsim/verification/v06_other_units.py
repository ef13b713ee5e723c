"""V06: the same body described in metres, newtons and pascals has the same answer in other numbers."""

from dataclasses import replace

import numpy as np

from femsim.analyses.static import solve_static
from femsim.fem.recovery import strain, stress
from femsim.verification.case import Case, Check, worst_of
from femsim.verification.crooked import KINDS, METHODS, crooked_body, distance, with_moduli_times


def run() -> list[Check]:
    return [check for kind in KINDS for check in _checks(kind)]


def _checks(kind: str) -> list[Check]:
    body = crooked_body(kind)
    metres = replace(body.mesh, nodes=1e-3 * body.mesh.nodes)
    pascals = with_moduli_times(body.elasticity, 1e6)
    foot = np.flatnonzero(body.held.all(axis=1))  # the same supports, as a list of nodes

    def with_method(method: str) -> list[Check]:
        plain = solve_static(body.mesh, body.elasticity, body.held, body.loads, rtol=1e-12, method=method)
        other = solve_static(metres, pascals, foot, body.loads, rtol=1e-12, method=method)
        first = stress(strain(body.mesh, plain.displacements[0]), body.elasticity)
        second = 1e-6 * stress(strain(metres, other.displacements[0]), pascals)
        far = distance(1e3 * other.displacements, plain.displacements)
        return [
            Check(f"{kind}: displacement, share of the largest", "-", 0.0, far, 1e-9, absolute=True),
            Check(f"{kind}: stress, share of the largest", "-", 0.0, distance(second, first), 1e-9, absolute=True),
            Check(f"{kind}: strain energy", "N·mm", plain.energy[0], 1e3 * other.energy[0], 1e-9),
        ]

    return worst_of(*map(with_method, METHODS))


CASE = Case(
    title="The same body in mm, N, MPa and in m, N, Pa",
    source="tolerances have no unit",
    status="closed form",
    quick=True,
    run=run,
)
