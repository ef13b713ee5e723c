"""Cement inside the bone: in the pores beside a mantle, and in cysts that were filled."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from femsim.anatomy.degeneration.cysts import Cysts
from femsim.anatomy.femur import Femur
from femsim.build.bone import with_empty_pores
from femsim.build.failing import cemented
from femsim.fem.elasticity import Orthotropic
from femsim.fem.geometry import integration_points
from femsim.materials import SOLIDS
from femsim.materials.composite import filled_constants, filled_modulus
from femsim.mesh.closest import closest_points
from femsim.mesh.mesh import Twin
from femsim.mesh.surface import Surface
from femsim.model import Model
from femsim.scenario.reading import Scenario

CEMENT = "pmma"


def with_cement(model: Model, scenario: Scenario, femur: Femur, twin: Twin, materials: Mapping[str, str]) -> Model:
    """The operated model with the bone that cement penetrates, and cysts that were filled, stiffened by it."""
    found = [_penetrated(scenario, twin, model, materials), _filled_cysts(scenario, femur, model)]
    inside = [points for points in found if points is not None]
    if not inside:
        return model
    model = with_empty_pores(replace(model, penetrated=np.any(inside, axis=0)), scenario.bone)
    return _stiffened(model, materials.get("cement", CEMENT))


def _filled_cysts(scenario: Scenario, femur: Femur, model: Model) -> np.ndarray | None:
    """(e, q) bool: integration points of bone inside the cysts, where the scenario has them filled; else None."""
    if not getattr(scenario.implant, "fill_cysts", False):
        return None
    points, inside = integration_points(model.mesh), np.zeros(model.density.shape, bool)
    for ailment in scenario.bone.degenerations:
        if isinstance(ailment, Cysts):
            for centre, diameter in ailment.spheres(femur):
                inside |= np.linalg.norm(points - centre, axis=2) < diameter / 2
    return inside & np.isfinite(model.density)


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


def _stiffened(model: Model, material: str) -> Model:
    """The model with its penetrated bone stiffened and strengthened by the cement in its pores."""
    inside, cement = model.penetrated, SOLIDS[material]()
    modulus, density = model.youngs_modulus.copy(), model.density[inside]
    modulus[inside] = filled_modulus(modulus[inside], density, cement.youngs_modulus_mpa)
    grain = model.orthotropic
    if grain is not None:
        given = (grain.youngs_moduli, grain.poissons_ratios, grain.shear_moduli)
        parts = [values.copy() for values in given]
        # Bone's own ratio, as in isotropic bone: without a grain both are the same.
        filler = (cement.youngs_modulus_mpa, model.poissons_ratio[inside][:, None])
        for part, values in zip(parts, filled_constants(*(part[inside] for part in given), density, filler)):
            part[inside] = values
        grain = Orthotropic(*parts, grain.axes)
    return cemented(replace(model, youngs_modulus=modulus, orthotropic=grain), inside, cement.bears)
