"""Speed of impacts: elements per microsecond of the explicit kernel, and wall time of a fall by the implicit scheme.

python benchmarks/impact.py [size_mm]
"""

import sys
import time

import numpy as np

from femsim.build import build
from femsim.build.impact import impact_setting
from femsim.fem.elasticity import Isotropic
from femsim.fem.explicit import ExplicitTet4
from femsim.fem.sample import box_mesh
from femsim.scenario.reading import load
from femsim.scenario.shipped import scenario_file


def kernel(precision, turns: int = 20, rounds: int = 5) -> tuple[float, float]:
    """Elements per microsecond: forces alone, and the whole step; the best of some rounds."""
    mesh = box_mesh((30, 30, 32), (30.0, 30.0, 32.0), order=1, distortion=0.1)
    bone = ExplicitTet4(mesh, Isotropic(17_000.0, 0.3), precision)
    u, v = np.zeros((mesh.n_nodes, 3)), np.zeros((mesh.n_nodes, 3))
    given, inverse = np.zeros_like(u), np.full_like(u, 1e8)
    forces, whole = [], []
    for _ in range(rounds + 1):  # the first compiles
        start = time.perf_counter()
        for _ in range(turns):
            bone.fill_forces(u)
        middle = time.perf_counter()
        for _ in range(turns):
            bone.step(u, v, given, inverse, 1e-7, 1e-7, 0.0)
        forces.append(middle - start)
        whole.append(time.perf_counter() - start)
    count = 1e-6 * turns * mesh.n_elements
    return count / min(forces[1:]), count / min(whole[1:])


def fall(size_mm: float) -> None:
    """A fall of 40 ms of the intact parametric femur."""
    overrides = [f"mesh.size_mm={size_mm}", "analysis.duration_ms=40", 'implant.kind="intact"']
    scenario = load(scenario_file("fall_sideways"), overrides)
    pair = build(scenario)
    setting = impact_setting(scenario, pair, pair.intact)
    start, cpu = time.perf_counter(), time.process_time()
    course = scenario.analysis.run(pair.intact, setting)
    print(
        f"fall of 40 ms, {3 * pair.intact.mesh.n_nodes} dof: {time.perf_counter() - start:.0f} s, "
        f"{time.process_time() - cpu:.0f} s of processor; balance {np.abs(course.balance).max():.1e}"
    )
    print(course.scheme)


if __name__ == "__main__":
    for precision in (np.float32, np.float64):
        alone, whole = kernel(precision)
        print(f"explicit TET4, {precision.__name__}: {alone:.0f} elements/µs forces, {whole:.0f} with the step")
    fall(float(sys.argv[1]) if len(sys.argv) > 1 else 10.0)
