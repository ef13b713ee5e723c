"""Several crews side by side, fed with batches until none is left; what they find goes to disk as it comes."""

import selectors
from collections import deque
from collections.abc import Iterable, Iterator

from femsim.sweep.batches import Batch
from femsim.sweep.crew import Crew, Limits
from femsim.sweep.job import Job
from femsim.sweep.store import PartWriter
from femsim.sweep.worker import COMPUTER

WAIT_S = 0.2


def work(
    job: Job, batches: Iterable[Batch], n: int, limits: Limits, *, log: str, computer: str = COMPUTER
) -> Iterator[None]:
    """Compute batches with n crews; comes back every WAIT_S or oftener.

    Where this is closed or fails, the children end and what they have told is on disk.

    Raises
    ------
    OSError
        Where results cannot be written.
    FemsimError
        Where no worker can be started, or one is of another femsim.
    """
    crews = [Crew(job, limits, log=log, computer=computer) for _ in range(n)]
    try:
        yield from serve(job, batches, crews)
    finally:
        for crew in crews:
            crew.end()


def serve(job: Job, batches: Iterable[Batch], crews: list[Crew]) -> Iterator[None]:
    """Compute batches with crews that stay."""
    waiting, found = deque(batches), PartWriter(job)
    try:
        while True:
            for crew in crews:
                if crew.is_idle and waiting:
                    crew.hand(waiting.popleft())
            busy = [crew for crew in crews if not crew.is_idle]
            if not busy:
                return
            for crew in _with_news(busy):
                for record in crew.read():
                    found.add(record)
            for crew in busy:
                records, again = crew.watch()
                waiting.extendleft(reversed(again))
                for record in records:
                    found.add(record)
            found.tick()
            yield
    finally:
        found.write()


def _with_news(crews: list[Crew]) -> list[Crew]:
    with selectors.DefaultSelector() as selector:
        for crew in crews:
            selector.register(crew.answers, selectors.EVENT_READ, crew)
        return [key.data for key, _ in selector.select(WAIT_S)]
