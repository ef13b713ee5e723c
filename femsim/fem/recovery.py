"""Strain, stress and nodal averages from displacement.

Symmetric tensors are six numbers in the order XX YY ZZ XY YZ XZ, with true (tensor) shear.
"""

from dataclasses import dataclass

import numpy as np

from femsim.errors import ModelError
from femsim.fem.elasticity import Elasticity, constants, over_points
from femsim.fem.elements import element_of
from femsim.fem.geometry import integration_weights
from femsim.fem.kernels import gradients as kernels
from femsim.fem.kernels.assembly import CONSTANT
from femsim.fem.pattern import node_elements
from femsim.mesh.mesh import Mesh

KERNEL_INPUT = ["C", "W"]  # a kernel is compiled once more for arrays that are read-only
# Closer than this to a double root the closed form for principal values loses digits: an eigenvalue routine takes over.
_NEARLY_DOUBLE = 1e-5


def strain(mesh: Mesh, displacement: np.ndarray) -> np.ndarray:
    """(e, q, 6) small strain at the integration points, from displacement (n, 3) [mm]."""
    displacement = np.require(displacement, np.float64, KERNEL_INPUT)
    if displacement.shape != (mesh.n_nodes, 3):
        raise ModelError(f"Displacement has shape {displacement.shape}; the mesh needs ({mesh.n_nodes}, 3).")
    element = element_of(mesh.elements)
    result = np.empty((mesh.n_elements, len(element.rule.weights), 6))
    kernels.fill_strain(mesh.nodes, mesh.elements, element.gradients, displacement, result)
    return result


def stress(strain: np.ndarray, elasticity: Elasticity) -> np.ndarray:
    """(…, 6) [MPa] stress of strain (…, 6), given at the places of the elasticity: (e, q, 6), (e, 6) or (6,).

    Under initial strain (heat, swelling) give strain - initial strain: only what is elastic carries stress.
    """
    moduli = np.moveaxis(over_points(constants(elasticity), np.ndim(strain) - 1, 1), -1, 0)
    if len(moduli) == 2:
        lam, mu = moduli
        result = 2 * mu[..., None] * strain
        result[..., :3] += (lam * strain[..., :3].sum(axis=-1))[..., None]
        return result
    result = np.zeros((*np.broadcast_shapes(moduli.shape[1:], np.shape(strain)[:-1]), 6))
    for i in range(6):
        for j in range(6):
            result[..., i] += moduli[CONSTANT[i, j]] * strain[..., j] * (1 if j < 3 else 2)
    return result


def principal(values: np.ndarray) -> np.ndarray:
    """(…, 3) principal values of symmetric tensors (…, 6), ascending.

    Source
    ------
    Smith, Commun. ACM 4 (1961) 168: closed form by the trigonometric solution of the cubic.
    """
    flat = np.asarray(values, np.float64).reshape(-1, 6)
    mean = flat[:, :3].sum(axis=1) / 3
    xx, yy, zz = (flat[:, k] - mean for k in range(3))
    xy, yz, xz = flat[:, 3], flat[:, 4], flat[:, 5]
    size = np.sqrt((xx * xx + yy * yy + zz * zz + 2 * (xy * xy + yz * yz + xz * xz)) / 6)
    scale = np.where(size > 0, size, 1.0)
    determinant = xx * (yy * zz - yz * yz) - xy * (xy * zz - yz * xz) + xz * (xy * yz - yy * xz)
    ratio = np.clip(determinant / scale**3 / 2, -1.0, 1.0)
    angle = np.arccos(ratio) / 3
    result = np.empty((len(flat), 3))
    result[:, 2] = mean + 2 * size * np.cos(angle)
    result[:, 0] = mean + 2 * size * np.cos(angle + 2 * np.pi / 3)
    result[:, 1] = 3 * mean - result[:, 0] - result[:, 2]
    double = np.flatnonzero((1 - np.abs(ratio) < _NEARLY_DOUBLE) & np.isfinite(mean))
    if len(double):
        result[double] = np.linalg.eigvalsh(_matrices(flat[double]))
    return result.reshape(*np.shape(values)[:-1], 3)


def von_mises(stress: np.ndarray) -> np.ndarray:
    """(…) [MPa] von Mises stress of (…, 6)."""
    xx, yy, zz, xy, yz, xz = np.moveaxis(stress, -1, 0)
    return np.sqrt(0.5 * ((xx - yy) ** 2 + (yy - zz) ** 2 + (zz - xx) ** 2) + 3 * (xy * xy + yz * yz + xz * xz))


def strain_energy_density(stress: np.ndarray, strain: np.ndarray) -> np.ndarray:
    """(…) [N·mm/mm³ = MPa]: ½ σ:ε of (…, 6) each."""
    return 0.5 * (stress[..., :3] * strain[..., :3]).sum(axis=-1) + (stress[..., 3:] * strain[..., 3:]).sum(axis=-1)


@dataclass(frozen=True)
class NodalField:
    """Values at nodes, one for each region that meets there; nothing is averaged across regions.

    node, region : (p,) pairs, ascending by node, then region; values (p,) or (p, k).
    """

    node: np.ndarray
    region: np.ndarray
    values: np.ndarray

    def of_region(self, region: int, n_nodes: int) -> np.ndarray:
        """(n, …) values of one region (row of `mesh.regions`) at every node; NaN at nodes it does not reach."""
        rows = self.region == region
        result = np.full((n_nodes, *self.values.shape[1:]), np.nan)
        result[self.node[rows]] = self.values[rows]
        return result


def nodal_average(mesh: Mesh, point_values: np.ndarray) -> NodalField:
    """Values at integration points carried to the nodes and averaged there among elements of the same region.

    In a TET10 the linear function through its four points is read off at its nodes; a TET4 is constant. Elements count
    by their volume.

    Parameters
    ----------
    point_values : (e, q) or (e, q, k)
    """
    from femsim.fem.kernels import averaging

    element = element_of(mesh.elements)
    values = np.require(point_values, np.float64, KERNEL_INPUT)
    if values.shape[:2] != (mesh.n_elements, len(element.rule.weights)) or values.ndim > 3:
        raise ModelError(
            f"Values at integration points have shape {values.shape}; the mesh needs ({mesh.n_elements}, "
            f"{len(element.rule.weights)}) or one axis more."
        )
    of_nodes = node_elements(mesh.elements, mesh.n_nodes)
    counts = np.empty(mesh.n_nodes, np.int64)
    averaging.fill_region_counts(of_nodes.start, of_nodes.members, mesh.region_of, counts)
    first = np.concatenate([[0], np.cumsum(counts)])
    columns = values.reshape(*values.shape[:2], -1)
    node, region = np.empty((2, first[-1]), np.int32)
    averages = np.empty((first[-1], columns.shape[2]))
    averaging.fill_region_averages(
        mesh.elements, of_nodes.start, of_nodes.members, mesh.region_of, element.extrapolation,
        integration_weights(mesh).sum(axis=1), columns, first, node, region, averages,
    )  # fmt: skip
    return NodalField(node, region, averages.reshape(-1, *values.shape[2:]))


def _matrices(tensors: np.ndarray) -> np.ndarray:
    """(k, 3, 3) from (k, 6)."""
    return tensors[:, [0, 3, 5, 3, 1, 4, 5, 4, 2]].reshape(-1, 3, 3)
