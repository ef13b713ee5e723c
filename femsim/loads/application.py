"""How activities act on a mesh: the few nodal load vectors that span all their frames.

Linear statics needs one solve per independent load, not one per frame: forces that rise and fall together are one load.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from femsim.errors import ModelError
from femsim.loads.history import LoadHistory
from femsim.loads.poles import Poles, usual_poles
from femsim.loads.traction import USUAL_APPLICATION, LoadApplication
from femsim.loads.units import nodal_units, parts_of
from femsim.mesh.mesh import Mesh

# Singular values of the time courses below this share of the largest are rounding, not another load.
_RANK_TOLERANCE = 1e-12


def load_basis(
    histories: Sequence[LoadHistory],
    mesh: Mesh,
    sites: Mapping[str, np.ndarray],
    application: LoadApplication = USUAL_APPLICATION,
    *,
    head_centre: np.ndarray = (0.0, 0.0, 0.0),
    poles: Poles | None = None,
    merged: bool = True,
) -> tuple[np.ndarray, list[np.ndarray]]:
    """Nodal forces that span the histories, and how much of each acts in every frame.

    Parameters
    ----------
    histories : in the frame of the mesh.
    mesh : Mesh
        With surfaces "bearing" and "bone_outer".
    sites : site name → (3,) [mm]
        Muscle attachments; the site "head" is the bearing surface and needs no point.
    application : LoadApplication
    poles : in the frame of the mesh; the usual ones when not given.
    merged : False leaves one load for each unit that acts, whose factors are newtons.

    Returns
    -------
    basis : (b, n, 3) array [N]
    factors : (t, b) array of each history
        A frame carries factors[t] @ basis. Merged, the largest absolute value of each column is 1.

    Raises
    ------
    ModelError
        Where a site has no point, a force meets no face, or nothing acts at all.
    """
    poles = poles or usual_poles()
    units, parts = parts_of(histories, poles)
    if not units:
        raise ModelError(
            "No force acts in any frame.", where="load", remedy="check the activity, its scale and the body mass"
        )
    loads = nodal_units(units, mesh, sites, application, poles=poles, head_centre=head_centre)
    if not merged:
        return loads, parts
    chosen, mixing = _independent(np.concatenate(parts))
    ends = np.cumsum([len(part) for part in parts])[:-1]
    return np.tensordot(mixing, loads, axes=1), np.split(chosen, ends)


def _independent(courses: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """As few time courses as the rank of all (t, m): courses (t, m) = chosen (t, b) @ mixing (b, m)."""
    from scipy.linalg import lstsq, qr

    _, triangle, order = qr(courses, mode="economic", pivoting=True)
    diagonal = np.abs(np.diag(triangle))
    rank = int((diagonal > _RANK_TOLERANCE * diagonal[0]).sum())
    chosen = courses[:, order[:rank]] / np.abs(courses[:, order[:rank]]).max(axis=0)
    return chosen, lstsq(chosen, courses)[0]
