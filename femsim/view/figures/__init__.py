"""The pictures of a run, by name."""

from femsim.registry import Registry
from femsim.view.figures.cycle import Cycle
from femsim.view.figures.density import Density
from femsim.view.figures.loads import Loads
from femsim.view.figures.mesh import MeshCut
from femsim.view.figures.risk import Risk
from femsim.view.figures.shielding import Shielding

FIGURES = Registry("figure", risk=Risk, shielding=Shielding, loads=Loads, density=Density, mesh=MeshCut, cycle=Cycle)
