"""V27: a soft and a stiff bar one behind the other, and side by side."""

import numpy as np

from femsim.fem.elasticity import Isotropic
from femsim.fem.forces import surface_traction
from femsim.mesh.mesh import Mesh
from femsim.verification.case import Case, Check, furthest
from femsim.verification.mapped import joined, mapped_box
from femsim.verification.solid import held, solve

SOFT, STIFF = 1000.0, 200_000.0  # MPa; Poisson's ratio 0
SIDE, LENGTH, FORCE = 10.0, 50.0, 100.0  # mm, mm, N
ENDS = ("bottom", "top")


def run() -> list[Check]:
    return [check for order in (1, 2) for check in (*_in_series(order), *_side_by_side(order))]


def _in_series(order: int) -> list[Check]:
    def bar(low, high, region):
        def mapping(p):
            return np.column_stack([SIDE * p[:, :2], low + (high - low) * p[:, 2]])

        return mapped_box((2, 2, 3), mapping, ("x0", "x1", "y0", "y1", *ENDS), order=order, region=region)

    mesh = joined([bar(0, 20, "soft"), bar(20, LENGTH, "stiff")])
    # The joint between the bars was "top" of one and "bottom" of the other, and is neither now.
    pull = surface_traction(mesh, mesh.surface("top"), np.array([0, 0, FORCE / SIDE**2]))
    solved = solve(mesh, _elasticity(mesh), held(mesh, x="x0", y="y0", z="bottom"), pull)
    top = solved.u[np.unique(mesh.surface("top")), 2]
    expected = FORCE / SIDE**2 * (20 / SOFT + 30 / STIFF)
    return [Check(f"{_name(order)}: lengthening in series", "mm", expected, furthest(top, expected), 1e-6)]


def _side_by_side(order: int) -> list[Check]:
    def bar(start, region):
        def mapping(p):
            return np.column_stack([start + SIDE / 2 * p[:, 0], SIDE * p[:, 1], LENGTH * p[:, 2]])

        faces = ("x0", "seam", "y0", "y1", *ENDS) if start == 0 else ("seam", "x1", "y0", "y1", *ENDS)
        return mapped_box((1, 2, 5), mapping, faces, order=order, region=region)

    mesh = joined([bar(0, "soft"), bar(SIDE / 2, "stiff")])
    strain = FORCE / (SIDE**2 / 2 * (SOFT + STIFF))
    lifted = np.zeros((mesh.n_nodes, 3))
    top = np.unique(mesh.surface("top"))
    lifted[top, 2] = strain * LENGTH
    solved = solve(mesh, _elasticity(mesh), held(mesh, x="x0", y="y0", z=ENDS), prescribed=lifted)
    carried = [solved.mean_stress(name)[2] for name in ("soft", "stiff")]
    share, force = SOFT / (SOFT + STIFF), solved.reactions[top, 2].sum()
    return [
        Check(f"{_name(order)}: force side by side", "N", FORCE, force, 1e-6),
        Check(f"{_name(order)}: share of the soft bar", "-", share, carried[0] / sum(carried), 1e-6),
    ]


def _elasticity(mesh: Mesh) -> Isotropic:
    return Isotropic(np.where(mesh.in_region("soft"), SOFT, STIFF), 0.0)


def _name(order: int) -> str:
    return f"TET{6 * order - 2}"


CASE = Case(
    title="Soft and stiff bar in series and side by side, TET4 and TET10",
    source="Springs in series and in parallel",
    status="closed form",
    quick=True,
    run=run,
)
