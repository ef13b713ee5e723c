"""How cases are chosen from the axes; each is one entry of [sweep] design."""

from femsim.registry import Registry
from femsim.sweep.designs.grid import Grid
from femsim.sweep.designs.listed import Listed, Zipped
from femsim.sweep.designs.one_at_a_time import OneAtATime

DESIGNS = Registry("design", grid=Grid, list=Listed, zip=Zipped, one_at_a_time=OneAtATime)
