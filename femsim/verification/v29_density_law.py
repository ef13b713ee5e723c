"""V29: stiffness of bone from its density, worked out by hand."""

import numpy as np

from femsim.materials.bone.morgan_2003 import Morgan2003
from femsim.verification.case import Case, Check


def run() -> list[Check]:
    law = Morgan2003()
    densities = np.linspace(0, 2, 201)
    moduli = law.modulus(densities)
    falls, none = int((np.diff(moduli) < 0).sum()), int((moduli <= 0).sum())
    return [
        Check("modulus at 0.6 g/cm³", "MPa", 3199.897, float(law.modulus(0.6)), 1e-6),
        Check("modulus at 1.0 g/cm³", "MPa", 6850.0, float(law.modulus(1.0)), 1e-6),
        Check(
            "densities of 0…2 g/cm³ at which the modulus falls",
            "-",
            0,
            falls,
            0,
            absolute=True,
        ),
        Check("densities of 0…2 g/cm³ without stiffness", "-", 0, none, 0, absolute=True),
    ]


CASE = Case(
    title="Modulus of femoral neck bone from density, E = 6850 ρ^1.49",
    source="Morgan, Bayraktar, Keaveny, J. Biomech. 36 (2003) 897-904; the powers worked out by hand",
    status="closed form",
    quick=True,
    run=run,
)
