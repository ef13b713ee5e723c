"""V05: a turned and a mirrored problem have the turned and the mirrored answer."""

from dataclasses import replace

import numpy as np

from femsim.verification.case import Case, Check, worst_of
from femsim.verification.crooked import KINDS, METHODS, Answer, Body, answer, crooked_body, same, turned, with_places
from femsim.verification.hooke import six_of

# Corners 0 and 1 change places, and with them the nodes on their edges: a mirrored element is right-handed again.
SWAPPED = {4: [1, 0, 2, 3], 10: [1, 0, 2, 3, 4, 6, 5, 8, 7, 9]}


def run() -> list[Check]:
    turn, _ = np.linalg.qr(np.random.default_rng(0).standard_normal((3, 3)))
    turn *= np.sign(np.linalg.det(turn))
    return [
        check
        for kind in KINDS
        for word, matrix in (("turned", turn), ("mirrored", turn @ np.diag([-1.0, 1, 1])))
        for check in _checks(f"{kind}, {word}", crooked_body(kind), matrix)
    ]


def _checks(name: str, body: Body, matrix: np.ndarray) -> list[Check]:
    columns, points = slice(None), slice(None)
    if np.linalg.det(matrix) < 0:
        columns = SWAPPED[body.mesh.elements.shape[1]]
        # Integration point q of a TET10 lies near its corner q: it goes where the corner goes.
        points = SWAPPED[4] if body.mesh.order == 2 else [0]
    mesh = replace(
        body.mesh, nodes=body.mesh.nodes @ matrix.T + [3.0, -50.0, 7.0], elements=body.mesh.elements[:, columns]
    )
    material = with_places(turned(body.elasticity, matrix), slice(None), points)
    # Held nodes are held in all directions, whichever way they point.
    other = Body(mesh, material, body.held, body.loads @ matrix.T, _tensor(body.initial, matrix)[:, points])

    def with_method(method: str) -> list[Check]:
        plain = answer(body, method)
        expected = Answer(
            plain.displacements @ matrix.T, plain.reactions @ matrix.T, plain.energy,
            _tensor(plain.stress, matrix)[:, points],
        )  # fmt: skip
        return same(name, answer(other, method), expected)

    return worst_of(*map(with_method, METHODS))


def _tensor(values: np.ndarray, matrix: np.ndarray) -> np.ndarray:
    """(…, 6) the same tensors in a turned or mirrored frame."""
    return six_of(matrix @ values[..., [0, 3, 5, 3, 1, 4, 5, 4, 2]].reshape(*values.shape[:-1], 3, 3) @ matrix.T)


CASE = Case(
    title="The same body turned and mirrored",
    source="objectivity: u' = R u, σ' = R σ Rᵀ, energy unchanged",
    status="closed form",
    quick=True,
    run=run,
)
