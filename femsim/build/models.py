"""The two models of a scenario and what they were built from."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from femsim.anatomy.degeneration.account import BoneAccount
from femsim.anatomy.femur import Femur
from femsim.arrays import freeze
from femsim.mesh.mesh import Twin
from femsim.model import Model


@dataclass(frozen=True)
class Pair:
    """The two models of one scenario, over bone they share.

    femur, twin : what they were built from; the operated mesh is split where the implant's interfaces are free.
    operated, intact : the same object when nothing was put in.
    sites : load site → (3,) where its force enters [mm].
    bone : how much bone the intact femur has, and what ails it.
    """

    femur: Femur
    twin: Twin
    operated: Model
    intact: Model
    sites: Mapping[str, np.ndarray]
    bone: BoneAccount

    def __post_init__(self):
        freeze(self, sites=MappingProxyType(dict(self.sites)))
