"""Bone laws: density to stiffness, one law in one file."""

from femsim.materials.bone.carter_hayes_1977 import CarterHayes1977
from femsim.materials.bone.composite_femur import CompositeFemur
from femsim.materials.bone.keller_1994 import Keller1994
from femsim.materials.bone.keyak_1998 import Keyak1998
from femsim.materials.bone.keyak_rossi_2000 import KeyakRossi2000
from femsim.materials.bone.morgan_2003 import Morgan2003, Morgan2003Pooled, Morgan2003Trochanter
from femsim.materials.bone.two_ranges import TwoRanges
from femsim.materials.bone.wirtz_2000 import Wirtz2000
from femsim.registry import Registry

BONE_LAWS = Registry(
    "bone law",
    morgan_2003=Morgan2003,
    morgan_2003_trochanter=Morgan2003Trochanter,
    morgan_2003_pooled=Morgan2003Pooled,
    keyak_1998=Keyak1998,
    keyak_rossi_2000=KeyakRossi2000,
    keller_1994=Keller1994,
    carter_hayes_1977=CarterHayes1977,
    wirtz_2000=Wirtz2000,
    two_ranges=TwoRanges,
    composite_femur=CompositeFemur,
)
