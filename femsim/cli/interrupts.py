"""Ctrl-C and the end of a job's time arrive as exceptions, so that whatever was begun is put away."""

import signal


class Terminated(BaseException):
    """The process was asked to end (SIGTERM), as batch systems do at the end of the granted time."""


class Interrupts:
    """While it is entered, SIGINT raises KeyboardInterrupt and SIGTERM raises Terminated; a second one ends at once.

    A library may turn the exception into one of its own on the way up; `replaced` gives the first cause back.
    """

    def __init__(self):
        self._came: BaseException | None = None
        self._before: dict[int, object] = {}

    def __enter__(self) -> "Interrupts":
        for number in (signal.SIGINT, signal.SIGTERM):
            self._before[number] = signal.signal(number, self._arrived)
        return self

    def __exit__(self, *_) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def replaced(self, error: BaseException) -> BaseException:
        """The interrupt, if one came, else the error."""
        return self._came or error

    def _arrived(self, number: int, _frame) -> None:
        for again in (signal.SIGINT, signal.SIGTERM):
            signal.signal(again, signal.SIG_DFL)
        self._came = KeyboardInterrupt() if number == signal.SIGINT else Terminated()
        raise self._came
