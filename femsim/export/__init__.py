"""A model as a file for another program; one file per format, one line here for each."""

from femsim.export.feb import Feb
from femsim.export.inp import Inp
from femsim.export.msh import Msh
from femsim.export.vtu import Vtu
from femsim.registry import Registry

EXPORTS = Registry("export format", inp=Inp, feb=Feb, vtu=Vtu, msh=Msh)
