"""Averages over small spheres: what is left of a field where its peaks are singular."""

import numpy as np

from femsim.errors import ModelError
from femsim.fem.elements import element_of
from femsim.fem.geometry import integration_weights
from femsim.mesh.mesh import Mesh


class Spheres:
    """A sphere about the centroid of each element, and the integration points that lie in it.

    An element's own points always count, so a small radius gives the element's own average. Sorted once, for any number
    of fields.
    """

    def __init__(self, mesh: Mesh, radius_mm: float, rows: np.ndarray | None = None):
        """rows : (m,) elements that count, all when not given; only they lend points and have a sphere."""
        self.rows = np.arange(mesh.n_elements) if rows is None else np.asarray(rows, np.int64)
        self.radius = float(radius_mm)
        if not len(self.rows):
            return
        element = element_of(mesh.elements)
        places = mesh.nodes[mesh.elements[self.rows]]
        points = np.matmul(element.values(element.rule.points), places).reshape(-1, 3)
        self._centres = places[:, :4].mean(axis=1)
        low = np.minimum(points.min(axis=0), self._centres.min(axis=0))
        extent = np.maximum(points.max(axis=0), self._centres.max(axis=0)) - low
        # No smaller than the radius, and few enough cells that an outlying part does not fill the memory.
        size = max(self.radius, float(extent.max()) / 512, 1e-12)
        self._cells = (extent / size).astype(np.int64) + 1
        self._cell_of = ((self._centres - low) / size).astype(np.int64)
        row, column, layer = ((points - low) / size).astype(np.int64).T
        cell = (row * self._cells[1] + column) * self._cells[2] + layer
        self._starts = np.concatenate([[0], np.cumsum(np.bincount(cell, minlength=int(self._cells.prod())))])
        self._order = np.argsort(cell, kind="stable")
        self._place_of = np.empty_like(self._order)
        self._place_of[self._order] = np.arange(len(self._order))
        self._points = points[self._order]
        self._weights = integration_weights(mesh)[self.rows].ravel()[self._order]

    def average(self, values: np.ndarray, at: np.ndarray | None = None) -> np.ndarray:
        """Volume averages.

        Parameters
        ----------
        values : (m, q) or (m, q, k) at the integration points of the elements that count.
        at : (p,) int array, optional
            Places in `rows` where the average is wanted; everywhere when not given.

        Returns
        -------
        (p,) or (p, k) array

        Raises
        ------
        ModelError
            Where the shape does not fit.
        """
        from femsim.fem.kernels import averaging

        at = np.arange(len(self.rows)) if at is None else np.asarray(at, np.int64)
        tail = np.shape(values)[2:]
        if not (len(at) and len(self.rows)):
            return np.empty((len(at), *tail))
        own = len(self._order) // len(self.rows)
        if np.shape(values)[:2] != (len(self.rows), own) or len(tail) > 1:
            raise ModelError(
                f"The field to average has shape {np.shape(values)}; ({len(self.rows)}, {own}) is needed, or one axis "
                "more."
            )
        columns = np.asarray(values, np.float64).reshape(len(self._order), -1)
        averages = np.empty((len(at), columns.shape[1]))
        averaging.fill_sphere_averages(
            self._centres[at], at, self._cell_of[at], self._cells, self._starts, self._order, self._place_of,
            self._points, self._weights, columns[self._order], self.radius, own, averages,
        )  # fmt: skip
        return averages.reshape(-1, *tail)


def sphere_average(
    mesh: Mesh, point_values: np.ndarray, radius_mm: float, elements: np.ndarray | None = None
) -> np.ndarray:
    """(e,) average over the sphere about each element's centroid, of a field (e, q).

    elements : (e,) bool, those that count; only they lend points, and the others get NaN.
    """
    rows = None if elements is None else np.flatnonzero(elements)
    spheres = Spheres(mesh, radius_mm, rows)
    result = np.full(mesh.n_elements, np.nan)
    result[spheres.rows] = spheres.average(np.asarray(point_values)[spheres.rows])
    return result
