"""A crooked body of uneven stiffness under uneven loads: nothing in it is symmetric, so that no error hides."""

from dataclasses import dataclass, fields, replace

import numpy as np

from femsim.analyses.static import solve_static
from femsim.fem.elasticity import Elasticity, Isotropic, Orthotropic
from femsim.fem.recovery import strain, stress
from femsim.fem.sample import box_mesh
from femsim.mesh.mesh import Mesh
from femsim.verification.case import Check

KINDS = ("TET4", "TET10", "curved TET10", "orthotropic TET10", "curved orthotropic TET10")
METHODS = ("direct", "multigrid_cg")
SHARED = ("displacements", "reactions", "stress")


@dataclass(frozen=True)
class Body:
    """A supported, loaded body.

    held : (n, 3) bool, or (k,) nodes; loads : (2, n, 3) [N]; initial : (e, q, 6) strain without stress.
    """

    mesh: Mesh
    elasticity: Elasticity
    held: np.ndarray
    loads: np.ndarray
    initial: np.ndarray


@dataclass(frozen=True)
class Answer:
    """What a body does under its loads.

    displacements [mm], reactions [N] : (2, n, 3); energy : (2,) [N·mm]; stress : (e, q, 6) [MPa] of the first load.
    """

    displacements: np.ndarray
    reactions: np.ndarray
    energy: np.ndarray
    stress: np.ndarray


def crooked_body(kind: str) -> Body:
    """A box with moved inner nodes, elastic constants drawn per integration point; its curved form is twisted."""
    order = 1 if kind.endswith("TET4") else 2
    mesh = box_mesh((2, 3, 4), (10, 12, 20), order=order, distortion=0.1)
    x, y, z = mesh.nodes.T
    bottom, top = z == 0, z == 20
    if kind.startswith("curved"):
        turn = 0.04 * z
        c, s = np.cos(turn), np.sin(turn)
        mesh = replace(mesh, nodes=np.column_stack([c * x - s * y, s * x + c * y, z + 0.01 * x**2]))
    rng = np.random.default_rng(7)
    shape = (mesh.n_elements, 1 if order == 1 else 4)
    if "orthotropic" in kind:
        elasticity = _orthotropic(rng, shape)
    else:
        elasticity = Isotropic(np.exp(rng.uniform(5, 8, shape)), rng.uniform(0.1, 0.42, shape))  # 150 … 3000 MPa
    loads = np.where(top[None, :, None], rng.normal(0, 1, (2, mesh.n_nodes, 3)), 0.0)
    initial = 1e-4 * rng.standard_normal((*shape, 6))
    return Body(mesh, elasticity, np.repeat(bottom[:, None], 3, axis=1), loads, initial)


def answer(body: Body, method: str) -> Answer:
    """What the body does under its loads."""
    found = solve_static(
        body.mesh, body.elasticity, body.held, body.loads, initial_strain=body.initial, rtol=1e-12, method=method
    )
    elastic = strain(body.mesh, found.displacements[0]) - body.initial
    return Answer(found.displacements, found.reactions, found.energy, stress(elastic, body.elasticity))


def same(name: str, found: Answer, expected: Answer) -> list[Check]:
    """Two answers that should be one, held against each other."""
    far = {what: distance(getattr(found, what), getattr(expected, what)) for what in SHARED}
    return [
        *(Check(f"{name}: {what}, share of the largest", "-", 0.0, far[what], 1e-9, absolute=True) for what in SHARED),
        Check(f"{name}: strain energy", "N·mm", expected.energy[0], found.energy[0], 1e-9),
    ]


def with_places(elasticity: Elasticity, elements, points) -> Elasticity:
    """The constants with their elements, then their integration points, taken in another order."""
    return replace(elasticity, **{f.name: getattr(elasticity, f.name)[elements][:, points] for f in fields(elasticity)})


def with_moduli_times(elasticity: Elasticity, factor: float) -> Elasticity:
    """The constants in another unit of stress."""
    names = {f.name for f in fields(elasticity)} & {"youngs_modulus", "youngs_moduli", "shear_moduli"}
    return replace(elasticity, **{name: factor * getattr(elasticity, name) for name in names})


def turned(elasticity: Elasticity, matrix: np.ndarray) -> Elasticity:
    """The material in a body turned or mirrored by an orthogonal matrix."""
    if isinstance(elasticity, Isotropic):
        return elasticity
    return replace(elasticity, axes=elasticity.axes @ matrix.T)


def _orthotropic(rng, shape) -> Orthotropic:
    moduli = np.exp(rng.uniform(5, 7, (*shape, 3)))
    axes = np.linalg.qr(rng.standard_normal((*shape, 3, 3)))[0]
    return Orthotropic(moduli, rng.uniform(0.0, 0.15, (*shape, 3)), np.exp(rng.uniform(4, 6, (*shape, 3))), axes)


def distance(found: np.ndarray, expected: np.ndarray) -> float:
    """Largest difference as a share of the largest expected value."""
    return float(np.abs(found - expected).max() / np.abs(expected).max())
