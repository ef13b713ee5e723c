"""How the femur is held: clamped at its end, potted in a rig, as in a body, or in balance without any support."""

from femsim.registry import Registry
from femsim.supports.balanced import Balanced
from femsim.supports.distal_fixed import DistalFixed
from femsim.supports.physiological import Physiological
from femsim.supports.rig import Rig

SUPPORTS = Registry("support", distal_fixed=DistalFixed, balanced=Balanced, physiological=Physiological, rig=Rig)
