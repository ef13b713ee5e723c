"""femsim itself, held to the same protocol as its peers: mesh and nodal forces in, energy and seconds out.

The stages of `prepare_static` are timed by wrapping the functions it calls, so that the library carries no clock.
"""

import time

STARTED = time.perf_counter()

from exchange import RTOL, Clock, finish, memory_gb, peer_arguments, read  # noqa: E402

STAGE_OF = {
    "checks": ("refuse_unsound", "held_directions", "refuse_free_parts", "rigid_body_modes", "is_straight"),
    "numbering": ("near_order", "renumbered"),
    "assembly, operator": ("stiffness", "AssembledOperator", "Tet10Stiffness", "linear_coarse_space"),
    "preconditioner": ("prepare",),
}


def watch(clock: Clock) -> None:
    """Let the clock run through the functions that `prepare_static` calls."""
    from femsim.analyses import static

    for stage, names in STAGE_OF.items():
        for name in names:
            inner = getattr(static, name, None)
            if inner is not None and not isinstance(inner, type):
                setattr(static, name, _timed(clock, stage, inner))
            elif inner is not None:
                setattr(static, name, _timed_class(clock, stage, inner))


def _timed(clock, stage, inner):
    def timed(*arguments, **options):
        with clock(stage):
            return inner(*arguments, **options)

    return timed


def _timed_class(clock, stage, inner):
    class Timed(inner):
        __slots__ = ()

        def __init__(self, *arguments, **options):
            with clock(stage):
                super().__init__(*arguments, **options)

    Timed.__name__, Timed.__module__ = inner.__name__, inner.__module__
    return Timed


def main() -> None:
    case_file, result_file, words = peer_arguments()
    import numpy as np

    import femsim
    from femsim.analyses.static import prepare_static
    from femsim.analyses.warmup import warm_up

    clock = Clock()
    clock.stages["imports"] = time.perf_counter() - STARTED
    with clock("read case"):
        case = read(case_file)
        mesh, elasticity, forces = case.mesh(), case.elasticity(), case.forces()
    clock.stages["until mesh in memory"] = time.perf_counter() - STARTED
    if "warm" in words:
        with clock("load kernels"):
            warm_up()
    with_mesh = memory_gb("VmRSS")
    watch(clock)
    with clock("set-up"):
        problem = prepare_static(mesh, elasticity, case.fixed)
    after_set_up = memory_gb()
    with clock("solve"):
        solution = problem.solve(forces, rtol=RTOL)
    clock.stages["process until result"] = time.perf_counter() - STARTED
    named = sum(clock.stages.get(stage, 0.0) for stage in STAGE_OF)
    clock.stages["other set-up"] = clock.stages["set-up"] - named
    energy = 0.5 * float(np.vdot(forces[0], solution.displacements[0]))
    finish(
        result_file, clock, counted=("set-up", "solve"), energy=energy, version=femsim.__version__,
        residual=float(solution.residuals[0]), iterations=int(solution.iterations[0]), method=solution.method,
        own_energy=float(solution.energy[0]), memory_with_mesh_gb=with_mesh, memory_after_set_up_gb=after_set_up,
        memory_peak_gb=memory_gb(), traffic=traffic(problem, int(solution.iterations[0])),
    )  # fmt: skip


def traffic(problem, iterations: int) -> dict:
    """Bytes and operations that each stage cannot do without, counted on the arrays it makes or reads.

    assembly, operator: mesh read, operator written. preconditioner: operator read, hierarchy written. solve, per
    iteration: the operator once in double precision for the search direction; in the cycle four times in single
    precision (Chebyshev of degree 2: one product before the correction, one for the residual, two after), the
    hierarchy's arrays once (a lower bound: its matrices are read four times too), three vectors. One product of a
    TET10 without its matrix costs about 810 operations, of a stored 3x3 block 18.
    """
    import numpy as np

    mesh = problem.mesh
    n, e = mesh.n_nodes, mesh.n_elements
    operator = sum(array.nbytes for array in _arrays(problem.stiffness, {id(mesh)}))
    everything = sum(array.nbytes for array in _arrays(problem.prepared._solver, {id(mesh)}))
    hierarchy = max(everything - operator, 0)
    if hasattr(problem.stiffness, "_chunks"):
        double, single, flops = (17 * 8 + 20) * e, (17 * 4 + 20) * e, 810 * e
    else:
        blocks = len(problem.stiffness.assembled().indices)
        double, single, flops = 76 * blocks, 40 * blocks, 18 * blocks
    return {
        "bytes": {
            "assembly, operator": int(mesh.nodes.nbytes + mesh.elements.nbytes + operator),
            "preconditioner": int(operator + hierarchy),
            "solve": int(iterations * (double + 4 * single + hierarchy + 3 * np.float64().nbytes * 3 * n)),
        },
        "flops": {"double": int(iterations * flops), "single": int(iterations * 4 * flops)},
        "hierarchy_gb": hierarchy / 1e9,
        "operator_gb": operator / 1e9,
    }


def _arrays(thing, seen):
    """Every NumPy array reachable from an object of femsim or SciPy, each once."""
    import numpy as np

    if id(thing) in seen:
        return
    seen.add(id(thing))
    if isinstance(thing, np.ndarray):
        yield thing
        return
    if isinstance(thing, dict):
        inside = list(thing.values())
    elif isinstance(thing, (list, tuple)):
        inside = list(thing)
    else:
        inside = list(getattr(thing, "__dict__", {}).values())
    for item in inside:
        plain = isinstance(item, (np.ndarray, dict, list, tuple))
        if plain or type(item).__module__.split(".")[0] in ("femsim", "scipy"):
            yield from _arrays(item, seen)


if __name__ == "__main__":
    main()
