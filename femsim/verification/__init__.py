"""Problems with known answers that femsim is held against, on every commit and on a user's own machine.

A case is a file of its own, named by its number in the verification plan, and one line here.
"""

from femsim.registry import Registry
from femsim.verification.v01_patch_of_materials import CASE as V01_PATCH_OF_MATERIALS
from femsim.verification.v01_prescribed_patch import CASE as V01_PRESCRIBED_PATCH
from femsim.verification.v02_free_expansion import CASE as V02_FREE_EXPANSION
from femsim.verification.v02_pressure import CASE as V02_PRESSURE
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
from femsim.verification.v11_uneven_mass import CASE as V11_UNEVEN_MASS
from femsim.verification.v12_le1_elliptic_membrane import CASE as V12_LE1_ELLIPTIC_MEMBRANE
from femsim.verification.v13_le10_thick_plate import CASE as V13_LE10_THICK_PLATE
from femsim.verification.v14_le11_thermal_solid import CASE as V14_LE11_THERMAL_SOLID
from femsim.verification.v15_cook_membrane import CASE as V15_COOK_MEMBRANE
from femsim.verification.v16_macneal_harder_beam import CASE as V16_MACNEAL_HARDER_BEAM
from femsim.verification.v17_lame_cylinder import CASE as V17_LAME_CYLINDER
from femsim.verification.v18_lame_sphere import CASE as V18_LAME_SPHERE
from femsim.verification.v19_goodier_cavity import CASE as V19_GOODIER_CAVITY
from femsim.verification.v20_kirsch_plate import CASE as V20_KIRSCH_PLATE
from femsim.verification.v21_eshelby_sphere import CASE as V21_ESHELBY_SPHERE
from femsim.verification.v22_layered_sphere import CASE as V22_LAYERED_SPHERE
from femsim.verification.v23_square_bar_torsion import CASE as V23_SQUARE_BAR_TORSION
from femsim.verification.v24_tube_cantilever import CASE as V24_TUBE_CANTILEVER
from femsim.verification.v25_offset_axial_load import CASE as V25_OFFSET_AXIAL_LOAD
from femsim.verification.v26_love_half_space import CASE as V26_LOVE_HALF_SPACE
from femsim.verification.v27_bimaterial_bars import CASE as V27_BIMATERIAL_BARS
from femsim.verification.v28_graded_bar import CASE as V28_GRADED_BAR
from femsim.verification.v29_density_law import CASE as V29_DENSITY_LAW
from femsim.verification.v30_composite_column import CASE as V30_COMPOSITE_COLUMN
from femsim.verification.v49_yielding_sphere import CASE as V49_YIELDING_SPHERE
from femsim.verification.v50_plastic_bending import CASE as V50_PLASTIC_BENDING
from femsim.verification.v52_steps_and_reversal import CASE as V52_STEPS_AND_REVERSAL
from femsim.verification.v53_newmark import CASE as V53_NEWMARK
from femsim.verification.v54_central_difference import CASE as V54_CENTRAL_DIFFERENCE
from femsim.verification.v55_bar_on_wall import CASE as V55_BAR_ON_WALL
from femsim.verification.v56_two_bars import CASE as V56_TWO_BARS
from femsim.verification.v57_natural_frequencies import CASE as V57_NATURAL_FREQUENCIES
from femsim.verification.v58_falling_mass import CASE as V58_FALLING_MASS
from femsim.verification.v59_drop import CASE as V59_DROP
from femsim.verification.v60_energy import CASE as V60_ENERGY
from femsim.verification.v61_free_flight import CASE as V61_FREE_FLIGHT
from femsim.verification.v70_off_axis_tension import CASE as V70_OFF_AXIS_TENSION
from femsim.verification.v71_polar_orthotropic_tube import CASE as V71_POLAR_ORTHOTROPIC_TUBE

CASES = Registry(
    "verification case",
    v01_patch_of_materials=V01_PATCH_OF_MATERIALS,
    v01_prescribed_patch=V01_PRESCRIBED_PATCH,
    v02_free_expansion=V02_FREE_EXPANSION,
    v02_pressure=V02_PRESSURE,
    v02_traction_patch=V02_TRACTION_PATCH,
    v02_traction_patch_of_materials=V02_TRACTION_PATCH_OF_MATERIALS,
    v03_body_force=V03_BODY_FORCE,
    v03_pure_bending=V03_PURE_BENDING,
    v04_rigid_motion=V04_RIGID_MOTION,
    v05_turned_body=V05_TURNED_BODY,
    v06_other_units=V06_OTHER_UNITS,
    v06_renumbered_body=V06_RENUMBERED_BODY,
    v07_convergence_order=V07_CONVERGENCE_ORDER,
    v07_convergence_order_fine=V07_CONVERGENCE_ORDER_FINE,
    v09_reciprocity=V09_RECIPROCITY,
    v10_balance=V10_BALANCE,
    v11_ball_mass=V11_BALL_MASS,
    v11_uneven_mass=V11_UNEVEN_MASS,
    v12_le1_elliptic_membrane=V12_LE1_ELLIPTIC_MEMBRANE,
    v13_le10_thick_plate=V13_LE10_THICK_PLATE,
    v14_le11_thermal_solid=V14_LE11_THERMAL_SOLID,
    v15_cook_membrane=V15_COOK_MEMBRANE,
    v16_macneal_harder_beam=V16_MACNEAL_HARDER_BEAM,
    v17_lame_cylinder=V17_LAME_CYLINDER,
    v18_lame_sphere=V18_LAME_SPHERE,
    v19_goodier_cavity=V19_GOODIER_CAVITY,
    v20_kirsch_plate=V20_KIRSCH_PLATE,
    v21_eshelby_sphere=V21_ESHELBY_SPHERE,
    v22_layered_sphere=V22_LAYERED_SPHERE,
    v23_square_bar_torsion=V23_SQUARE_BAR_TORSION,
    v24_tube_cantilever=V24_TUBE_CANTILEVER,
    v25_offset_axial_load=V25_OFFSET_AXIAL_LOAD,
    v26_love_half_space=V26_LOVE_HALF_SPACE,
    v27_bimaterial_bars=V27_BIMATERIAL_BARS,
    v28_graded_bar=V28_GRADED_BAR,
    v29_density_law=V29_DENSITY_LAW,
    v30_composite_column=V30_COMPOSITE_COLUMN,
    v49_yielding_sphere=V49_YIELDING_SPHERE,
    v50_plastic_bending=V50_PLASTIC_BENDING,
    v52_steps_and_reversal=V52_STEPS_AND_REVERSAL,
    v53_newmark=V53_NEWMARK,
    v54_central_difference=V54_CENTRAL_DIFFERENCE,
    v55_bar_on_wall=V55_BAR_ON_WALL,
    v56_two_bars=V56_TWO_BARS,
    v57_natural_frequencies=V57_NATURAL_FREQUENCIES,
    v58_falling_mass=V58_FALLING_MASS,
    v59_drop=V59_DROP,
    v60_energy=V60_ENERGY,
    v61_free_flight=V61_FREE_FLIGHT,
    v70_off_axis_tension=V70_OFF_AXIS_TENSION,
    v71_polar_orthotropic_tube=V71_POLAR_ORTHOTROPIC_TUBE,
)
