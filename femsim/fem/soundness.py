"""Whether every element can be integrated: what is wrong is said with how many, where and which is worst."""

import numpy as np

from femsim.errors import MeshError
from femsim.fem.elements import TET4, element_of
from femsim.fem.geometry import centroids, corner_volumes, is_straight, mid_node_offsets
from femsim.fem.kernels import soundness as kernels
from femsim.mesh.mesh import EDGES, Mesh

# Share of its edge by which a mid-side node may miss the middle; further out a TET10 folds. Usual practice.
MAX_MID_NODE_OFFSET = 0.3
# Volume over the cube of the longest edge, 0.118 in a regular tetrahedron; below this it is flat but for round-off.
FLAT = 1e-12


def refuse_unsound(mesh: Mesh) -> None:
    """Raise where an element cannot be integrated.

    Raises
    ------
    MeshError
        For a mesh without elements, coordinates that are not numbers, nodes that no element uses, elements that name a
        node twice or are listed twice, inverted or flat elements (how many, where, which is worst), and mid-side nodes
        far from their edge; gmsh's node order and left-handed elements are recognised as such.
    """
    if not mesh.n_elements:
        raise MeshError(f"The mesh has {mesh.n_nodes} nodes but no element.")
    _refuse_stray_nodes(mesh)
    _refuse_repeated(mesh)
    if mesh.order == 2:
        _refuse_misplaced_mid_nodes(mesh)
    _refuse_inverted(mesh)


def _refuse_stray_nodes(mesh: Mesh) -> None:
    if not np.isfinite(mesh.nodes).all():
        bad = np.flatnonzero(~np.isfinite(mesh.nodes).all(axis=1))
        raise MeshError(
            f"{len(bad)} of {mesh.n_nodes} nodes have a coordinate that is not a number.", where=f"node {bad[0]}"
        )
    used = np.zeros(mesh.n_nodes, bool)
    kernels.fill_used(mesh.elements, used)
    if not used.all():
        lonely = np.flatnonzero(~used)
        raise MeshError(
            f"{len(lonely)} of {mesh.n_nodes} nodes belong to no element.",
            where=f"node {lonely[0]} at {_place(mesh.nodes[lonely[0]])}",
            remedy="drop nodes that no element uses before the mesh is given to the solver",
        )


def _refuse_repeated(mesh: Mesh) -> None:
    """An element that names a node twice has no volume; one that is listed twice is twice as stiff."""
    keys = np.empty(mesh.n_elements, np.uint64)
    kernels.fill_corner_keys(mesh.elements, keys)
    if kernels.has_repeated(keys, np.zeros(2 ** int(2 * mesh.n_elements).bit_length(), np.uint64)):
        corners = np.sort(mesh.elements[:, :4], axis=1)
        _, inverse, counts = np.unique(corners, axis=0, return_inverse=True, return_counts=True)
        extra = int((counts - 1).sum())
        if extra:
            same = np.flatnonzero(inverse.ravel() == np.argmax(counts > 1))
            raise MeshError(
                f"{extra} of {mesh.n_elements} elements are listed again with the same four corners.",
                where=f"elements {same[0]} and {same[1]} in {_region(mesh, same[1])} at {_where(mesh, same[1])}",
                why="a region was added to the mesh twice, or two regions overlap",
                remedy="keep each element once",
            )


def _refuse_misplaced_mid_nodes(mesh: Mesh) -> None:
    offsets = mid_node_offsets(mesh)
    bad = np.flatnonzero(~(offsets < MAX_MID_NODE_OFFSET))
    if not len(bad):
        return
    swapped = mesh.elements[bad][:, [0, 1, 2, 3, 4, 5, 6, 7, 9, 8]]
    repaired = mid_node_offsets(Mesh(mesh.nodes, swapped, np.zeros(len(bad), np.int32), ("",)))
    if (repaired < MAX_MID_NODE_OFFSET).mean() > 0.5:
        raise MeshError(
            f"{len(bad)} of {mesh.n_elements} TET10 elements have their last two nodes exchanged.",
            where=f"first: element {bad[0]} in {_region(mesh, bad[0])} at {_where(mesh, bad[0])}",
            why="the mesh is in gmsh's node order; femsim uses that of VTK and Abaqus",
            remedy="exchange the last two nodes of every element",
        )
    worst = bad[np.argmax(offsets[bad])]
    raise MeshError(
        f"{len(bad)} of {mesh.n_elements} TET10 elements have a mid-side node that misses the middle of its "
        f"edge by more than {MAX_MID_NODE_OFFSET:g} of the edge.",
        where=f"worst: element {worst} in {_region(mesh, worst)}, {offsets[worst]:.2g} of the edge "
        f"at {_where(mesh, worst)}",
        why="nodes 4 to 9 are not those on the edges 01, 12, 02, 03, 13, 23, or the side is bent too far",
        remedy="put the mid-side nodes of these elements back in the middle of their edges",
    )


def _refuse_inverted(mesh: Mesh) -> None:
    # A straight side keeps the determinant of the corners everywhere.
    element = TET4 if is_straight(mesh) else element_of(mesh.elements)
    elements = mesh.elements if element.n_nodes == mesh.elements.shape[1] else mesh.elements[:, :4]
    volumes, shares = np.empty((2, mesh.n_elements))
    kernels.fill_least_volumes(mesh.nodes, elements, element.gradients, np.array(EDGES), volumes, shares)
    bad = np.flatnonzero(~(shares > FLAT))
    if not len(bad):
        return
    worst = bad[np.argmin(shares[bad])]
    inverted = int((shares[bad] < -FLAT).sum())
    if inverted > mesh.n_elements / 2 and (corner_volumes(mesh)[bad] < 0).mean() > 0.5:
        raise MeshError(
            f"{inverted} of {mesh.n_elements} elements are left-handed: their volume is negative.",
            where=f"worst: element {worst} in {_region(mesh, worst)}, volume {volumes[worst]:.3g} mm³ "
            f"at {_where(mesh, worst)}",
            why="the mesh was mirrored, or its node order is that of another program",
            remedy="exchange nodes 0 and 1 of these elements"
            + (", and with them nodes 5 and 6, 7 and 8" if mesh.order == 2 else ""),
        )
    raise MeshError(
        f"{len(bad)} of {mesh.n_elements} elements are inverted or flat ({inverted} inverted, {len(bad) - inverted} "
        "flat).",
        where=f"worst: element {worst} in {_region(mesh, worst)}, volume {volumes[worst]:.3g} mm³ "
        f"at {_where(mesh, worst)}",
        why="nodes of the element are in the wrong order, or it was squeezed through itself",
        remedy="mesh again with another element size, or repair the surface",
    )


def _region(mesh: Mesh, element: int) -> str:
    return mesh.regions[mesh.region_of[element]]


def _where(mesh: Mesh, element: int) -> str:
    return _place(centroids(mesh)[element])


def _place(point: np.ndarray) -> str:
    return "({:.1f}, {:.1f}, {:.1f}) mm".format(*point)
