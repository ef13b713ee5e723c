"""How bone, cement and metal hold on to each other: bonded, or sliding or free in places.

A condition looks at the faces of one interface and says which of them are freed; there the mesh is split. It says too
whether the freed sides slide, held across their surface by springs, or nothing is carried across. A law that carries
something else (friction, press-fit, a bond that breaks) comes as one more file: the same question about the faces, and
a traction between the pairs of nodes that the splitting leaves.
"""

from femsim.interfaces.bonded import Bonded
from femsim.interfaces.free import Free
from femsim.interfaces.proximal import Proximal
from femsim.interfaces.sliding import Sliding
from femsim.interfaces.superior_half import SuperiorHalf
from femsim.registry import Registry

INTERFACE_CONDITIONS = Registry(
    "interface condition", bonded=Bonded, sliding=Sliding, free=Free, superior_half=SuperiorHalf, proximal=Proximal
)
