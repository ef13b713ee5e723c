"""Distorted bodies in which strain is uniform, or uniform in each of two layers: elements must get it exactly right."""

from dataclasses import dataclass

import numpy as np

from femsim.fem.elasticity import Isotropic, Orthotropic
from femsim.fem.elements import element_of
from femsim.fem.geometry import corner_volumes
from femsim.fem.sample import box_mesh
from femsim.mesh.mesh import Mesh
from femsim.mesh.quadratic import with_mid_nodes
from femsim.verification import hooke

SOURCE = "MacNeal & Harder, Finite Elem. Anal. Des. 1 (1985) 3-20"
# Nodes inside the unit cube, three-dimensional patch of SOURCE.
INNER = [
    (0.249, 0.342, 0.192), (0.826, 0.288, 0.288), (0.850, 0.649, 0.263), (0.273, 0.750, 0.230),
    (0.320, 0.186, 0.643), (0.677, 0.305, 0.683), (0.788, 0.693, 0.644), (0.165, 0.745, 0.702),
]  # fmt: skip
# ∂u_i/∂x_j of the motion prescribed on the surface of the published patch: u = 1e-3 (2x + y + z)/2 and so on.
GRADIENT = 0.5e-3 * np.array([[2, 1, 1], [1, 2, 1], [1, 1, 2]])
# One that also turns and has no equal numbers.
CROOKED_GRADIENT = 1e-3 * np.array([[1.0, 0.7, -0.4], [-0.3, -0.8, 0.6], [0.9, 0.2, 0.5]])
INTERFACE = 0.5  # height at which the layers meet

# Two crooked pairs of constants, of no material: E1 E2 E3; ν12 ν23 ν13; G12 G23 G13; and how the axes are turned.
ORTHOTROPIC = (
    ((12000.0, 15000.0, 21000.0), (0.38, 0.24, 0.22), (4500.0, 6200.0, 5600.0), (0.3, -0.7, 1.1)),
    ((900.0, 400.0, 600.0), (0.25, 0.31, 0.18), (300.0, 210.0, 150.0), (-1.2, 0.4, 0.5)),
)
ISOTROPIC = ((1e6, 0.25), (2e4, 0.4))


@dataclass(frozen=True)
class Patch:
    """A body and its exact state.

    motion : (n, 3) [mm]; stress : (e, 3, 3) [MPa].
    """

    name: str
    mesh: Mesh
    elasticity: Isotropic | Orthotropic
    motion: np.ndarray
    stress: np.ndarray


def isotropic_patch(order: int) -> Patch:
    """The patch of SOURCE: 2000 MPa along the axes, 400 MPa of shear."""
    mesh = patch_mesh(order)
    tensor = hooke.stress_of(hooke.isotropic(*ISOTROPIC[0]), GRADIENT)
    return _uniform("", mesh, Isotropic(*ISOTROPIC[0]), GRADIENT, tensor)


def orthotropic_patch(order: int) -> Patch:
    """The same mesh, an orthotropic material with turned axes, a motion without symmetry."""
    *constants, angles = ORTHOTROPIC[0]
    axes = turned_axes(angles)
    tensor = hooke.stress_of(hooke.orthotropic(*constants, axes), CROOKED_GRADIENT)
    return _uniform("orthotropic", patch_mesh(order), Orthotropic(*constants, axes), CROOKED_GRADIENT, tensor)


def isotropic_layers(order: int) -> Patch:
    """A stiff layer below, a soft one above."""
    laws = [hooke.isotropic(*constants) for constants in ISOTROPIC]
    return _layered("two isotropic layers", order, laws, lambda layer: Isotropic(*np.array(ISOTROPIC)[layer].T))


def orthotropic_layers(order: int) -> Patch:
    """Two orthotropic materials with different axes."""
    axes = [turned_axes(angles) for *_, angles in ORTHOTROPIC]
    laws = [hooke.orthotropic(*constants, own) for (*constants, _), own in zip(ORTHOTROPIC, axes)]
    fields = [np.array(pair) for pair in (*zip(*(constants[:3] for constants in ORTHOTROPIC)), axes)]
    return _layered("two orthotropic layers", order, laws, lambda layer: Orthotropic(*(pair[layer] for pair in fields)))


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


def turned_axes(angles) -> np.ndarray:
    """(3, 3) right-handed axes as rows, from turns about x, then y, then z [rad]."""
    turn = np.eye(3)
    for axis, angle in enumerate(angles):
        i, j = (axis + 1) % 3, (axis + 2) % 3
        step = np.eye(3)
        step[[i, j], [i, j]] = np.cos(angle)
        step[i, j], step[j, i] = -np.sin(angle), np.sin(angle)
        turn = step @ turn
    return turn


def _uniform(name: str, mesh: Mesh, elasticity, gradient: np.ndarray, tensor: np.ndarray) -> Patch:
    name = ", ".join(filter(None, (element_of(mesh.elements).name, name)))
    return Patch(name, mesh, elasticity, mesh.nodes @ gradient.T, np.tile(tensor, (mesh.n_elements, 1, 1)))


def _layered(name: str, order: int, laws: list[np.ndarray], elasticity_of) -> Patch:
    box = box_mesh((3, 3, 4), order=1)
    nodes = box.nodes.copy()
    inner = ((nodes > 1e-9) & (nodes < 1 - 1e-9)).all(axis=1)
    moves = np.where(inner[:, None], np.random.default_rng(3).uniform(-0.04, 0.04, nodes.shape), 0.0)
    moves[np.abs(nodes[:, 2] - INTERFACE) < 1e-9, 2] = 0.0
    nodes += moves
    elements = box.elements
    layer = (nodes[elements, 2].mean(axis=1) > INTERFACE).astype(int)
    if order == 2:
        nodes, elements = with_mid_nodes(nodes, elements)
    mesh = Mesh(nodes, elements, layer, ("below", "above"))
    # Across the interface the motion has a kink along its normal z, of the size that keeps the traction the same.
    below = hooke.stress_of(laws[0], CROOKED_GRADIENT)
    lacking = (below - hooke.stress_of(laws[1], CROOKED_GRADIENT))[:, 2]
    kink = np.outer(np.linalg.solve(laws[1][:, 2, :, 2], lacking), [0, 0, 1])
    motion = nodes @ CROOKED_GRADIENT.T + np.maximum(nodes[:, 2:] - INTERFACE, 0.0) * kink[:, 2]
    above = hooke.stress_of(laws[1], CROOKED_GRADIENT + kink)
    tensors = np.stack([below, above])[layer]
    return Patch(f"{element_of(elements).name}, {name}", mesh, elasticity_of(layer), motion, tensors)
