"""How steeply a material softens in an element, so that a crack takes its fracture energy whatever the element's size.

An element that cracks spreads the crack over a band of its own width h: the energy it takes per volume, by softening
and from what was stored when it started, is the fracture energy over h (crack band, Bažant & Oh, Mater. Struct. 16
(1983) 155-177). Where h is so large that more would be stored than the crack takes, the strength is lowered until it
is not, as they advise; far beyond that nothing sensible can be said, and the element is refused.
"""

from dataclasses import replace

import numpy as np

from femsim.errors import ModelError
from femsim.fem.elasticity import Isotropic, point_array
from femsim.fem.geometry import corner_volumes
from femsim.fem.plastic_damage import PlasticDamage
from femsim.mesh.mesh import Mesh

# Width of the band over the edge of a regular tetrahedron of the element's volume. Measured on necked bars of six
# tetrahedra to a cell in three sizes, whose dissipated energy then is the fracture energy times the smallest section,
# see tests/verification/test_softening.py.
BAND = {1: 1.6, 2: 1.4}
LEAST = 0.1  # of the energy that is stored when softening starts, what softening itself must take
WEAKEST = 0.5  # share of the strength below which an element is refused


def band_width(mesh: Mesh) -> np.ndarray:
    """(e,) [mm] over which an element smears a crack."""
    return BAND[mesh.order] * np.cbrt(6.0 * np.sqrt(2.0) * corner_volumes(mesh))


def lowered(mesh: Mesh, elasticity: Isotropic, failing: PlasticDamage) -> np.ndarray:
    """(e, q) share of the strength that elements of this size can bear; 1 where they are small enough.

    Raises
    ------
    ModelError
        Where less than half would be left: which material, how large, what size would do.
    """
    modulus = point_array(mesh, elasticity.youngs_modulus, "Young's modulus")
    width = band_width(mesh)[:, None]
    share = np.ones(failing.tension.shape)
    for energy, strength, falls in (
        (failing.tension_energy, failing.tension, 1.0),
        (failing.compression_energy, failing.compression, 1.0 - failing.rest),
    ):
        stored = falls * strength**2 / (2 * modulus) * (1 + LEAST)
        with np.errstate(divide="ignore", invalid="ignore"):
            share = np.fmin(share, np.where(stored > 0, np.sqrt(energy / (width * stored)), np.inf))
    least = share.min(axis=1)
    if least.min() < WEAKEST:
        worst, bad = int(least.argmin()), np.flatnonzero(least < WEAKEST)
        raise ModelError(
            f"Elements are too large for their fracture energy: to crack without giving back energy, one of "
            f"{float(width[worst].item()):.2g} mm could bear {100 * least[worst]:.0f} % of its strength.",
            where=f"{len(bad)} of {mesh.n_elements} elements, worst: element {worst} in "
            f"{mesh.regions[mesh.region_of[worst]]}, {failing.tension_energy[worst].min():.2g} N/mm in tension",
            why="an element may not store more energy when it starts to crack than the crack takes",
            remedy=f"use elements {(WEAKEST / least[worst]) ** 2:.2g} times smaller, a larger fracture energy, or a "
            "lower strength",
        )
    return share


def bearable(failing: PlasticDamage, share: np.ndarray) -> PlasticDamage:
    """With both strengths times a share (e, q), so that their ratio stays."""
    return replace(failing, tension=share * failing.tension, compression=share * failing.compression)


def softening_rate(width, modulus, energy, strength, stretch, falls) -> np.ndarray:
    """(e, q) 1 / κ over which strength falls by its e-th part; 0 where it never does.

    Parameters
    ----------
    width : (e, 1) [mm] band. modulus, energy, strength : (e, q) [MPa], [N/mm], [MPa].
    stretch : strain over κ under uniaxial stress, for κ grows more slowly than strain where the volume grows with it.
    falls : share of the strength that is lost.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        per_volume = energy / width - falls * strength**2 / (2 * modulus)
        return np.where(np.isfinite(energy) & (np.asarray(falls) > 0), falls * strength * stretch / per_volume, 0.0)
