"""What happens in a fall, a stumble or under a dropped weight: the femur in motion, step by step."""

from dataclasses import dataclass
from typing import Literal

from femsim.analyses.impact_course import ImpactCourse
from femsim.fem.impact_setting import ImpactSetting
from femsim.model import Model
from femsim.registry import parameter


@dataclass(frozen=True)
class Impact:
    """Transient dynamics of the femur. Falls meet a floor; other activities are a push over time, or a dropped weight.

    How fast, how heavy, how stiff and how turned a fall is, its [load] says: impact_speed_m_per_s,
    effective_mass_share, stiffness_kn_per_m of the pelvis, shaft_from_floor_deg, internal_rotation_deg.
    Displacements are small: the femur turns as its straight continuation, 0.5 % off at 0.1 rad.
    """

    scheme: Literal["hht_alpha", "central_difference"] = parameter(
        "hht_alpha",
        text="hht_alpha: implicit, large steps; central_difference: explicit, on linear tetrahedra of the same corners",
    )
    bone: Literal["linear", "breaking"] = parameter(
        "linear",
        text="linear: elastic whatever happens; breaking: yields, cracks and crushes, as in a failure analysis; the "
        "impact ends where it has broken",
    )
    fracture_area_mm2: float = parameter(
        340.0,
        text="breaking: contiguous area of crack, broken volume over the width of its band, that counts as a fracture",
        unit="mm2", low=1.0, high=10_000, assumed=True,
        source="half of the smallest section of a neck, 684 mm² (TLEM2.0 mesh)",
    )  # fmt: skip
    crack_volume_mm3: float = parameter(
        30.0,
        text="breaking: contiguous volume of bone past yield that counts as the first crack",
        unit="mm3", low=0.01, high=5000, assumed=True, source="as of a failure analysis",
    )  # fmt: skip
    duration_ms: float | None = parameter(
        None,
        text="how long is followed; not set: a fall 60 ms, a weight until it has left its pad, a push its own duration "
        "and a tenth more",
        unit="ms", low=0.01, high=5000,
    )  # fmt: skip
    step_us: float | None = parameter(
        None,
        text="time step; not set: hht_alpha 300 µs for a fall, 25 on bare bone, 50 for a dropped weight, 1/200 of the "
        "duration of a push; central_difference what is stable",
        unit="us", low=1e-4, high=10_000,
    )  # fmt: skip
    outputs: int | None = parameter(
        None,
        text="instants that are reported; not set: hht_alpha every step up to 2400, central_difference 400",
        unit="-", low=10, high=10_000,
    )  # fmt: skip
    frames: int = parameter(60, text="most instants whose fields are kept", unit="-", low=2, high=60)
    alpha: float = parameter(
        -0.05,
        text="hht_alpha: damping of the highest frequencies, 0 none, -1/3 most",
        unit="-", low=-1 / 3, high=0.0, assumed=True,
        source="Hilber, Hughes & Taylor 1977, doi:10.1002/eqe.4290050306",
    )  # fmt: skip
    mass: Literal["consistent", "lumped"] = parameter(
        "lumped", text="mass of the implicit scheme; the explicit one is always lumped"
    )
    safety: float = parameter(
        0.9, text="central_difference: step over the longest stable one", unit="-", low=0.1, high=1.0, assumed=True
    )
    mass_scaling_step_us: float | None = parameter(
        None, text="central_difference: small elements are made as heavy as this step needs; said with the result",
        unit="us", low=1e-4, high=10,
    )  # fmt: skip
    single_precision: bool = parameter(
        True, text="central_difference: forces of elements in single precision, motion in double"
    )
    damping_percent: float = parameter(
        2.0, text="of critical, at both frequencies (Rayleigh); 0 none", unit="%", low=0.0, high=20.0, assumed=True
    )
    damping_low_hz: float = parameter(
        100.0, text="lower frequency of that damping", unit="Hz", low=0.1, high=1e5, assumed=True
    )
    damping_high_hz: float = parameter(
        2000.0, text="upper frequency of that damping", unit="Hz", low=1.0, high=1e6, assumed=True
    )
    marrow_in_pores: float = parameter(
        0.0,
        text="share of the pores of bone that is filled with marrow, 1 g/cm³, and moves along; adds mass, no stiffness",
        unit="-", low=0.0, high=1.0, assumed=True,
    )  # fmt: skip
    tissue_thickness_mm: float = parameter(
        20.0, text="fall: soft tissue over the trochanter; 0 is bare bone", unit="mm", low=0.0, high=150.0, assumed=True
    )
    tissue_modulus_mpa: float = parameter(
        2.0,
        text="fall: of the tissue when little compressed; pressure E s / (1 - s⁴), s of its thickness",
        unit="MPa", low=0.001, high=50.0, assumed=True,
        source="no figure is known; see docs/impact.md",
    )  # fmt: skip
    tissue_loss_ms: float = parameter(
        5.0, text="fall: the tissue's pressure grows by this times its rate of strain", unit="ms",
        low=0.0, high=100.0, assumed=True,
    )  # fmt: skip
    pelvis_damping_ns_per_m: float = parameter(
        561.0,
        text="fall: of the pelvis, beside its stiffness",
        unit="N s/m", low=0.0, high=5000.0, assumed=True, source="Robinovitch 1991, J Biomech Eng 113:366, as quoted",
    )  # fmt: skip
    knee_stiffness_n_per_mm: float = parameter(
        2000.0, text="fall: of the pivot at the knee", unit="N/mm", low=10.0, high=1e6, assumed=True
    )
    knee_turning_nm_per_deg: float = parameter(
        170.0, text="fall: resistance of the knee to turning about the shaft", unit="N m/deg",
        low=0.1, high=1e5, assumed=True,
    )  # fmt: skip
    drop_height_mm: float | None = parameter(
        None, text="a weight is dropped on the head along the hip force of [load] from this height; not set: none",
        unit="mm", low=0.01, high=10_000,
    )  # fmt: skip
    drop_mass_kg: float = parameter(5.0, text="the weight that is dropped", unit="kg", low=0.01, high=500, assumed=True)
    drop_pad_n_per_mm: float = parameter(
        1000.0, text="stiffness of the pad between weight and head", unit="N/mm", low=1.0, high=1e6, assumed=True
    )
    drop_pad_damping_ns_per_m: float = parameter(
        0.0, text="damping of that pad", unit="N s/m", low=0.0, high=1e5, assumed=True
    )
    search_breaking: bool = parameter(
        False,
        text="also find the speed of the fall, height of the drop or size of the push that just breaks each femur; "
        "some four runs more of each",
    )
    relative_tolerance: float = parameter(
        1e-4, text="hht_alpha: forces that may be left unbalanced, of the largest force", unit="-", low=1e-12, high=1e-3
    )

    def run(self, model: Model, setting: ImpactSetting, *, log=None, progress=None) -> ImpactCourse:
        """Follow the motion.

        Parameters
        ----------
        model : Model
        setting : ImpactSetting
            Made for this model by `femsim.build.impact.impact_setting`.
        log : callable(str), optional
            Hears some twenty lines.
        progress : callable(share done, words), optional
            Told how far it has come, and how many steps a second takes.

        Raises
        ------
        ModelError
            Where step, duration or mass do not make a problem.
        ConvergenceError
            Where a step does not converge, grows unstable, or energy is not balanced to 1 %.
        """
        from femsim.analyses.impact_run import follow

        return follow(self, model, setting, log=log, progress=progress)
