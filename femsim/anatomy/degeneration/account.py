"""How much bone there is, before and after a disease."""

from dataclasses import dataclass

import numpy as np

from femsim.anatomy.degeneration.state import BoneState, Degeneration
from femsim.anatomy.femur import Femur


@dataclass(frozen=True)
class BoneAccount:
    """Mass [g] and mean density [g/cm³, apparent] of the intact femur, sound and as it is; sentences and their papers.

    What lies within the distal cut counts, marrow included.
    """

    sound_mass_g: float
    mass_g: float
    sound_mean_density_g_per_cm3: float
    mean_density_g_per_cm3: float
    notes: tuple[str, ...] = ()
    citations: tuple[str, ...] = ()


def account(
    sound_density: np.ndarray,
    density: np.ndarray,
    volumes: np.ndarray,
    notes: tuple[str, ...] = (),
    citations: tuple[str, ...] = (),
) -> BoneAccount:
    """The account of densities (…) [g/cm³] over volumes (…) [mm³]."""
    volume = volumes.sum() / 1000.0  # cm³
    masses = [float(np.sum(rho * volumes)) / 1000.0 for rho in (sound_density, density)]
    return BoneAccount(*masses, *(mass / float(volume) for mass in masses), notes, citations)


def degenerated(state: BoneState, degenerations: tuple[Degeneration, ...], femur: Femur) -> BoneState:
    """The state with every disease, in the order of the registry."""
    for degeneration in degenerations:
        state = degeneration.applied(state, femur)
    return state
