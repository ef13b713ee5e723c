"""Force and moment that each region carries through a section, from the internal forces of a free body.

The elements beyond a plane, by their centroids, are a body. Its internal forces ∫ Bᵀ σ at the nodes that it shares with
the rest hold it in equilibrium with the loads on its other nodes: to the tolerance of the solve, however ragged the
section between the elements is, and whatever the mesh. Stress integrated over a plane would be good to the mesh only.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from femsim.arrays import freeze, frozen
from femsim.fem.forces import element_stress_forces
from femsim.fem.geometry import centroids
from femsim.mesh.mesh import Mesh
from femsim.mesh.plane import Plane


@dataclass(frozen=True)
class SectionForce:
    """What the part beyond a plane exerts on the rest through it, for each region of the mesh.

    plane : Plane
    forces : (r, 3) [N] in the order of `mesh.regions`; positive along the normal is tension.
    moments : (r, 3) [N·mm] about the plane's point.
    radius : [mm] root mean square distance of the section's nodes from that point.
    """

    plane: Plane
    forces: np.ndarray
    moments: np.ndarray
    radius: float

    def __post_init__(self):
        freeze(
            self,
            forces=frozen(self.forces, np.float64, (None, 3)),
            moments=frozen(self.moments, np.float64, (None, 3)),
        )

    @property
    def axial(self) -> np.ndarray:
        """(r,) [N] force along the normal; negative presses."""
        return self.forces @ self.plane.normal

    @property
    def bending(self) -> np.ndarray:
        """(r, 3) [N·mm] moment without its part about the normal, which twists."""
        return self.moments - np.outer(self.moments @ self.plane.normal, self.plane.normal)


@dataclass(frozen=True)
class Tied:
    """What springs exert: pairs (p, 2) of nodes, and the force (p, 3) [N] that opens each, at its second node."""

    pairs: np.ndarray
    pulls: np.ndarray


def section_forces(
    mesh: Mesh, stress: np.ndarray, planes: Sequence[Plane], tied: Tied | None = None
) -> tuple[SectionForce | None, ...]:
    """Forces and moments through planes; None where no node lies between elements on both sides.

    All regions together balance the loads on the nodes beyond the plane; loads on nodes of the section itself count as
    the other side's.

    Parameters
    ----------
    stress : (e, q, 6) [MPa] at the integration points.
    tied : springs between nodes, where there are any; those that bridge the section carry with the region beyond it.
    """
    places = centroids(mesh)
    return tuple(_section_force(mesh, stress, plane, plane.beyond(places), tied) for plane in planes)


def _section_force(
    mesh: Mesh, stress: np.ndarray, plane: Plane, beyond: np.ndarray, tied: Tied | None
) -> SectionForce | None:
    rows, shared = body_at_section(mesh, beyond)
    if not len(rows):
        return None
    elements = mesh.elements[rows]
    # At the nodes of the section the rest pulls at the body with its internal forces, and the body at the rest with
    # their opposite.
    forces = np.where(shared[elements][..., None], -element_stress_forces(mesh, stress[rows], rows), 0.0)
    moments = np.cross(mesh.nodes[elements] - plane.point, forces)
    region, n_regions = mesh.region_of[rows], len(mesh.regions)
    by_region = [
        np.column_stack([np.bincount(region, part[..., i].sum(axis=1), n_regions) for i in range(3)])
        for part in (forces, moments)
    ]
    if tied is not None:
        for total, more in zip(by_region, _bridging(mesh, plane, beyond, shared, tied)):
            total += more
    spread = mesh.nodes[shared] - plane.point
    return SectionForce(plane, *by_region, float(np.sqrt(np.mean(np.sum(spread**2, axis=1)))))


def _bridging(mesh: Mesh, plane: Plane, beyond: np.ndarray, shared: np.ndarray, tied: Tied):
    """Forces and moments (r, 3) each of the springs that hold a node beyond the section to one that is not."""
    region_of = np.full(mesh.n_nodes, -1)
    region_of[mesh.elements[beyond]] = mesh.region_of[beyond][:, None]
    region_of[shared] = -1
    n_regions = len(mesh.regions)
    forces, moments = np.zeros((2, n_regions, 3))
    for mine, other, sign in ((0, 1, -1.0), (1, 0, 1.0)):
        node = tied.pairs[:, mine]
        bridges = (region_of[node] >= 0) & (region_of[tied.pairs[:, other]] < 0)
        force = sign * tied.pulls[bridges]
        np.add.at(forces, region_of[node[bridges]], force)
        np.add.at(moments, region_of[node[bridges]], np.cross(mesh.nodes[node[bridges]] - plane.point, force))
    return forces, moments


def body_at_section(mesh: Mesh, beyond: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(k,) elements of a body (e,) bool that share nodes with the others, and those nodes (n,) bool."""
    corners = _shared(mesh.n_nodes, mesh.elements[:, :4], beyond)
    # Elements that share a mid-side node share its corners too: the few that do are enough to look for the others.
    near = np.flatnonzero(corners[mesh.elements[:, :4]].any(axis=1))
    shared = _shared(mesh.n_nodes, mesh.elements[near], beyond[near])
    return near[beyond[near]], shared


def _shared(n_nodes: int, elements: np.ndarray, beyond: np.ndarray) -> np.ndarray:
    there, here = np.zeros((2, n_nodes), bool)
    there[elements[beyond]] = True
    here[elements[~beyond]] = True
    return there & here
