"""How motion is followed, step by step."""

from femsim.registry import Registry
from femsim.solvers.time.central_difference import CentralDifference
from femsim.solvers.time.hht_alpha import HHTAlpha

TIME_SCHEMES = Registry("time scheme", hht_alpha=HHTAlpha, central_difference=CentralDifference)
