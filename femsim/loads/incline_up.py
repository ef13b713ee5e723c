"""Walking up an incline: nobody's figure, so that its peak has to be given."""

from dataclasses import dataclass
from typing import ClassVar

from femsim.loads.incline import Incline


@dataclass(frozen=True, kw_only=True)
class InclineUp(Incline):
    """Walking up an incline, constructed from level walking; its peak has to be given."""

    direction: ClassVar[str] = "up"
