"""V05: a turned and a mirrored problem have the turned and the mirrored answer."""

from dataclasses import replace

import numpy as np

from femsim.analyses.static import solve_static
from femsim.fem.recovery import strain, stress, von_mises
from femsim.verification.case import Case, Check, worst_of
from femsim.verification.crooked import KINDS, METHODS, Body, crooked_body, distance, turned, with_places

# An even exchange of corners 0 and 1 with the mid nodes that follow them: what mirroring does to an element.
MIRRORED = {4: [1, 0, 2, 3], 10: [1, 0, 2, 3, 4, 6, 5, 8, 7, 9]}


def run() -> list[Check]:
    return [check for kind in KINDS for check in _checks(kind)]


def _checks(kind: str) -> list[Check]:
    body = crooked_body(kind)
    turn, _ = np.linalg.qr(np.random.default_rng(0).standard_normal((3, 3)))
    turn *= np.sign(np.linalg.det(turn))
    mirror = turn @ np.diag([-1.0, 1, 1])
    checks = []
    for word, matrix in (("turned", turn), ("mirrored", mirror)):
        other = _moved(body, matrix)
        checks += worst_of(*(_against(f"{kind}, {word}", body, other, matrix, method) for method in METHODS))
    return checks


def _moved(body: Body, matrix: np.ndarray) -> Body:
    mesh = body.mesh
    nodes = mesh.nodes @ matrix.T + [3.0, -50.0, 7.0]
    elements = mesh.elements
    if np.linalg.det(matrix) < 0:
        elements = elements[:, MIRRORED[elements.shape[1]]]
    material = turned(body.elasticity, matrix)
    if np.linalg.det(matrix) < 0 and mesh.order == 2:
        # Integration point q of an element lies near its corner q: it goes where the corner goes.
        material = with_places(material, slice(None), MIRRORED[4])
    # Held nodes are held in all directions, whichever way they point.
    return Body(replace(mesh, nodes=nodes, elements=elements), material, body.held, body.loads @ matrix.T)


def _against(name: str, body: Body, other: Body, matrix: np.ndarray, method: str) -> list[Check]:
    plain, moved = (
        solve_static(b.mesh, b.elasticity, b.held, b.loads, rtol=1e-12, method=method) for b in (body, other)
    )
    u, v = plain.displacements, moved.displacements
    stresses = []
    for b, w in ((body, u[0]), (other, v[0])):
        stresses.append(np.sort(von_mises(stress(strain(b.mesh, w), b.elasticity)), axis=1))
    return [
        Check(f"{name}: displacement, share of the largest", "-", 0.0, distance(v, u @ matrix.T), 1e-9, absolute=True),
        Check(f"{name}: von Mises stress, share of the largest", "-", 0.0, distance(*stresses), 1e-9, absolute=True),
        Check(f"{name}: strain energy", "N·mm", plain.energy[0], moved.energy[0], 1e-9),
    ]


CASE = Case(
    title="The same body turned and mirrored",
    source="objectivity: u' = R u, scalars unchanged",
    status="closed form",
    quick=True,
    run=run,
)
