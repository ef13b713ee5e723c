"""A square bar with a neck, held at one end and loaded along itself at the other, of a material that may break."""

import numpy as np

from femsim.analyses.loaded_body import LoadedBody
from femsim.analyses.outcome import SUPPORT
from femsim.fem.elasticity import Isotropic
from femsim.fem.forces import surface_traction
from femsim.fem.geometry import centroids
from femsim.fem.plastic_damage import PlasticDamage
from femsim.loads.history import LoadHistory
from femsim.mesh.mesh import Mesh
from femsim.model import Model
from femsim.verification.mapped import mapped_box

WIDTH, LENGTH, NECK = 10.0, 40.0, 0.7  # mm, mm, narrowest width over the width
SECTION = (NECK * WIDTH) ** 2
MODULUS, POISSON = 15_000.0, 0.3  # MPa, -
ALONG = np.array([0, 0, 1.0])


def mesh(cells: int) -> Mesh:
    """TET10 with so many cells across; surfaces w0, held, and w1, loaded."""

    def necked(p):
        place = (p - 0.5) * [WIDTH, WIDTH, LENGTH]
        narrow = 1 - (1 - NECK) * np.exp(-((place[:, 2] / 8) ** 2))
        return place * np.stack([narrow, narrow, np.ones_like(narrow)], axis=1)

    return mapped_box((cells, cells, 4 * cells), necked, order=2, curved=False)


def material(
    mesh: Mesh, tension, compression, tension_energy=np.inf, compression_energy=np.inf, rest=1.0, hardening=0.0,
    dilation=0.0,
) -> PlasticDamage:  # fmt: skip
    """The same everywhere."""
    values = (tension, compression, tension_energy, compression_energy, rest, hardening, dilation)
    return PlasticDamage(*(np.full((mesh.n_elements, 4), float(value)) for value in values))


def bar(cells: int, *strengths, pull: float = 1.0, **more) -> LoadedBody:
    """pull : 1 for tension, -1 for compression; strengths, more : of `material`."""
    of = mesh(cells)
    loads = surface_traction(of, of.surface("w1"), pull * ALONG)
    size = float(np.abs(loads.sum(axis=0)[2]))
    return LoadedBody(
        of, Isotropic(MODULUS, POISSON), material(of, *strengths, **more), np.unique(of.surface("w0")), loads,
        size=size,
    )  # fmt: skip


def model(cells: int, *strengths, pull: float = 1.0, held_zone: float = 12.0, **more) -> Model:
    """The bar as a femur that is loaded by its hip alone, by 1000 N; its last `held_zone` mm are zone "support"."""
    of = mesh(cells)
    size = 1000.0
    loads = surface_traction(of, of.surface("w1"), pull * ALONG)
    loads *= size / np.abs(loads.sum(axis=0)[2])
    history = LoadHistory(
        ("hip",), ("head",), np.array([[pull * size * ALONG]]), np.array([0.0]), "s", 1.0, False, ("Nobody",),
    )  # fmt: skip
    full = np.ones((of.n_elements, 4))
    beside = centroids(of)[:, 2] < held_zone - LENGTH / 2
    return Model(
        "intact", of, 1.8 * full, MODULUS * full, POISSON * full, np.unique(of.surface("w0")), history, loads[None],
        np.ones((1, 1)), np.where(beside, 1, 0), ("neck", SUPPORT), failing=material(of, *strengths, **more),
    )  # fmt: skip
