"""What things are made of: bone by its density, metal and cement by name."""

from femsim.materials.solids import CobaltChromium, Pmma, TitaniumAlloy
from femsim.registry import Registry

SOLIDS = Registry("solid", cocr=CobaltChromium, ti6al4v=TitaniumAlloy, pmma=Pmma)
