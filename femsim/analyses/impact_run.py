"""Follows an impact from first contact to its end: by the implicit scheme here, by the explicit one next door."""

import time as clock

import numpy as np

from femsim.analyses.impact_bone import LinearBone
from femsim.analyses.impact_course import ImpactCourse
from femsim.analyses.impact_record import Recorder, forces_of
from femsim.analyses.impact_system import ImpactSystem
from femsim.errors import ConvergenceError, ModelError
from femsim.fem.impact_setting import ImpactSetting
from femsim.model import Model
from femsim.solvers.time import HHTAlpha
from femsim.solvers.time.motion import started

FALL_SECONDS = 0.06  # long enough for the usual fall to pass its peak
STEPS = 400  # implicit steps of a duration that nobody gave a step for
STOPPING = 1e-3
CUTS = 4  # times that a step which does not converge is halved


def follow(settings, model: Model, setting: ImpactSetting, *, log=None) -> ImpactCourse:
    """The course of an impact; see `Impact.run`."""
    say = log or (lambda line: None)
    if settings.scheme == "central_difference":
        from femsim.analyses.impact_explicit import follow_explicitly

        return follow_explicitly(settings, model, setting, say)
    duration = duration_of(settings, setting)
    step, per_output, n_outputs = stepping(settings, duration)
    system = ImpactSystem(
        model.mesh,
        LinearBone(model.mesh, model.elasticity, setting.held, model.springs),
        setting,
        rayleigh_of(settings),
        lumped=settings.mass == "lumped",
    )
    scheme = HHTAlpha(settings.alpha)
    recorder = Recorder(settings, model, setting, n_outputs)
    started_at, ledger = clock.perf_counter(), Ledger(system)
    motion = started(system, *system.start)
    _take(recorder, system, ledger, motion)
    # Before anything is touched there is no force to measure by: a share of what would stop the motion in one step.
    reference, iterations = STOPPING * float(np.linalg.norm(system.inertia(motion.speed))) / step, 0
    for output in range(1, n_outputs):
        for _ in range(per_output):
            reference = max(reference, _size(system, motion))
            after, spent = _advanced(scheme, system, motion, step, settings.relative_tolerance, reference)
            for following in after:
                ledger.pass_to(motion, following)
                motion = following
            iterations += spent
        _take(recorder, system, ledger, motion)
        if output % max(1, n_outputs // 20) == 0:
            say(_told(motion, recorder, iterations, clock.perf_counter() - started_at))
    told = (
        f"HHT-α implicit, α = {settings.alpha:g}, {settings.mass} mass, {(n_outputs - 1) * per_output} steps of "
        f"{1e6 * step:.4g} µs ({'given' if settings.step_us else f'1/{STEPS} of the duration'}), {iterations} Newton "
        "iterations."
    )
    return recorder.course(told, setting.words)


class Ledger:
    """Works and losses added up from step to step [N·mm], by the trapezoidal rule."""

    def __init__(self, system: ImpactSystem):
        self._system = system
        self.external = self.damping = self.lost = 0.0

    def pass_to(self, before, after) -> None:
        """From one motion to the next."""
        change = after.place - before.place
        first, second = before.forces, after.forces
        self.external += 0.5 * float((first.given + second.given) @ change)
        self.damping += 0.5 * float((first.damped + second.damped) @ change)
        lost = self._system.lost_power
        self.lost += 0.5 * (lost(first, change) + lost(second, change))


def _take(recorder: Recorder, system: ImpactSystem, ledger: Ledger, motion) -> None:
    u, bone = system.nodes_of(motion.place), system.bone
    forces, setting = motion.forces, system.setting
    floor = None if forces.floor is None else forces.floor.total.sum()
    energies = {
        "kinetic": system.kinetic(motion.speed),
        "strain": bone.stored(u, system.nodes_of(forces.internal)),
        "damage": bone.dissipated,
        "damping": ledger.damping,
        "surroundings": system.stored(motion.place),
        "surroundings_lost": ledger.lost,
        "external": ledger.external,
    }
    told = forces_of(setting, forces.couplings.total, floor, motion.time)
    recorder.take(motion.time, u, motion.place[3 * system.n :], told, energies, bone.damage)


def _advanced(scheme, system, motion, step, tolerance, reference):
    """Motions at the ends of the parts that a step needed, and the iterations they took."""
    for cut in range(CUTS + 1):
        parts, found, spent = 2**cut, [motion], 0
        try:
            for _ in range(parts):
                limit = tolerance * max(reference, 1e-12)
                further, taken = scheme.step(system, found[-1], step / parts, limit)
                system.bone.commit()
                found.append(further)
                spent += taken
            return found[1:], spent
        except ConvergenceError:
            if cut == CUTS:
                raise


def _size(system, motion) -> float:
    """[N] what forces are measured against: the largest of their kinds."""
    forces = motion.forces
    kinds = (forces.internal, forces.given, system.inertia(motion.acceleration), forces.net)
    return max(float(np.linalg.norm(one)) for one in kinds)


def _told(motion, recorder, iterations, seconds) -> str:
    return f"{1e3 * motion.time:8.3f} ms, {iterations} iterations, {seconds:.0f} s"


def duration_of(settings, setting: ImpactSetting) -> float:
    """[s]"""
    if settings.duration_ms is not None:
        return settings.duration_ms * 1e-3
    return FALL_SECONDS if setting.pulse is None else 1.1 * float(setting.pulse.times[-1])


def stepping(settings, duration: float) -> tuple[float, int, int]:
    """Step [s], steps per output, outputs with the start.

    Raises
    ------
    ModelError
        Where the step is longer than a tenth of the duration.
    """
    step = duration / STEPS if settings.step_us is None else settings.step_us * 1e-6
    if step > duration / 10:
        raise ModelError(
            f"A step of {1e6 * step:g} µs is too long for an impact of {1e3 * duration:g} ms; at most a tenth.",
            where="analysis.step_us",
            remedy="shorten the step, or leave it to femsim",
        )
    steps = int(np.ceil(duration / step * (1 - 1e-9)))
    per_output = max(1, round(steps / settings.outputs))
    n = -(-steps // per_output)
    return duration / (n * per_output), per_output, n + 1


def rayleigh_of(settings) -> tuple[float, float]:
    """(a [1/s], b [s]) of the damping a M + b K that has the ratio given at both frequencies.

    Raises
    ------
    ModelError
        Where the upper frequency is not above the lower one.
    """
    if not settings.damping_percent:
        return 0.0, 0.0
    low, high = 2 * np.pi * settings.damping_low_hz, 2 * np.pi * settings.damping_high_hz
    if not high > low:
        raise ModelError(
            f"Damping is asked for at {settings.damping_low_hz:g} and {settings.damping_high_hz:g} Hz; the second must "
            "be higher.",
            where="analysis.damping_high_hz",
        )
    ratio = settings.damping_percent / 100
    return 2 * ratio * low * high / (low + high), 2 * ratio / (low + high)
