"""The pictures of a run, by name."""

from femsim.registry import Registry
from femsim.view.figures.cycle import Cycle
from femsim.view.figures.damage import Damage
from femsim.view.figures.density import Density
from femsim.view.figures.energy_balance import EnergyBalance
from femsim.view.figures.envelope import Envelope
from femsim.view.figures.impact_course import ImpactCourse
from femsim.view.figures.load_displacement import LoadDisplacement
from femsim.view.figures.loads import Loads
from femsim.view.figures.mesh import MeshCut
from femsim.view.figures.risk import Risk
from femsim.view.figures.risk_course import RiskCourse
from femsim.view.figures.shielding import Shielding
from femsim.view.figures.stimulus import Stimulus

FIGURES = Registry(
    "figure",
    risk=Risk,
    shielding=Shielding,
    envelope=Envelope,
    stimulus=Stimulus,
    risk_course=RiskCourse,
    load_displacement=LoadDisplacement,
    damage=Damage,
    impact_course=ImpactCourse,
    energy_balance=EnergyBalance,
    loads=Loads,
    density=Density,
    mesh=MeshCut,
    cycle=Cycle,
)
