"""Density of a composite femur: one shell, one foam, nothing between them."""

from dataclasses import dataclass, fields, replace

from femsim.anatomy.density.rule import DensityRule, RuleMap
from femsim.anatomy.femur import Femur
from femsim.registry import parameter

_SHEET = "maker's data sheet, as quoted"
_THICKNESS = "as the rule for bone has it: composite femora copy the shape of one"
_SHARP_MM = 0.05  # over which shell passes into foam; as sharp as the rule allows


@dataclass(frozen=True)
class CompositeDensity:
    """A composite femur: homogeneous shell around homogeneous foam, the shell as thick as cortex is by landmarks.

    A femur with an inner surface has its shell outside that, whatever the thickness keys say. The canal is full of foam
    where canal_density_g_per_cm3 is not given. With bone law and strength "composite_femur".
    """

    shell_density_g_per_cm3: float = parameter(
        1.64, text="density of the shell", unit="g/cm3", low=1.2, high=2.0, assumed=True, source=_SHEET
    )
    foam_density_g_per_cm3: float = parameter(
        0.27,
        text="density of the foam: 0.27 or 0.32, solid",
        unit="g/cm3",
        low=0.08,
        high=0.6,
        assumed=True,
        source=_SHEET,
    )
    canal_density_g_per_cm3: float | None = parameter(
        None, text="density of what is in the canal, where it is not the foam", unit="g/cm3", low=0.01, high=0.6
    )
    cortex_head_mm: float = parameter(
        1.5, text="thickness of the shell of the head", unit="mm", low=0.3, high=4, source=_THICKNESS, assumed=True
    )
    cortex_superior_neck_mm: float = parameter(
        1.3, text="shell of the superior neck", unit="mm", low=0.3, high=4, source=_THICKNESS, assumed=True
    )
    cortex_calcar_mm: float = parameter(
        4.5, text="shell of the inferior neck and calcar", unit="mm", low=0.5, high=8, source=_THICKNESS, assumed=True
    )
    cortex_trochanter_mm: float = parameter(
        1.5, text="shell of the greater trochanter", unit="mm", low=0.3, high=4, source=_THICKNESS, assumed=True
    )
    cortex_shaft_mm: float = parameter(
        6.5,
        text="shell of the shaft one femoral offset below the lesser trochanter",
        unit="mm",
        low=1,
        high=10,
        source=_THICKNESS,
        assumed=True,
    )
    cortex_condyle_mm: float = parameter(
        1.0, text="shell of the condyles of a whole femur", unit="mm", low=0.3, high=4, source=_THICKNESS, assumed=True
    )

    def mapped(self, femur: Femur) -> RuleMap:
        """The density of a femur."""
        foam = self.foam_density_g_per_cm3
        canal = foam if self.canal_density_g_per_cm3 is None else self.canal_density_g_per_cm3
        found = DensityRule(
            cortical_density_g_per_cm3=self.shell_density_g_per_cm3,
            transition_mm=_SHARP_MM,
            head_density_g_per_cm3=foam,
            neck_density_g_per_cm3=foam,
            trochanter_density_g_per_cm3=foam,
            marrow_density_g_per_cm3=canal,
            condyle_density_g_per_cm3=foam,
            compressive_column_g_per_cm3=0.0,
            tensile_band_g_per_cm3=0.0,
            trochanteric_band_g_per_cm3=0.0,
            **{f.name: getattr(self, f.name) for f in fields(self) if f.name.startswith("cortex_")},
        ).mapped(femur)
        return replace(found, notes=("A composite femur, no bone: a homogeneous shell around foam.", *found.notes))
