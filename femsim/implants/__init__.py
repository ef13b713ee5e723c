"""What was put in: the implants a scenario can name."""

from femsim.implants.intact import Intact
from femsim.implants.mid_head_resection import MidHeadResection
from femsim.implants.resurfacing_cap import ResurfacingCap
from femsim.implants.stemmed import Stemmed
from femsim.implants.stemmed_cemented import StemmedCemented
from femsim.registry import Registry

IMPLANTS = Registry(
    "implant",
    intact=Intact,
    resurfacing_cap=ResurfacingCap,
    mid_head_resection=MidHeadResection,
    stemmed=Stemmed,
    stemmed_cemented=StemmedCemented,
)
