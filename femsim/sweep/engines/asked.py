"""What an engine is asked: which batches of which sweep, and with what."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from femsim.arrays import freeze
from femsim.sweep.batches import Batch
from femsim.sweep.job import Job
from femsim.sweep.worker import COMPUTER


@dataclass(frozen=True)
class Asked:
    """What is to be computed, and how.

    jobs : crews, array tasks or Dask tasks at once at the most; None: as many as fit.
    memory_mb : of one child; None: a fair share.
    case_s : seconds that one case may take; None: no limit.
    scheduler : of Dask, an address or a file.
    submit : further options for sbatch or qsub.
    waits : for jobs that were submitted.
    computer : "module:function" that computes.
    """

    job: Job | None = None
    batches: Sequence[Batch] = ()
    jobs: int | None = None
    memory_mb: float | None = None
    case_s: float | None = None
    scheduler: str = ""
    submit: str = ""
    waits: bool = True
    computer: str = COMPUTER

    def __post_init__(self):
        freeze(self, batches=tuple(self.batches))

    def of(self, job: Job, batches: Sequence[Batch]) -> "Asked":
        """The same for a sweep."""
        return replace(self, job=job, batches=batches)
