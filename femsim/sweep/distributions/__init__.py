"""How a drawn value is spread; each is one entry of `distribution` of an axis."""

from femsim.registry import Registry
from femsim.sweep.distributions.uniform import Uniform

DISTRIBUTIONS = Registry("distribution", uniform=Uniform)
