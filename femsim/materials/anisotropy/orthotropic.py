"""Bone that is stiffer along its grain than across it."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from femsim.errors import ModelError
from femsim.materials.bone.densitometry import of_its_kind
from femsim.materials.bone.law import BoneLaw
from femsim.registry import parameter

Constants = tuple[np.ndarray, np.ndarray, np.ndarray]


@dataclass(frozen=True)
class OrthotropicBone:
    """The bone law along the grain, less across it; the grain by anatomy or by the stress of the intact femur.

    Poisson's ratio of the law, ν, stands for all three pairs: νij = ν √(Ei/Ej), so that the stiffness is positive
    definite exactly where the isotropic one is. Shear: Gij = shear_factor √(Ei Ej) / (2 (1 + ν)). With all ratios 1 it
    is the isotropic bone.
    """

    ratio_2: float = parameter(
        0.6,
        text="modulus across the grain, from side to side, over that along it",
        unit="-",
        low=0.2,
        high=1.0,
        assumed=True,
        source="E3 : E2 : E1 = 0.6 : 0.6 : 1 in cortical bone; trabecular bone 1/2 to 1/3",
    )
    ratio_3: float = parameter(
        0.6,
        text="modulus across the grain, from back to front, over that along it",
        unit="-",
        low=0.2,
        high=1.0,
        assumed=True,
        source="as ratio_2",
    )
    shear_factor: float = parameter(
        1.0,
        text="multiplies the shear moduli √(Ei Ej) / (2 (1 + ν))",
        unit="-",
        low=0.3,
        high=1.5,
        assumed=True,
        source="0.63 meets the 3.3 GPa of cortical bone (Reilly, Burstein 1975: 17 and 11 GPa)",
    )
    directions: Literal["trajectories", "stress"] = parameter(
        "trajectories",
        text="where the grain runs: along the bundles of trabeculae and the shaft, by landmarks; or along the largest "
        "stress of the intact femur, isotropic, over the activity",
    )
    across: Literal["ratio", "law"] = parameter(
        "ratio",
        text="the moduli across the grain: by the ratios above, or by the bone law where it has a transverse modulus "
        "(wirtz_2000)",
    )

    def ratios(self, law: BoneLaw, density: np.ndarray) -> np.ndarray:
        """(…, 2) E2/E1 and E3/E1 of bone of a density (…) apparent [g/cm³].

        Raises
        ------
        ModelError
            Where the law should say and does not.
        """
        if self.across == "ratio":
            return np.broadcast_to([self.ratio_2, self.ratio_3], (*np.shape(density), 2))
        if not hasattr(law, "transverse_modulus"):
            raise ModelError(
                "This bone law has no modulus across the grain.",
                where='bone.anisotropy.across = "law"',
                remedy='set bone.law = "wirtz_2000", or bone.anisotropy.across = "ratio"',
            )
        own = of_its_kind(law, density)
        return np.repeat((law.transverse_modulus(own) / law.modulus(own))[..., None], 2, axis=-1)

    def constants(self, along: np.ndarray, poisson: np.ndarray, ratios: np.ndarray) -> Constants:
        """Young's moduli E1 E2 E3, Poisson's ratios ν12 ν23 ν13, shear moduli G12 G23 G13, each (…, 3).

        along, poisson : (…) modulus along the grain [MPa], Poisson's ratio; ratios : (…, 2).
        """
        moduli = np.stack([along, along * ratios[..., 0], along * ratios[..., 1]], axis=-1)
        first, second = moduli[..., [0, 1, 0]], moduli[..., [1, 2, 2]]
        ratio = poisson[..., None]
        return (
            moduli,
            ratio * np.sqrt(first / second),
            self.shear_factor * np.sqrt(first * second) / (2.0 * (1.0 + ratio)),
        )
