"""What acts on the femur: activities, muscles, and how forces enter the bone."""

from femsim.loads.recorded import Recorded
from femsim.loads.walking import Walking
from femsim.registry import Registry

ACTIVITIES = Registry("activity", walking=Walking, recorded=Recorded)
