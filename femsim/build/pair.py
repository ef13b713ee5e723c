"""Scenario → the operated model and its intact twin, stated and unsolved."""

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np

from femsim.anatomy.cuts import section_planes
from femsim.anatomy.femur import Femur
from femsim.anatomy.gruen import gruen_zones_of, stem_levels
from femsim.anatomy.zones import zones_of
from femsim.build.bone import ScenarioBone, account_of, rate_factor, stiffness_of
from femsim.build.cement import with_cement
from femsim.build.failing import bone_strengths, failing_of, strengths_of
from femsim.build.grain import by_anatomy
from femsim.build.holding import freed
from femsim.build.loading import Loading, loading_of
from femsim.build.models import Pair
from femsim.build.weight import mass_density
from femsim.fem.geometry import centroids, integration_points
from femsim.geometry.made import femur_and_twin
from femsim.implants.solids import Solids
from femsim.interfaces.freeing import LoosePairs
from femsim.materials import SOLIDS
from femsim.materials.bone.densitometry import of_its_kind
from femsim.mesh.mesh import Mesh, Twin
from femsim.model import Model
from femsim.scenario.reading import Scenario
from femsim.supports.holding import Body

BONE_REGIONS = ("bone_kept", "bone_removed")


def build(
    scenario: Scenario,
    *,
    loading: Loading | None = None,
    fresh: bool = False,
    progress: Callable[[str], None] | None = None,
) -> Pair:
    """Femur, implant, mesh, stiffness, loads and supports of a scenario.

    Parameters
    ----------
    scenario : Scenario
    loading : Loading, optional
        What acts, where it is not what the scenario says.
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
    twin, loose = freed(scenario, femur, scenario.implant.place(femur), twin)
    return pair_of_models(scenario, femur, twin, loose=loose, loading=loading)


def pair_of_models(
    scenario: Scenario,
    femur: Femur,
    twin: Twin,
    *,
    materials: Mapping[str, str] | None = None,
    loose: Mapping[str, LoosePairs] | None = None,
    loading: Loading | None = None,
) -> Pair:
    """The two models on a twin mesh that exists, split where it is to be.

    materials : region → material name where it differs from the implant's own; "bone" gives a region the density and
        stiffness that the intact femur has there.
    loose : pairs of nodes across the interfaces along which the operated mesh was split.
    loading : what acts, where it is not what the scenario says.
    """
    loading = loading or loading_of(scenario, femur)
    solids = scenario.implant.place(femur)
    if materials is None:
        materials = solids.materials

    bone = ScenarioBone(scenario, femur)
    intact = _model("intact", twin.intact, scenario, bone, femur, materials, loading)
    intact = replace(located(intact, femur, solids), head_diameter=2.0 * femur.landmarks.head_radius)
    counted = account_of(bone, intact)
    if twin.operated is twin.intact:
        return by_anatomy(Pair(loading.noted(femur), twin, intact, intact, loading.acted_on, counted), scenario)
    operated = _model(
        "operated",
        twin.operated,
        scenario,
        bone,
        femur,
        materials,
        loading,
        same=(intact, twin.n_kept),
        head_centre=solids.head_centre,
    )
    operated = replace(
        located(operated, femur, solids),
        head_diameter=None if solids.head_radius is None else 2.0 * solids.head_radius,
        loose=loose or {},
    )
    operated = with_cement(operated, scenario, femur, twin, materials)
    return by_anatomy(Pair(loading.noted(femur), twin, operated, intact, loading.acted_on, counted), scenario)


def located(model: Model, femur: Femur, solids: Solids) -> Model:
    """With the zones of Gruen and the sections of a stem, that of the implant or the one that the femur would get.

    Both models of a pair take the levels of the implant's stem: they are compared zone by zone.
    """
    top, tip = solids.stem_levels or stem_levels(femur)
    gruen_of, gruen_zones = gruen_zones_of(femur, centroids(model.mesh), top=top, tip=tip)
    return replace(
        model,
        gruen_of=np.where(model.zone_of >= 0, gruen_of, -1),
        gruen_zones=gruen_zones,
        sections=section_planes(femur, top=top, tip=tip),
    )


def _model(
    name: str,
    mesh: Mesh,
    scenario: Scenario,
    bone: ScenarioBone,
    femur: Femur,
    materials: Mapping[str, str],
    loading: Loading,
    same: tuple[Model, int] | None = None,
    head_centre: np.ndarray = (0.0, 0.0, 0.0),
) -> Model:
    """same : a model whose first elements are the first of this one, and how many. head_centre : of the joint [mm]."""
    points = integration_points(mesh)
    density = np.full(points.shape[:2], np.nan)
    stiffness, yield_strain = np.full(density.shape, np.nan), np.ones(density.shape)
    strengths = np.full((*density.shape, 3), np.nan)
    law = scenario.bone.law
    poisson = np.full(density.shape, law.poissons_ratio)
    is_bone = mesh.in_region(*(r for r in mesh.regions if r in BONE_REGIONS or materials.get(r) == "bone"))
    new = is_bone
    if same:
        # Taken over rather than computed again: a difference between twins cannot come from rounding.
        twin, n_same = same
        density[:n_same] = twin.density[:n_same]
        stiffness[:n_same], poisson[:n_same] = twin.youngs_modulus[:n_same], twin.poissons_ratio[:n_same]
        yield_strain[:n_same] = twin.yield_strain_factor[:n_same]
        strengths[:n_same] = strengths_of(twin)[:n_same]
        new = is_bone & (np.arange(mesh.n_elements) >= n_same)
    if new.any():
        state = bone.at(mesh, points[new], np.flatnonzero(new))
        modulus = law.modulus(of_its_kind(law, state.stiffness_density))
        density[new] = state.density.reshape(-1, points.shape[1])
        stiffness[new], poisson[new] = (
            one.reshape(-1, points.shape[1]) for one in stiffness_of(scenario.bone, state, modulus)
        )
        borne = rate_factor(scenario.bone) * bone_strengths(scenario.bone.strength, state, modulus)
        strengths[new] = borne.reshape(-1, points.shape[1], 3)
        yield_strain[new] = state.yield_strain_factor.reshape(-1, points.shape[1])
    for region in mesh.regions:
        if region in materials and materials[region] != "bone":
            solid = SOLIDS[materials[region]]()
            stiffness[mesh.in_region(region)] = solid.youngs_modulus_mpa
            poisson[mesh.in_region(region)] = solid.poissons_ratio
    basis, (main, *routine) = loading.on(mesh, head_centre)
    zone_of, zones = zones_of(femur, centroids(mesh))
    weight = mass_density(mesh, density, materials)
    holding = scenario.support.hold(Body(femur, mesh, loading.sites, weight, head_centre))
    return Model(
        name=name,
        mesh=mesh,
        density=density,
        youngs_modulus=stiffness,
        poissons_ratio=poisson,
        held=holding.held,
        reactions=holding.reactions,
        support=holding.words,
        history=main.history,
        load_basis=basis,
        load_factors=main.factors,
        sites=loading.acted_on,
        patch_radius=loading.application.muscle_patch_radius_mm,
        activity=main.activity,
        routine=tuple(routine),
        zone_of=np.where(is_bone, zone_of, -1),
        zones=zones,
        head_centre=head_centre,
        yield_strain_factor=yield_strain,
        materials={region: materials[region] for region in mesh.regions if region in materials},
        mass_density=weight,
        failing=failing_of(mesh, scenario.bone.strength, density, strengths, materials),
        shear_strength=strengths[..., 2],
    )
