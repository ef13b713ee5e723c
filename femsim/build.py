"""Scenario → the operated model and its intact twin, stated and unsolved."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np

from femsim.anatomy.attachments import attachments
from femsim.anatomy.cuts import section_planes
from femsim.anatomy.degeneration.account import BoneAccount, account, degenerated
from femsim.anatomy.degeneration.state import BoneState, sound
from femsim.anatomy.femur import Femur
from femsim.anatomy.grain import trajectories
from femsim.anatomy.gruen import gruen_zones_of, stem_levels
from femsim.anatomy.zones import zones_of
from femsim.arrays import freeze
from femsim.fem.elasticity import Orthotropic
from femsim.fem.geometry import centroids, integration_points, integration_weights
from femsim.geometry.made import femur_and_twin
from femsim.loads.application import load_basis
from femsim.loads.history import LoadHistory
from femsim.materials import SOLIDS
from femsim.materials.bone.densitometry import of_its_kind
from femsim.mesh.mesh import Mesh, Twin
from femsim.mesh.quality import volumes
from femsim.model import Model
from femsim.scenario.reading import Scenario

BONE_REGIONS = ("bone_kept", "bone_removed")


@dataclass(frozen=True)
class Pair:
    """The two models of one scenario, over bone they share.

    femur, twin : what they were built from.
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
    return pair_of_models(scenario, femur, twin)


def pair_of_models(scenario: Scenario, femur: Femur, twin: Twin, *, materials: Mapping[str, str] | None = None) -> Pair:
    """The two models on a twin mesh that exists.

    materials : region → material name where it differs from the implant's own; "bone" gives a region the density and
        stiffness that the intact femur has there.
    """
    history = scenario.load.history(scenario.subject)
    sites = attachments(femur, history.sites)
    solids = scenario.implant.place(femur)
    if materials is None:
        materials = solids.materials

    bone = _Bone(scenario, femur)
    intact = _located(_model("intact", twin.intact, scenario, bone, femur, materials, history, sites), femur, solids)
    intact = replace(intact, head_diameter=2.0 * femur.landmarks.head_radius)
    counted = _account(bone, intact)
    if twin.operated is twin.intact:
        return _by_anatomy(Pair(femur, twin, intact, intact, sites, counted), scenario)
    operated = _model(
        "operated", twin.operated, scenario, bone, femur, materials, history, sites, same=(intact, twin.n_kept)
    )
    radius = getattr(solids, "head_radius", None)
    operated = replace(
        _located(operated, femur, solids),
        head_centre=getattr(solids, "head_centre", (0.0, 0.0, 0.0)),
        head_diameter=None if radius is None else 2.0 * radius,
    )
    return _by_anatomy(Pair(femur, twin, operated, intact, sites, counted), scenario)


def _located(model: Model, femur: Femur, solids) -> Model:
    """With the zones of Gruen and the sections of a stem, that of the implant or the one that the femur would get.

    Both models of a pair take the levels of the implant's stem: they are compared zone by zone.
    """
    top, tip = getattr(solids, "stem_levels", None) or stem_levels(femur)
    gruen_of, gruen_zones = gruen_zones_of(femur, centroids(model.mesh), top=top, tip=tip)
    return replace(
        model,
        gruen_of=np.where(model.zone_of >= 0, gruen_of, -1),
        gruen_zones=gruen_zones,
        sections=section_planes(femur, top=top, tip=tip),
    )


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
    own = np.tile(np.eye(3), (*model.density.shape, 1, 1))
    own[:n_kept] = axes[:n_kept]
    grafted = np.isfinite(model.density).all(axis=1) & (np.arange(model.mesh.n_elements) >= n_kept)
    if grafted.any():
        from scipy.spatial import cKDTree

        known = integration_points(pair.intact.mesh).reshape(-1, 3)
        asked = integration_points(model.mesh)[grafted].reshape(-1, 3)
        own[grafted] = axes.reshape(-1, 3, 3)[cKDTree(known).query(asked)[1]].reshape(own[grafted].shape)
    return replace(pair, operated=_with_grain(model, scenario, own), intact=intact)


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
    zone_of, zones = zones_of(femur, centroids(mesh))
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
        materials={region: materials[region] for region in mesh.regions if region in materials},
    )
