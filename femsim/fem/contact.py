"""Unilateral contact of surface nodes with a rigid plane, through a layer or directly."""

from dataclasses import dataclass

import numpy as np

from femsim.arrays import freeze, frozen
from femsim.errors import ModelError
from femsim.fem.faces import area_vectors, checked_faces
from femsim.fem.laws import Response, SpringDamper, TissueLayer
from femsim.fem.quadrature import triangle_rule
from femsim.mesh.mesh import Mesh


@dataclass(frozen=True)
class FloorContact:
    """Nodes that may meet a rigid plane without friction; each answers for its share of the area that faces the plane.

    normal : (3,) unit, along which the plane pushes.
    nodes : (c,); areas : (c,) [mm²], projected on the plane; gaps : (c,) [mm] from each node's layer to the plane.
    law : pressure by compression and its rate.
    """

    normal: np.ndarray
    nodes: np.ndarray
    areas: np.ndarray
    gaps: np.ndarray
    law: TissueLayer | SpringDamper

    def __post_init__(self):
        c = len(self.nodes)
        freeze(
            self,
            normal=frozen(self.normal, np.float64, (3,)),
            nodes=frozen(self.nodes, np.int64, (c,)),
            areas=frozen(self.areas, np.float64, (c,)),
            gaps=frozen(self.gaps, np.float64, (c,)),
        )

    def compression(self, u: np.ndarray) -> np.ndarray:
        """(c,) [mm] of the layer at each node under a displacement (n, 3); negative where it does not touch."""
        return -(self.gaps + u[self.nodes] @ self.normal)

    def respond(self, u: np.ndarray, v: np.ndarray) -> Response:
        """Forces [N] along the normal at each node (c,), and their derivatives."""
        answer = self.law.respond(self.compression(u), -(v[self.nodes] @ self.normal))
        return Response(*(self.areas * one for one in answer))

    def energy(self, u: np.ndarray) -> float:
        """[N·mm] stored."""
        return float(self.areas @ self.law.energy(self.compression(u)))


def facing_areas(mesh: Mesh, faces: np.ndarray, normal: np.ndarray) -> np.ndarray:
    """(n,) [mm²] of the faces turned against a normal, projected across it and shared out to nodes.

    A third to each corner of a TET4 face, a third to each mid-side node of a TET10 face: what a constant pressure does.

    Raises
    ------
    ModelError
        Where no face looks at the plane.
    """
    faces = checked_faces(mesh, faces)
    projected = -area_vectors(mesh, faces, triangle_rule(1)).sum(axis=1) @ normal
    facing = projected > 0
    if not facing.any():
        raise ModelError(
            "No face of the bone looks at the floor.",
            where="impact, floor",
            remedy="check the angles of the fall and the surface 'bone_outer'",
        )
    takers = faces[facing][:, 3:] if faces.shape[1] == 6 else faces[facing]
    return np.bincount(takers.ravel(), np.repeat(projected[facing] / 3, 3), mesh.n_nodes)
