"""What was put in: the implants a scenario can name."""

from femsim.implants.intact import Intact
from femsim.implants.resurfacing_cap import ResurfacingCap
from femsim.registry import Registry

IMPLANTS = Registry("implant", intact=Intact, resurfacing_cap=ResurfacingCap)
