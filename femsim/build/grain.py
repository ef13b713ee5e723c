"""Bone with a grain: the pair of models turned orthotropic."""

from dataclasses import replace

import numpy as np

from femsim.anatomy.grain import trajectories
from femsim.build.cement import with_cement
from femsim.build.models import Pair
from femsim.fem.elasticity import Orthotropic
from femsim.fem.geometry import integration_points
from femsim.model import Model
from femsim.scenario.reading import Scenario


def by_anatomy(pair: Pair, scenario: Scenario) -> Pair:
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
    materials = scenario.implant.place(pair.femur).materials
    operated = with_cement(_with_grain(model, scenario, own), scenario, pair.femur, pair.twin, materials)
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
