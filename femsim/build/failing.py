"""What every place of a model bears and how it gives way: bone by its strength law, the rest by its solid.

Bone with cement in its pores bears what the stronger of the two bears alone: bone, or cement over the share of the
volume that it fills. Together they bear more, so this errs on the safe side.
"""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from femsim.anatomy.degeneration.state import BoneState
from femsim.fem.plastic_damage import MOST_ASYMMETRIC, PlasticDamage
from femsim.materials import SOLIDS
from femsim.materials.bears import Bears
from femsim.materials.composite import pore_share
from femsim.materials.strength.law import BoneStrength
from femsim.mesh.mesh import Mesh
from femsim.model import Model

_ASYMMETRY = MOST_ASYMMETRIC * (1.0 - 1e-12)  # a product and a quotient may differ in their last bit


def bone_strengths(law: BoneStrength, state: BoneState, modulus: np.ndarray) -> np.ndarray:
    """Strengths in tension, compression and shear (k, 3) [MPa] of bone in the state that a disease left it in.

    The material model takes compression from once to 2.9 times tension. Where a law leaves that range the stronger of
    the two is cut, so that nothing bears more than the law says.

    Parameters
    ----------
    modulus : (k,) [MPa] what the bone law gives, before the disease's factor.
    """
    found = law.strengths(state.stiffness_density, modulus)
    tension = np.minimum(found.tension, found.compression)
    compression = np.minimum(found.compression, _ASYMMETRY * tension)
    return np.stack([tension, compression, found.shear], axis=-1) * state.strength_factor[:, None]


def strengths_of(model: Model) -> np.ndarray:
    """(e, q, 3) [MPa] strengths in tension, compression and shear that a model has."""
    return np.stack([model.failing.tension, model.failing.compression, model.shear_strength], axis=-1)


def failing_of(
    mesh: Mesh, law: BoneStrength, density: np.ndarray, strengths: np.ndarray, materials: Mapping[str, str]
) -> PlasticDamage:
    """Strengths and toughness of everything.

    Parameters
    ----------
    density : (e, q) apparent [g/cm³]; NaN outside bone.
    strengths : (e, q, 3) [MPa] of bone; NaN elsewhere.
    materials : region → name of its solid, or "bone".
    """
    constant = np.ones(density.shape)
    parts = {
        "tension": strengths[..., 0].copy(),
        "compression": strengths[..., 1].copy(),
        "tension_energy": law.tension_energy(density),
        "compression_energy": law.compression_energy(density),
        "rest": law.rest_share * constant,
        "hardening": 0.0 * constant,  # bone is a plateau until it softens, as Keyak's models have it
        "dilation": law.dilation * constant,
    }
    for region in mesh.regions:
        if materials.get(region, "bone") != "bone":
            here, bears = mesh.in_region(region), SOLIDS[materials[region]]().bears
            for name, values in parts.items():
                values[here] = getattr(bears, name)
    return PlasticDamage(**parts)


def cemented(model: Model, inside: np.ndarray, cement: Bears) -> Model:
    """The model with bone (e, q) bool whose pores are full of cement."""
    failing, share = model.failing, pore_share(model.density[inside])
    stronger = {}
    for name in ("tension", "compression", "tension_energy", "compression_energy"):
        stronger[name] = getattr(failing, name).copy()
        # Of pores that are nowhere, infinite energies would make no number.
        filled = np.where(share > 0, np.maximum(share, 1e-12) * getattr(cement, name), 0.0)
        stronger[name][inside] = np.maximum(stronger[name][inside], filled)
    shear = model.shear_strength.copy()
    shear[inside] = np.maximum(shear[inside], np.sqrt(cement.tension * cement.compression / 3.0) * share)
    return replace(model, failing=replace(failing, **stronger), shear_strength=shear)
