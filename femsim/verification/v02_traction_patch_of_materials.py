"""V02: tractions on the surface of an orthotropic patch and of two layers bring their uniform stresses about."""

from femsim.verification.case import Case, Check
from femsim.verification.patch import isotropic_layers, orthotropic_layers, orthotropic_patch
from femsim.verification.v01_patch_of_materials import CASE as PRESCRIBED
from femsim.verification.v01_patch_of_materials import state_checks
from femsim.verification.v02_traction_patch import pulled


def run() -> list[Check]:
    kinds = (orthotropic_patch, isotropic_layers, orthotropic_layers)
    return [check for order in (1, 2) for kind in kinds for check in state_checks(*pulled(kind(order)), 1e-9)]


CASE = Case(
    title="Patch test of an orthotropic material and of two layers, tractions on the surface",
    source=PRESCRIBED.source,
    status="closed form",
    quick=True,
    run=run,
)
