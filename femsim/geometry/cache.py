"""Femora and meshes that were made before from the same input."""

from collections.abc import Mapping
from typing import Any

from femsim.geometry import packing
from femsim.shelf import Shelf

SETTING = "FEMSIM_MESH_CACHE"  # another folder, or "off"
MAKERS = ("mesh", "anatomy", "implants", "geometry", "imaging")
LIBRARIES = ("gmsh", "manifold3d", "mmgpy", "numpy", "pymeshfix", "scikit-image", "scipy", "SimpleITK")
SHELF = Shelf("meshes", SETTING, 2_000_000_000, MAKERS, LIBRARIES)


def key_of(question: Mapping[str, Any]) -> str:
    """The name of what is made from these values and files. Raises ScenarioError where a file cannot be read."""
    return SHELF.key_of(question)


def fetch(key: str) -> dict[str, Any] | None:
    """The things of an entry, or None where there is none or it is damaged."""
    return SHELF.fetch(key, packing.read)


def keep(key: str, things: Mapping[str, Any]) -> None:
    """Keep things under a name; a disk that cannot take them is no reason to fail."""
    SHELF.keep(key, lambda path: packing.write(path, things))
