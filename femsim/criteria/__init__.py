"""When bone fails: entries judge strain against limits of their own, or stress against the strength of the place.

An entry promises `judges`, "strain" or "stress", and `ratio(stress, strain, strength)`: a risk factor that is 1 at the
uniaxial strengths, the same in any frame, and twice as large under twice the load.
"""

from femsim.criteria.drucker_prager import DruckerPrager
from femsim.criteria.hoffman import Hoffman
from femsim.criteria.principal_strain import PrincipalStrain
from femsim.criteria.tsai_wu import TsaiWu
from femsim.criteria.von_mises import VonMises
from femsim.registry import Registry

CRITERIA = Registry(
    "failure criterion",
    principal_strain=PrincipalStrain,
    von_mises=VonMises,
    drucker_prager=DruckerPrager,
    tsai_wu=TsaiWu,
    hoffman=Hoffman,
)
