"""An impact on the linear tetrahedra of the same corners: what explicit steps run on when a mesh is quadratic."""

from dataclasses import replace

import numpy as np

from femsim.fem.elasticity import Isotropic
from femsim.fem.impact_setting import ImpactSetting
from femsim.fem.transfer import corner_mesh, nodal_weights
from femsim.mesh.mesh import Mesh


def on_corners(mesh: Mesh, elasticity: Isotropic, setting: ImpactSetting):
    """TET4 mesh, its elasticity (e, 1) and the setting on it, from those of a TET10 mesh; and the way back.

    Every node of the TET10 mesh moves as the linear tetrahedra do at its place; nodal forces are carried over so that
    they do the same work. An element has the mean modulus and mass of its points.

    Returns
    -------
    mesh, elasticity, setting
    nodal : csr_matrix (n, v), motion of the nodes from that of the corners.
    """
    linear, corners = corner_mesh(mesh)
    nodal = nodal_weights(mesh, corners).tocsr()
    carry = lambda forces: nodal.T @ forces  # noqa: E731
    modulus, ratio = (np.asarray(values, float) for values in (elasticity.youngs_modulus, elasticity.poissons_ratio))
    couplings = [replace(one, vector=carry(one.vector)) for one in setting.couplings]
    floor, pulse = setting.floor, setting.pulse
    if floor is not None:
        areas = np.zeros(mesh.n_nodes)
        areas[floor.nodes] = floor.areas
        fine = carry(areas)
        nodes = np.flatnonzero(fine > 0)
        heights = linear.nodes[nodes] @ floor.normal
        level = mesh.nodes[floor.nodes[0]] @ floor.normal - floor.gaps[0]  # of the plane, less the layer
        floor = replace(floor, nodes=nodes, areas=fine[nodes], gaps=heights - level, law=_law(floor, nodal, nodes))
    if pulse is not None:
        pulse = replace(pulse, loads=np.stack([carry(one) for one in pulse.loads]))
    moved = replace(
        setting,
        held=setting.held[corners],
        mass_density=setting.mass_density.mean(axis=1, keepdims=True),
        velocity=setting.velocity[corners],
        couplings=tuple(couplings),
        floor=floor,
        pulse=pulse,
        watched={name: carry(one) for name, one in setting.watched.items()},
    )
    return linear, Isotropic(_mean(modulus), _mean(ratio)), moved, nodal


def _mean(values: np.ndarray) -> np.ndarray:
    return values.mean(axis=1, keepdims=True) if values.ndim == 2 else values


def _law(floor, nodal, nodes):
    """The floor's law; stiffness that differs from node to node is that of the nearest nodes, by their shares."""
    stiffness = getattr(floor.law, "stiffness", None)
    if stiffness is None or np.ndim(stiffness) == 0:
        return floor.law
    shares = nodal[floor.nodes][:, nodes]
    return replace(floor.law, stiffness=(shares.T @ stiffness) / np.asarray(shares.sum(axis=0)).ravel())
