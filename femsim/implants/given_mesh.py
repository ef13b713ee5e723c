"""A femur that came as tetrahedra, computed on these very elements."""

import numpy as np

from femsim.anatomy.femur import Femur
from femsim.errors import GeometryError
from femsim.implants.arrangement import KEPT
from femsim.implants.head_surface import on_head
from femsim.implants.solids import Solids
from femsim.mesh.mesh import Mesh, Twin
from femsim.mesh.quadratic import with_mid_nodes
from femsim.mesh.topology import boundary_faces, quadratic_faces


def given_twin(femur: Femur, solids: Solids, order: int) -> Twin:
    """The femur's own elements as operated and intact mesh in one.

    Parameters
    ----------
    femur : with a mesh
    order : int
        1 or 2; mid-nodes are put in or left out where the elements have another order.

    Raises
    ------
    GeometryError
        Where an implant is put in: it would have to cut the elements.
    """
    if solids.tool:
        raise GeometryError(
            "The elements of the given mesh are kept as they are; no implant can be put into them.",
            where="femur.keep_elements",
            remedy='leave keep_elements out, so that the bone is meshed anew, or take implant.kind = "intact"',
        )
    given, notes = femur.mesh, ()
    nodes, elements = given.nodes, given.elements
    corners = elements[:, :4]
    if order > given.order:
        nodes, elements = with_mid_nodes(nodes, corners)
        notes = ("The given linear elements were made quadratic, with straight edges (mesh.order = 2).",)
    elif order < given.order:
        used, corners = np.unique(corners, return_inverse=True)
        nodes, elements = nodes[used], corners.reshape(-1, 4)
        corners = elements
        notes = ("The given quadratic elements were made linear (mesh.order = 1).",)
    faces, owners = boundary_faces(corners)
    held = set(_keys(given.surface("distal")[:, :3], given.nodes))
    distal = np.array([key in held for key in _keys(faces, nodes)], bool)
    chosen = {"bearing": on_head(femur, faces, nodes) & ~distal, "bone_outer": ~distal, "distal": distal}
    surfaces = {
        name: faces[rows] if elements.shape[1] == 4 else quadratic_faces(faces[rows], elements, owners[rows])
        for name, rows in chosen.items()
    }
    for name, mine in surfaces.items():
        if not len(mine):
            raise GeometryError(f"The given mesh has no face on its surface {name!r}.", where="femur.file")
    mesh = Mesh(nodes, elements, None, (KEPT,), surfaces)
    return Twin(mesh, mesh, mesh.n_elements, mesh.n_nodes, notes)


def _keys(faces: np.ndarray, nodes: np.ndarray) -> list[frozenset]:
    """Faces by the places of their corners, whatever the nodes' numbers."""
    return [frozenset(map(tuple, face)) for face in nodes[faces].tolist()]
