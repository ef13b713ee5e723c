"""How cases are chosen from the axes; each is one entry of [sweep] design."""

from femsim.registry import Registry
from femsim.sweep.designs.grid import Grid
from femsim.sweep.designs.latin_hypercube import LatinHypercube
from femsim.sweep.designs.listed import Listed, Zipped
from femsim.sweep.designs.monte_carlo import MonteCarlo
from femsim.sweep.designs.morris import Morris
from femsim.sweep.designs.one_at_a_time import OneAtATime
from femsim.sweep.designs.saltelli import Saltelli
from femsim.sweep.designs.sobol import SobolSequence

DESIGNS = Registry(
    "design",
    grid=Grid,
    list=Listed,
    zip=Zipped,
    one_at_a_time=OneAtATime,
    latin_hypercube=LatinHypercube,
    sobol=SobolSequence,
    monte_carlo=MonteCarlo,
    morris=Morris,
    saltelli=Saltelli,
)
