"""Whether bone is as stiff across its grain as along it."""

from femsim.materials.anisotropy.isotropic import IsotropicBone
from femsim.materials.anisotropy.orthotropic import OrthotropicBone
from femsim.registry import Registry

ANISOTROPIES = Registry("anisotropy", isotropic=IsotropicBone, orthotropic=OrthotropicBone)
