"""How good tetrahedra are."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from femsim.mesh.mesh import Mesh


@dataclass(frozen=True)
class Quality:
    """A mesh in a few numbers.

    min_sicn, sicn_p1 : smallest and 1st percentile of the signed inverse condition number (1 regular, 0 flat).
    volume_mm3 : region → volume.
    """

    n_nodes: int
    n_elements: int
    min_sicn: float
    sicn_p1: float
    volume_mm3: Mapping[str, float]


def quality_of(mesh: Mesh) -> Quality:
    """The summary of a mesh, from its corner nodes."""
    sicn = signed_inverse_condition(mesh.nodes, mesh.elements)
    by_region = np.bincount(mesh.region_of, volumes(mesh.nodes, mesh.elements), minlength=len(mesh.regions))
    return Quality(
        mesh.n_nodes,
        mesh.n_elements,
        float(sicn.min()),
        float(np.percentile(sicn, 1)),
        dict(zip(mesh.regions, by_region.tolist())),
    )


def volumes(nodes: np.ndarray, elements: np.ndarray) -> np.ndarray:
    """(e,) signed volume [mm³] of straight-sided tetrahedra; negative when inverted."""
    return np.linalg.det(_edges(nodes, elements)) / 6


def signed_inverse_condition(nodes: np.ndarray, elements: np.ndarray) -> np.ndarray:
    """(e,) 3 / (‖J‖·‖J⁻¹‖) with the sign of det J, J the map from the regular tetrahedron (gmsh's SICN).

    Source
    ------
    Freitag and Knupp, Int. J. Numer. Methods Eng. 53 (2002) 1377–1391, doi:10.1002/nme.341
    """
    regular = np.array([[1, 0, 0], [0.5, np.sqrt(3) / 2, 0], [0.5, np.sqrt(3) / 6, np.sqrt(2 / 3)]])
    jacobian = np.linalg.inv(regular) @ _edges(nodes, elements)
    a, b, c = (jacobian[:, k] for k in range(3))
    adjugate = np.stack([np.cross(b, c), np.cross(c, a), np.cross(a, b)], axis=1)
    determinant = np.einsum("ei,ei->e", a, adjugate[:, 0])
    scale = np.sqrt(np.einsum("eij,eij->e", jacobian, jacobian) * np.einsum("eij,eij->e", adjugate, adjugate))
    return 3 * determinant / np.where(scale > 0, scale, 1)


def _edges(nodes: np.ndarray, elements: np.ndarray) -> np.ndarray:
    first = nodes[elements[:, 0]]
    return np.stack([nodes[elements[:, k]] - first for k in (1, 2, 3)], axis=1)
