"""Frozen dataclasses of arrays, numbers and texts as one file of plain arrays, and back; nothing in it is executed."""

import dataclasses
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from femsim.anatomy.femur import Femur, Landmarks
from femsim.mesh.mesh import Mesh, Twin
from femsim.mesh.surface import Surface

KINDS = {kind.__name__: kind for kind in (Surface, Landmarks, Femur, Mesh, Twin)}


def write(path: Path, things: Mapping[str, Any]) -> None:
    """Write named things; one that stands in two places is written once, and is one again when read."""
    arrays: list[np.ndarray] = []
    tree = _packed(dict(things), arrays, {})
    with open(path, "wb") as file:
        np.savez(file, tree=np.array(json.dumps(tree)), **{f"a{k}": array for k, array in enumerate(arrays)})


def read(path: Path) -> dict[str, Any]:
    """What `write` wrote, each number as it was.

    Raises
    ------
    OSError, ValueError, KeyError, TypeError, zipfile.BadZipFile
        Where the file is not whole or was written by another femsim.
    """
    with np.load(path, allow_pickle=False) as file:
        arrays = [file[f"a{k}"] for k in range(len(file.files) - 1)]
        tree = json.loads(str(file["tree"]))
    return _unpacked(tree, arrays, [])


def _packed(value: Any, arrays: list[np.ndarray], seen: dict[int, int]) -> Any:
    if dataclasses.is_dataclass(value):
        if id(value) in seen:
            return {"same": seen[id(value)]}
        kind = type(value).__name__
        if KINDS.get(kind) is not type(value):
            raise TypeError(f"a {kind} cannot be packed")
        fields = {f.name: _packed(getattr(value, f.name), arrays, seen) for f in dataclasses.fields(value)}
        seen[id(value)] = len(seen)
        return {"kind": kind, "fields": fields}
    if isinstance(value, np.ndarray):
        arrays.append(value)
        return {"array": len(arrays) - 1}
    if isinstance(value, Mapping):
        return {"map": {key: _packed(item, arrays, seen) for key, item in value.items()}}
    if isinstance(value, tuple):
        return {"tuple": [_packed(item, arrays, seen) for item in value]}
    if hasattr(value, "item"):  # a numpy number
        value = value.item()
    if value is None or isinstance(value, str | bool | int | float):
        return value
    raise TypeError(f"a {type(value).__name__} cannot be packed")


def _unpacked(value: Any, arrays: list[np.ndarray], made: list[Any]) -> Any:
    if not isinstance(value, dict):
        return value
    if "same" in value:
        return made[value["same"]]
    if "array" in value:
        return arrays[value["array"]]
    if "tuple" in value:
        return tuple(_unpacked(item, arrays, made) for item in value["tuple"])
    if "map" in value:
        return {key: _unpacked(item, arrays, made) for key, item in value["map"].items()}
    fields = {key: _unpacked(item, arrays, made) for key, item in value["fields"].items()}
    made.append(KINDS[value["kind"]](**fields))
    return made[-1]
