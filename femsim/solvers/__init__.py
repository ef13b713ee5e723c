"""Algebra that knows no femur: linear solvers behind one door."""

from femsim.registry import Registry
from femsim.solvers.direct import Direct
from femsim.solvers.multigrid_cg import MultigridCG

LINEAR_SOLVERS = Registry("linear solver", direct=Direct, multigrid_cg=MultigridCG)
