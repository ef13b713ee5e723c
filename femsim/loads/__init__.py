"""What acts on the femur: activities, muscles, and how forces enter the bone."""

from femsim.loads.axial_compression import AxialCompression
from femsim.loads.bench_iso7206 import BenchIso7206
from femsim.loads.fall_backwards import FallBackwards
from femsim.loads.fall_sideways import FallSideways
from femsim.loads.incline_down import InclineDown
from femsim.loads.incline_up import InclineUp
from femsim.loads.jogging import Jogging
from femsim.loads.jump_landing import JumpLanding
from femsim.loads.knee_bend import KneeBend
from femsim.loads.one_legged_stance import OneLeggedStance
from femsim.loads.recorded import Recorded
from femsim.loads.routine import routine_of
from femsim.loads.running import Running
from femsim.loads.sitting_down import SittingDown
from femsim.loads.stairs_down import StairsDown
from femsim.loads.stairs_up import StairsUp
from femsim.loads.standing_up import StandingUp
from femsim.loads.stumble import Stumble
from femsim.loads.treadmill_walking import TreadmillWalking
from femsim.loads.walking import Walking
from femsim.loads.wear_iso14242 import WearIso14242
from femsim.registry import Registry

ACTIVITIES = Registry(
    "activity",
    walking=Walking,
    treadmill_walking=TreadmillWalking,
    incline_up=InclineUp,
    incline_down=InclineDown,
    stairs_up=StairsUp,
    stairs_down=StairsDown,
    standing_up=StandingUp,
    sitting_down=SittingDown,
    one_legged_stance=OneLeggedStance,
    knee_bend=KneeBend,
    jogging=Jogging,
    running=Running,
    jump_landing=JumpLanding,
    stumble=Stumble,
    fall_sideways=FallSideways,
    fall_backwards=FallBackwards,
    bench_iso7206=BenchIso7206,
    wear_iso14242=WearIso14242,
    axial_compression=AxialCompression,
    recorded=Recorded,
)
# What a person does daily, with the amount of it.
ROUTINES = Registry(
    "activity of a routine",
    **{name: routine_of(kind) for name, kind in ACTIVITIES.items() if kind.counting is not None},
)
