"""The steps of a failure analysis: how far each goes, when one is cut, when it is over, and what is kept of each."""

import numpy as np

from femsim.analyses.failure_course import SEEN
from femsim.analyses.loaded_body import TIRED, LoadedBody
from femsim.mesh.topology import largest_piece
from femsim.solvers.newton import Diverged, Newton, Reached

FRAMES = 24  # states whose fields are kept, at most
EASY, HARD = 4, 8  # Newton iterations, at most and at least, after which steps grow and shrink
GROWS, SHRINKS = 1.4, 0.7
LONGEST = 1.0  # of the first step, so that the peak is not stepped over
SHORTEST = 1 / 256  # of the first step
# After a cut steps stay below this share of the one that failed, a limit that each step after it loosens.
REMEMBERED, FORGOTTEN = 0.7, 1.05
# A step that was cut more often is taken with the damage of its start, which is always stable, and damage follows after
# it: bone that breaks at once is not in equilibrium until it has broken.
CUTS = 1
MOST, PATIENCE = 40, 10  # iterations of such a step: how far it starts from balance does not shrink with it


class Steps:
    """Drives a body by its travel; `scale` is the factor of the load at which 1 % of the bone yields, linearly."""

    def __init__(self, body: LoadedBody, settings, scale: float, log=None, progress=None):
        self.body, self.settings, self._tell = body, settings, log or (lambda line: None)
        self._progress = progress or (lambda share, words: None)
        self._unit = scale * body.linear_travel  # [mm]
        self._newton = Newton(rtol=settings.relative_tolerance)
        self._patient = Newton(rtol=settings.relative_tolerance, most=MOST, patience=PATIENCE)
        self._volumes = body.breaking.weights.sum(axis=1)
        u = np.zeros_like(body.linear)
        body.residual(u)
        self.rows, self.log, self.fields = [], [], []
        self._states = [(0.0, u)]
        self._record(u, 0.0, 0)
        self.ending, self.past_peak = "", False

    def run(self) -> str:
        """Step until the load has fallen; an empty text, or why it could not go on."""
        body, settings = self.body, self.settings
        first = self._unit / settings.steps_to_yield
        step, cuts, longest = 0.5 * self._unit, 0, LONGEST * first  # the first is elastic, but for a few points
        while True:
            travel = self._states[-1][0]
            step = min(step, settings.largest_travel * self._unit - travel)
            body.travel = travel + step
            relax = step / (settings.viscosity * self._unit + step)
            lags = cuts > CUTS or step <= SHORTEST * first
            body.relax = 0.0 if lags else relax
            try:
                reached = (self._patient if lags else self._newton).solve(body, self._guess(step))
            except Diverged as fault:
                norms = ", ".join(f"{norm:.0e}" for norm in fault.norms[-4:])
                self._say(f"cut: a step of {step:.3g} mm to {body.travel:.4g} mm: {fault} (residuals … {norms})")
                longest = REMEMBERED * step
                if lags and step <= SHORTEST * first:
                    return f"{fault}, however short the step"
                step, cuts = max(0.5 * step, SHORTEST * first), cuts + 1
                continue
            if lags:
                body.relax = relax
                body.residual(reached.u)
            self._accept(reached, lags)
            if self._over():
                return ""
            if reached.linear_iterations > TIRED * max(reached.iterations, 1):
                body.soften()
                self._say("preconditioner made for the softened body")
            step = first if len(self.rows) == 2 else min(self._next(step, reached.iterations), longest)
            cuts, longest = 0, min(FORGOTTEN * longest, LONGEST * first)

    def _next(self, step: float, iterations: int) -> float:
        if iterations <= EASY:
            return GROWS * step
        return SHRINKS * step if iterations >= HARD else step

    def _guess(self, step: float) -> np.ndarray:
        """The last motion, and as much more of the last step as this one is longer or shorter."""
        travel, u = self._states[-1]
        if len(self._states) == 1:
            return self.body.linear * ((travel + step) / self.body.linear_travel)
        earlier, v = self._states[-2]
        return u + (u - v) * (step / (travel - earlier))

    def _accept(self, reached: Reached, lags: bool) -> None:
        body = self.body
        body.accept()
        self._states = [self._states[-1], (body.travel, reached.u)]
        self._record(reached.u, body.force(reached.u), reached.iterations)
        body.largest = max(body.largest, abs(self.rows[-1]["force"]))
        row = self.rows[-1]
        self._progress(None, f"step {len(self.rows) - 1}, {row['travel']:.3g} mm, {row['force']:.0f} N")
        self._say(
            f"step {len(self.rows) - 1}: travel {row['travel']:.4g} mm, force {row['force']:.5g} N "
            f"({row['force'] / body.size:.4g} x), {reached.iterations} Newton and {reached.linear_iterations} linear "
            f"iterations, yielded {row['yielded']:.4g} mm³, lost {row['lost']:.4g} N mm"
            + (", damage after the step" if lags else "")
        )

    def _record(self, u: np.ndarray, force: float, iterations: int) -> None:
        body = self.body
        travel = float(body.pattern @ u)
        work = 0.0
        if self.rows:
            last = self.rows[-1]
            work = last["work"] + 0.5 * (last["force"] + force) * (travel - last["travel"])
        strain = body.yielded()
        piece = largest_piece(body.breaking.mesh.elements, self._volumes, body.judged & (strain > SEEN))
        self.rows.append(
            {
                "travel": travel, "force": force, "work": work, "stored": body.stored(u),
                "lost": body.breaking.lost(body.now.state), "yielded": float(self._volumes[piece].sum()),
                "iterations": iterations,
            }
        )  # fmt: skip
        self.fields.append((u.astype(np.float32), body.damage().astype(np.float32), strain.astype(np.float32)))

    def _over(self) -> bool:
        forces = np.array([row["force"] for row in self.rows])
        limit = 1 - self.settings.stop_at_percent / 100
        if forces[-1] <= limit * forces.max():
            self.past_peak = True
            self.ending = f"The load fell to {100 * forces[-1] / forces.max():.0f} % of its peak."
            return True
        if self.rows[-1]["travel"] >= 0.999 * self.settings.largest_travel * self._unit:
            far, percent = self.rows[-1]["travel"], self.settings.stop_at_percent
            self.ending = f"The load did not fall by {percent:g} % within {far:.3g} mm of travel."
            return True
        return False

    def _say(self, line: str) -> None:
        self.log.append(line)
        self._tell(line)

    @property
    def columns(self) -> dict[str, np.ndarray]:
        """(s,) of every state so far: travel [mm], force [N], work, stored, lost [N·mm], yielded [mm³], iterations."""
        return {name: np.array([row[name] for row in self.rows]) for name in self.rows[0]}

    def first_crack(self, volume: float) -> tuple[float | None, int | None]:
        """Force [N] at which the yielded volume first reached so much, and the row from which on it has."""
        yielded, force = self.columns["yielded"], self.columns["force"]
        crossed = np.flatnonzero(yielded >= volume)
        if not len(crossed):
            return None, None
        k = int(crossed[0])
        share = (volume - yielded[k - 1]) / (yielded[k] - yielded[k - 1])
        return float(force[k - 1] + share * (force[k] - force[k - 1])), k

    def kept(self, wanted: set[int]) -> np.ndarray:
        """Rows of the states whose fields are kept: those wanted, and up to FRAMES more, evenly spread."""
        n = len(self.rows)
        return np.array(sorted(wanted | set(np.linspace(0, n - 1, min(n, FRAMES)).round().astype(int).tolist())))
