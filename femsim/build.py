"""Scenario → the operated model and its intact twin, stated and unsolved."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from types import MappingProxyType

import numpy as np

from femsim.anatomy.attachments import attachments
from femsim.anatomy.degeneration.account import BoneAccount, account, degenerated
from femsim.anatomy.degeneration.state import BoneState, sound
from femsim.anatomy.femur import Femur
from femsim.anatomy.grain import trajectories
from femsim.anatomy.zones import zones_of
from femsim.arrays import freeze
from femsim.errors import ModelError
from femsim.fem.constraints import connected_parts
from femsim.fem.elasticity import Orthotropic
from femsim.fem.geometry import integration_points, integration_weights
from femsim.geometry.made import femur_and_twin
from femsim.interfaces.frame import implant_frame
from femsim.interfaces.freeing import LoosePairs, freed_twin
from femsim.loads.application import load_basis
from femsim.loads.history import LoadHistory
from femsim.materials import SOLIDS
from femsim.materials.bone.densitometry import of_its_kind
from femsim.materials.composite import filled_constants, filled_modulus
from femsim.mesh.closest import closest_points
from femsim.mesh.mesh import Mesh, Twin
from femsim.mesh.quality import volumes
from femsim.mesh.surface import Surface
from femsim.model import Model
from femsim.scenario.reading import Scenario

BONE_REGIONS = ("bone_kept", "bone_removed")


@dataclass(frozen=True)
class Pair:
    """The two models of one scenario, over bone they share.

    femur, twin : what they were built from; the operated mesh is split where the implant's interfaces are free.
    operated, intact : the same object when nothing was put in.
    sites : load site → (3,) where its force enters [mm].
    bone : how much bone the intact femur has, and what ails it.
    """

    femur: Femur
    twin: Twin
    operated: Model
    intact: Model
    sites: Mapping[str, np.ndarray]
    bone: BoneAccount

    def __post_init__(self):
        freeze(self, sites=MappingProxyType(dict(self.sites)))


def build(scenario: Scenario, *, fresh: bool = False, progress: Callable[[str], None] | None = None) -> Pair:
    """Femur, implant, mesh, stiffness, loads and supports of a scenario.

    Parameters
    ----------
    scenario : Scenario
    fresh : bool
        Mesh again even where the mesh is in the cache.
    progress : callable(str), optional
        Told each stage as it begins.

    Returns
    -------
    Pair
        Isotropic yet where bone.anisotropy takes its directions from stress: `run` solves the intact femur for them
        and turns to `oriented`.

    Raises
    ------
    SurfaceError, GeometryError, MeshError, ModelError
    """
    femur, twin = femur_and_twin(scenario, fresh=fresh, progress=progress)
    if progress:
        progress("bone, loads, supports")
    twin, loose = _freed(scenario, femur, twin)
    return pair_of_models(scenario, femur, twin, loose=loose)


def pair_of_models(
    scenario: Scenario,
    femur: Femur,
    twin: Twin,
    *,
    materials: Mapping[str, str] | None = None,
    loose: Mapping[str, LoosePairs] | None = None,
) -> Pair:
    """The two models on a twin mesh that exists, split where it is to be.

    materials : region → material name where it differs from the implant's own; "bone" gives a region the density and
        stiffness that the intact femur has there.
    loose : pairs of nodes across the interfaces along which the operated mesh was split.
    """
    history = scenario.load.history(scenario.subject)
    sites = attachments(femur, history.sites)
    if materials is None:
        materials = scenario.implant.place(femur).materials

    bone = _Bone(scenario, femur)
    intact = _model("intact", twin.intact, scenario, bone, femur, materials, history, sites)
    counted = _account(bone, intact)
    if twin.operated is twin.intact:
        return _by_anatomy(Pair(femur, twin, intact, intact, sites, counted), scenario)
    operated = _model(
        "operated", twin.operated, scenario, bone, femur, materials, history, sites, same=(intact, twin.n_kept)
    )
    inside = _penetrated(scenario, twin, operated, materials)
    operated = _with_cement(replace(operated, loose=loose or {}, penetrated=inside), materials)
    return _by_anatomy(Pair(femur, twin, operated, intact, sites, counted), scenario)


def _freed(scenario: Scenario, femur: Femur, twin: Twin) -> tuple[Twin, Mapping[str, LoosePairs]]:
    """The twin split where the scenario frees interfaces, and what lies on what there."""
    bonds = scenario.implant.bonds()
    if not bonds:
        return twin, {}
    solids, marks = scenario.implant.place(femur), femur.landmarks
    frame = implant_frame(solids.origin, solids.axis, marks.neck_axis, marks.shaft_axis)
    twin, loose = freed_twin(twin, bonds, frame)
    if loose:
        _refuse_floating(scenario, twin.operated, loose)
    return twin, loose


def _refuse_floating(scenario: Scenario, mesh: Mesh, loose: Mapping[str, LoosePairs]) -> None:
    part_of, n_parts = connected_parts(mesh)
    if n_parts == 1:
        return
    part = part_of[mesh.elements[:, 0]]
    floating = {mesh.regions[row] for row in np.unique(mesh.region_of[part != part[0]])}
    keys = [f"implant.{f.name}" for f in fields(scenario.implant) if f.name.endswith("_fixation")]
    raise ModelError(
        f"Nothing holds {' and '.join(sorted(floating))} to the bone: {', '.join(loose)} "
        f"{'are' if len(loose) > 1 else 'is'} free all along.",
        where="implant",
        why="free interfaces carry nothing, and there is no contact",
        remedy=f"bond one of them: {' or '.join(keys)}",
    )


def _penetrated(scenario: Scenario, twin: Twin, operated: Model, materials: Mapping[str, str]) -> np.ndarray | None:
    """(e, q) bool: integration points of kept bone so near to the cement that it fills their pores."""
    names, depth = scenario.implant.penetrated()
    faces = [twin.interfaces[name][:, :3] for name in names if name in twin.interfaces]
    if not (depth > 0 and faces and materials.get("cement") in SOLIDS):
        return None
    mesh = operated.mesh
    points = integration_points(mesh)[: twin.n_kept]
    touched = np.concatenate(faces)
    low, high = (bound(mesh.nodes[touched], axis=(0, 1)) for bound in (np.min, np.max))
    near = ((points > low - depth) & (points < high + depth)).all(axis=2)
    found = closest_points(Surface(mesh.nodes, touched), points[near], within=depth)
    inside = np.zeros(operated.density.shape, bool)
    inside[: twin.n_kept][near] = np.isfinite(found.distance)
    return inside


def _with_cement(model: Model, materials: Mapping[str, str]) -> Model:
    """The model with its penetrated bone stiffened by the cement in its pores."""
    inside = model.penetrated
    if inside is None:
        return model
    cement = SOLIDS[materials["cement"]]()
    modulus, density = model.youngs_modulus.copy(), model.density[inside]
    modulus[inside] = filled_modulus(modulus[inside], density, cement.youngs_modulus_mpa)
    grain = model.orthotropic
    if grain is not None:
        given = (grain.youngs_moduli, grain.poissons_ratios, grain.shear_moduli)
        parts = [values.copy() for values in given]
        filler = (cement.youngs_modulus_mpa, cement.poissons_ratio)
        for part, values in zip(parts, filled_constants(*(part[inside] for part in given), density, filler)):
            part[inside] = values
        grain = Orthotropic(*parts, grain.axes)
    return replace(model, youngs_modulus=modulus, orthotropic=grain)


def _by_anatomy(pair: Pair, scenario: Scenario) -> Pair:
    """With the grain of the bone, where anatomy says how it runs."""
    if scenario.bone.anisotropy.directions != "trajectories":
        return pair
    points = integration_points(pair.intact.mesh)
    return oriented(pair, scenario, trajectories(pair.femur, points.reshape(-1, 3)).reshape(*points.shape, 3))


def oriented(pair: Pair, scenario: Scenario, axes: np.ndarray) -> Pair:
    """The pair with orthotropic bone. Kept bone has the same grain in both; bone that only the operated femur has takes
    that of the nearest place of the intact one.

    Parameters
    ----------
    axes : (e, q, 3, 3) rows are the directions 1, 2, 3 at the integration points of the intact femur.

    Raises
    ------
    ModelError
        Where the bone law lacks what is asked of it.
    """
    intact = _with_grain(pair.intact, scenario, axes)
    if pair.operated is pair.intact:
        return replace(pair, operated=intact, intact=intact)
    n_kept, model = pair.twin.n_kept, pair.operated
    # The grain is that of the bone alone; cement in its pores comes after.
    modulus = model.youngs_modulus.copy()
    modulus[:n_kept] = intact.youngs_modulus[:n_kept]
    model = replace(model, youngs_modulus=modulus)
    own = np.tile(np.eye(3), (*model.density.shape, 1, 1))
    own[:n_kept] = axes[:n_kept]
    grafted = np.isfinite(model.density).all(axis=1) & (np.arange(model.mesh.n_elements) >= n_kept)
    if grafted.any():
        from scipy.spatial import cKDTree

        known = integration_points(pair.intact.mesh).reshape(-1, 3)
        asked = integration_points(model.mesh)[grafted].reshape(-1, 3)
        own[grafted] = axes.reshape(-1, 3, 3)[cKDTree(known).query(asked)[1]].reshape(own[grafted].shape)
    operated = _with_cement(_with_grain(model, scenario, own), scenario.implant.place(pair.femur).materials)
    return replace(pair, operated=operated, intact=intact)


def _with_grain(model: Model, scenario: Scenario, axes: np.ndarray) -> Model:
    anisotropy, bone = scenario.bone.anisotropy, np.isfinite(model.density)
    moduli, ratios, shear = (
        np.array(constants)
        for constants in anisotropy.constants(model.youngs_modulus, model.poissons_ratio, np.ones((*bone.shape, 2)))
    )
    # Metal and cement stay isotropic, whatever the factor on the shear of bone.
    shear[~bone] = (model.youngs_modulus / (2.0 * (1.0 + model.poissons_ratio)))[~bone][:, None]
    across = anisotropy.ratios(scenario.bone.law, model.density[bone])
    moduli[bone], ratios[bone], shear[bone] = anisotropy.constants(
        model.youngs_modulus[bone], model.poissons_ratio[bone], across
    )
    return replace(model, orthotropic=Orthotropic(moduli, ratios, shear, axes))


class _Bone:
    """The bone of a scenario in a femur: its density source, and what ails it."""

    def __init__(self, scenario: Scenario, femur: Femur):
        self.femur, self.degenerations = femur, scenario.bone.degenerations
        self.source = source = scenario.bone.density
        for degeneration in self.degenerations:
            source = degeneration.on_source(source)
        self._map = source.mapped(femur)
        self._sound_map = self._map if source == self.source else self.source.mapped(femur)
        self.notes = self._map.notes

    def at(self, mesh: Mesh, points: np.ndarray, elements: np.ndarray) -> BoneState:
        """Bone at the integration points (k, q, 3) of elements of a mesh (rows), flat: (k q,)."""
        flat = points.reshape(-1, 3)
        density = self._map.at(flat, _spans(mesh, elements, points.shape[1]))
        return degenerated(sound(flat, density), self.degenerations, self.femur)

    def sound_density(self, mesh: Mesh, points: np.ndarray, elements: np.ndarray) -> np.ndarray:
        """(k, q) [g/cm³] as if nothing ailed it."""
        flat = points.reshape(-1, 3)
        return self._sound_map.at(flat, _spans(mesh, elements, points.shape[1])).reshape(points.shape[:2])


def _spans(mesh: Mesh, elements: np.ndarray, n_points: int) -> np.ndarray:
    """(k q,) [mm] edge of the cube that each integration point stands for."""
    return np.repeat(np.cbrt(volumes(mesh.nodes, mesh.elements[elements]) / n_points), n_points)


def _account(bone: _Bone, intact: Model) -> BoneAccount:
    weights = integration_weights(intact.mesh)
    if not bone.degenerations:
        return account(intact.density, intact.density, weights, bone.notes)
    points = integration_points(intact.mesh)
    everywhere = np.arange(intact.mesh.n_elements)
    before = bone.sound_density(intact.mesh, points, everywhere)
    told = [one.told(bone.femur, bone.source, points.reshape(-1, 3), weights.ravel()) for one in bone.degenerations]
    cited = [citation for one in bone.degenerations for citation in one.citations]
    notes = (*bone.notes, *(note for notes in told for note in notes))
    return account(before, intact.density, weights, notes, tuple(cited))


def _model(
    name: str,
    mesh: Mesh,
    scenario: Scenario,
    bone: _Bone,
    femur: Femur,
    materials: Mapping[str, str],
    history: LoadHistory,
    sites: Mapping[str, np.ndarray],
    same: tuple[Model, int] | None = None,
) -> Model:
    """same : a model whose first elements are the first of this one, and how many."""
    points = integration_points(mesh)
    density = np.full(points.shape[:2], np.nan)
    stiffness, yield_strain = np.full(density.shape, np.nan), np.ones(density.shape)
    law = scenario.bone.law
    poisson = np.full(density.shape, law.poissons_ratio)
    is_bone = mesh.in_region(*(r for r in mesh.regions if r in BONE_REGIONS or materials.get(r) == "bone"))
    new = is_bone
    if same:
        # Taken over rather than computed again: a difference between twins cannot come from rounding.
        twin, n_same = same
        density[:n_same] = twin.density[:n_same]
        stiffness[:n_same] = twin.youngs_modulus[:n_same]
        yield_strain[:n_same] = twin.yield_strain_factor[:n_same]
        new = is_bone & (np.arange(mesh.n_elements) >= n_same)
    if new.any():
        state = bone.at(mesh, points[new], np.flatnonzero(new))
        modulus = law.modulus(of_its_kind(law, state.stiffness_density)) * state.modulus_factor
        density[new] = state.density.reshape(-1, points.shape[1])
        stiffness[new] = modulus.reshape(-1, points.shape[1])
        yield_strain[new] = state.yield_strain_factor.reshape(-1, points.shape[1])
    for region in mesh.regions:
        if region in materials and materials[region] != "bone":
            solid = SOLIDS[materials[region]]()
            stiffness[mesh.in_region(region)] = solid.youngs_modulus_mpa
            poisson[mesh.in_region(region)] = solid.poissons_ratio
    basis, factors = load_basis(history, mesh, sites, scenario.application)
    centroids = mesh.nodes[mesh.elements[:, :4]].mean(axis=1)
    zone_of, zones = zones_of(femur, centroids)
    return Model(
        name=name,
        mesh=mesh,
        density=density,
        youngs_modulus=stiffness,
        poissons_ratio=poisson,
        fixed=np.unique(mesh.surface("distal")),
        history=history,
        load_basis=basis,
        load_factors=factors,
        zone_of=np.where(is_bone, zone_of, -1),
        zones=zones,
        yield_strain_factor=yield_strain,
    )
