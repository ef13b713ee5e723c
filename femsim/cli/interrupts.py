"""Ctrl-C and the end of a job's time arrive as exceptions, so that whatever was begun is put away."""

import signal

from femsim.errors import Terminated

# Exceptions that arise inside these, called back from compiled code, are swallowed or crash the process. Threading: who
# waits for threads owns the arrays they still read.
UNINTERRUPTIBLE = ("numba", "llvmlite", "h5py", "femsim.results.vtkhdf", "threading")
RETRY_S = 0.05


class Interrupts:
    """While it is entered, SIGINT raises KeyboardInterrupt and SIGTERM raises Terminated; a second one ends at once.

    The exception waits until no code runs that would not stand it. A library may turn it into one of its own on the
    way up; `replaced` gives the first cause back.
    """

    def __init__(self):
        self._came: BaseException | None = None
        self._before: dict[int, object] = {}

    def __enter__(self) -> "Interrupts":
        for number, handler in (
            (signal.SIGINT, self._arrived),
            (signal.SIGTERM, self._arrived),
            (signal.SIGALRM, self._again),
        ):
            self._before[number] = signal.signal(number, handler)
        return self

    def __exit__(self, *_) -> None:
        signal.setitimer(signal.ITIMER_REAL, 0)
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def replaced(self, error: BaseException) -> BaseException:
        """The interrupt, if one came, else the error."""
        return self._came or error

    def _arrived(self, number: int, frame) -> None:
        for again in (signal.SIGINT, signal.SIGTERM):
            signal.signal(again, signal.SIG_DFL)
        self._came = KeyboardInterrupt() if number == signal.SIGINT else Terminated()
        self._again(number, frame)

    def _again(self, _number: int, frame) -> None:
        if self._came is None:
            return
        if _stands_an_exception(frame):
            raise self._came
        signal.setitimer(signal.ITIMER_REAL, RETRY_S)


def _stands_an_exception(frame) -> bool:
    while frame is not None:
        module = frame.f_globals.get("__name__", "")
        if any(module == name or module.startswith(name + ".") for name in UNINTERRUPTIBLE):
            return False
        frame = frame.f_back
    return True
