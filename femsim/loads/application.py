"""How an activity acts on a mesh: the few nodal load vectors that span all its frames.

Linear statics needs one solve per independent load, not one per frame: forces that rise and fall together are one load.
"""

from collections.abc import Mapping

import numpy as np

from femsim.errors import ModelError, near
from femsim.loads.history import HEAD, LoadHistory
from femsim.loads.traction import USUAL_APPLICATION, LoadApplication, head_pressure, patch_force
from femsim.mesh.mesh import Mesh

# Singular values of the time courses below this share of the largest are rounding, not another load.
_RANK_TOLERANCE = 1e-12


def load_basis(
    history: LoadHistory,
    mesh: Mesh,
    sites: Mapping[str, np.ndarray],
    application: LoadApplication = USUAL_APPLICATION,
    *,
    head_centre: np.ndarray = (0.0, 0.0, 0.0),
) -> tuple[np.ndarray, np.ndarray]:
    """Nodal forces that span the history, and how much of each acts in every frame.

    Parameters
    ----------
    history : LoadHistory
    mesh : Mesh
        With surfaces "bearing" and "bone_outer".
    sites : site name → (3,) [mm]
        Muscle attachments; the site "head" is the bearing surface and needs no point.
    application : LoadApplication

    Returns
    -------
    basis : (b, n, 3) array [N]
    factors : (t, b) array
        Largest absolute value of each column is 1; frame t carries factors[t] @ basis.

    Raises
    ------
    ModelError
        Where a site has no point, a force meets no face, or nothing acts at all.
    """
    courses, patterns = [], []
    for channel, (name, site) in enumerate(zip(history.channels, history.sites)):
        force = history.forces[:, channel]
        if site != HEAD and site not in sites:
            raise ModelError(
                f"Force {name!r} acts at {site!r}, which is no muscle site. {near(site, sites)}", where="load"
            )
        for course, direction in _directions(force):
            courses.append(course)
            if site == HEAD:
                angle = application.pressure_half_angle_deg
                patterns.append(head_pressure(mesh, direction, half_angle_deg=angle, centre=head_centre))
            else:
                patterns.append(patch_force(mesh, sites[site], direction, application.muscle_patch_radius_mm))
    if not patterns:
        raise ModelError(
            "No force acts in any frame.", where="load", remedy="check the activity, its scale and the body mass"
        )
    return _merged(np.stack(courses, axis=1), np.stack(patterns))


def _directions(force: np.ndarray) -> list[tuple[np.ndarray, np.ndarray]]:
    """A force over time (t, 3) [N] as (size over time (t,), unit direction (3,)), one pair per distinct direction."""
    size = np.linalg.norm(force, axis=1)
    acting = np.flatnonzero(size > 0)
    units = force[acting] / size[acting, None]
    found: list[tuple[np.ndarray, np.ndarray]] = []
    for frame, unit in zip(acting, units):
        for course, direction in found:
            if np.abs(unit - direction).max() < 1e-12:
                course[frame] = size[frame]
                break
        else:
            course = np.zeros(len(force))
            course[frame] = size[frame]
            found.append((course, unit))
    return found


def _merged(courses: np.ndarray, patterns: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The same loads with as few patterns as the rank of the time courses (t, p): courses = chosen courses × mixing."""
    from scipy.linalg import lstsq, qr

    _, triangle, order = qr(courses, mode="economic", pivoting=True)
    diagonal = np.abs(np.diag(triangle))
    rank = int((diagonal > _RANK_TOLERANCE * diagonal[0]).sum())
    chosen = courses[:, order[:rank]] / np.abs(courses[:, order[:rank]]).max(axis=0)
    mixing = lstsq(chosen, courses)[0]
    return np.tensordot(mixing, patterns, axes=1), chosen
