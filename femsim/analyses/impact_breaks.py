"""Watches bone that may break while it is struck: when it first cracks, how far, and whether it has broken."""

import numpy as np

from femsim.analyses.failure_course import SEEN, judged_bone
from femsim.analyses.impact_breaking import BreakingBone
from femsim.analyses.impact_course import Breakage
from femsim.fem.softening import band_width
from femsim.mesh.topology import largest_piece
from femsim.model import Model

BROKEN = 0.5  # damage above which bone counts as broken; a convention of femsim


class Breaks:
    """One row per output. settings : Impact, which says what counts."""

    def __init__(self, settings, model: Model, bone: BreakingBone):
        self._bone, self._elements = bone, model.mesh.elements
        self._crack_volume, self._fracture_area = settings.crack_volume_mm3, settings.fracture_area_mm2
        self._judged = judged_bone(model)
        self._volumes = bone.body.weights.sum(axis=1)
        self._areas = self._volumes / band_width(model.mesh)
        self._yielded, self._area = [], []

    def look(self) -> bool:
        """At an output; whether bone has broken by now."""
        self._yielded.append(self._largest(self._volumes, self._bone.yielded > SEEN))
        self._area.append(self._largest(self._areas, self._bone.damage > BROKEN))
        return self._area[-1] >= self._fracture_area

    def _largest(self, sizes: np.ndarray, chosen: np.ndarray) -> float:
        return float(sizes[largest_piece(self._elements, sizes, chosen & self._judged)].sum())

    def told(self) -> Breakage:
        """All rows."""
        return Breakage(np.array(self._yielded), np.array(self._area), self._crack_volume, self._fracture_area)
