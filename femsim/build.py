"""Scenario → the operated model and its intact twin, stated and unsolved."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np

from femsim.anatomy.attachments import attachments
from femsim.anatomy.femur import Femur
from femsim.anatomy.zones import zones_of
from femsim.arrays import freeze
from femsim.fem.geometry import integration_points
from femsim.implants.twin import twin_mesh
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
    """

    femur: Femur
    twin: Twin
    operated: Model
    intact: Model
    sites: Mapping[str, np.ndarray]

    def __post_init__(self):
        freeze(self, sites=MappingProxyType(dict(self.sites)))


def build(scenario: Scenario, *, progress: Callable[[str], None] | None = None) -> Pair:
    """Femur, implant, mesh, stiffness, loads and supports of a scenario.

    Parameters
    ----------
    scenario : Scenario
    progress : callable(str), optional
        Told each stage as it begins.

    Raises
    ------
    SurfaceError, GeometryError, MeshError, ModelError
    """
    say = progress or (lambda stage: None)
    say("femur")
    femur = scenario.femur.shape()
    say("mesh")
    twin = twin_mesh(femur, scenario.implant, size_mm=scenario.mesh.size_mm, order=scenario.mesh.order)
    say("bone, loads, supports")
    return pair_of_models(scenario, femur, twin)


def pair_of_models(scenario: Scenario, femur: Femur, twin: Twin, *, materials: Mapping[str, str] | None = None) -> Pair:
    """The two models on a twin mesh that exists.

    materials : region → material name where it differs from the implant's own; "bone" gives a region the density and
        stiffness that the intact femur has there.
    """
    history = scenario.load.history(scenario.subject)
    sites = attachments(femur)
    if materials is None:
        materials = scenario.implant.place(femur).materials

    density = scenario.bone.density.mapped(femur)
    intact = _model("intact", twin.intact, scenario, density, femur, materials, history, sites)
    if twin.operated is twin.intact:
        return Pair(femur, twin, intact, intact, sites)
    operated = _model(
        "operated", twin.operated, scenario, density, femur, materials, history, sites, same=(intact, twin.n_kept)
    )
    return Pair(femur, twin, operated, intact, sites)


def _model(
    name: str,
    mesh: Mesh,
    scenario: Scenario,
    density_map: Any,
    femur: Femur,
    materials: Mapping[str, str],
    history: LoadHistory,
    sites: Mapping[str, np.ndarray],
    same: tuple[Model, int] | None = None,
) -> Model:
    """same : a model whose first elements are the first of this one, and how many."""
    points = integration_points(mesh)
    density = np.full(points.shape[:2], np.nan)
    is_bone = mesh.in_region(*(r for r in mesh.regions if r in BONE_REGIONS or materials.get(r) == "bone"))
    if same:
        # Taken over rather than computed again: a difference between twins cannot come from rounding.
        twin, n_same = same
        density[:n_same] = twin.density[:n_same]
        new = is_bone & (np.arange(mesh.n_elements) >= n_same)
    else:
        new = is_bone
    if new.any():
        n_points = points.shape[1]
        spans = np.repeat(np.cbrt(volumes(mesh.nodes, mesh.elements[new]) / n_points), n_points)
        density[new] = density_map.at(points[new].reshape(-1, 3), spans).reshape(-1, n_points)
    stiffness = np.full(density.shape, np.nan)
    poisson = np.full(density.shape, scenario.bone.law.poissons_ratio)
    law = scenario.bone.law
    stiffness[is_bone] = law.modulus(of_its_kind(law, density[is_bone]))
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
    )
