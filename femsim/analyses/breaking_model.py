"""What a model bears in an analysis that breaks it, and which models cannot be broken."""

from dataclasses import fields

from femsim.analyses.beside import unbreakable
from femsim.errors import ModelError
from femsim.fem.elasticity import Isotropic
from femsim.fem.plastic_damage import PlasticDamage
from femsim.model import Model

_NEVER = 1e6  # times its strength


def refuse_unfit(model: Model, remedy: str) -> None:
    """Raise where a model cannot be broken; remedy : what to do where its bone has a grain.

    Raises
    ------
    ModelError
        Where it does not say what its material bears, or its bone has a grain.
    """
    if model.failing is None:
        raise ModelError("The model does not say what its material bears.", where=f"{model.name} femur")
    if not isinstance(model.elasticity, Isotropic):
        raise ModelError(
            "Bone with a grain cannot be broken: the law of breaking is isotropic.",
            where="bone.anisotropy",
            remedy=remedy,
        )


def borne(model: Model) -> PlasticDamage:
    """What a model bears, without end beside its support and patches of force: its stress there is that of those."""
    never = unbreakable(model)
    parts = {one.name: getattr(model.failing, one.name).copy() for one in fields(model.failing)}
    for name in ("tension", "compression"):
        parts[name][never] *= _NEVER
    for name in ("tension_energy", "compression_energy"):
        parts[name][never] = float("inf")
    return PlasticDamage(**parts)
