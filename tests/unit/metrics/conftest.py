"""Blocks of bone under displacements given by hand: every number has a closed form, and nothing is solved."""

import numpy as np
import pytest

from femsim.analyses.outcome import Checks, Outcome
from femsim.loads.history import LoadHistory
from femsim.mesh.mesh import Mesh
from femsim.model import Model

SIDE, N = 30.0, 6
NU = 0.3
ZONES = ("upper", "lower", "distal_support")


def block_mesh(with_implant: bool) -> Mesh:
    """A cube of TET4, 6 per cell; its top layer is bone that is removed, or a cap with cement in one half."""
    x = np.linspace(0, SIDE, N + 1)
    nodes = np.stack(np.meshgrid(x, x, x, indexing="ij"), axis=-1).reshape(-1, 3) - (SIDE / 2, SIDE / 2, SIDE / 2)
    i, j, k = (index.ravel() for index in np.meshgrid(*[np.arange(N)] * 3, indexing="ij"))
    corner = {bits: ((i + bits[0]) * (N + 1) + j + bits[1]) * (N + 1) + k + bits[2] for bits in np.ndindex(2, 2, 2)}
    # Kuhn: six tetrahedra along the diagonal of each cell
    elements = []
    for order in [(0, 1, 2), (1, 2, 0), (2, 0, 1), (0, 2, 1), (2, 1, 0), (1, 0, 2)]:
        path, bits = [corner[0, 0, 0]], [0, 0, 0]
        for axis in order:
            bits[axis] = 1
            path.append(corner[tuple(bits)])
        even = order in [(0, 1, 2), (1, 2, 0), (2, 0, 1)]
        elements.append(np.stack(path if even else [path[0], path[2], path[1], path[3]], axis=1))
    elements = np.concatenate(elements)
    level = nodes[elements].mean(axis=1)
    removed = level[:, 2] > SIDE / 2 - SIDE / N
    elements = np.concatenate([elements[~removed], elements[removed]])
    level = np.concatenate([level[~removed], level[removed]])
    removed = np.sort(removed)
    if with_implant:
        region, regions = np.where(removed, np.where(level[:, 0] > 0, 2, 1), 0), ("bone_kept", "cement", "cap")
    else:
        region, regions = removed.astype(int), ("bone_kept", "bone_removed")
    tetrahedra = nodes[elements]
    faces = elements[:, [1, 2, 3]][(np.abs(tetrahedra[:, 1:, 2] - SIDE / 2) < 1e-9).all(axis=1)]
    return Mesh(nodes, elements, region, regions, {"bearing": faces, "bone_outer": faces, "distal": faces})


def make_outcome(name, gradient, *, with_implant=False, modulus=1000.0, factors=(1.0, 0.25, 0.0)) -> Outcome:
    """A block displaced by u = gradient · x times the factor of each frame; zones by height, the lowest the support."""
    mesh = block_mesh(with_implant)
    centre = mesh.nodes[mesh.elements].mean(axis=1)
    kept = mesh.region_of == 0
    zone = np.where(centre[:, 2] > 0, 0, np.where(centre[:, 2] > -SIDE / 2 + SIDE / N, 1, 2))
    hip = np.array([0.0, 0.0, -1000.0])
    factors = np.array(factors)
    history = LoadHistory(
        ("hip",), ("head",), factors[:, None, None] * hip, np.arange(len(factors)), "% gait cycle", 1.0, True
    )
    shape = (mesh.n_elements, 1)
    load = np.zeros((1, mesh.n_nodes, 3))
    load[0, mesh.surface("bearing")[0]] = hip / 3
    model = Model(
        name=name,
        mesh=mesh,
        density=np.where(kept | (not with_implant), 0.5, np.nan)[:, None],
        youngs_modulus=np.full(shape, modulus),
        poissons_ratio=np.full(shape, NU),
        held=np.arange(10),
        history=history,
        load_basis=load,
        load_factors=factors[:, None],
        zone_of=np.where(kept, zone, -1),
        zones=ZONES,
    )
    displacement = mesh.nodes @ np.asarray(gradient, float).T
    return Outcome(model, displacement[None], int(kept.sum()), Checks(0.0, 0.0, 0.0, 0.0), "given by hand")


@pytest.fixture
def outcome_of():
    return make_outcome
