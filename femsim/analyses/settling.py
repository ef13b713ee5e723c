"""A body that reactions balance: how large they are under each load, and where it comes to rest.

Six unit reactions P_j balance any load f by their sizes r, from equilibrium of force and moment,
f·R + Σ r_j P_j·R = 0 with the six rigid motions R. The strains are then fixed; the rigid motion is the one that leaves
P_j·u = 0: the reactions do no work, as those of a support that does not give way.
"""

import numpy as np

from femsim.errors import ModelError
from femsim.fem.constraints import rigid_body_modes
from femsim.mesh.mesh import Mesh

_WORST = 1e10  # condition of the six reactions against the rigid motions, both of size 1


def reaction_sizes(mesh: Mesh, reactions: np.ndarray, loads: np.ndarray) -> np.ndarray:
    """(b, 6) sizes of the unit reactions (6, n, 3) [N] that balance loads (b, n, 3) [N].

    Raises
    ------
    ModelError
        Where the reactions cannot balance every load.
    """
    modes = rigid_body_modes(mesh.nodes)
    acting = _acting(reactions, modes)
    return -np.linalg.solve(acting.T, (loads.reshape(len(loads), -1) @ modes).T).T


def balanced(mesh: Mesh, reactions: np.ndarray | None, loads: np.ndarray) -> np.ndarray:
    """Loads (b, n, 3) [N] with the reactions that balance them; as they are where nothing balances them."""
    if reactions is None:
        return loads
    return loads + np.tensordot(reaction_sizes(mesh, reactions, loads), reactions, axes=1)


def settled(mesh: Mesh, reactions: np.ndarray | None, displacements: np.ndarray) -> np.ndarray:
    """Displacements (b, n, 3) [mm] moved as a rigid body so that no reaction does work; unmoved without reactions."""
    if reactions is None:
        return displacements
    modes, given = rigid_body_modes(mesh.nodes), displacements.reshape(len(displacements), -1)
    work = given @ reactions.reshape(6, -1).T
    motion = -np.linalg.solve(_acting(reactions, modes), work.T)
    return (given + (modes @ motion).T).reshape(displacements.shape)


def _acting(reactions: np.ndarray, modes: np.ndarray) -> np.ndarray:
    """(6, 6) work of each reaction in each rigid motion."""
    acting = reactions.reshape(6, -1) @ modes
    size = np.linalg.norm(acting, axis=1)
    if not (size.min() > 0 and np.linalg.cond(acting / size[:, None]) < _WORST):
        raise ModelError(
            "The reactions of the support cannot balance every load.",
            where="support",
            why="two of them act alike, or one does nothing",
            remedy="choose another support",
        )
    return acting
