"""Follows an impact from first contact to its end: by the implicit scheme here, by the explicit one next door."""

import time as clock

import numpy as np

from femsim.analyses.impact_bone import LinearBone
from femsim.analyses.impact_breaking import breaking_bone
from femsim.analyses.impact_breaks import Breaks
from femsim.analyses.impact_course import ImpactCourse
from femsim.analyses.impact_record import Recorder, forces_of
from femsim.analyses.impact_steps import Steps
from femsim.analyses.impact_system import ImpactSystem
from femsim.errors import ConvergenceError, ModelError
from femsim.fem.impact_setting import ImpactSetting
from femsim.model import Model
from femsim.solvers.time import HHTAlpha
from femsim.solvers.time.motion import started

FALL_SECONDS = 0.06  # long enough for the usual fall to pass its peak
SWINGS = 3.0  # half swings of a dropped weight on its pad: it has left again
# Steps that nobody gave, by what decides how long they may be; docs/impact.md has the study that they are from.
STEPS = 200  # of a push, over its duration
OUTPUTS = 2400  # of so many steps each is one
SOFT, DROPPED, BARE = 300e-6, 50e-6, 25e-6  # [s] a fall on soft tissue, a dropped weight, a fall on bare bone


def follow(settings, model: Model, setting: ImpactSetting, *, log=None, progress=None) -> ImpactCourse:
    """The course of an impact; see `Impact.run`."""
    say, tell = log or (lambda line: None), progress or (lambda share, words: None)
    if settings.scheme == "central_difference":
        from femsim.analyses.impact_explicit import follow_explicitly

        return follow_explicitly(settings, model, setting, say, tell)
    return _Followed(settings, model, setting, say, tell).course()


class _Followed:
    """An impact on its way, implicitly."""

    def __init__(self, settings, model: Model, setting: ImpactSetting, say, tell):
        self._settings, self._say = settings, say
        duration = duration_of(settings, setting)
        self._step, self._per_output, self._n_outputs = stepping(settings, setting, duration)
        breaks = settings.bone == "breaking"
        bone = (
            breaking_bone(model, setting.held)
            if breaks
            else LinearBone(model.mesh, model.elasticity, setting.held, model.springs)
        )
        self._breaks = Breaks(settings, model, bone) if breaks else None
        self._system = ImpactSystem(model.mesh, bone, setting, rayleigh_of(settings), lumped=settings.mass == "lumped")
        self._recorder, self._ledger = Recorder(settings, model, setting, self._n_outputs), Ledger(self._system)
        self._pace, self._output, self._broke = Pace(duration, self._n_outputs, say, tell), 0, ""

    def course(self) -> ImpactCourse:
        system = self._system
        motion = started(system, *system.start)
        steps = Steps(system, HHTAlpha(self._settings.alpha), motion, self._step, self._settings.relative_tolerance)
        self._take(motion)
        try:
            for output in range(1, self._n_outputs):
                self._output = output
                motion = self._further(steps, motion)
                if self._take(motion):
                    self._broke = f" Ends at {1e3 * motion.time:.4g} ms, where the bone broke."
                    self._say(self._broke.strip())
                    break
                n = self._output * self._per_output
                self._pace.at(self._output, motion.time, n, f"{steps.iterations} Newton iterations")
        except ConvergenceError as error:
            error.course = self._told(steps, motion, whole=False)
            raise
        return self._told(steps, motion)

    def _further(self, steps: Steps, motion):
        """The motion at the next output."""
        for _ in range(self._per_output):
            for following in steps.further(motion):
                self._ledger.pass_to(motion, following)
                motion = following
        return motion

    def _take(self, motion) -> bool:
        """An output; whether bone has broken by now."""
        _take(self._recorder, self._system, self._ledger, motion)
        return self._breaks is not None and self._breaks.look()

    def _told(self, steps: Steps, motion, *, whole: bool = True) -> ImpactCourse:
        system, settings = self._system, self._settings
        self._recorder.keep_last(system.nodes_of(motion.place), system.bone.damage)
        told = (
            f"HHT-α implicit, α = {settings.alpha:g}, {settings.mass} mass, {self._output * self._per_output} steps of "
            f"{1e6 * self._step:.4g} µs ({'given' if settings.step_us else 'chosen by femsim'}), {steps.iterations} "
            f"Newton and {system.linear_iterations} linear iterations"
            f"{f', {steps.cuts} cuts of a step' if steps.cuts else ''}.{self._broke}"
        )
        return self._recorder.course(told, breakage=self._breaks and self._breaks.told(), whole=whole)


class Pace:
    """Tells how far an impact has come, some twenty times.

    log : callable(str), a line each time. progress : callable(share done, words).
    """

    def __init__(self, duration: float, n_outputs: int, log, progress):
        self._duration, self._log, self._progress = duration, log, progress
        self._every, self._began = max(1, n_outputs // 20), clock.perf_counter()

    def at(self, output: int, time: float, n_steps: int, more: str = "") -> None:
        """Of an output at a time [s], after so many steps."""
        if output % self._every:
            return
        spent = clock.perf_counter() - self._began
        self._log(f"{1e3 * time:8.3f} ms, {n_steps} steps, {f'{more}, ' if more else ''}{spent:.0f} s")
        words = f"{1e3 * time:.3g} of {1e3 * self._duration:.3g} ms, {n_steps / max(spent, 1e-9):.3g} steps/s"
        self._progress(min(time / self._duration, 1.0), words)


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


def duration_of(settings, setting: ImpactSetting) -> float:
    """[s]"""
    if settings.duration_ms is not None:
        return settings.duration_ms * 1e-3
    if setting.pulse is not None:
        return 1.1 * float(setting.pulse.times[-1])
    if setting.kind == "drop":
        pad = next(one.law for one in setting.couplings if one.body == 0)
        return SWINGS * np.pi * float(np.sqrt(setting.masses[0].mass / pad.stiffness))
    return FALL_SECONDS


def stepping(settings, setting: ImpactSetting, duration: float) -> tuple[float, int, int]:
    """Step [s], steps per output, outputs with the start.

    Raises
    ------
    ModelError
        Where the step is longer than a tenth of the duration.
    """
    step = _usual_step(setting, duration) if settings.step_us is None else settings.step_us * 1e-6
    if step > duration / 10:
        raise ModelError(
            f"A step of {1e6 * step:g} µs is too long for an impact of {1e3 * duration:g} ms; at most a tenth.",
            where="analysis.step_us",
            remedy="shorten the step, or leave it to femsim",
        )
    steps = int(np.ceil(duration / step * (1 - 1e-9)))
    per_output = max(1, round(steps / (settings.outputs or OUTPUTS)))
    n = -(-steps // per_output)
    return duration / (n * per_output), per_output, n + 1


def _usual_step(setting: ImpactSetting, duration: float) -> float:
    """[s]"""
    if setting.kind == "pulse":
        return duration / STEPS
    soft = setting.floor is not None and hasattr(setting.floor.law, "thickness")
    longest = SOFT if soft else DROPPED if setting.floor is None else BARE
    return min(longest, duration / STEPS)


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
