"""V04: a body that nothing holds has six motions without strain, and no more."""

import numpy as np

from femsim.fem.assembly import stiffness
from femsim.fem.elasticity import Isotropic
from femsim.fem.sample import box_mesh
from femsim.mesh.mesh import Mesh
from femsim.verification.case import Case, Check
from femsim.verification.patch import patch_mesh

ZERO = 1e-10  # share of the largest eigenvalue below which one counts as 0


def run() -> list[Check]:
    return [check for order in (1, 2) for check in _checks(order)]


def _checks(order: int) -> list[Check]:
    box = box_mesh((1, 1, 1), (3, 2, 4), order=order)
    used, element = np.unique(box.elements[:1], return_inverse=True)
    single = Mesh(box.nodes[used], element.reshape(1, -1), [0], ("element",))
    return [
        Check(f"TET{6 * order - 2}, {name}: eigenvalues that are zero", "-", 6, _zeros(mesh), 0, absolute=True)
        for name, mesh in (("one element", single), ("patch", patch_mesh(order)))
    ]


def _zeros(mesh: Mesh) -> int:
    """Eigenvalues of K that are zero; a negative one makes it NaN."""
    values = np.linalg.eigvalsh(stiffness(mesh, Isotropic(1000.0, 0.3)).toarray())
    negative = (values < -ZERO * values.max()).any()
    return np.nan if negative else int((values < ZERO * values.max()).sum())


CASE = Case(
    title="Rigid motions of a free body",
    source="Abaqus Verification Guide 1.1.1: six zero eigenvalues, all others positive",
    status="published",
    quick=True,
    run=run,
)
