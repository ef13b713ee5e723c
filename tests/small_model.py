"""The smallest model to export: a crooked bar of bone and metal, its numbers with decimals that never end."""

from dataclasses import replace

import numpy as np

from femsim.export.exported import ExportedModel
from femsim.export.from_model import exported
from femsim.fem.geometry import integration_points
from femsim.fem.sample import box_mesh
from femsim.interfaces.frame import ImplantFrame
from femsim.interfaces.freeing import freed_twin
from femsim.interfaces.sliding import Sliding
from femsim.loads.history import LoadHistory
from femsim.mesh.mesh import Mesh, Twin
from femsim.mesh.topology import boundary_faces, quadratic_faces
from femsim.model import Model
from tests.unit.mesh.test_splitting import between

THIRD = 1 / 3


def small_model(order: int = 2) -> Model:
    """A bar along z, held at z = 0, pulled and bent at its top in three frames; two loads span them."""
    mesh = _bar(order)
    points = integration_points(mesh)
    metal = mesh.in_region("cap")[:, None]
    density = np.where(metal, np.nan, 1 + 0.3 * np.sin(points[..., 0]) + 0.1 * points[..., 2])
    history = LoadHistory(
        ("hip",), ("head",), np.array([[[0.0, 0.0, -700.0]], [[0.0, 0.0, -2000 * THIRD]], [[0.0, 0.0, -100.0]]]),
        np.array([3.0, 100 * THIRD, 80.0]), "% gait cycle", 1.1, True, ("Somebody 2001",),
    )  # fmt: skip
    top = np.flatnonzero(mesh.nodes[:, 2] == mesh.nodes[:, 2].max())
    basis = np.zeros((2, mesh.n_nodes, 3))
    basis[0, top] = [-10 * THIRD, 0.0, -100 / 7]
    basis[1, top[0]] = [THIRD, 1 / 7, 0.0]
    return Model(
        name="operated",
        mesh=mesh,
        density=density,
        youngs_modulus=np.where(metal, 210_000.0, 6850 * density**1.49),
        poissons_ratio=np.where(metal, 0.3, THIRD),
        held=np.unique(mesh.surface("distal")),
        history=history,
        load_basis=basis,
        load_factors=np.array([[1.0, 0.5], [2 * THIRD, 1.0], [0.1, 0.0]]),
        zone_of=np.zeros(mesh.n_elements, int),
        zones=("bar",),
    )


def small_sliding_model(order: int = 2) -> Model:
    """The bar without its upper bone, its metal sliding on the lower, kept from leaving it at one edge."""
    whole = small_model(order)
    mesh = whole.mesh
    low = mesh.nodes[mesh.elements[:, :4], 2].mean(axis=1) < 6
    used, elements = np.unique(mesh.elements[low], return_inverse=True)
    elements = elements.reshape(-1, mesh.elements.shape[1])
    rows = np.argsort(mesh.region_of[low], kind="stable")
    region_of = mesh.region_of[low][rows]
    mesh = Mesh(mesh.nodes[used], elements[rows], region_of, mesh.regions)
    seam = between(mesh)
    seam = seam[mesh.nodes[seam[:, :3], 0].mean(axis=1) < 0.6 * mesh.nodes[:, 0].max()]
    twin = Twin(mesh, mesh, int((region_of == 0).sum()), 1, (), {"seat": seam})
    freed, loose = freed_twin(twin, {"seat": Sliding()}, ImplantFrame(np.zeros(3), np.eye(3)[[2, 0, 1]]))
    mesh = freed.operated
    like = (mesh.n_elements, 4 if order == 2 else 1)
    top = np.flatnonzero(mesh.nodes[:, 2] == mesh.nodes[:, 2].max())
    basis = np.zeros((1, mesh.n_nodes, 3))
    basis[0, top] = [-10 * THIRD, 2 / 7, -100 / 7]
    metal = np.broadcast_to((mesh.region_of == 1)[:, None], like)
    return Model(
        "operated", mesh, np.where(metal, np.nan, 1.0), np.where(metal, 210_000.0, 17_000.0), np.full(like, 0.3),
        np.flatnonzero(mesh.nodes[:, 2] == 0), whole.history, basis, np.ones((3, 1)),
        np.zeros(mesh.n_elements, int), ("bar",), loose=loose,
    )  # fmt: skip


def small_export(order: int = 2, frames=(1,), n_bins: int = 0, **more) -> ExportedModel:
    """The bar as it is exported."""
    (model,) = exported([small_model(order)], name="small", frames=np.array(frames), n_bins=n_bins)
    return replace(model, **more)


def _bar(order: int) -> Mesh:
    mesh = box_mesh((2, 2, 4), (THIRD * 10, 2 / 7 * 10, 10 / 1.3), order=order, distortion=0.1)
    # Metal between bone, so that the elements of a region do not follow one another.
    height = mesh.nodes[mesh.elements[:, :4], 2].mean(axis=1)
    region_of = ((height > 4) & (height < 6)).astype(int)
    faces, owners = boundary_faces(mesh.elements[:, :4])
    if order == 2:
        faces = quadratic_faces(faces, mesh.elements, owners)
    z = mesh.nodes[faces[:, :3], 2]
    at = {"distal": (z == 0).all(axis=1), "bearing": (z == mesh.nodes[:, 2].max()).all(axis=1)}
    # "outer" overlaps "bearing": a face may belong to several surfaces.
    at["bone_outer"] = ~at["distal"]
    surfaces = {name: faces[chosen] for name, chosen in at.items()}
    return Mesh(mesh.nodes, mesh.elements, region_of, ("bone_kept", "cap"), surfaces)
