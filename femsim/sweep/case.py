"""One case of a sweep: a scenario file with keys written over it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from femsim.arrays import freeze


@dataclass(frozen=True)
class Case:
    """One row of the table.

    number : place in the design, from 0.
    sets : "key=value" texts in TOML, as `femsim run FILE --set …` takes them; the same run.
    values : axis → its value here, for the table; a key path is an axis' usual name.
    digest : identity of the scenario, 64 hex digits; of the texts where it is refused.
    refused : kind, what, where, why, remedy of a scenario that cannot be; None where it can be computed.
    mesh_key, stiffness_key : equal for cases that share a mesh, or a stiffness with its solver; "" where refused.
    """

    number: int
    sets: tuple[str, ...]
    values: Mapping[str, Any]
    digest: str
    refused: Mapping[str, Any] | None = None
    mesh_key: str = ""
    stiffness_key: str = ""

    def __post_init__(self):
        freeze(self, sets=tuple(self.sets), values=dict(self.values))
