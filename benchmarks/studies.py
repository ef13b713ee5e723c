"""What femsim is asked beside one load on one mesh: meshing, many loads, a gait cycle, its coarsening against pyamg's.

    python benchmarks/studies.py STUDY CASE.npz RESULT.json

Run by benchmarks/solvers.py, each study in a process of its own, with kernels loaded before the clock starts.
"""

import csv
import json
import os
import sys
import time
from pathlib import Path

import numpy as np
from cases import matrix_of, read

RTOL = 1e-8
COUNTS = (1, 2, 4, 8, 16)
FRAMES = 100
STRENGTH, COARSEST = 0.02, 400  # as femsim's solver has them
JOINT_FORCES = "loads/opensim_gait2392_subject01_walk_hip_r.csv"


def prepared(case, count: int):
    """(problem ready for `count` loads, seconds it took)"""
    from femsim.analyses.static import prepare_static

    mesh, elasticity = case.mesh(), case.elasticity()
    started = time.perf_counter()
    problem = prepare_static(mesh, elasticity, case.fixed, n_rhs=count)
    return problem, time.perf_counter() - started


def solved(problem, loads) -> float:
    """Seconds to solve for loads (b, n, 3)."""
    started = time.perf_counter()
    problem.solve(loads, rtol=RTOL)
    return time.perf_counter() - started


def many_loads(case) -> dict:
    """1 … 16 different hip forces at once, and one by one, on one prepared problem."""
    forces = case.forces(max(COUNTS))
    problem, set_up = prepared(case, max(COUNTS))
    solved(problem, forces[:1])
    alone = [solved(problem, forces[k : k + 1]) for k in range(max(COUNTS))]
    together = {count: solved(problem, forces[:count]) for count in COUNTS}
    return {"set-up": set_up, "one by one": {n: sum(alone[:n]) for n in COUNTS}, "at once": together}


def gait(case) -> dict:
    """A hundred frames of walking against one load.

    walking: femsim's activity with muscles. joint force: a computed (OpenSim) hip force whose direction turns from
    frame to frame, if the shared data are there; pressure follows it over the head, so that every frame is a load of
    its own. On one patch: the same force over the patch where its mean enters, three loads for all frames.
    """
    from femsim.loads import ACTIVITIES
    from femsim.loads.subject import Subject

    mesh = case.mesh()
    sites = dict(zip(case.sites.tolist(), case.site_points))
    found = {"frames": FRAMES}
    problem, found["set-up"] = prepared(case, 1)
    solved(problem, case.forces())
    found["one load"] = float(np.median([solved(problem, case.forces()) for _ in range(3)]))
    histories = {"walking": ACTIVITIES["walking"](frames=FRAMES).history(Subject())}
    turning, why_not = joint_force_history()
    if turning is not None:
        histories["joint force"] = turning
    else:
        found["joint force"] = {"skipped": why_not}
    ways = {name: (lambda history=history: spanned(history, mesh, sites)) for name, history in histories.items()}
    if turning is not None:
        ways["joint force, one patch"] = lambda: on_one_patch(turning, mesh)
    for name, applied_loads in ways.items():
        started = time.perf_counter()
        basis, factors = applied_loads()
        applied = time.perf_counter() - started
        problem, set_up = prepared(case, len(basis))
        started = time.perf_counter()
        displacements = problem.solve(basis, rtol=RTOL).displacements
        solving = time.perf_counter() - started
        started = time.perf_counter()
        flat = displacements.reshape(len(displacements), -1)
        largest = max(float(np.abs(row @ flat).max()) for row in factors)
        found[name] = {
            "loads in the basis": len(basis),
            "frames": len(factors),
            "largest displacement mm": largest,
            "apply loads": applied,
            "set-up": set_up,
            "solve": solving,
            "all frames from the basis": time.perf_counter() - started,
        }
    return found


def spanned(history, mesh, sites):
    """(loads that span the history, how much of each acts in every frame)"""
    from femsim.loads.application import load_basis

    basis, (factors,) = load_basis([history], mesh, sites)
    return basis, factors


def on_one_patch(history, mesh):
    """Three loads of 1 N, along x, y and z, spread as the pressure of the mean force, and the force of each frame."""
    from femsim.loads.traction import head_pressure

    mean = history.forces[:, 0].mean(axis=0)
    pressure = head_pressure(mesh, mean / np.linalg.norm(mean), half_angle_deg=60.0)
    share = np.linalg.norm(pressure, axis=1)
    return (share / share.sum())[None, :, None] * np.eye(3)[:, None, :], history.forces[:, 0]


def joint_force_history():
    """(LoadHistory of FRAMES frames, "") or (None, why there is none)."""
    from femsim.loads.history import LoadHistory

    root = Path(__file__).parents[1]
    folder = Path(os.environ.get("FEMSIM_SHARED_DATA") or root.parent / "shared" / "data")
    path = folder / JOINT_FORCES
    if not path.is_file():
        return None, f"{JOINT_FORCES} is not in the shared data (FEMSIM_SHARED_DATA)"
    with path.open() as file:
        rows = list(csv.DictReader(file))
    time_s = np.array([float(row["time_s"]) for row in rows])
    # Of the file: forward, up, right; of the femur: lateral (right, of a right femur), anterior, proximal.
    force = np.array([[float(row[key]) for key in ("Fz_right_N", "Fx_ant_N", "Fy_prox_N")] for row in rows])
    instants = np.linspace(time_s[0], time_s[-1], FRAMES)
    force = np.stack([np.interp(instants, time_s, column) for column in force.T], axis=1)
    history = LoadHistory(
        ("hip",), ("head",), force[:, None], instants - instants[0], "s", float(np.ptp(time_s)), cyclic=False
    )
    return history, ""


def coarsening(case) -> dict:
    """femsim's smoothed-aggregation set-up against pyamg's, on the matrix the algebraic peers get."""
    from femsim.solvers import aggregation

    matrix, _, modes = matrix_of(case.path)
    found = {}

    def own():
        return [grid.matrix for grid in aggregation.hierarchy(matrix, modes, strength=STRENGTH, coarsest=COARSEST)]

    def theirs():
        import pyamg

        hierarchy = pyamg.smoothed_aggregation_solver(
            matrix, modes, symmetry="symmetric", strength=("symmetric", {"theta": STRENGTH}), improve_candidates=None,
            presmoother=None, postsmoother=None, max_coarse=COARSEST,
        )  # fmt: skip
        return [level.A for level in hierarchy.levels]

    for name, way in (("femsim", own), ("pyamg", theirs)):
        times = []
        for _ in range(3):
            started = time.perf_counter()
            matrices = way()
            times.append(time.perf_counter() - started)
        entries = [int(level.nnz) for level in matrices]
        found[name] = {
            "first": times[0],
            "median": float(np.median(times)),
            "rows": [int(level.shape[0]) for level in matrices],
            "operator complexity": sum(entries) / entries[0],
        }
    return found


def meshing(case) -> dict:
    """Seconds of `twin_mesh` for both twins, and of the whole build (femur, mesh, density, loads) around it."""
    from cases import make

    return make(None, case.path.stem)["seconds"]


STUDIES = {"meshing": meshing, "many_loads": many_loads, "gait": gait, "coarsening": coarsening}


def main() -> None:
    from femsim.analyses.warmup import warm_up

    study, case_file, result = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    warm_up()
    result.write_text(json.dumps({"found": STUDIES[study](read(case_file))}))


if __name__ == "__main__":
    main()
