"""The distorted patch of MacNeal and Harder, on which constant strain must come out exactly."""

import numpy as np

from femsim.fem.geometry import corner_volumes
from femsim.mesh.mesh import Mesh
from femsim.mesh.quadratic import with_mid_nodes

SOURCE = "MacNeal & Harder, Finite Elem. Anal. Des. 1 (1985) 3-20"
# Nodes inside the unit cube, three-dimensional patch of SOURCE.
INNER = [
    (0.249, 0.342, 0.192), (0.826, 0.288, 0.288), (0.850, 0.649, 0.263), (0.273, 0.750, 0.230),
    (0.320, 0.186, 0.643), (0.677, 0.305, 0.683), (0.788, 0.693, 0.644), (0.165, 0.745, 0.702),
]  # fmt: skip
# ∂u_i/∂x_j of the motion prescribed on the surface: u = 1e-3 (2x + y + z)/2 and so on.
GRADIENT = 0.5e-3 * np.array([[2, 1, 1], [1, 2, 1], [1, 1, 2]])


def patch_mesh(order: int) -> Mesh:
    """The unit cube around the eight inner nodes, split into tetrahedra with straight sides."""
    from scipy.spatial import Delaunay

    corners = [(x, y, z) for x in (0, 1) for y in (0, 1) for z in (0, 1)]
    nodes = np.array(corners + INNER, float)
    elements = Delaunay(nodes).simplices
    volumes = corner_volumes(Mesh(nodes, elements, np.zeros(len(elements)), ("patch",)))
    # The corners of a cube lie on one sphere, which leaves flat tetrahedra on its faces.
    elements, volumes = elements[np.abs(volumes) > 1e-9], volumes[np.abs(volumes) > 1e-9]
    elements[volumes < 0] = elements[volumes < 0][:, [1, 0, 2, 3]]
    if order == 2:
        nodes, elements = with_mid_nodes(nodes, elements)
    return Mesh(nodes, elements, np.zeros(len(elements)), ("patch",))
