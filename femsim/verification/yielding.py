"""What cases of yielding share: a metal that yields, and a body that is pushed from travel to travel."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from femsim.analyses.loaded_body import LoadedBody
from femsim.errors import ConvergenceError
from femsim.fem.geometry import integration_weights
from femsim.fem.plastic_damage import PlasticDamage
from femsim.mesh.mesh import Mesh
from femsim.solvers.newton import Diverged, Newton


@dataclass(frozen=True)
class State:
    """A body in balance.

    force [N], travel [mm] : of the load along itself.
    u : (n, 3) [mm] in the numbers of the mesh. points : (e, q, STATE) in the order of `body.breaking`.
    stored, lost [N·mm] : elastic energy, and what was dissipated since the start.
    norms : of the residuals of the last iterations over the load.
    """

    force: float
    travel: float
    u: np.ndarray
    points: np.ndarray
    stored: float
    lost: float
    norms: tuple[float, ...]


def metal(mesh: Mesh, strength, hardening: float = 0.0) -> PlasticDamage:
    """What yields by von Mises at a strength [MPa], a number or (e,), and is never damaged."""
    shape = integration_weights(mesh).shape
    both = np.broadcast_to(np.reshape(strength, (-1, 1)), shape)
    endless, none = np.full(shape, np.inf), np.zeros(shape)
    return PlasticDamage(both, both, endless, endless, none + 1.0, none + hardening, none + 1.0)


def pushed(body: LoadedBody, travels: Iterable[float], start: State | None = None, rtol: float = 1e-9) -> list[State]:
    """States in balance, one after another.

    Parameters
    ----------
    travels : [mm] that the machine drives the load to; the load's own are less by what it gives, a thousandth.
    start : the last state so far; none where the body was not loaded yet.
    rtol : of the residuals over the load.

    Raises
    ------
    ConvergenceError
        Where a step has no solution near by.
    """
    states, newton = [], Newton(rtol=rtol)
    u = np.zeros_like(body.linear) if start is None else start.u[body.order].ravel()
    for travel in travels:
        body.travel = travel
        try:
            reached = newton.solve(body, u)
        except Diverged as fault:
            raise ConvergenceError(f"The step to {travel:.4g} mm has no solution: {fault}.") from fault
        u = reached.u
        body.accept()
        force = body.force(u)
        body.largest = max(body.largest, abs(force))
        points = body.now.state
        states.append(
            State(
                force, float(body.pattern @ u), body.motion(u), points, body.stored(u), body.breaking.lost(points),
                reached.norms,
            )
        )  # fmt: skip
    return states


def kept(states: list[State]) -> float:
    """Energy that is stored or was dissipated at the end, over the work of the load, both by trapezoids."""
    force, travel = ([0.0, *(getattr(state, name) for state in states)] for name in ("force", "travel"))
    return (states[-1].stored + states[-1].lost) / float(np.trapezoid(force, travel))
