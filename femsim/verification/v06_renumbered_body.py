"""V06: numbering, node order within an element, the order and the company of loads do not change the answer."""

from dataclasses import replace

import numpy as np

from femsim.analyses.static import solve_static
from femsim.verification.case import Case, Check, worst_of
from femsim.verification.crooked import KINDS, METHODS, crooked_body, distance, with_places

# An even permutation of the corners, 0 → 1 → 2, and what it does to the nodes on the edges 01 12 02 03 13 23.
CORNERS = [1, 2, 0, 3]
MIDS = [5, 6, 4, 8, 9, 7]


def run() -> list[Check]:
    return [check for kind in KINDS for check in _checks(kind)]


def _checks(kind: str) -> list[Check]:
    body = crooked_body(kind)
    mesh, elasticity, held, loads = body.mesh, body.elasticity, body.held, body.loads
    rng = np.random.default_rng(1)
    place = rng.permutation(mesh.n_nodes)  # new number of each node
    order = rng.permutation(mesh.n_elements)
    nodes, new_held, new_loads = (np.empty_like(values) for values in (mesh.nodes, held, loads))
    nodes[place], new_held[place], new_loads[:, place] = mesh.nodes, held, loads
    columns = CORNERS if mesh.order == 1 else CORNERS + MIDS
    other = replace(
        mesh, nodes=nodes, elements=place[mesh.elements][order][:, columns], region_of=mesh.region_of[order]
    )
    points = CORNERS if mesh.order == 2 else [0]
    moduli = with_places(elasticity, order, points)

    def with_method(method: str) -> list[Check]:
        plain = solve_static(mesh, elasticity, held, loads, rtol=1e-12, method=method).displacements
        renumbered = solve_static(other, moduli, new_held, new_loads, rtol=1e-12, method=method).displacements[:, place]
        swapped = solve_static(mesh, elasticity, held, loads[::-1], rtol=1e-12, method=method).displacements[::-1]
        alone = solve_static(mesh, elasticity, held, loads[1], rtol=1e-12, method=method).displacements[0]
        return [
            Check(f"{kind}, {word}: displacement, share of the largest", "-", 0.0, far, 1e-9, absolute=True)
            for word, far in (
                ("renumbered", distance(renumbered, plain)),
                ("loads exchanged", distance(swapped, plain)),
                ("one load alone", distance(alone, plain[1])),
            )
        ]

    return worst_of(*map(with_method, METHODS))


CASE = Case(
    title="The same body in another numbering, its loads in another order and one by one",
    source="the answer belongs to the body, not to its description",
    status="closed form",
    quick=True,
    run=run,
)
