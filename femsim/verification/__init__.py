"""Problems with known answers that femsim is held against, on every commit and on a user's own machine.

A case is a file of its own, named by its number in the verification plan, and one line here.
"""

from femsim.registry import Registry
from femsim.verification.v01_prescribed_patch import CASE as V01_PRESCRIBED_PATCH
from femsim.verification.v04_rigid_motion import CASE as V04_RIGID_MOTION

CASES = Registry(
    "verification case",
    v01_prescribed_patch=V01_PRESCRIBED_PATCH,
    v04_rigid_motion=V04_RIGID_MOTION,
)
