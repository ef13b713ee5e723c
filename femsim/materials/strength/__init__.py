"""Bone strength: density and stiffness to the stress at which bone yields, one law in one file."""

from femsim.materials.strength.carter_hayes_1977 import CarterHayes1977Strength
from femsim.materials.strength.composite_femur import CompositeFemurStrength
from femsim.materials.strength.kaplan_stone import KaplanStone
from femsim.materials.strength.keller_1994 import Keller1994Strength
from femsim.materials.strength.keyak import Keyak
from femsim.materials.strength.morgan_keaveny_2001 import MorganKeaveny2001
from femsim.materials.strength.offset_yield_strain import OffsetYieldStrain
from femsim.materials.strength.wirtz_2000 import Wirtz2000Strength
from femsim.registry import Registry

BONE_STRENGTHS = Registry(
    "bone strength",
    offset_yield_strain=OffsetYieldStrain,
    morgan_keaveny_2001=MorganKeaveny2001,
    keyak=Keyak,
    carter_hayes_1977=CarterHayes1977Strength,
    keller_1994=Keller1994Strength,
    kaplan_stone=KaplanStone,
    wirtz_2000=Wirtz2000Strength,
    composite_femur=CompositeFemurStrength,
)
