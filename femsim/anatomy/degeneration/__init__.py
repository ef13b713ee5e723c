"""Degenerate bone: what diseases do to the density, modulus and strength of a sound femur.

They act in the order of this registry, whatever the order in the scenario: what concerns all bone first, holes last. A
disease promises `on_source(density source)`, `applied(state, femur)` over a `BoneState`, and `told(…)`, sentences for
the report; factors multiply what those before it left.
"""

from femsim.anatomy.degeneration.cysts import Cysts
from femsim.anatomy.degeneration.osteoarthritis import Osteoarthritis
from femsim.anatomy.degeneration.osteonecrosis import Osteonecrosis
from femsim.anatomy.degeneration.osteoporosis import Osteoporosis
from femsim.registry import Registry

DEGENERATIONS = Registry(
    "degeneration",
    osteoporosis=Osteoporosis,
    osteoarthritis=Osteoarthritis,
    osteonecrosis=Osteonecrosis,
    cysts=Cysts,
)
