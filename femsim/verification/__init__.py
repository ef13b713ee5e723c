"""Problems with known answers that femsim is held against, on every commit and on a user's own machine.

A case is a file of its own, named by its number in the verification plan, and one line here.
"""

from femsim.registry import Registry
from femsim.verification.v01_patch_of_materials import CASE as V01_PATCH_OF_MATERIALS
from femsim.verification.v01_prescribed_patch import CASE as V01_PRESCRIBED_PATCH
from femsim.verification.v02_free_expansion import CASE as V02_FREE_EXPANSION
from femsim.verification.v02_traction_patch import CASE as V02_TRACTION_PATCH
from femsim.verification.v02_traction_patch_of_materials import CASE as V02_TRACTION_PATCH_OF_MATERIALS
from femsim.verification.v03_body_force import CASE as V03_BODY_FORCE
from femsim.verification.v03_pure_bending import CASE as V03_PURE_BENDING
from femsim.verification.v04_rigid_motion import CASE as V04_RIGID_MOTION
from femsim.verification.v05_turned_body import CASE as V05_TURNED_BODY
from femsim.verification.v06_other_units import CASE as V06_OTHER_UNITS
from femsim.verification.v06_renumbered_body import CASE as V06_RENUMBERED_BODY
from femsim.verification.v07_convergence_order import CASE as V07_CONVERGENCE_ORDER
from femsim.verification.v07_convergence_order_fine import CASE as V07_CONVERGENCE_ORDER_FINE
from femsim.verification.v09_reciprocity import CASE as V09_RECIPROCITY
from femsim.verification.v10_balance import CASE as V10_BALANCE
from femsim.verification.v11_ball_mass import CASE as V11_BALL_MASS

CASES = Registry(
    "verification case",
    v01_prescribed_patch=V01_PRESCRIBED_PATCH,
    v01_patch_of_materials=V01_PATCH_OF_MATERIALS,
    v02_traction_patch=V02_TRACTION_PATCH,
    v02_traction_patch_of_materials=V02_TRACTION_PATCH_OF_MATERIALS,
    v02_free_expansion=V02_FREE_EXPANSION,
    v03_pure_bending=V03_PURE_BENDING,
    v03_body_force=V03_BODY_FORCE,
    v04_rigid_motion=V04_RIGID_MOTION,
    v05_turned_body=V05_TURNED_BODY,
    v06_renumbered_body=V06_RENUMBERED_BODY,
    v06_other_units=V06_OTHER_UNITS,
    v07_convergence_order=V07_CONVERGENCE_ORDER,
    v07_convergence_order_fine=V07_CONVERGENCE_ORDER_FINE,
    v09_reciprocity=V09_RECIPROCITY,
    v10_balance=V10_BALANCE,
    v11_ball_mass=V11_BALL_MASS,
)
