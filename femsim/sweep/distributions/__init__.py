"""How a drawn value is spread; each is one entry of `distribution` of an axis."""

from femsim.registry import Registry
from femsim.sweep.distributions.choice import Choice
from femsim.sweep.distributions.lognormal import Lognormal
from femsim.sweep.distributions.normal import Normal
from femsim.sweep.distributions.triangular import Triangular
from femsim.sweep.distributions.truncated_normal import TruncatedNormal
from femsim.sweep.distributions.uniform import Uniform

DISTRIBUTIONS = Registry(
    "distribution",
    uniform=Uniform,
    normal=Normal,
    truncated_normal=TruncatedNormal,
    lognormal=Lognormal,
    triangular=Triangular,
    choice=Choice,
)
