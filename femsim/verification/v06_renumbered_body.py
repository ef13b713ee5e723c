"""V06: numbering, node order within an element, the order and the company of loads do not change the answer."""

from dataclasses import replace

import numpy as np

from femsim.verification.case import Case, Check, worst_of
from femsim.verification.crooked import KINDS, METHODS, Body, answer, crooked_body, distance, same, with_places

# An even permutation of the corners, 0 → 1 → 2, and what it does to the nodes on the edges 01 12 02 03 13 23.
CORNERS = [1, 2, 0, 3]
MIDS = [5, 6, 4, 8, 9, 7]


def run() -> list[Check]:
    return [check for kind in KINDS for check in _checks(kind)]


def _checks(kind: str) -> list[Check]:
    body = crooked_body(kind)
    mesh, rng = body.mesh, np.random.default_rng(1)
    place = rng.permutation(mesh.n_nodes)  # new number of each node
    order = rng.permutation(mesh.n_elements)
    columns, points = (CORNERS, [0]) if mesh.order == 1 else (CORNERS + MIDS, CORNERS)
    nodes, held, loads = (np.empty_like(values) for values in (mesh.nodes, body.held, body.loads))
    nodes[place], held[place], loads[:, place] = mesh.nodes, body.held, body.loads
    elements = place[mesh.elements][order][:, columns]
    other = Body(
        replace(mesh, nodes=nodes, elements=elements, region_of=mesh.region_of[order]),
        with_places(body.elasticity, order, points), held, loads, body.initial[order][:, points],
    )  # fmt: skip
    exchanged = replace(body, loads=body.loads[::-1])
    alone = replace(body, loads=body.loads[1:])

    def with_method(method: str) -> list[Check]:
        plain, moved = answer(body, method), answer(other, method)
        back = replace(moved, displacements=moved.displacements[:, place], reactions=moved.reactions[:, place])
        u = plain.displacements
        swapped, single = (answer(b, method).displacements for b in (exchanged, alone))
        return [
            *same(f"{kind}, renumbered", back, replace(plain, stress=plain.stress[order][:, points])),
            *(
                Check(f"{kind}, {word}: displacements, share of the largest", "-", 0.0, far, 1e-9, absolute=True)
                for word, far in (
                    ("loads exchanged", distance(swapped[::-1], u)),
                    ("one load alone", distance(single[0], u[1])),
                )
            ),
        ]

    return worst_of(*map(with_method, METHODS))


CASE = Case(
    title="The same body in another numbering, its loads in another order and one by one",
    source="the answer belongs to the body, not to its description",
    status="closed form",
    quick=True,
    run=run,
)
