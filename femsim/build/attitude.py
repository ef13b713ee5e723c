"""Forces told in the frame of the femur, and where they act on it."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from femsim.anatomy.attachments import FemurSites
from femsim.anatomy.bergmann import tilt_deg
from femsim.anatomy.femur import Femur
from femsim.errors import ModelError, near
from femsim.loads.history import BERGMANN, FEMUR, HEAD, LAB, LoadHistory


def in_femur_frame(history: LoadHistory, from_bergmann: np.ndarray, from_lab: np.ndarray) -> LoadHistory:
    """A load history turned to the femur frame: from OrthoLoad's frame, or from the laboratory that the support is in.

    Parameters
    ----------
    from_bergmann, from_lab : (3, 3) rotations to the femur frame.

    Raises
    ------
    ModelError
        Where the forces are in a frame that nobody knows.
    """
    if history.frame == FEMUR:
        return history
    if history.frame == BERGMANN:
        return history.turned(from_bergmann, FEMUR)
    if history.frame == LAB:
        return history.turned(from_lab, FEMUR)
    raise ModelError(
        f"Forces are in the frame {history.frame!r}. {near(history.frame, (BERGMANN, FEMUR, LAB))}", where="load"
    )


def acted_on(sites: Mapping[str, np.ndarray], history: LoadHistory) -> dict[str, np.ndarray]:
    """Site → (3,) point [mm] of those at which the forces of a history act, the head aside."""
    return {name: sites[name] for name in dict.fromkeys(history.sites) if name != HEAD}


def noted(femur: Femur, from_bergmann: np.ndarray, sites: FemurSites) -> Femur:
    """The femur with sentences on how the frame of the forces lies in it, and on sites that are assumed."""
    sagittal, frontal = tilt_deg(from_bergmann)
    how = (
        f"is assumed to lean back by {sagittal:.1f}° and medially by {frontal:.1f}° from the line of knee and neck "
        "(application.shaft_tilt_deg, shaft_tilt_frontal_deg)"
        if femur.knee_height is None
        else f"leans back by {sagittal:.1f}° and medially by {frontal:.1f}° from the line of knee and neck (measured)"
    )
    return replace(femur, notes=(*femur.notes, f"The proximal shaft axis {how}.", *sites.notes))
