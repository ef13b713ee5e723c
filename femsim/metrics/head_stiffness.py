"""How much the head gives way under the hip force."""

from dataclasses import dataclass

import numpy as np

from femsim.analyses.outcome import Outcome
from femsim.mesh.mesh import Mesh
from femsim.metrics.measure import Map, Measure

HEAD = "head"


@dataclass(frozen=True)
class HeadStiffness:
    """Hip force at the peak over the displacement of the head centre along it, all other forces acting. Verified only.

    The head moves with the rigid motion that fits the displacement of the bearing surface best, so that its local
    indentation under the pressure does not count.
    """

    def measure(self, operated: Outcome, intact: Outcome) -> tuple[Measure, ...]:
        """Both models and the change; no stiffness where the head does not move along the force."""
        note = "rigid motion of the bearing surface at the head centre, muscles acting"
        rows = {}
        for outcome in (operated, intact):
            history, frame = outcome.model.history, outcome.peak
            force = history.forces[frame, history.channels.index("hip")]
            size = np.linalg.norm(force)
            moved = head_motion(outcome.model.mesh, outcome.displacement(frame))
            along = float(moved @ force / size) if size > 0 else 0.0
            rows.setdefault(("head_displacement", "mm"), []).append(float(np.linalg.norm(moved)))
            rows.setdefault(("head_stiffness", "N/mm"), []).append(float(size / along) if along > 0 else np.nan)
        measures = []
        for (name, unit), (after, before) in rows.items():
            measures += [
                Measure(name, HEAD, model, value, unit, note)
                for model, value in (("operated", after), ("intact", before))
                if np.isfinite(value)
            ]
            if np.isfinite(after) and np.isfinite(before) and before > 0:
                measures.append(
                    Measure(
                        name,
                        HEAD,
                        "change",
                        100.0 * (after / before - 1.0),
                        "%",
                        "operated over intact less 1; " + note,
                    )
                )
        return tuple(measures)

    def maps(self, operated: Outcome, intact: Outcome) -> tuple[Map, ...]:
        """None: the displacement is kept with the result anyway."""
        return ()


def head_motion(mesh: Mesh, displacement: np.ndarray) -> np.ndarray:
    """Displacement (3,) [mm] of the head centre, the origin, with the bearing surface taken as rigid."""
    corners = mesh.surface("bearing")[:, :3]
    a, b, c = (mesh.nodes[corners[:, k]] for k in range(3))
    area = np.linalg.norm(np.cross(b - a, c - a), axis=1)
    weight = np.zeros(mesh.n_nodes)
    np.add.at(weight, corners, area[:, None])
    nodes = np.unique(corners)
    x, y, z = mesh.nodes[nodes].T
    zero, one = np.zeros_like(x), np.ones_like(x)
    # u = t + ω × r, unknowns (t, ω); weighted so that fine patches of the surface do not count more.
    rows = np.stack(
        [
            np.stack([one, zero, zero, zero, z, -y], axis=1),
            np.stack([zero, one, zero, -z, zero, x], axis=1),
            np.stack([zero, zero, one, y, -x, zero], axis=1),
        ],
        axis=1,
    )
    root = np.sqrt(weight[nodes])
    matrix = (root[:, None, None] * rows).reshape(-1, 6)
    motion, *_ = np.linalg.lstsq(matrix, (root[:, None] * displacement[nodes]).ravel(), rcond=None)
    return motion[:3]
