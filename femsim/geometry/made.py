"""Femur and twin meshes of a scenario, taken from the cache where they were made before."""

import dataclasses
from collections.abc import Callable
from typing import Any

from femsim.anatomy.femur import Femur
from femsim.geometry import cache
from femsim.implants.twin import twin_mesh
from femsim.mesh.mesh import Twin
from femsim.registry import about
from femsim.scenario.reading import Scenario


def femur_and_twin(
    scenario: Scenario, *, fresh: bool = False, progress: Callable[[str], None] | None = None
) -> tuple[Femur, Twin]:
    """The femur of a scenario and its meshes with and without the implant.

    Parameters
    ----------
    fresh : bool
        Make them even where they are in the cache.
    progress : callable(str), optional
        Told each stage as it begins.

    Raises
    ------
    SurfaceError, GeometryError, MeshError
    """
    say = progress or (lambda stage: None)
    say("femur")
    implant = of_shape(scenario.implant)
    key = cache.key_of({"femur": scenario.femur, "implant": implant, "mesh": scenario.mesh})
    found = None if fresh else cache.fetch(key)
    if found is not None:
        say("mesh, from the cache")
        return found["femur"], found["twin"]
    femur = scenario.femur.shape()
    say("mesh")
    twin = twin_mesh(femur, implant, size_mm=scenario.mesh.size_mm, order=scenario.mesh.order)
    cache.keep(key, {"femur": femur, "twin": twin})
    return femur, twin


def of_shape(choice: Any) -> Any:
    """A choice of a registry with the keys that do not shape a mesh at their defaults: one mesh serves them all.

    A choice of which a key shapes the mesh only for some of its values says itself which it is alike to.
    """
    if hasattr(choice, "meshed_alike"):
        choice = choice.meshed_alike()
    rest = {
        field.name: field.default
        for field in dataclasses.fields(choice)
        if not about(field).shapes and field.default is not dataclasses.MISSING
    }
    return dataclasses.replace(choice, **rest)
