"""Where kept solid bone lies, sorted once, so that a field over it is judged place by place in a millisecond."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from femsim.analyses.beside import beside_patches
from femsim.analyses.outcome import Outcome
from femsim.arrays import freeze, frozen
from femsim.metrics.bone_strain import bone_strain
from femsim.metrics.places import FEMUR, PATCHES, SUPPORT, UNIONS
from femsim.metrics.statistics import top_percentile

APART = (SUPPORT, PATCHES)  # zones that are no part of the femur as a whole


@dataclass(frozen=True)
class KeptPlaces:
    """Zones of kept solid bone, unions of zones, and the femur: every zone but the support and patches of force.

    zone_of : (k,) row of `zones`; -1 outside every zone.
    volumes : (k,) [mm³]
    centres : (k, 3) [mm] of the elements.
    """

    zones: tuple[str, ...]
    zone_of: np.ndarray
    volumes: np.ndarray
    centres: np.ndarray

    def __post_init__(self):
        k = len(self.zone_of)
        freeze(
            self,
            zones=tuple(self.zones),
            zone_of=frozen(self.zone_of, np.int64, (None,)),
            volumes=frozen(self.volumes, np.float64, (k,)),
            centres=frozen(self.centres, np.float64, (k, 3)),
        )

    def beside(self, points: Sequence[np.ndarray], patch_radius: float) -> "KeptPlaces":
        """With what lies beside patches of force about the points (3,) as a zone of its own."""
        beside = beside_patches(self.centres, points, patch_radius) & (self.zone_of >= 0)
        if not beside.any():
            return self
        return replace(self, zones=(*self.zones, PATCHES), zone_of=np.where(beside, len(self.zones), self.zone_of))

    @cached_property
    def _order(self) -> np.ndarray:
        return np.argsort(self.zone_of, kind="stable")

    @cached_property
    def _present(self) -> np.ndarray:
        return np.unique(self.zone_of[self.zone_of >= 0])

    @cached_property
    def _starts(self) -> np.ndarray:
        return np.searchsorted(self.zone_of[self._order], self._present)

    @cached_property
    def _members(self) -> dict[str, list[int]]:
        """Union → rows of the zones that are present."""
        names = [self.zones[row] for row in self._present]
        members = {union: [i for i, n in enumerate(names) if n.startswith(heads)] for union, heads in UNIONS.items()}
        members[FEMUR] = [i for i, name in enumerate(names) if name not in APART]
        return {name: rows for name, rows in members.items() if rows}

    @cached_property
    def in_femur(self) -> np.ndarray:
        """(k,) bool: judged as a whole."""
        judged = self.zone_of >= 0
        apart = [row for row, name in enumerate(self.zones) if name in APART]
        return judged & ~np.isin(self.zone_of, apart)

    @cached_property
    def places(self) -> tuple[str, ...]:
        """Names: zones, then unions, the femur last."""
        return (*(self.zones[row] for row in self._present), *self._members)

    @cached_property
    def _femur_volumes(self) -> np.ndarray:
        return self.volumes[self.in_femur]

    def largest(self, values: np.ndarray) -> np.ndarray:
        """(z,) largest value in each place, of values (k,)."""
        zones = np.maximum.reduceat(values[self._order], self._starts) if len(self._starts) else np.zeros(0)
        return np.concatenate([zones, [zones[rows].max() for rows in self._members.values()]])

    def p99(self, values: np.ndarray) -> float:
        """The value that 99 % of the femur's volume stays below."""
        return top_percentile(values[self.in_femur], self._femur_volumes, 99.0) if self.in_femur.any() else 0.0

    def zone_at(self, row: int) -> str:
        """The zone that a row lies in."""
        return self.zones[self.zone_of[row]] if self.zone_of[row] >= 0 else "outside the zones"


def kept_places(operated: Outcome) -> KeptPlaces:
    """Those of a pair: rows as the kept ones of `bone_strain`."""

    def made() -> KeptPlaces:
        bone, model = bone_strain(operated, operated), operated.model
        rows = bone.rows[: bone.n_kept]
        centres = model.mesh.nodes[model.mesh.elements[rows, :4]].mean(axis=1)
        return KeptPlaces(model.zones, model.zone_of[rows], operated.volumes[rows], centres)

    return operated.lasting("kept places", made)
