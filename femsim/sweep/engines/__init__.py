"""Where cases are computed. An engine hands batches to crews and comes back about once a second until all is done."""

from femsim.registry import Registry
from femsim.sweep.engines.arrays import pbs, slurm
from femsim.sweep.engines.dask_cluster import dask
from femsim.sweep.engines.this_machine import local

ENGINES = Registry("engine", local=local, slurm=slurm, pbs=pbs, dask=dask)
