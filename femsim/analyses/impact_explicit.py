"""Follows an impact by central differences: hundreds of thousands of cheap steps on linear tetrahedra."""

from dataclasses import replace

import numpy as np

from femsim.analyses.impact_course import ImpactCourse
from femsim.analyses.impact_record import Recorder, forces_of
from femsim.errors import ModelError
from femsim.fem.corners import on_corners
from femsim.fem.coupling import patterns_of, together
from femsim.fem.elasticity import Isotropic
from femsim.fem.explicit import ExplicitTet4, element_frequencies, stable_step
from femsim.fem.geometry import is_straight
from femsim.fem.impact_setting import ImpactSetting
from femsim.fem.mass import lumped_mass
from femsim.mesh.mesh import Mesh
from femsim.model import Model

# Compression at which the tissue's stiffness enters the estimate of the step; a hundred times softer than bone even so.
_PRESSED = 0.95
OUTPUTS = 400


def follow_explicitly(settings, model: Model, setting: ImpactSetting, say, tell) -> ImpactCourse:
    """The course of an impact; see `Impact.run`."""
    from femsim.analyses.impact_run import Pace, duration_of

    _refuse_unknown(settings, model)
    mesh, elasticity, here, nodal = model.mesh, model.elasticity, setting, None
    warnings = []
    if mesh.order == 2:
        mesh, elasticity, here, nodal = on_corners(mesh, elasticity, setting)
        warnings.append("Explicit steps run on linear tetrahedra of the same corners: 16 to 23 % too stiff in energy.")
    density, frequencies, added = _scaled(settings, mesh, elasticity, here.mass_density[:, 0])
    here = replace(here, mass_density=density[:, None])
    # Its stiffness part would shorten the step to nothing: 2 % at 2 kHz are far above critical at 1 MHz.
    drag = 2 * settings.damping_percent / 100 * 2 * np.pi * settings.damping_low_hz
    body = _Body(mesh, elasticity, here, drag, np.float32 if settings.single_precision else np.float64)
    longest = stable_step(float(frequencies.max()) + body.stiffness_rate, drag + body.damping_rate)
    step = settings.safety * longest if settings.step_us is None else settings.step_us * 1e-6
    duration = duration_of(settings, setting)
    steps = int(np.ceil(duration / step * (1 - 1e-9)))
    per_output = max(1, round(steps / (settings.outputs or OUTPUTS)))
    n_outputs = -(-steps // per_output) + 1
    step = duration / ((n_outputs - 1) * per_output)  # a little shorter, so that it ends where it should
    widen = (lambda u: u) if nodal is None else (lambda u: nodal @ u)
    recorder = Recorder(settings, model, here, n_outputs, widen)
    told = (
        f"Central differences, lumped mass, {(n_outputs - 1) * per_output} steps of {1e6 * step:.4g} µs; the longest "
        f"stable one is {1e6 * longest:.4g} µs, by the stiffest element. Elements in "
        f"{'single' if settings.single_precision else 'double'} precision. Damping: mass part alone, "
        f"{settings.damping_percent:g} % at {settings.damping_low_hz:g} Hz."
    )
    if added is not None:
        told += f" Mass scaling added {100 * added:.3g} % of the mass."
    pace = Pace(duration, n_outputs, say, tell)
    body.begin(step)
    for output in range(n_outputs):
        body.take(recorder)
        if output == n_outputs - 1:
            break
        for _ in range(per_output - 1):
            body.advance()
        pace.at(output, body.time, (output + 1) * per_output)
    return recorder.course(told, warnings)


class _Body:
    """Mesh, bodies beside it and what is between them, moved step by step."""

    def __init__(self, mesh: Mesh, elasticity: Isotropic, setting: ImpactSetting, drag: float, precision):
        self.setting, self._drag = setting, drag
        self._bone = ExplicitTet4(mesh, elasticity, precision)
        n, self._m = mesh.n_nodes, len(setting.masses)
        mass = lumped_mass(mesh, setting.mass_density)
        self._inverse = np.where(setting.held, 0.0, 1 / mass[:, None])
        self._masses = np.array([one.mass for one in setting.masses])
        self._pull = np.array([one.gravity for one in setting.masses])
        self._weight = mass[:, None] * setting.gravity
        self._law = together(setting.couplings)
        patterns = patterns_of(setting.couplings, self._m, n).tocsc()
        to_nodes, self._to_bodies = patterns[:, : 3 * n], patterns[:, 3 * n :].toarray()
        self._rows = np.unique(to_nodes.tocoo().col)
        self._to_nodes = to_nodes[:, self._rows].tocsr()
        self._from_nodes = self._to_nodes.T.tocsr()
        self.u = np.zeros((n, 3))
        self.v = np.where(setting.held, 0.0, setting.velocity)
        self._y, self._w = np.zeros(self._m), np.array([one.speed for one in setting.masses])
        self.time = self._lost = self._damped = self._pushed = 0.0
        self._estimate()
        self._seen = None

    def _estimate(self) -> None:
        """Bounds of the eigenvalues of M⁻¹K [1/s²] and M⁻¹C [1/s] of couplings and floor."""
        inverse = self._inverse.ravel()[self._rows]
        given = self._to_nodes.multiply(self._to_nodes) @ inverse
        if self._m:
            given = given + (self._to_bodies**2) @ (1 / self._masses)
        self.stiffness_rate = float(self._law.stiffness @ given)
        self.damping_rate = float(self._law.damping @ given)
        floor = self.setting.floor
        if floor is not None:
            pressed = _PRESSED * getattr(floor.law, "thickness", 1.0)
            answer = floor.law.respond(np.full(len(floor.nodes), pressed), np.zeros(len(floor.nodes)))
            share = floor.areas * self._inverse[floor.nodes].max(axis=1)
            self.stiffness_rate += float((share * answer.stiffness).max())
            self.damping_rate += float((share * answer.damping).max())

    def begin(self, step: float) -> None:
        """Velocities to half a step before the start, so that they are right at the start."""
        self._step = step
        given, couplings = self._given()
        self._bone.fill_forces(self.u)
        self.v -= 0.5 * step * self._inverse * (given - self._bone.internal())
        self._w -= 0.5 * step * self._accelerated(couplings)
        self._seen = None
        self._given()

    def _accelerated(self, couplings) -> np.ndarray:
        return self._pull - self._to_bodies.T @ couplings / self._masses if self._m else self._w

    def _given(self):
        """Nodal forces (n, 3) of all but bone, and the couplings' (k,); losses and works are added up on the way."""
        setting, flat = self.setting, self.u.reshape(-1)
        q = self._to_nodes @ flat[self._rows] + self._to_bodies @ self._y
        rate = self._to_nodes @ self.v.reshape(-1)[self._rows] + self._to_bodies @ self._w
        answer = self._law.respond(q, rate)
        given = self._weight.copy()
        given.reshape(-1)[self._rows] -= self._from_nodes @ answer.total
        closed, floor = None, setting.floor
        reply = None
        if floor is not None:
            closed = floor.compression(self.u)
            reply = floor.respond(self.u, self.v)
            given[floor.nodes] += reply.total[:, None] * floor.normal
        reached = factors = None
        if setting.pulse is not None:
            factors = setting.pulse.at(self.time)
            reached = np.array([np.vdot(one, self.u) for one in setting.pulse.loads])
            given += np.tensordot(factors, setting.pulse.loads, axes=1)
        self._add_works(q, answer, closed, reply, reached, factors)
        self.floor_force = None if reply is None else float(reply.total.sum())
        return given, answer.total

    def _add_works(self, q, answer, closed, reply, reached, factors) -> None:
        if self._seen is not None:
            before = self._seen
            self._lost += 0.5 * float((answer.total - answer.elastic + before[1]) @ (q - before[0]))
            if closed is not None:
                self._lost += 0.5 * float((reply.total - reply.elastic + before[3]) @ (closed - before[2]))
            if reached is not None:
                self._pushed += 0.5 * float((factors + before[5]) @ (reached - before[4]))
        lossy = None if reply is None else reply.total - reply.elastic
        self._seen = (q, answer.total - answer.elastic, closed, lossy, reached, factors)
        self._compressions = q

    def advance(self) -> tuple[float, np.ndarray]:
        """One step; returns the kinetic energy at its start, and the couplings' forces then."""
        given, couplings = self._given()
        self._bone.fill_forces(self.u)
        return self._moved(given, couplings), couplings

    def _moved(self, given, couplings) -> float:
        step, old = self._step, self._w
        kinetic, power = self._bone.step(self.u, self.v, given, self._inverse, step, step, self._drag)
        self._w = old + step * self._accelerated(couplings)
        self._y = self._y + step * self._w
        self._damped += step * power
        self.time += step
        self._power = power
        return kinetic + 0.5 * float(self._masses @ (old * self._w))

    def take(self, recorder: Recorder) -> None:
        """One step, whose start is an output."""
        given, couplings = self._given()
        self._bone.fill_forces(self.u)
        u, y, time, floor = self.u.copy(), self._y.copy(), self.time, self.setting.floor
        strain = 0.5 * float(np.vdot(u, self._bone.internal()))
        stored = float(self._law.energy(self._compressions).sum())
        stored += 0.0 if floor is None else floor.energy(u)
        external = float(np.vdot(self._weight, u)) + float((self._masses * self._pull) @ y) + self._pushed
        lost, damped = self._lost, self._damped
        kinetic = self._moved(given, couplings)
        energies = {
            "kinetic": kinetic,
            "strain": strain,
            "damage": 0.0,
            "damping": damped + 0.5 * self._step * self._power,
            "surroundings": stored,
            "surroundings_lost": lost,
            "external": external,
        }
        recorder.take(time, u, y, forces_of(self.setting, couplings, self.floor_force, time), energies)


def _refuse_unknown(settings, model: Model) -> None:
    why = ""
    if not isinstance(model.elasticity, Isotropic):
        why = "its kernel knows isotropic bone alone"
    elif model.springs is not None:
        why = "the springs that hold sliding interfaces would shorten its step to nothing"
    elif not is_straight(model.mesh):
        why = "it runs on the corners of a mesh whose sides are curved"
    elif settings.bone != "linear":
        why = "its kernel knows linear bone alone"
    if why:
        raise ModelError(
            "This model cannot be followed by central differences.",
            where=f"{model.name} femur, analysis.scheme",
            why=why,
            remedy='analysis.scheme = "hht_alpha"',
        )


def _scaled(settings, mesh: Mesh, elasticity: Isotropic, density: np.ndarray):
    """Density (e,) and bounds (e,) [1/s²] after mass scaling, and the share of mass it added; None where not asked."""
    frequencies = element_frequencies(mesh, elasticity, density)
    if settings.mass_scaling_step_us is None:
        return density, frequencies, None
    wanted = (2 * settings.safety / (settings.mass_scaling_step_us * 1e-6)) ** 2
    factor = np.maximum(frequencies / wanted, 1.0)
    total = [lumped_mass(mesh, one).sum() for one in (density, density * factor)]
    return density * factor, frequencies / factor, total[1] / total[0] - 1
