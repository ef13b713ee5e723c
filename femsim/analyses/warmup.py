"""Compiling every kernel once, on problems small enough to take no time themselves."""

from collections.abc import Callable

import numpy as np

from femsim import kernel_cache
from femsim.analyses.static import prepare_static
from femsim.fem.elasticity import Elasticity, Isotropic, Orthotropic
from femsim.fem.mass import mass
from femsim.fem.operator import Tet10Stiffness
from femsim.fem.recovery import nodal_average, strain
from femsim.fem.sample import box_mesh
from femsim.fem.spheres import sphere_average
from femsim.fem.superposition import extreme_principal


def warm_up(progress: Callable[[str, float], None] | None = None) -> None:
    """Compile all kernels into the cache folder, or load them where they are there already.

    Parameters
    ----------
    progress : callable(what, share done), optional.
    """
    steps = (
        ("linear elements, direct solver", lambda: _solve(1, "direct", Isotropic(1000.0, 0.3))),
        ("linear elements, multigrid solver", lambda: _solve(1, "multigrid_cg", Isotropic(1000.0, 0.3))),
        ("quadratic elements, multigrid solver", lambda: _solve(2, "multigrid_cg", Isotropic(1000.0, 0.3))),
        ("orthotropic elements", lambda: _solve(2, "multigrid_cg", Orthotropic([1000.0] * 3, [0.3] * 3, [400.0] * 3))),
        ("strain, averages, mass", _recover),
    )
    for done, (what, step) in enumerate(steps):
        if progress is not None:
            progress(what, done / len(steps))
        step()
    kernel_cache.mark_warm()
    if progress is not None:
        progress("all kernels", 1.0)


def _solve(order: int, method: str, elasticity: Elasticity) -> None:
    # 5x5x8 cells leave 675 corner unknowns, more than the coarsest level takes: aggregation runs as well.
    mesh = box_mesh((5, 5, 8), order=order)
    fixed = np.flatnonzero(mesh.nodes[:, 2] == 0)
    loads = np.random.default_rng(0).standard_normal((6, mesh.n_nodes, 3))
    problem = prepare_static(mesh, elasticity, fixed, n_rhs=len(loads), method=method)
    for some in (loads[:1], loads):  # alone, and side by side
        problem.solve(some, initial_strain=np.full(6, 1e-3), rtol=1e-8)


def _recover() -> None:
    mesh = box_mesh((1, 1, 1))
    found = strain(mesh, np.zeros((mesh.n_nodes, 3)))
    sphere_average(mesh, found[..., 0], 0.5)
    extreme_principal(found, np.ones(found.shape[1]))
    nodal_average(mesh, found)
    mass(mesh, 1.0)
    Tet10Stiffness(mesh, Isotropic(1.0, 0.3), np.zeros((mesh.n_nodes, 3), bool)).assembled()
