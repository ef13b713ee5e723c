"""The linear system of one Newton step of an implicit scheme: multigrid for bone and mass, the few others on top."""

import numpy as np

from femsim.errors import ConvergenceError
from femsim.solvers.cg import conjugate_gradients
from femsim.solvers.earlier import Earlier
from femsim.solvers.gmres import gmres
from femsim.solvers.multigrid import Cycle
from femsim.solvers.multigrid_cg import MultigridCG

# Of bone that breaks, whose tangent is neither symmetric nor always definite.
REACH = {"restart": 60, "most": 120}
UNSOLVED = 0.3  # residual above which a solution is not used, and damage is taken as it is
TIRED = 50  # linear iterations from which on the preconditioner is made for the softened bone
REST = 5  # Newton iterations that it is then used for at least


class Effective:
    """Solves (mass · M + damping · C + stiffness · K) dx = r, K and C with the tangents of couplings and floor.

    Multigrid is made once for bone, its mass and damping; it stays when the tangents of what touches bone change: they
    are few directions more, or soft beside bone. Where bone breaks, its tangent takes the place of K, and multigrid is
    made anew when it has softened far. Motions of a femur are few beside its unknowns: what earlier steps found is
    where the next one starts, and most need but a few iterations more, or none.

    system : ImpactSystem
    """

    def __init__(self, system):
        self._system, self._made = system, {}
        n3 = 3 * system.n
        self._to_nodes, self._to_bodies = system.patterns[:, :n3], system.patterns[:, n3:].toarray()
        self.iterations, self._rest = 0, 0

    def solve(
        self, right, forces, mass: float, damping: float, stiffness: float, rtol: float, *, stable: bool = False
    ) -> np.ndarray:
        """dx (3n + m,), 0 where held; the residual of the nodes' equations is below rtol times theirs."""
        system = self._system
        self._prepare(mass, damping, stiffness)
        n3 = 3 * system.n
        tangent = stiffness * forces.couplings.stiffness + damping * forces.couplings.damping
        to_nodes, to_bodies = self._to_nodes, self._to_bodies
        # The bodies are eliminated: what is left of a coupling is softer by what they give way.
        own = np.diag(mass * system.bodies) + to_bodies.T @ (tangent[:, None] * to_bodies)
        crossed = tangent[:, None] * to_bodies
        inner = np.diag(tangent) - crossed @ np.linalg.solve(own, crossed.T) if system.m else np.diag(tangent)
        rest = right[:n3].copy()
        if system.m:
            rest -= to_nodes.T @ (crossed @ np.linalg.solve(own, right[n3:]))
        touched = (to_nodes, inner, self._floor(forces, damping, stiffness))
        result = np.zeros(system.size)
        if rest.any():
            if system.bone.linear:
                result[:n3] = self._found(_Full(self._base, *touched), rest, rtol)
            else:
                result[:n3] = self._broken(touched, rest, rtol, stiffness, damping * system.rayleigh[1], stable)
        if system.m:
            result[n3:] = np.linalg.solve(own, right[n3:] - crossed.T @ (to_nodes @ result[:n3]))
        return result * system.moves

    def _found(self, operator: "_Full", rest: np.ndarray, rtol: float) -> np.ndarray:
        known = self._known
        start = known.nearest(rest, operator.added(known.solutions))
        found = conjugate_gradients(
            operator, self._cycle, rest[None], rtol, start=None if start is None else start[None]
        )
        x = found.x[0]
        self.iterations += int(found.iterations[0])
        if found.iterations[0]:
            known.add(x if start is None else x - start, self._base.times)
        return x

    def _broken(
        self, touched, rest: np.ndarray, rtol: float, stiffness: float, damping: float, stable: bool
    ) -> np.ndarray:
        known, whole = self._known, _Full(self._base, *touched)
        start = known.nearest(rest, whole.added(known.solutions))
        self._rest += 1
        for steady in (True,) if stable else (False, True):
            tangent = self._system.bone.tangent(stiffness, damping, stable=steady)
            operator = _Full(_Tangent(self._base, tangent), *touched)
            x, r = 0.0, rest
            if start is not None:
                left = rest - operator.times(start)
                if np.linalg.norm(left) < np.linalg.norm(rest):
                    x, r = start, left
            size = float(np.linalg.norm(r))
            wanted = rtol * float(np.linalg.norm(rest)) / size if size else 1.0
            found = gmres(operator.times, self._preconditioned, r, rtol=min(wanted, UNSOLVED), **REACH)
            self.iterations += found.iterations
            x = x + found.x
            if found.residual * size <= UNSOLVED * float(np.linalg.norm(rest)) and x @ rest > 0:
                break
        else:
            raise ConvergenceError(
                "The equations of a step could not be solved.", why="bone that breaks has lost its stiffness"
            )
        if found.iterations:
            known.add(found.x, self._base.times)
        if found.iterations > TIRED and self._rest > REST:
            self._system.bone.soften()
            self._made, self._rest = {}, 0
        return x

    def _preconditioned(self, r: np.ndarray) -> np.ndarray:
        return self._cycle(r[None])[0].astype(np.float64)

    def _prepare(self, mass, damping, stiffness):
        """For the factors of a step: those of the usual one are kept while a step is cut."""
        system = self._system
        a, b = system.rayleigh
        factors = (mass + damping * a, stiffness + damping * b)
        if factors not in self._made:
            base = _Base(system.bone.operator, system.nodal_mass, system.setting.held, *factors)
            if len(self._made) > 1:
                self._made.popitem()
            self._made[factors] = base, _cycle(base, system.bone.coarse), Earlier(3 * system.n)
        self._base, self._cycle, self._known = self._made[factors]

    def _floor(self, forces, damping, stiffness):
        floor = self._system.setting.floor
        if floor is None:
            return None
        values = stiffness * forces.floor.stiffness + damping * forces.floor.damping
        touching = values > 0
        normal = floor.normal * ~self._system.setting.held[floor.nodes[touching]]
        return floor.nodes[touching], values[touching], normal


