"""Loads of 1 N that make up every load history: pressures along the poles, pulls along x, y, z at muscle sites."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from femsim.errors import ModelError, near
from femsim.loads.history import HEAD, LoadHistory
from femsim.loads.poles import Poles
from femsim.loads.traction import LoadApplication, head_pressure, patch_force
from femsim.mesh.mesh import Mesh

_AXES = ("x", "y", "z")


@dataclass(frozen=True, order=True)
class Unit:
    """One load of 1 N: site "head" and the row of a pole, or a muscle site and the row of an axis of the frame."""

    site: str
    row: int

    @property
    def name(self) -> str:
        """Such as "head 17" or "vastus_lateralis x"."""
        return f"{self.site} {self.row if self.site == HEAD else _AXES[self.row]}"


def parts_of(histories: Sequence[LoadHistory], poles: Poles) -> tuple[tuple[Unit, ...], list[np.ndarray]]:
    """The units that act in the histories, and how much of each acts in every frame.

    Parameters
    ----------
    histories : forces and poles in the same frame.

    Returns
    -------
    units : (m,)
        Those that act in any frame, sorted.
    parts : (t, m) array [N] of each history
    """
    found = [_parts(history, poles) for history in histories]
    units = tuple(sorted(set().union(*found)))
    return units, [
        np.stack([parts.get(unit, np.zeros(len(history.forces))) for unit in units], axis=1)
        if units
        else np.zeros((len(history.forces), 0))
        for history, parts in zip(histories, found)
    ]


def _parts(history: LoadHistory, poles: Poles) -> dict[Unit, np.ndarray]:
    parts: dict[Unit, np.ndarray] = {}
    for channel, site in enumerate(history.sites):
        force = history.forces[:, channel]
        if site == HEAD:
            corners, sizes = poles.shares(force)
            columns = ((Unit(HEAD, int(pole)), ((corners == pole) * sizes).sum(axis=1)) for pole in np.unique(corners))
        else:
            columns = ((Unit(site, axis), force[:, axis]) for axis in range(3))
        for unit, column in columns:
            if column.any():
                parts[unit] = parts.get(unit, 0.0) + column
    return parts


def unit_history(units: Sequence[Unit], poles: Poles) -> LoadHistory:
    """A history whose frames are the units, one after the other."""
    sites = list(dict.fromkeys([HEAD, *(unit.site for unit in units)]))
    forces = np.zeros((len(units), len(sites), 3))
    for row, unit in enumerate(units):
        along = poles.directions[unit.row] if unit.site == HEAD else np.eye(3)[unit.row]
        forces[row, sites.index(unit.site)] = along
    names = ["hip", *sites[1:]]
    return LoadHistory(tuple(names), tuple(sites), forces, np.arange(len(units)), "unit", float(len(units)), False)


def nodal_units(
    units: Iterable[Unit],
    mesh: Mesh,
    sites: Mapping[str, np.ndarray],
    application: LoadApplication,
    *,
    poles: Poles,
    head_centre: np.ndarray,
) -> np.ndarray:
    """(m, n, 3) [N] nodal forces of units.

    Raises
    ------
    ModelError
        Where a site has no point, or a force meets no face.
    """
    units = tuple(units)
    loads = np.empty((len(units), mesh.n_nodes, 3))
    for row, unit in enumerate(units):
        if unit.site == HEAD:
            angle = application.pressure_half_angle_deg
            loads[row] = head_pressure(mesh, poles.directions[unit.row], half_angle_deg=angle, centre=head_centre)
        elif unit.site in sites:
            along = np.eye(3)[unit.row]
            loads[row] = patch_force(mesh, sites[unit.site], along, application.muscle_patch_radius_mm)
        else:
            raise ModelError(
                f"A force acts at {unit.site!r}, which is no muscle site. {near(unit.site, sites)}", where="load"
            )
    return loads
