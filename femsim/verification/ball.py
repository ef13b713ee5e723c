"""One octant of a ball, meshed without a mesher."""

import numpy as np

from femsim.fem.sample import box_mesh
from femsim.mesh.mesh import Mesh
from femsim.mesh.quadratic import with_mid_nodes


def ball_octant(radius_mm: float, n: int, *, order: int, curved: bool = True) -> Mesh:
    """The part of a ball around the origin in the first octant, n elements along its radius.

    curved : put the mid-side nodes of TET10 onto the spheres through their neighbours, not on straight edges.
    """
    # A sixth of a cube, x ≥ y ≥ z, is a tetrahedron cut into its own likeness; it goes to the corners of an octant.
    box = box_mesh((n, n, n), order=order if curved else 1)
    corners = box.nodes[box.elements[:, :4]]
    inside = ((corners[..., 0] > corners[..., 1] - 1e-9) & (corners[..., 1] > corners[..., 2] - 1e-9)).all(axis=1)
    used, elements = np.unique(box.elements[inside], return_inverse=True)
    elements = elements.reshape(-1, box.elements.shape[1])
    x, y, z = box.nodes[used].T
    flat = np.column_stack([x - y, y - z, z])  # x = sum of the three, the share of the radius
    length = np.linalg.norm(flat, axis=1)
    nodes = radius_mm * flat * (x / np.where(length > 0, length, 1.0))[:, None]
    if order == 2 and not curved:
        nodes, elements = with_mid_nodes(nodes, elements)
    return Mesh(nodes, elements, np.zeros(len(elements)), ("ball",))
