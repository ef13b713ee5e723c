"""What things are made of: bone by its density, metal and cement by name."""

from femsim.materials.solids import CobaltChromium, Pmma
from femsim.registry import Registry

SOLIDS = Registry("solid", cocr=CobaltChromium, pmma=Pmma)
