"""V70: an orthotropic block pulled at an angle to its fibres shears as it stretches."""

import numpy as np

from femsim.fem.elasticity import Orthotropic
from femsim.fem.forces import surface_traction
from femsim.verification.case import Case, Check, furthest
from femsim.verification.mapped import mapped_box
from femsim.verification.solid import node_at, solve

# Cortical bone of the human femur: 1 along the shaft, 2 around it, 3 outward; after Ashman et al., J. Biomech. 17
# (1984) 349-361.
MODULI = (20_000.0, 13_400.0, 12_000.0)  # MPa
NU12, NU23, NU13 = 0.350, 0.422, 0.371
G12, G23, G13 = 6230.0, 4530.0, 5610.0  # MPa
ANGLE = np.radians(30)  # of direction 1 to the pull along x, about z, which is direction 3
PULL = 10.0  # MPa


def exact() -> dict[str, float]:
    """Strains by the constants of a turned orthotropic material; γxy is the engineering shear."""
    c, s = np.cos(ANGLE), np.sin(ANGLE)
    e1, e2, _ = MODULI
    stretch = c**4 / e1 + s**4 / e2 + (1 / G12 - 2 * NU12 / e1) * s**2 * c**2
    across = (1 / e1 + 1 / e2 - 1 / G12) * s**2 * c**2 - NU12 / e1 * (s**4 + c**4)
    outward = -NU13 / e1 * c**2 - NU23 / e2 * s**2
    shear = (2 / e1 + 2 * NU12 / e1 - 1 / G12) * s * c**3 - (2 / e2 + 2 * NU12 / e1 - 1 / G12) * s**3 * c
    return {"εxx": PULL * stretch, "εyy": PULL * across, "εzz": PULL * outward, "γxy": PULL * shear}


def run() -> list[Check]:
    return [check for order in (1, 2) for check in _checks(order)]


def _checks(order: int) -> list[Check]:
    mesh = mapped_box((3, 2, 2), lambda p: p * [10.0, 6.0, 4.0], ("back", "front", "y0", "y1", "z0", "z1"), order=order)
    c, s = np.cos(ANGLE), np.sin(ANGLE)
    axes = np.array([(c, s, 0), (-s, c, 0), (0, 0, 1)])
    bone = Orthotropic(MODULI, (NU12, NU23, NU13), (G12, G23, G13), axes)
    loads = surface_traction(mesh, mesh.surface("front"), np.array([PULL, 0, 0]))
    loads = loads - surface_traction(mesh, mesh.surface("back"), np.array([PULL, 0, 0]))
    supports = np.zeros((mesh.n_nodes, 3), bool)  # six directions, which stop rigid motion alone
    supports[node_at(mesh, (0, 0, 0))] = True
    supports[node_at(mesh, (10, 0, 0)), 1:] = True
    supports[node_at(mesh, (0, 6, 0)), 2] = True
    strain = solve(mesh, bone, supports, loads).strain
    found = {"εxx": strain[..., 0], "εyy": strain[..., 1], "εzz": strain[..., 2], "γxy": 2 * strain[..., 3]}
    element = f"TET{6 * order - 2}"
    return [Check(f"{element}: {k}, worst point", "-", x, furthest(found[k], x), 1e-8) for k, x in exact().items()]


CASE = Case(
    title="Orthotropic bone pulled at 30° to its fibres, TET4 and TET10",
    source="Lekhnitskii, Theory of Elasticity of an Anisotropic Body (1981), § 9; Jones, Mechanics of Composite "
    "Materials (1975), (2.97)",
    status="closed form",
    quick=True,
    run=run,
)
