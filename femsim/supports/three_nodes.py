"""Six directions at three nodes that keep a body in place without straining it."""

import numpy as np

from femsim.mesh.mesh import Mesh


def three_nodes(mesh: Mesh) -> np.ndarray:
    """(n, 3) bool: three directions at a node of the outer bone, two at the one farthest from it, one at a third.

    A body in equilibrium exerts nothing on them. Corners of faces alone: they belong to many elements.
    """
    nodes = np.unique(mesh.surface("bone_outer")[:, :3])
    points = mesh.nodes[nodes]
    first = np.linalg.norm(points - points.mean(axis=0), axis=1).argmax()
    second = np.linalg.norm(points - points[first], axis=1).argmax()
    along = points[second] - points[first]
    third = np.linalg.norm(np.cross(points - points[first], along), axis=1).argmax()
    return held_at(mesh.nodes, nodes[[first, second, third]])


def held_at(nodes: np.ndarray, three: np.ndarray) -> np.ndarray:
    """(n, 3) bool of three nodes (3,) not in one line: no rigid motion is free, none is held twice."""
    first, second, third = three
    along = nodes[second] - nodes[first]
    normal = np.cross(along, nodes[third] - nodes[first])
    held = np.zeros((len(nodes), 3), bool)
    held[first] = True
    held[second] = np.arange(3) != np.abs(along).argmax()
    held[third, np.abs(normal).argmax()] = True  # turns about the line of the other two
    return held
