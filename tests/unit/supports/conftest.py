"""A straight bar of one modulus as a femur: its lower end is the cut, its upper end the bearing of a head."""

from dataclasses import replace

import numpy as np

from femsim.anatomy.femur import DISTAL_CUT, Femur
from femsim.fem.sample import box_mesh
from femsim.loads.history import LoadHistory
from femsim.mesh.mesh import Mesh
from femsim.mesh.surface import Surface
from femsim.mesh.topology import boundary_faces, quadratic_faces
from femsim.model import Model
from femsim.supports.holding import Body, Holding
from tests.unit.anatomy.conftest import make_toy_femur

LENGTH, WIDTH, YOUNGS_MODULUS, DENSITY = 100.0, 10.0, 10_000.0, 2e-9  # mm, mm, MPa, tonne/mm³
TOP = 0.0  # height of the head centre; the bar hangs below it
KNEE = np.array([2.0, -3.0, -380.0])
EPICONDYLE = np.array([40.0, -8.0, -378.0])


def bar(order: int, cells=(2, 2, 10)) -> Mesh:
    """The bar along z with the surfaces of a femur, somewhat crooked inside."""
    mesh = box_mesh(cells, (WIDTH, WIDTH, LENGTH), order=order)
    nodes = mesh.nodes - [WIDTH / 2, WIDTH / 2, LENGTH]
    faces, owners = boundary_faces(mesh.elements[:, :4])
    if order == 2:
        faces = quadratic_faces(faces, mesh.elements, owners)
    z = nodes[faces[:, :3], 2]
    low, high = (np.isclose(z, level).all(axis=1) for level in (-LENGTH, TOP))
    surfaces = {"distal": faces[low], "bearing": faces[high], "bone_outer": faces[~low]}
    return Mesh(nodes, mesh.elements, regions=("bone_kept",), surfaces=surfaces)


def body_of(order: int, **more) -> Body:
    """The bar as a body that a support is asked to hold."""
    mesh = bar(order)
    faces = np.concatenate([mesh.surfaces["distal"], mesh.surfaces["bone_outer"]])[:, :3]
    labels = np.zeros(len(faces), int)
    labels[: len(mesh.surfaces["distal"])] = DISTAL_CUT
    toy = make_toy_femur(4.0)
    marks = replace(
        toy.landmarks, lesser_trochanter=np.array([0.0, 0.0, -30.0]), shaft_point=np.array([0.0, 0.0, -80.0])
    )
    femur = Femur(Surface(mesh.nodes, faces, labels), marks, "right", np.eye(4))
    sites = {"knee": KNEE, "lateral_epicondyle": EPICONDYLE}
    density = np.full((mesh.n_elements, 4 if order == 2 else 1), DENSITY)
    return replace(Body(femur, mesh, sites, density, np.zeros(3)), **more)


def model_of(body: Body, holding: Holding, loads: np.ndarray | None = None) -> Model:
    """The bar as a model: pushed, bent and twisted at its upper end unless loads (b, n, 3) are given."""
    mesh = body.mesh
    if loads is None:
        top = np.unique(mesh.surface("bearing"))
        loads = np.zeros((2, mesh.n_nodes, 3))
        loads[0, top] = np.array([20.0, -30.0, -200.0]) / len(top)
        loads[1, top[0]] = [5.0, 7.0, 0.0]
    force = np.array([20.0, -30.0, -200.0])
    history = LoadHistory(("hip",), ("head",), force[None, None], np.zeros(1), "s", 1.0, False, frame="femur")
    shape = body.density.shape
    return Model(
        name="intact",
        mesh=mesh,
        density=np.ones(shape),
        youngs_modulus=np.full(shape, YOUNGS_MODULUS),
        poissons_ratio=np.zeros(shape),
        held=holding.held,
        history=history,
        load_basis=loads,
        load_factors=np.ones((1, len(loads))),
        zone_of=np.zeros(mesh.n_elements, int),
        zones=("bar",),
        reactions=holding.reactions,
        support=holding.words,
    )
