"""Strain, stress and averages from displacement.

Symmetric tensors are six numbers in the order XX YY ZZ XY YZ XZ, with true (tensor) shear.
"""

import numpy as np

from femsim.errors import ModelError
from femsim.fem.elasticity import Isotropic, lame, over_points, point_array
from femsim.fem.elements import element_of
from femsim.fem.geometry import centroids, integration_points, integration_weights
from femsim.fem.kernels import assembly as kernels
from femsim.mesh.mesh import Mesh

# Closer than this to a double root the closed form for principal values loses digits: an eigenvalue routine takes over.
_NEARLY_DOUBLE = 1e-5


def strain(mesh: Mesh, displacement: np.ndarray) -> np.ndarray:
    """(e, q, 6) small strain at the integration points, from displacement (n, 3) [mm]."""
    displacement = np.ascontiguousarray(displacement, np.float64)
    if displacement.shape != (mesh.n_nodes, 3):
        raise ModelError(f"Displacement has shape {displacement.shape}; the mesh needs ({mesh.n_nodes}, 3).")
    element = element_of(mesh.elements)
    result = np.empty((mesh.n_elements, len(element.rule.weights), 6))
    kernels.fill_strain(mesh.nodes, mesh.elements, element.gradients, displacement, result)
    return result


def stress(strain: np.ndarray, elasticity: Isotropic) -> np.ndarray:
    """(…, 6) [MPa] stress of strain (…, 6), given at the places of the elasticity: (e, q, 6), (e, 6) or (6,)."""
    moduli = (elasticity.youngs_modulus, elasticity.poissons_ratio)
    lam, mu = lame(*(over_points(values, np.ndim(strain) - 1) for values in moduli))
    result = 2 * mu[..., None] * strain
    result[..., :3] += (lam * strain[..., :3].sum(axis=-1))[..., None]
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


def nodal_average(mesh: Mesh, element_values: np.ndarray, elements: np.ndarray | None = None) -> np.ndarray:
    """(n,) or (n, k): mean over the elements around each node, weighted by volume; NaN where there is none.

    For drawing; where materials meet, average one side at a time by its mask.

    Parameters
    ----------
    element_values : (e,) or (e, k)
    elements : (e,) bool, optional
        Elements that count.
    """
    rows = np.arange(mesh.n_elements) if elements is None else np.flatnonzero(elements)
    nodes = mesh.elements[rows].ravel()
    volume = integration_weights(mesh)[rows].sum(axis=1)
    values = np.asarray(element_values, np.float64)
    columns = values.reshape(mesh.n_elements, -1)[rows]
    width = mesh.elements.shape[1]
    total = np.bincount(nodes, np.repeat(volume, width), mesh.n_nodes)
    result = np.full((mesh.n_nodes, columns.shape[1]), np.nan)
    seen = total > 0
    for k in range(columns.shape[1]):
        result[seen, k] = np.bincount(nodes, np.repeat(volume * columns[:, k], width), mesh.n_nodes)[seen] / total[seen]
    return result.reshape(mesh.n_nodes, *values.shape[1:])


def sphere_average(
    mesh: Mesh, point_values: np.ndarray, radius_mm: float, elements: np.ndarray | None = None
) -> np.ndarray:
    """(e,) volume average over the integration points within a radius of each element's centroid.

    An element's own points always count, so a small radius gives the element's own average.

    Parameters
    ----------
    point_values : (e, q)
    radius_mm : float
    elements : (e,) bool, optional
        Elements that count: only they lend points, and the others get NaN.
    """
    from femsim.fem.kernels import averaging

    rows = np.arange(mesh.n_elements) if elements is None else np.flatnonzero(elements)
    result = np.full(mesh.n_elements, np.nan)
    if not len(rows):
        return result
    values = np.ascontiguousarray(point_array(mesh, point_values, "The field to average")[rows].ravel())
    weights = np.ascontiguousarray(integration_weights(mesh)[rows].ravel())
    points = np.ascontiguousarray(integration_points(mesh)[rows].reshape(-1, 3))
    centres = centroids(mesh)[rows]
    low = np.minimum(points.min(axis=0), centres.min(axis=0))
    extent = np.maximum(points.max(axis=0), centres.max(axis=0)) - low
    # No smaller than the radius, and few enough cells that an outlying part does not fill the memory.
    size = max(float(radius_mm), float(extent.max()) / 512, 1e-12)
    cells = (extent / size).astype(np.int64) + 1
    row, column, layer = ((points - low) / size).astype(np.int64).T
    cell = (row * cells[1] + column) * cells[2] + layer
    starts = np.concatenate([[0], np.cumsum(np.bincount(cell, minlength=int(cells.prod())))])
    averages = np.empty(len(rows))
    averaging.fill_sphere_averages(
        centres, ((centres - low) / size).astype(np.int64), cells, starts, np.argsort(cell, kind="stable"),
        points, weights, values, float(radius_mm), len(values) // len(rows), averages,
    )  # fmt: skip
    result[rows] = averages
    return result


def _matrices(tensors: np.ndarray) -> np.ndarray:
    """(k, 3, 3) from (k, 6)."""
    return tensors[:, [0, 3, 5, 3, 1, 4, 5, 4, 2]].reshape(-1, 3, 3)
