"""What cases of dynamics share: an oscillator for the schemes alone, blocks and bars that impacts are run on."""

from dataclasses import dataclass, field
from types import SimpleNamespace

import numpy as np

from femsim.analyses.impact import Impact
from femsim.analyses.impact_course import ImpactCourse
from femsim.fem.contact import FloorContact, facing_areas
from femsim.fem.coupling import Coupling
from femsim.fem.elasticity import Elasticity, Isotropic
from femsim.fem.impact_setting import ImpactSetting, Mass
from femsim.fem.laws import SpringDamper
from femsim.fem.plastic_damage import PlasticDamage
from femsim.fem.sample import box_mesh
from femsim.mesh.mesh import Mesh
from femsim.solvers.time.motion import Motion, started
from femsim.verification.mapped import mapped_box


@dataclass(frozen=True)
class Oscillator:
    """m a + c v + k x = f as a time scheme sees it, one unknown."""

    mass: float = 1.0
    damping: float = 0.0
    stiffness: float = 1.0
    force: float = 0.0

    def evaluate(self, place, speed, time):
        return SimpleNamespace(net=self.force - self.damping * speed - self.stiffness * place)

    def inertia(self, acceleration):
        return self.mass * acceleration

    def accelerated(self, force):
        return force / self.mass

    def solve(self, right, forces, mass, damping, stiffness, rtol, *, stable=False):
        return right / (mass * self.mass + damping * self.damping + stiffness * self.stiffness)

    def followed(self, scheme, step: float, n_steps: int, place=1.0, speed=0.0) -> list[Motion]:
        """Motions at the start and after each step."""
        motions = [started(self, np.array([place]), np.array([speed]))]
        for _ in range(n_steps):
            motions.append(scheme.step(self, motions[-1], step, 1e-12 * self.stiffness**1.5)[0])
        return motions

    def period(self, scheme, step: float) -> float:
        """Period of the scheme's own solution, over the exact one: x_{k+1} + x_{k-1} = 2 cos θ x_k."""
        x = np.array([one.place[0] for one in self.followed(scheme, step, 50)])
        turn = np.arccos(x[1:-1] @ (x[2:] + x[:-2]) / (x[1:-1] @ x[1:-1]) / 2)
        return step * np.sqrt(self.stiffness / self.mass) / turn


@dataclass(frozen=True)
class Solid:
    """As much of a model as an impact asks of it."""

    mesh: Mesh
    elasticity: Elasticity
    name: str = "case's"
    springs: None = field(default=None)
    failing: PlasticDamage | None = field(default=None)
    # Nothing holds or pulls it that would have to be left out, and all of it is bone.
    zones: tuple[str, ...] = ("bar",)
    history: None = field(default=None)
    patch_radius: float = 0.0

    @property
    def zone_of(self) -> np.ndarray:
        return np.zeros(self.mesh.n_elements, int)

    @property
    def density(self) -> np.ndarray:
        return np.ones((self.mesh.n_elements, 1))

    def pulled_at(self, history: None) -> np.ndarray:
        return np.empty((0, 3))


def on_stiff_block(
    law: SpringDamper, mass: Mass, duration: float, n_steps: int, *, rigid: bool = False
) -> ImpactCourse:
    """A mass and a spring on the upper face of a block without weight, 100 000 times stiffer, whose foot is held.

    duration : [s]. rigid : hold all of it, for a damper whose force jumps: a block without weight cannot follow that.
    The spring's force is the course's "hip".
    """
    mesh = box_mesh((1, 1, 1), (10.0, 10.0, 10.0), order=1)
    held = np.repeat(mesh.nodes[:, 2:] == 0, 3, axis=1)
    held |= rigid
    top = np.zeros((mesh.n_nodes, 3))
    top[mesh.nodes[:, 2] > 0, 2] = -0.25  # of four nodes
    setting = ImpactSetting(
        "drop", held, np.full((mesh.n_elements, 1), 1e-13), np.zeros((mesh.n_nodes, 3)), masses=(mass,),
        couplings=(Coupling("hip", -top, law, 0, 1.0),),
    )  # fmt: skip
    stiff = Isotropic(1e5 * float(law.stiffness), 0.3)
    settings = Impact(
        duration_ms=1e3 * duration, step_us=1e6 * duration / n_steps, outputs=n_steps, alpha=0.0, damping_percent=0.0,
        relative_tolerance=1e-9,
    )  # fmt: skip
    return settings.run(Solid(mesh, stiff), setting)


def guided_bar(cells: int, length: float, side: float, order: int, start: float = 0.0) -> tuple[Mesh, np.ndarray]:
    """A bar along x between "x0" and "x1" that can move along its axis alone, and what is held of it (n, 3)."""
    faces = ("x0", "x1", "y0", "y1", "z0", "z1")
    mesh = mapped_box((cells, 1, 1), lambda p: p * [length, side, side] + [start, 0, 0], faces, order=order)
    held = np.zeros((mesh.n_nodes, 3), bool)
    held[:, 1:] = True
    return mesh, held


def face_mean(mesh: Mesh, face: str) -> np.ndarray:
    """(n, 3) pattern: the mean motion along x of a face, by area."""
    axis = np.array([1.0, 0.0, 0.0])
    side = -1.0 if mesh.nodes[mesh.surface(face)][..., 0].mean() > mesh.nodes[:, 0].mean() else 1.0
    areas = facing_areas(mesh, mesh.surface(face), side * axis)
    return areas[:, None] / areas.sum() * axis


def wall(mesh: Mesh, stiffness: float) -> FloorContact:
    """A rigid wall at "x0", whose springs [MPa/mm] push along x."""
    normal = np.array([1.0, 0.0, 0.0])
    areas = facing_areas(mesh, mesh.surface("x0"), normal)
    nodes = np.flatnonzero(areas)
    return FloorContact(normal, nodes, areas[nodes], np.zeros(len(nodes)), SpringDamper(stiffness, 0.0, pulls=False))
