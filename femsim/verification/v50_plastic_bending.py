"""V50: a beam bent until but a thin core of it is elastic, and let go."""

import numpy as np

from femsim.analyses.loaded_body import LoadedBody
from femsim.fem.elasticity import Isotropic
from femsim.fem.forces import surface_traction
from femsim.fem.geometry import centroids, integration_points
from femsim.fem.recovery import strain
from femsim.mesh.mesh import Mesh
from femsim.verification.case import Case, Check
from femsim.verification.mapped import mapped_box
from femsim.verification.solid import held
from femsim.verification.yielding import State, kept, metal, pushed

# The quarter of the beam above its middle plane y = 0 and in front of z = 0; bent in the plane x, y [mm].
LENGTH, HEIGHT, WIDTH = 20.0, 5.0, 0.5
CLAMP = 4.0  # mm of the end that never yield, to hand the moment on to the beam
MODULUS, POISSON, STRENGTH = 17_000.0, 0.3, 100.0  # MPa, -, MPa
FIRST = STRENGTH / (MODULUS * HEIGHT)  # curvature of first yield [1/mm]
YIELDING = STRENGTH * 2 / 3 * HEIGHT**2 * 2 * WIDTH  # its moment, of the whole section [N·mm]


def bent(core: float) -> float:
    """Moment over that of first yield where a core of this share of the height is still elastic."""
    return 1.5 - 0.5 * core**2


def run() -> list[Check]:
    return _checks(along=10, up=10)


def _checks(along: int, up: int) -> list[Check]:
    faces = ("middle", "end", "y0", "y1", "z0", "z1")
    mesh = mapped_box((along, up, 1), lambda p: p * [LENGTH, HEIGHT, WIDTH], faces)
    # Across y = 0 everything is mirrored and changes sign.
    supports = held(mesh, x=("middle", "y0"), z=("y0", "z0"))
    supports[(mesh.nodes[:, :2] == 0).all(axis=1), 1] = True
    end = mesh.surface("end")
    loads = surface_traction(mesh, end, mesh.nodes[end][..., 1:2] * [1.0, 0, 0])
    size = 4 * float(loads[:, 0] @ mesh.nodes[:, 1])  # N·mm: so that the force is the moment of the whole section
    clamped = centroids(mesh)[:, 0] > LENGTH - CLAMP
    body = LoadedBody(
        mesh, Isotropic(MODULUS, POISSON), metal(mesh, np.where(clamped, 1e6, STRENGTH)), supports, loads, size=size
    )
    once = body.linear_travel / size * YIELDING  # travel of first yield [mm]
    states = pushed(body, once * np.array([0.8, 1.2, 2.0, 4.0, 9.0]))
    checks = [
        Check("moment over curvature, still elastic", "N·mm²", YIELDING / FIRST, _stiffness(mesh, states[0]), 1e-3)
    ]
    for state in states[2:]:
        core = FIRST / curvature(mesh, state)
        name = f"moment over that of first yield, {100 * core:.0f} % still elastic"
        checks.append(Check(name, "-", bent(core), state.force / YIELDING, 2e-3))
    # Let go, it springs back as the elastic beam would.
    last = states[-1]
    states += pushed(body, [last.travel - last.force * body.linear_travel / size], last)
    left = curvature(mesh, last) / FIRST - last.force / YIELDING
    return [
        *checks,
        Check(
            "curvature left without load, over that of first yield",
            "-",
            left,
            curvature(mesh, states[-1]) / FIRST,
            1e-3,
        ),
        Check("stored and dissipated over the work of the moment", "-", 1.0, kept(states), 1e-9),
    ]


def curvature(mesh: Mesh, state: State) -> float:
    """[1/mm] of the half of the beam near its middle: slope of the strain along it."""
    chosen = centroids(mesh)[:, 0] < LENGTH / 2
    height = integration_points(mesh)[chosen][..., 1]
    return float((strain(mesh, state.u)[chosen][..., 0] * height).sum() / (height**2).sum())


def _stiffness(mesh: Mesh, state: State) -> float:
    return state.force / curvature(mesh, state)


CASE = Case(
    title="Beam bent far beyond first yield and let go, perfectly plastic, von Mises, TET10",
    source="M/M_y = 3/2 - ζ²/2 with an elastic core of the share ζ = κ_y/κ of the height; springs back by M/EI",
    status="closed form",
    quick=True,
    run=run,
)
