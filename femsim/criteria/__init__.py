"""When bone or cement fails."""

from femsim.criteria.principal_strain import PrincipalStrain
from femsim.registry import Registry

CRITERIA = Registry("failure criterion", principal_strain=PrincipalStrain)
