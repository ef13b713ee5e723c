"""Strength from stiffness: bone yields at a strain that hardly depends on its density."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from femsim.materials.strength.law import BoneStrength, Ranges
from femsim.materials.strength.strengths import Strengths, without_shear
from femsim.registry import parameter

_TRABECULAR = "Morgan, Keaveny 2001, femoral neck, as usually quoted"


@dataclass(frozen=True)
class OffsetYieldStrain(BoneStrength):
    """σ = E (ε - 0.2 %) with yield strains ε of trabecular and of compact bone, a line between; E by the bone law.

    Published yield strains are where the curve meets a line offset by 0.2 % strain. A curve of two straight pieces that
    is to bear the same stress there bends at E (ε - 0.2 %). No shear strength is given: √(t c / 3).

    Source
    ------
    Morgan, Keaveny, J Biomech 34 (2001) 569–577: 0.61 % in tension, 0.85 % in compression, whatever the density.
    Bayraktar, Morgan, Niebur, Morris, Wong, Keaveny, J Biomech 37 (2004) 27–35: 0.73 % in tension of femoral cortex.
    Schileo et al., J Biomech 47 (2014) 3531–3538: 1.04 % in compression.
    """

    trabecular_tension_percent: float = parameter(
        0.61, text="yield strain of trabecular bone in tension", unit="%", low=0.3, high=2, source=_TRABECULAR,
        assumed=True,
    )  # fmt: skip
    trabecular_compression_percent: float = parameter(
        0.85, text="yield strain of trabecular bone in compression", unit="%", low=0.3, high=2, source=_TRABECULAR,
        assumed=True,
    )  # fmt: skip
    cortical_tension_percent: float = parameter(
        0.73,
        text="yield strain of compact bone in tension",
        unit="%",
        low=0.3,
        high=2,
        source="Bayraktar 2004, as usually quoted",
        assumed=True,
    )
    cortical_compression_percent: float = parameter(
        1.04, text="yield strain of compact bone in compression", unit="%", low=0.3, high=2, source="Schileo 2014"
    )
    offset_percent: float = parameter(
        0.2, text="offset by which those strains were read", unit="%", low=0.0, high=0.29, source="the usual 0.2 %"
    )
    trabecular_up_to_g_per_cm3: float = parameter(
        1.0,
        text="apparent density up to which the strains of trabecular bone hold",
        unit="g/cm3",
        low=0.5,
        high=1.3,
        assumed=True,
        source="trabecular bone 0.05–1.0 g/cm³ apparent",
    )
    cortical_from_g_per_cm3: float = parameter(
        1.7,
        text="apparent density from which the strains of compact bone hold",
        unit="g/cm3",
        low=1.4,
        high=1.9,
        assumed=True,
        source="cortical bone 1.7–2.0 g/cm³ apparent",
    )

    site: ClassVar[str] = "femoral neck (trabecular) and femoral shaft (cortical)"
    measured: ClassVar[Ranges] = ((0.26, 0.75), (1.7, 2.0))  # as the bone law's; limits of cortical bone
    citation: ClassVar[str] = (
        "Morgan, Keaveny: Dependence of yield strain of human trabecular bone on anatomic site. J Biomech 34 (2001) "
        "569-577; Bayraktar et al.: Comparison of the elastic and yield properties of human femoral trabecular and "
        "cortical bone tissue. J Biomech 37 (2004) 27-35"
    )

    def mean_strengths(self, density: np.ndarray, modulus: np.ndarray) -> Strengths:
        """[MPa] of apparent densities [g/cm³] and moduli [MPa]."""
        ends = (self.trabecular_up_to_g_per_cm3, self.cortical_from_g_per_cm3)

        def at(trabecular: float, cortical: float) -> np.ndarray:
            return modulus * (np.interp(density, ends, (trabecular, cortical)) - self.offset_percent) / 100.0

        return without_shear(
            at(self.trabecular_tension_percent, self.cortical_tension_percent),
            at(self.trabecular_compression_percent, self.cortical_compression_percent),
        )
