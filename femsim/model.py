"""The whole problem stated, nothing solved: one femur, its stiffness, loads and supports."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import cached_property
from types import MappingProxyType

import numpy as np

from femsim.arrays import freeze, frozen
from femsim.errors import ModelError
from femsim.fem.constraints import held_directions
from femsim.fem.elasticity import Elasticity, Isotropic, Orthotropic
from femsim.fem.plastic_damage import PlasticDamage
from femsim.fem.springs import Springs, tying_springs
from femsim.interfaces.freeing import LoosePairs
from femsim.loads.history import LoadHistory
from femsim.mesh.mesh import Mesh
from femsim.mesh.plane import Plane


@dataclass(frozen=True)
class LoadCase:
    """One activity as it loads a model.

    activity : its name.
    history : its forces.
    factors : (t, b) how much of each load of the model's basis acts in every frame.
    cycles_per_day : how often this leg goes through it; None where nobody says.
    """

    activity: str
    history: LoadHistory
    factors: np.ndarray
    cycles_per_day: float | None = None

    def __post_init__(self):
        freeze(self, factors=frozen(self.factors, np.float64, (len(self.history.forces), None)))


@dataclass(frozen=True)
class Model:
    """A linear elastic model under a load history.

    Point arrays have one row per element and one column per integration point, (e, q): q = 1 for TET4, 4 for TET10.

    name : "operated" or "intact".
    density : (e, q) apparent density [g/cm³]; NaN outside bone.
    youngs_modulus [MPa], poissons_ratio : (e, q); of orthotropic bone the modulus along its grain, and the ratio that
        its law gives.
    held : (n, 3) bool, directions that do not move; node numbers (k,) stand for all three.
    reactions : (6, n, 3) [N] unit reactions that balance every load and do no work, where the support is statically
        determinate; the six directions in `held` then only keep the body in place. None where the held react.
    support : a sentence on how it is held.
    load_basis : (b, n, 3) nodal forces [N]; frame t of the history is loads[t] @ load_basis.
    load_factors : (t, b).
    sites, patch_radius : site → (3,) where a force other than the hip's enters, over how wide a patch [mm].
    activity : name of the activity that the history is of.
    routine : what else the person does, spanned by the same basis.
    zone_of : (e,) row of `zones`; -1 outside every zone.
    yield_strain_factor : (e, q) what the yield strain is of that of sound bone; 1 everywhere when not given.
    orthotropic : constants (e, q, 3) and axes (e, q, 3, 3) of everything, where bone has a grain; None where nothing
        has.
    loose : interface → its pairs of nodes across the faces that were freed, sliding or free; empty where everything is
        bonded.
    penetrated : (e, q) bool, bone with cement in its pores; None where there is none. Stiffness has it already.
    gruen_of : (e,) row of `gruen_zones`, a partition beside `zones`; -1 outside, and everywhere when not given.
    materials : region → name of its solid, or "bone"; regions of bone need not be there.
    sections : planes across which it is asked what carries the load.
    head_centre : (3,) of the bearing [mm], in the femur frame: the origin until an implant moves it.
    head_diameter : of the bearing [mm]; None where nobody says.
    mass_density : (e, q) [tonne/mm³] of bone and implant; None where nobody says.
    failing : what every place bears and how it gives way; None where nobody says.
    shear_strength : (e, q) [MPa] of bone, for criteria that ask for it; NaN outside bone; None where nobody says.
    """

    name: str
    mesh: Mesh
    density: np.ndarray
    youngs_modulus: np.ndarray
    poissons_ratio: np.ndarray
    held: np.ndarray
    history: LoadHistory
    load_basis: np.ndarray
    load_factors: np.ndarray
    zone_of: np.ndarray
    zones: tuple[str, ...]
    yield_strain_factor: np.ndarray | None = None
    orthotropic: Orthotropic | None = None
    loose: Mapping[str, LoosePairs] = field(default_factory=dict)
    penetrated: np.ndarray | None = None
    gruen_of: np.ndarray | None = None
    gruen_zones: tuple[str, ...] = ()
    materials: Mapping[str, str] = field(default_factory=dict)
    sections: tuple[Plane, ...] = ()
    head_centre: np.ndarray = (0.0, 0.0, 0.0)
    head_diameter: float | None = None
    sites: Mapping[str, np.ndarray] = field(default_factory=dict)
    patch_radius: float = 0.0
    activity: str = ""
    routine: tuple[LoadCase, ...] = ()
    reactions: np.ndarray | None = None
    support: str = ""
    mass_density: np.ndarray | None = None
    failing: PlasticDamage | None = None
    shear_strength: np.ndarray | None = None

    def __post_init__(self):
        e, n = self.mesh.n_elements, self.mesh.n_nodes
        factor = np.ones(np.shape(self.density)) if self.yield_strain_factor is None else self.yield_strain_factor
        freeze(
            self,
            yield_strain_factor=frozen(factor, np.float64, (e, None)),
            density=frozen(self.density, np.float64, (e, None)),
            youngs_modulus=frozen(self.youngs_modulus, np.float64, (e, None)),
            poissons_ratio=frozen(self.poissons_ratio, np.float64, (e, None)),
            held=frozen(held_directions(self.mesh, self.held), bool, (n, 3)),
            load_basis=frozen(self.load_basis, np.float64, (None, n, 3)),
            load_factors=frozen(self.load_factors, np.float64, (len(self.history.forces), len(self.load_basis))),
            zone_of=frozen(self.zone_of, np.int64, (e,)),
            zones=tuple(self.zones),
            loose=MappingProxyType(dict(self.loose)),
            gruen_of=frozen(np.full(e, -1) if self.gruen_of is None else self.gruen_of, np.int64, (e,)),
            gruen_zones=tuple(self.gruen_zones),
            materials=MappingProxyType(dict(self.materials)),
            sections=tuple(self.sections),
            sites=MappingProxyType(dict(self.sites)),
            routine=tuple(self.routine),
            head_centre=frozen(self.head_centre, np.float64, (3,)),
        )
        if self.penetrated is not None:
            freeze(self, penetrated=frozen(self.penetrated, bool, np.shape(self.density)))
        if self.reactions is not None:
            freeze(self, reactions=frozen(self.reactions, np.float64, (6, n, 3)))
        if self.mass_density is not None:
            freeze(self, mass_density=frozen(self.mass_density, np.float64, np.shape(self.density)))
        if self.shear_strength is not None:
            freeze(self, shear_strength=frozen(self.shear_strength, np.float64, np.shape(self.density)))
        _refuse_ill_posed(self)

    @property
    def cases(self) -> tuple[LoadCase, ...]:
        """The activity under [load], then those of the routine."""
        return (LoadCase(self.activity, self.history, self.load_factors), *self.routine)

    def pulled_at(self, history: LoadHistory) -> list[np.ndarray]:
        """Points (3,) [mm] beside the head where forces of a history act."""
        return [self.sites[site] for site in history.pulled_sites if site in self.sites]

    @property
    def counted(self) -> tuple[tuple[LoadCase, float], ...]:
        """The activities that fill the person's time, each with its share of it; their sum is 1."""
        if not self.routine:
            return ((self.cases[0], 1.0),)
        times = np.array([case.cycles_per_day * case.history.duration_s for case in self.routine])
        if not times.any():  # single peaks that nobody timed
            times = np.array([case.cycles_per_day for case in self.routine])
        return tuple(zip(self.routine, (times / times.sum()).tolist()))

    @property
    def held_nodes(self) -> np.ndarray:
        """(k,) nodes held in some direction."""
        return np.flatnonzero(self.held.any(axis=1))

    @cached_property
    def elasticity(self) -> Elasticity:
        """Stiffness at the integration points."""
        return self.orthotropic or Isotropic(self.youngs_modulus, self.poissons_ratio)

    @cached_property
    def springs_of(self) -> Mapping[str, Springs]:
        """What holds the sides of each sliding interface across its normals."""
        return {
            name: tying_springs(self.mesh, self.youngs_modulus, loose.pairs, loose.normals, loose.areas)
            for name, loose in self.loose.items()
            if loose.slides and len(loose.pairs)
        }

    @property
    def springs(self) -> Springs | None:
        """All of them; None where nothing slides."""
        parts = list(self.springs_of.values())
        if not parts:
            return None
        return Springs(*(np.concatenate([getattr(one, f.name) for one in parts]) for f in fields(Springs)))


def _refuse_ill_posed(model: Model) -> None:
    stiffness, poisson = model.youngs_modulus, model.poissons_ratio
    if not (np.isfinite(stiffness).all() and (stiffness > 0).all()):
        bad = np.flatnonzero(~(np.isfinite(stiffness) & (stiffness > 0)).all(axis=1))
        raise ModelError(
            f"{len(bad)} of {len(stiffness)} elements have a Young's modulus that is not a positive number.",
            where=f"{model.name} femur, first element {bad[0]}: {stiffness[bad[0]].min():g} MPa",
            remedy="check the density field and the bone law",
        )
    if not ((poisson > -1) & (poisson < 0.5)).all():
        raise ModelError(
            f"Poisson's ratio must lie in (-1, 0.5); found {poisson.min():g} … {poisson.max():g}.",
            where=f"{model.name} femur",
        )
    n_held = len(model.held_nodes)
    if n_held < 3:
        raise ModelError(
            f"{n_held} nodes are held; the femur can move freely.",
            where=f"{model.name} femur, support",
            remedy="check that the shaft reaches the distal cut",
        )
    if not np.isfinite(model.load_basis).all():
        raise ModelError("A nodal force is not a finite number.", where=f"{model.name} femur")