class _Base:
    """stiffness · K + mass · M of the nodes, held directions as rows of zeros."""

    takes_panels = False

    def __init__(self, operator, nodal_mass, held, mass, stiffness):
        self.shape, self._operator, self._stiffness = operator.shape, operator, stiffness
        self._held = held
        scaled = (mass * nodal_mass).tocsr()
        self.mass = {np.dtype(np.float64): scaled}
        self._moves = (~held).astype(np.float64)
        self._lumped = scaled.nnz == scaled.shape[0]

    def apply(self, x, y):
        self._operator.apply(x, y)
        y *= y.dtype.type(self._stiffness)
        y += self.inertia(x)
        return y

    def residual(self, b, x, y):
        self.apply(x, y)
        np.subtract(b, y, out=y)
        return y

    def times(self, row: np.ndarray) -> np.ndarray:
        """Of a row (3n,)."""
        return self.apply(row[None], np.empty((1, len(row))))[0]

    def inertia(self, x):
        """mass · M x for rows x."""
        if x.dtype not in self.mass:
            self.mass[x.dtype] = self.mass[np.dtype(np.float64)].astype(x.dtype)
        mass = self.mass[x.dtype]
        moves = self._moves.astype(x.dtype) if self._held.any() else None
        rows = []
        for row in x:
            force = mass @ row.reshape(-1, 3) if not self._lumped else mass.data[:, None] * row.reshape(-1, 3)
            rows.append((force if moves is None else force * moves).ravel())
        return np.array(rows)

    def diagonal_blocks(self):
        blocks = self._stiffness * self._operator.diagonal_blocks()
        return blocks + self.mass[np.dtype(np.float64)].diagonal()[:, None, None] * np.eye(3)


def _cycle(base: _Base, coarse) -> Cycle:
    from scipy.sparse import bsr_matrix, kron

    settings = MultigridCG()
    weight = bsr_matrix(kron(base.mass[np.dtype(np.float64)], np.eye(3), format="bsr"), blocksize=(3, 3))
    if coarse.transfer is not None:
        weight = coarse.transfer.T @ (weight @ coarse.transfer)
    matrix = bsr_matrix(base._stiffness * coarse.matrix + weight, blocksize=(3, 3))
    matrix.sort_indices()
    return Cycle(
        base, base.diagonal_blocks(), coarse.transfer, matrix, coarse.modes,
        strength=settings.strength, degree=settings.smoothing_degree,
    )  # fmt: skip


class _Tangent:
    """The base with the tangent of breaking bone in place of its stiffness; tangent : of a row (3n,)."""

    def __init__(self, base: _Base, tangent):
        self.shape, self._base, self._tangent = base.shape, base, tangent

    def apply(self, x, y):
        y[:] = [self._tangent(row) for row in x]
        y += self._base.inertia(x)
        return y


class _Full:
    """The base with couplings Gᵀ D G and the floor's springs."""

    takes_panels = False

    def __init__(self, base, patterns, inner, floor):
        self.shape, self._base, self._patterns, self._inner, self._floor = base.shape, base, patterns, inner, floor

    def apply(self, x, y):
        self._base.apply(x, y)
        for row, result in zip(x, y):
            result += self._patterns.T @ (self._inner @ (self._patterns @ row))
            if self._floor is not None:
                nodes, values, normal = self._floor
                moved = np.einsum("ci,ci->c", row.reshape(-1, 3)[nodes], normal)
                result.reshape(-1, 3)[nodes] += (values * moved)[:, None] * normal
        return y

    def times(self, row: np.ndarray) -> np.ndarray:
        """Of a row (3n,)."""
        return self.apply(row[None], np.empty((1, len(row))))[0]

    def added(self, rows: np.ndarray) -> np.ndarray:
        """(k, k) products of rows (k, 3n) by what it has beyond the base."""
        touched = np.unique(self._patterns.indices)
        crossed = self._patterns[:, touched] @ rows[:, touched].T
        result = crossed.T @ self._inner @ crossed
        if self._floor is not None:
            nodes, values, normal = self._floor
            moved = np.einsum("kci,ci->kc", rows.reshape(len(rows), rows.shape[1] // 3, 3)[:, nodes], normal)
            result = result + (moved * values) @ moved.T
        return result

    def residual(self, b, x, y):
        self.apply(x, y)
        np.subtract(b, y, out=y)
        return y

    def diagonal_blocks(self):
        return self._base.diagonal_blocks()
