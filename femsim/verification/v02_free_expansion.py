"""V02: a body free to expand takes on a uniform initial strain and carries no stress."""

import numpy as np

from femsim.analyses.static import prepare_static
from femsim.fem.recovery import strain, stress
from femsim.verification.case import Case, Check
from femsim.verification.crooked import distance
from femsim.verification.patch import Patch, isotropic_patch, orthotropic_patch
from femsim.verification.v02_traction_patch import pinned

# XX YY ZZ XY YZ XZ, true shear: as heat, moisture or growth would strain a body that nothing holds.
INITIAL = 1e-3 * np.array([1.2, -0.4, 0.7, 0.3, -0.5, 0.2])


def run() -> list[Check]:
    return [
        check for order in (1, 2) for kind in (isotropic_patch, orthotropic_patch) for check in _checks(kind(order))
    ]


def _checks(patch: Patch) -> list[Check]:
    mesh = patch.mesh
    gradient = INITIAL[[0, 3, 5, 3, 1, 4, 5, 4, 2]].reshape(3, 3)
    motion = mesh.nodes @ gradient.T
    problem = prepare_static(mesh, patch.elasticity, pinned(mesh))
    solution = problem.solve(np.zeros_like(motion), prescribed=motion, initial_strain=INITIAL, rtol=1e-12)
    u = solution.displacements[0]
    found = strain(mesh, u)
    left = np.abs(stress(found - INITIAL, patch.elasticity)).max()
    scale = np.abs(stress(np.broadcast_to(INITIAL, found.shape), patch.elasticity)).max()
    reaction = np.abs(solution.reactions).max() / scale  # on a cube of 1 mm²
    # Energy of the held cube of 1 mm³, which the free one gives back.
    energy = solution.energy[0] / (scale * np.abs(INITIAL).max())
    return [
        Check(f"{patch.name}: displacement, share of the largest", "-", 0.0, distance(u, motion), 1e-9, absolute=True),
        Check(f"{patch.name}: stress, share of the one if held", "-", 0.0, left / scale, 1e-9, absolute=True),
        Check(f"{patch.name}: reaction, share of the one if held", "-", 0.0, reaction, 1e-9, absolute=True),
        Check(f"{patch.name}: strain energy, share of the one if held", "-", 0.0, energy, 1e-9, absolute=True),
    ]


CASE = Case(
    title="Free expansion under a uniform initial strain",
    source="Timoshenko & Goodier, Theory of Elasticity, 3rd ed. (1970), ch. 13: no stress where strain is compatible",
    status="closed form",
    quick=True,
    run=run,
)
