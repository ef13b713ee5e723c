"""A twin whose operated mesh comes apart where the implant's interfaces are free."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

import numpy as np

from femsim.arrays import freeze, frozen
from femsim.errors import ModelError, near
from femsim.interfaces.frame import ImplantFrame
from femsim.mesh.mesh import Twin
from femsim.mesh.node_normals import node_normals
from femsim.mesh.splitting import split


@dataclass(frozen=True)
class LoosePairs:
    """Nodes that lie on each other across an interface that was freed, and what each pair stands for.

    pairs : (p, 2) node on the first body of the interface and on the second.
    normals : (p, 3) unit vectors out of the first body into the second.
    areas : (p,) [mm²]; rim nodes, which the two sides share, are no pairs and their area is nobody's.
    slides : whether the sides are held across the interface and slide along it, or nothing is carried across.
    """

    pairs: np.ndarray
    normals: np.ndarray
    areas: np.ndarray
    slides: bool = False

    def __post_init__(self):
        pairs = frozen(self.pairs, np.int64, (None, 2))
        normals, areas = (
            frozen(self.normals, np.float64, (len(pairs), 3)),
            frozen(self.areas, np.float64, (len(pairs),)),
        )
        freeze(self, pairs=pairs, normals=normals, areas=areas)


def freed_twin(twin: Twin, bonds: Mapping[str, Any], frame: ImplantFrame) -> tuple[Twin, Mapping[str, LoosePairs]]:
    """The twin with its operated mesh split, and the loose pairs of each interface that lets go anywhere.

    Parameters
    ----------
    bonds : interface → condition of INTERFACE_CONDITIONS; one that is not named is bonded.
    frame : of the implant.

    Raises
    ------
    ModelError
        Where there is no such interface.
    """
    mesh = twin.operated
    faces = {}
    for name, condition in bonds.items():
        if name not in twin.interfaces:
            raise ModelError(f"The implant has no interface {name!r}. {near(name, twin.interfaces)}")
        mine = twin.interfaces[name]
        freed = condition.freed(frame.of(mesh.nodes[mine[:, :3]].mean(axis=1)))
        if freed.any():
            faces[name] = mine[freed]
    if not faces:
        return twin, MappingProxyType({})
    # The interfaces go with their first body as the surfaces go with theirs.
    marked = replace(mesh, surfaces={**mesh.surfaces, **{_MARK + name: f for name, f in twin.interfaces.items()}})
    stays = np.arange(mesh.n_elements) < twin.n_kept
    parted = split(marked, np.concatenate(list(faces.values())), stays)
    surfaces = {name: surface for name, surface in parted.mesh.surfaces.items() if name in mesh.surfaces}
    interfaces = {name: parted.mesh.surfaces[_MARK + name] for name in twin.interfaces}
    operated = replace(parted.mesh, surfaces=surfaces)
    bounds = np.cumsum([len(mine) for mine in faces.values()])[:-1]
    loose = {
        name: _loose_pairs(operated.nodes, own, other, interfaces[name], bonds[name].slides)
        for name, own, other in zip(faces, *(np.split(side, bounds) for side in parted.sides))
    }
    return replace(twin, operated=operated, interfaces=interfaces), MappingProxyType(loose)


_MARK = "interface "
# Share of a face's area that each node stands for: of a quadratic one, the four small triangles between its nodes.
_SHARES = {3: np.full(3, 1 / 3), 6: np.repeat([1 / 12, 1 / 4], 3)}


def _loose_pairs(nodes: np.ndarray, own: np.ndarray, other: np.ndarray, whole: np.ndarray, slides: bool) -> LoosePairs:
    """own, other : (f, 3 or 6) the same faces on the first and on the second body; whole : all of the interface."""
    a, b, c = (nodes[own[:, k]] for k in range(3))
    area = np.linalg.norm(np.cross(b - a, c - a), axis=1) / 2
    both = np.stack([own.ravel(), other.ravel()], axis=1)
    apart = both[:, 0] != both[:, 1]
    pairs, row = np.unique(both[apart], axis=0, return_inverse=True)
    areas = np.bincount(row.ravel(), (area[:, None] * _SHARES[own.shape[1]]).ravel()[apart], len(pairs))
    return LoosePairs(pairs, node_normals(nodes, whole)[pairs[:, 0]], areas, slides)
