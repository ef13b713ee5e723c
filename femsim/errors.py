"""The errors femsim raises: each says what, where, why, and what to do."""

import difflib
from collections.abc import Iterable


class FemsimError(Exception):
    """What went wrong, in sentences a user can act on.

    Parameters
    ----------
    what : str
        The fact, with the value and the limit.
    where : str
        File and line, key path, region or body part. Empty when there is only one place.
    why : str
        The usual or the known cause.
    remedy : str
        What to do about it.
    """

    exit_code = 1

    def __init__(self, what: str, *, where: str = "", why: str = "", remedy: str = ""):
        super().__init__(what)
        self.what, self.where, self.why, self.remedy = what, where, why, remedy

    def within(self, place: object) -> "FemsimError":
        """The error with a place, such as the file that was worked on, said before the place it has."""
        self.where = f"{place}" + (f": {self.where}" if self.where else "")
        return self

    def __str__(self) -> str:
        lines = [self.what]
        lines += [f"  where: {self.where}"] if self.where else []
        lines += [f"  why:   {self.why}"] if self.why else []
        lines += [f"  do:    {self.remedy}"] if self.remedy else []
        return "\n".join(lines)


class UsageError(FemsimError):
    """The command line asks for something that cannot be done."""

    exit_code = 2


class ScenarioError(FemsimError):
    """The scenario file is wrong; carries every problem found, not the first one."""

    exit_code = 2

    def __init__(self, what: str, *, problems: tuple["Problem", ...] = (), **more: str):
        super().__init__(what, **more)
        self.problems = problems

    def __str__(self) -> str:
        return "\n".join([super().__str__(), *(str(problem) for problem in self.problems)])


class Problem:
    """One thing wrong in a scenario file, with the place where it stands."""

    def __init__(self, where: str, key: str, what: str):
        self.where, self.key, self.what = where, key, what

    def __str__(self) -> str:
        return f"{self.where}: {self.key}: {self.what}" if self.key else f"{self.where}: {self.what}"


class SurfaceError(FemsimError):
    """A surface cannot be read, repaired, or recognised as a femur."""

    exit_code = 3


class ImageError(FemsimError):
    """An image cannot be read, does not lie where the bone is, or cannot tell how dense the bone is."""

    exit_code = 3


class GeometryError(FemsimError):
    """Femur and implant do not go together."""

    exit_code = 3


class MeshError(FemsimError):
    """No sound mesh could be made."""

    exit_code = 3


class ModelError(FemsimError):
    """The stated problem is ill-posed: nothing is solved."""

    exit_code = 3


class ConvergenceError(FemsimError):
    """A solve did not reach its tolerance; no result is given."""

    exit_code = 4


class QualityError(FemsimError):
    """A quality gate failed: what came out is not fit to be used."""

    exit_code = 5


class StoreError(FemsimError):
    """Results cannot be written or read."""

    exit_code = 75


class MissingPieceError(FemsimError):
    """The machine lacks a library that this step needs."""

    exit_code = 3


class Terminated(KeyboardInterrupt):
    """The process was asked to end (SIGTERM, the end of a job's wall time); the same run can be started again."""

    exit_code = 75


def near(name: str, known: Iterable[str]) -> str:
    """'Did you mean …? Known: …' for a name that is not among the known ones."""
    known = sorted(known)
    guess = difflib.get_close_matches(name, known, 1, 0.5)
    return (f"Did you mean {guess[0]!r}? " if guess else "") + f"Known: {', '.join(known)}."
