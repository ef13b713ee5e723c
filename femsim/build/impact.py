"""Scenario → what one of its femora meets in an impact: floor, knee, falling trunk, dropped weight, or a push."""

from typing import Any

import numpy as np

from femsim import units
from femsim.anatomy.attachments import KNEE
from femsim.build.loading import Loading, loading_of
from femsim.build.models import Pair
from femsim.errors import ModelError
from femsim.fem.contact import FloorContact, facing_areas
from femsim.fem.coupling import Coupling
from femsim.fem.impact_setting import ImpactSetting, Mass, Pulse
from femsim.fem.laws import SpringDamper, TissueLayer
from femsim.loads.fall import Fall
from femsim.loads.traction import head_pressure
from femsim.mesh.mesh import Mesh
from femsim.model import Model
from femsim.scenario.reading import Scenario
from femsim.supports.spread import carried

MARROW = 1.0  # g/cm³; assumed, between fat and water
SOLID_BONE = 1.8  # g/cm³ apparent density of cortex, whose pores are as good as empty; FACTS: 1.8–2.0, assumed
_REACTION_STIFFNESS = 1e5  # N/mm along each reaction of a support that holds nothing but balances; all but rigid
_ARM = 100.0  # mm between the two forces of a couple


def impact_setting(scenario: Scenario, pair: Pair, model: Model, *, loading: Loading | None = None) -> ImpactSetting:
    """What the operated or intact model of a scenario meets, whose analysis is an impact.

    A fall under [load] meets the floor, its knee a pivot, whatever [support] says; with `drop_height_mm` a weight falls
    on the head; anything else is a push over time, held by [support].

    Parameters
    ----------
    model : pair.operated or pair.intact.
    loading : what acts, where it is not what the scenario says.

    Raises
    ------
    ModelError
        Where nobody says what the model weighs, or its surfaces cannot carry what holds it.
    """
    if model.mass_density is None:
        raise ModelError(
            "Nobody says what this femur weighs; without mass nothing moves.",
            where=f"{model.name} femur, mass_density",
            remedy="build the model from a scenario, or give it a mass density",
        )
    loading = loading or loading_of(scenario, pair.femur)
    told = scenario.analysis
    weight = _with_marrow(model, told.marrow_in_pores)
    if isinstance(scenario.load, Fall):
        return _fall(scenario, model, weight, loading)
    if told.drop_height_mm is not None:
        return _drop(told, model, weight, loading)
    return _push(model, weight, loading)


def _fall(scenario: Scenario, model: Model, weight: np.ndarray, loading: Loading) -> ImpactSetting:
    fall, told, mesh = scenario.load, scenario.analysis, model.mesh
    up = _normal(fall, loading)
    knee, head = loading.sites[KNEE], model.head_centre
    shaft = (head - knee) / np.linalg.norm(head - knee)
    along = shaft - up * (shaft @ up)
    along /= np.linalg.norm(along)
    speed = fall.impact_speed_m_per_s * units.m
    # Turning about the knee, the head centre comes down with that speed.
    turning = speed / ((head - knee) @ along) * np.cross(up, along)
    velocity = np.cross(turning, mesh.nodes - knee)
    gravity = units.standard_gravity * units.m
    trunk = Mass("trunk", fall.effective_mass_share * scenario.subject.body_mass_kg * units.kg, speed, gravity)
    pelvis = SpringDamper(
        fall.stiffness_kn_per_m * units.kN / units.m, told.pelvis_damping_ns_per_m / units.m, pulls=False
    )
    angle = loading.application.pressure_half_angle_deg
    pressed = head_pressure(mesh, -up, half_angle_deg=angle, centre=head)
    # Compression of the pelvis: what the trunk has come down less what the head has.
    couplings = (Coupling("hip", -pressed, pelvis, 0, 1.0), *_knee(told, mesh, knee, shaft))
    words = (
        "The knee is a pivot on stiff springs: it stays where it is, does not turn about the shaft, and swings freely "
        "otherwise (assumed).",
        "The pelvis is a spring and damper between the head and a falling mass that moves along the fall alone; it "
        "pushes on the head as the hip force does and never pulls.",
    )
    if told.tissue_thickness_mm > 0:
        words = (
            *words,
            "The pelvis' published stiffness was measured with the soft tissue over the hip; here that tissue is a "
            "layer of its own besides, so that the two together are softer than published (assumed).",
        )
    return ImpactSetting(
        kind="fall",
        held=np.zeros((mesh.n_nodes, 3), bool),
        mass_density=weight,
        velocity=velocity,
        gravity=-gravity * up,
        masses=(trunk,),
        couplings=couplings,
        floor=(floor := _floor(told, model, up)),
        watched={"hip": pressed, "trochanter": _at(mesh, floor.nodes[floor.gaps.argmin()], -up)},
        words=words,
    )


def _normal(fall: Fall, loading: Loading) -> np.ndarray:
    """(3,) unit, upwards, in the femur frame: the floor's push as the history of the fall has it."""
    history = loading.activities[0].history
    push = history.forces[history.peak, history.channels.index("floor")]
    if not np.linalg.norm(push) > 0:
        raise ModelError(f"The {type(fall).__name__} has no force of the floor.", where="load")
    return push / np.linalg.norm(push)


def _floor(told: Any, model: Model, up: np.ndarray) -> FloorContact:
    mesh = model.mesh
    areas = facing_areas(mesh, mesh.surface("bone_outer"), up)
    nodes = np.flatnonzero(areas)
    heights = mesh.nodes[nodes] @ up
    if told.tissue_thickness_mm > 0:
        law = TissueLayer(told.tissue_thickness_mm, told.tissue_modulus_mpa, told.tissue_loss_ms * 1e-3)
    else:
        law = SpringDamper(bare_stiffness(model, nodes), 0.0, pulls=False)
    return FloorContact(up, nodes, areas[nodes], heights - heights.min(), law)


