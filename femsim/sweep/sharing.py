"""Which cases share a mesh, and which a stiffness with its solver: an equal key is the same work."""

from femsim import identity
from femsim.geometry.made import of_shape
from femsim.scenario.reading import Scenario


def mesh_key(scenario: Scenario, remembered: dict[str, str] | None = None) -> str:
    """Equal for scenarios whose femur and meshes are the same, as `femsim.geometry.made` takes them from its cache.

    remembered : as of `femsim.identity.digest`.
    """
    return identity.digest(
        {"femur": scenario.femur, "implant": of_shape(scenario.implant), "mesh": scenario.mesh}, remembered=remembered
    )


def stiffness_key(scenario: Scenario, remembered: dict[str, str] | None = None) -> str:
    """Equal for scenarios whose answers to a load of one newton are the same: only forces differ."""
    parts = ("femur", "implant", "mesh", "bone", "application", "support")
    question = {name: getattr(scenario, name) for name in parts}
    if scenario.bone.anisotropy.directions == "stress":  # then the grain follows the scenario's own load
        question |= {"load": scenario.load, "subject": scenario.subject}
    return identity.digest(question, remembered=remembered)
