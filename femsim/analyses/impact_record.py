"""What is kept of an impact while it is followed, and the balance of its energy."""

import numpy as np

from femsim.analyses.impact_course import Breakage, ImpactCourse
from femsim.errors import ConvergenceError
from femsim.fem.impact_setting import ImpactSetting
from femsim.model import Model

BALANCE_LIMIT = 0.01  # of the largest energy; what is missed must stay far below what is asked
FROM_REST = 0.5  # while a push from rest goes on: damped waves of its first steps are much of nothing
NAMES = ("kinetic", "strain", "damage", "damping", "surroundings", "surroundings_lost", "external")


class Recorder:
    """Outputs of an impact, and the fields of some of them.

    settings : Impact. setting : of the mesh that moves. widen : (n, 3) displacement of that mesh → that of the model.
    n_outputs : how many are to come, the start among them.
    """

    def __init__(self, settings, model: Model, setting: ImpactSetting, n_outputs: int, widen=lambda u: u):
        self._settings, self._model, self._setting, self._widen = settings, model, setting, widen
        spread = np.linspace(0, n_outputs - 1, min(settings.frames - 1, n_outputs)).round().astype(int)
        self._wanted = set(spread.tolist())
        self._times, self._rows, self._energies = [], [], []
        self._frames, self._highest = {}, (-1.0, -1, None)

    def take(self, time: float, u: np.ndarray, bodies: np.ndarray, forces: dict, energies: dict, damage=None) -> None:
        """One output.

        u (n, 3) [mm]; bodies (m,) ways [mm]; forces : name → [N]; energies : NAMES → [N·mm]; damage (e,) or None.

        Raises
        ------
        ConvergenceError
            Where energy is not balanced or not a number, or grows out of nothing.
        """
        travels = {name: float(np.vdot(one, u)) for name, one in self._setting.watched.items()}
        travels |= {one.name: float(way) for one, way in zip(self._setting.masses, bodies)}
        self._times.append(time)
        self._rows.append((forces, travels))
        self._energies.append([energies[name] for name in NAMES])
        self._refuse_unbalanced()
        row, size = len(self._times) - 1, max(forces.values(), default=0.0)
        if row in self._wanted:
            self._frames[row] = self._kept(u, damage)
        if size > self._highest[0]:
            self._highest = (size, row, None if row in self._wanted else self._kept(u, damage))

    def keep_last(self, u: np.ndarray, damage=None) -> None:
        """The fields of the last output too: nothing comes after it."""
        self._frames.setdefault(len(self._times) - 1, self._kept(u, damage))

    def _kept(self, u, damage):
        lost = np.zeros(self._model.mesh.n_elements) if damage is None else damage
        return np.array(self._widen(u)), np.array(lost)

    def _refuse_unbalanced(self) -> None:
        """Of the last output. What starts from rest has no energy to measure by yet: it is judged at the end."""
        energies = np.array(self._energies)
        with np.errstate(invalid="ignore", over="ignore"):
            missed, largest = balance(energies)
        limit = BALANCE_LIMIT if energies[0, :6].any() else FROM_REST
        kinetic, strain = energies[-1, :2]
        if min(kinetic, strain) < -BALANCE_LIMIT * largest or not np.isfinite(missed[-1]):
            raise self._unbalanced(len(energies) - 1, "energy grows")
        if abs(missed[-1]) > limit:
            raise self._unbalanced(len(energies) - 1, f"energy is {100 * missed[-1]:.2g} % off balance")

    def _unbalanced(self, row: int, found: str) -> ConvergenceError:
        explicit = self._settings.scheme == "central_difference"
        return ConvergenceError(
            f"At {1e3 * self._times[row]:.4g} ms {found}; the limit is {100 * BALANCE_LIMIT:g} %.",
            where=f"{self._model.name} femur, output {row + 1}",
            why="the explicit step is longer than the stable one" if explicit else "the step is too long for the waves",
            remedy="shorten the step (analysis.step_us, analysis.safety), or leave it to femsim",
        )

    def course(self, scheme: str, warnings=(), breakage: Breakage | None = None, *, whole=True) -> ImpactCourse:
        """All that was taken; where that is not the whole impact, its balance is as it is.

        Raises
        ------
        ConvergenceError
            Where energy was off balance at some output by more than 1 % of the largest of all.
        """
        missed = balance(np.array(self._energies))[0]
        worst = int(np.abs(missed).argmax())
        if whole and abs(missed[worst]) > BALANCE_LIMIT:
            raise self._unbalanced(worst, f"energy is {100 * missed[worst]:.2g} % off balance")
        _, row, field = self._highest
        frames = dict(self._frames)
        if field is not None:
            frames[row] = field
        rows = sorted(frames)
        energies = np.array(self._energies)
        forces, travels = (
            {name: np.array([row[part][name] for row in self._rows]) for name in self._rows[0][part]} for part in (0, 1)
        )
        return ImpactCourse(
            model=self._model,
            times=np.array(self._times),
            forces=forces,
            travels=travels,
            energies=dict(zip(NAMES, energies.T)),
            balance=missed,
            frames=np.array(rows),
            displacement=np.array([frames[one][0] for one in rows]),
            damage=np.array([frames[one][1] for one in rows]),
            scheme=scheme,
            warnings=tuple(warnings),
            breakage=breakage,
        )


def balance(energies: np.ndarray) -> tuple[np.ndarray, float]:
    """(s,) missed share of energies (s, 7) in the order of NAMES, and the largest energy there was [N·mm]."""
    held = energies[:, :6].sum(axis=1)
    missed = held - held[0] - (energies[:, 6] - energies[0, 6])
    largest = float(np.abs(energies).max())
    return missed / largest if largest > 0 else missed, largest


def forces_of(setting: ImpactSetting, couplings: np.ndarray, floor: float | None, time: float) -> dict[str, float]:
    """Name → [N]: the couplings' by their names, those of the knee and of a support together, the floor's.

    couplings : (k,) [N] their forces.
    """
    found, together = {}, {}
    for one, force in zip(setting.couplings, couplings):
        stem, _, rest = one.name.partition("_")
        if not rest:
            found[one.name] = float(force)
        elif rest.isdigit():
            together[stem] = together.get(stem, 0.0) + float(force) ** 2
    found |= {name: float(np.sqrt(square)) for name, square in together.items()}
    if floor is not None:
        found["floor"] = float(floor)
    if setting.pulse is not None:
        found["hip"] = setting.pulse.hip_at(time)
    return found