def bare_stiffness(model: Model, nodes: np.ndarray) -> np.ndarray:
    """(c,) [MPa/mm] by which a rigid plane answers at nodes without tissue: modulus over size of the elements there.

    Bone then enters the floor by what one more layer of its elements would be compressed.
    """
    from femsim.fem.geometry import corner_volumes

    mesh = model.mesh
    size = np.cbrt(6 * np.sqrt(2) * corner_volumes(mesh))
    answer = model.youngs_modulus.mean(axis=1) / size
    every = mesh.elements.ravel()
    total = np.bincount(every, np.repeat(answer, mesh.elements.shape[1]), mesh.n_nodes)
    return (total / np.bincount(every, minlength=mesh.n_nodes))[nodes]


def _knee(told: Any, mesh: Mesh, knee: np.ndarray, shaft: np.ndarray) -> tuple[Coupling, ...]:
    """Three translations of the knee, across the shaft and along it, and the turning about it."""
    across = np.cross(shaft, [1.0, 0.0, 0.0])
    across /= np.linalg.norm(across)
    axes = np.array([across, np.cross(shaft, across), shaft])
    patterns = carried(mesh, "distal", knee, axes)
    (shifted,) = carried(mesh, "distal", knee + _ARM * axes[0], axes[1:2])
    couple = (shifted - patterns[1]) / _ARM  # unit moment about axes[0] × axes[1], the shaft up to its sign
    translation = SpringDamper(told.knee_stiffness_n_per_mm)
    rotation = SpringDamper(told.knee_turning_nm_per_deg * units.m / units.degree)
    named = [Coupling(f"knee_{k}", pattern, translation) for k, pattern in enumerate(patterns)]
    return (*named, Coupling("knee_turning", couple, rotation))


def _drop(told: Any, model: Model, weight: np.ndarray, loading: Loading) -> ImpactSetting:
    history = model.history
    force = history.hip[history.peak]
    down = force / np.linalg.norm(force)
    gravity = units.standard_gravity * units.m
    speed = float(np.sqrt(2 * gravity * told.drop_height_mm))
    angle = loading.application.pressure_half_angle_deg
    pressed = head_pressure(model.mesh, down, half_angle_deg=angle, centre=model.head_centre)
    pad = SpringDamper(told.drop_pad_n_per_mm, told.drop_pad_damping_ns_per_m / units.m, pulls=False)
    falling = Mass("weight", told.drop_mass_kg * units.kg, speed, gravity)
    return ImpactSetting(
        kind="drop",
        held=_held(model),
        mass_density=weight,
        velocity=np.zeros((model.mesh.n_nodes, 3)),
        masses=(falling,),
        couplings=(Coupling("hip", -pressed, pad, 0, 1.0), *_reactions(model)),
        watched={"hip": pressed},
        words=(
            f"A weight of {told.drop_mass_kg:g} kg falls {told.drop_height_mm:g} mm on the head along the hip force of "
            f"the activity and meets its pad at {speed / units.m:.3g} m/s; the femur itself is weightless at rest.",
            model.support,
        ),
    )


def _push(model: Model, weight: np.ndarray, loading: Loading) -> ImpactSetting:
    history = model.history
    if len(history.instants) < 3 or history.instant_unit != "s":
        raise ModelError(
            f"The activity has {len(history.instants)} instants in {history.instant_unit}; a push over time needs 3 or "
            "more in seconds.",
            where="load",
            remedy="ask for more frames of a stumble or a landing: load.frames = 31",
        )
    start, end = history.instants[[0, -1]]
    # A constructed course leaves out its ends, where nothing acts: they are one interval away.
    first, last = start - (history.instants[1] - start), end + (end - history.instants[-2])
    times = np.concatenate([[first], history.instants, [last]]) - first
    nothing = np.zeros((1, model.load_factors.shape[1]))
    hip = np.concatenate([[0.0], np.linalg.norm(history.hip, axis=1), [0.0]])
    down, angle = history.hip[history.peak], loading.application.pressure_half_angle_deg
    return ImpactSetting(
        kind="pulse",
        held=_held(model),
        mass_density=weight,
        velocity=np.zeros((model.mesh.n_nodes, 3)),
        couplings=_reactions(model),
        pulse=Pulse(model.load_basis, times, np.concatenate([nothing, model.load_factors, nothing]), hip),
        watched={"hip": head_pressure(model.mesh, down, half_angle_deg=angle, centre=model.head_centre)},
        words=("The forces of the activity act over time on a femur at rest; its inertia is included.", model.support),
    )


def _at(mesh: Mesh, node: int, direction: np.ndarray) -> np.ndarray:
    """(n, 3) pattern that picks what one node moves along a direction."""
    pattern = np.zeros((mesh.n_nodes, 3))
    pattern[node] = direction
    return pattern


def _held(model: Model) -> np.ndarray:
    return model.held if model.reactions is None else np.zeros_like(model.held)


def _reactions(model: Model) -> tuple[Coupling, ...]:
    """Stiff springs along the reactions of a support that holds by balancing."""
    if model.reactions is None:
        return ()
    spring = SpringDamper(_REACTION_STIFFNESS)
    return tuple(Coupling(f"support_{k}", pattern, spring) for k, pattern in enumerate(model.reactions))


def _with_marrow(model: Model, share: float) -> np.ndarray:
    """(e, q) [tonne/mm³] with marrow in a share of the pores of bone."""
    if not share:
        return model.mass_density
    pores = np.clip(1.0 - model.density / SOLID_BONE, 0.0, 1.0)
    return model.mass_density + np.nan_to_num(share * pores * MARROW) * units.g_per_cm3
