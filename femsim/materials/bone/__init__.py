"""Bone laws: density to stiffness, one law in one file."""

from femsim.materials.bone.morgan_2003 import Morgan2003
from femsim.registry import Registry

BONE_LAWS = Registry("bone law", morgan_2003=Morgan2003)
