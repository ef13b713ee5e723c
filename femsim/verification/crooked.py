"""A crooked body of uneven stiffness under uneven loads: nothing in it is symmetric, so that no error hides."""

from dataclasses import dataclass, replace

import numpy as np

from femsim.fem.elasticity import Isotropic
from femsim.fem.sample import box_mesh
from femsim.mesh.mesh import Mesh

KINDS = ("TET4", "TET10", "curved TET10")
METHODS = ("direct", "multigrid_cg")


@dataclass(frozen=True)
class Body:
    """A supported, loaded body.

    held : (n, 3) bool; loads : (2, n, 3) [N].
    """

    mesh: Mesh
    elasticity: Isotropic
    held: np.ndarray
    loads: np.ndarray


def crooked_body(kind: str) -> Body:
    """A box with moved inner nodes, modulus and ratio drawn per integration point; its curved form is twisted."""
    order = 1 if kind == "TET4" else 2
    mesh = box_mesh((3, 4, 5), (10, 12, 20), order=order, distortion=0.1)
    x, y, z = mesh.nodes.T
    bottom, top = z == 0, z == 20
    if kind == "curved TET10":
        turn = 0.04 * z
        c, s = np.cos(turn), np.sin(turn)
        mesh = replace(mesh, nodes=np.column_stack([c * x - s * y, s * x + c * y, z + 0.01 * x**2]))
    rng = np.random.default_rng(7)
    shape = (mesh.n_elements, 1 if order == 1 else 4)
    modulus = np.exp(rng.uniform(5, 8, shape))  # 150 … 3000 MPa
    ratio = rng.uniform(0.1, 0.42, shape)
    loads = np.where(top[None, :, None], rng.normal(0, 1, (2, mesh.n_nodes, 3)), 0.0)
    return Body(mesh, Isotropic(modulus, ratio), np.repeat(bottom[:, None], 3, axis=1), loads)


def distance(found: np.ndarray, expected: np.ndarray) -> float:
    """Largest difference as a share of the largest expected value."""
    return float(np.abs(found - expected).max() / np.abs(expected).max())
