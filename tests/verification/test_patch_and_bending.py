"""V01, V02, V03: states of strain that the elements must represent exactly, on distorted meshes."""

import numpy as np
import pytest
from scipy.spatial import Delaunay

from femsim.analyses.static import prepare_static, solve_static
from femsim.fem.elasticity import Isotropic
from femsim.fem.geometry import integration_points
from femsim.fem.recovery import strain, stress
from femsim.fem.sample import box_mesh
from femsim.mesh.mesh import EDGES, FACES, Mesh
from femsim.mesh.quadratic import with_mid_nodes

# MacNeal & Harder, Finite Elements in Analysis and Design 1 (1985) 3-20, three-dimensional patch
INNER = [
    (0.249, 0.342, 0.192), (0.826, 0.288, 0.288), (0.850, 0.649, 0.263), (0.273, 0.750, 0.230),
    (0.320, 0.186, 0.643), (0.677, 0.305, 0.683), (0.788, 0.693, 0.644), (0.165, 0.745, 0.702),
]  # fmt: skip
PATCH_ELASTICITY = Isotropic(1e6, 0.25)
PATCH_GRADIENT = 0.5e-3 * np.array([[2, 1, 1], [1, 2, 1], [1, 1, 2]])
PATCH_STRESS = [2000, 2000, 2000, 400, 400, 400]
ORDERS = pytest.mark.parametrize("order", [1, 2])


def patch(order):
    """The unit cube around eight inner nodes."""
    corners = [(x, y, z) for x in (0, 1) for y in (0, 1) for z in (0, 1)]
    nodes = np.array(corners + INNER, float)
    elements = Delaunay(nodes).simplices
    a, b, c, d = (nodes[elements[:, k]] for k in range(4))
    volumes = np.einsum("ei,ei->e", np.cross(b - a, c - a), d - a)
    elements, volumes = elements[np.abs(volumes) > 1e-9], volumes[np.abs(volumes) > 1e-9]
    elements[volumes < 0] = elements[volumes < 0][:, [1, 0, 2, 3]]
    if order == 2:
        nodes, elements = with_mid_nodes(nodes, elements)
    return Mesh(nodes, elements, np.zeros(len(elements)), ("patch",))


def on_boundary(mesh):
    return ((mesh.nodes < 1e-9) | (mesh.nodes > 1 - 1e-9)).any(axis=1)


def boundary_faces(mesh):
    """Faces that only one element has, turned outward: (f, 3) or (f, 6)."""
    mid = {frozenset(edge): 4 + k for k, edge in enumerate(EDGES)}
    columns = [[*face, *(mid[frozenset((face[i], face[i - 2]))] for i in range(3))] for face in FACES]
    width = 3 if mesh.order == 1 else 6
    faces = np.concatenate([mesh.elements[:, column[:width]] for column in columns])
    _, first, count = np.unique(np.sort(faces[:, :3], axis=1), axis=0, return_index=True, return_counts=True)
    return faces[first[count == 1]]


def traction_forces(mesh, tensor):
    """(n, 3) nodal forces of the uniform stress tensor on the whole boundary of straight faces."""
    faces = boundary_faces(mesh)
    a, b, c = (mesh.nodes[faces[:, k]] for k in range(3))
    force = 0.5 * np.cross(b - a, c - a) @ tensor.T
    forces = np.zeros((mesh.n_nodes, 3))
    # A uniform pressure goes in thirds to the corners of a linear face, to the mid nodes of a quadratic one.
    for k in range(3):
        np.add.at(forces, faces[:, k if mesh.order == 1 else 3 + k], force / 3)
    return forces


def patch_stress(mesh, displacement):
    return stress(strain(mesh, displacement), PATCH_ELASTICITY)


@ORDERS
def test_v01_prescribed_linear_motion_gives_uniform_stress(order):
    mesh = patch(order)
    exact = mesh.nodes @ PATCH_GRADIENT.T
    held = np.repeat(on_boundary(mesh)[:, None], 3, axis=1)
    problem = prepare_static(mesh, PATCH_ELASTICITY, held)
    solution = problem.solve(np.zeros((mesh.n_nodes, 3)), prescribed=exact)
    np.testing.assert_allclose(solution.displacements[0], exact, rtol=0, atol=1e-10 * 2e-3)
    found = patch_stress(mesh, solution.displacements[0])
    np.testing.assert_allclose(found, np.broadcast_to(PATCH_STRESS, found.shape), rtol=1e-10)


@ORDERS
def test_v02_uniform_tractions_give_uniform_stress(order):
    mesh = patch(order)
    tensor = np.array(PATCH_STRESS, float)[[0, 3, 5, 3, 1, 4, 5, 4, 2]].reshape(3, 3)
    held = np.zeros((mesh.n_nodes, 3), bool)
    for corner, directions in (((0, 0, 0), [0, 1, 2]), ((1, 0, 0), [1, 2]), ((0, 1, 0), [2])):
        held[np.flatnonzero((mesh.nodes == corner).all(axis=1))[0], directions] = True
    solution = solve_static(mesh, PATCH_ELASTICITY, held, traction_forces(mesh, tensor))
    found = patch_stress(mesh, solution.displacements[0])
    np.testing.assert_allclose(found, np.broadcast_to(PATCH_STRESS, found.shape), rtol=1e-9)
    assert np.abs(solution.reactions).max() < 1e-9 * 2000


def test_v03_tet10_bends_exactly():
    mesh = box_mesh((3, 3, 3), (10, 8, 12), order=2, distortion=0.1)
    modulus, nu, radius = 17000.0, 0.3, 1000.0
    x, y, z = mesh.nodes.T
    exact = np.column_stack([x * z, -nu * y * z, -(x**2 + nu * (z**2 - y**2)) / 2]) / radius
    edge = ((mesh.nodes < 1e-9) | (mesh.nodes > np.array([10, 8, 12]) - 1e-9)).any(axis=1)
    problem = prepare_static(mesh, Isotropic(modulus, nu), np.repeat(edge[:, None], 3, axis=1))
    u = problem.solve(np.zeros((mesh.n_nodes, 3)), prescribed=exact).displacements[0]
    np.testing.assert_allclose(u, exact, rtol=0, atol=1e-9 * np.abs(exact).max())
    found = stress(strain(mesh, u), Isotropic(modulus, nu))
    expected = np.zeros_like(found)
    expected[..., 0] = modulus * integration_points(mesh)[..., 2] / radius
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-9 * expected.max())
