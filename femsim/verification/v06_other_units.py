"""V06: the same body described in metres, newtons and pascals has the same answer in other numbers."""

from dataclasses import replace

import numpy as np

from femsim.verification.case import Case, Check, worst_of
from femsim.verification.crooked import KINDS, METHODS, Answer, answer, crooked_body, same, with_moduli_times


def run() -> list[Check]:
    return [check for kind in KINDS for check in _checks(kind)]


def _checks(kind: str) -> list[Check]:
    body = crooked_body(kind)
    other = replace(
        body,
        mesh=replace(body.mesh, nodes=1e-3 * body.mesh.nodes),
        elasticity=with_moduli_times(body.elasticity, 1e6),
        held=np.flatnonzero(body.held.all(axis=1)),  # the same supports, as a list of nodes
    )

    def with_method(method: str) -> list[Check]:
        found = answer(other, method)
        back = Answer(1e3 * found.displacements, found.reactions, 1e3 * found.energy, 1e-6 * found.stress)
        return same(kind, back, answer(body, method))

    return worst_of(*map(with_method, METHODS))


CASE = Case(
    title="The same body in mm, N, MPa and in m, N, Pa",
    source="tolerances have no unit",
    status="closed form",
    quick=True,
    run=run,
)
