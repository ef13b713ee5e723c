"""How much bone the operation leaves: for today, and for a later stem."""

from dataclasses import dataclass

import numpy as np

from femsim import units
from femsim.analyses.outcome import Outcome
from femsim.metrics.measure import Map, Measure
from femsim.metrics.places import FEMUR, HEAD_NECK, SUPPORT, bone_mask, in_union

LATER_STEM = "below_neck_cut"
_CM3 = 1000.0  # mm³


@dataclass(frozen=True)
class BoneStock:
    """Bone kept and removed, by volume and by mass, marrow included as the densities include it.

    A later stem needs the bone below a neck cut at the neck's base: all that is neither head nor neck.
    """

    def measure(self, operated: Outcome, intact: Outcome) -> tuple[Measure, ...]:
        """Of the operated femur, counted on the intact one, which has all the bone."""
        model = intact.model
        bone = bone_mask(intact)
        kept = bone & (np.arange(len(bone)) < operated.n_kept)
        density = np.where(bone[:, None], model.density, 0.0) * units.g_per_cm3
        # tonne to gram
        mass = np.sum(density * intact.weights, axis=1) / units.kg * 1000.0
        note = "of the whole femur that is modelled"
        measures = [
            Measure(f"bone_{what}_{word}", FEMUR, "operated", float(amount[rows].sum()), unit, note)
            for what, amount, unit in (("volume", intact.volumes / _CM3, "cm3"), ("mass", mass, "g"))
            for word, rows in (("kept", kept), ("removed", bone & ~kept))
        ]
        above = in_union(intact, HEAD_NECK)
        held = model.zone_of == model.zones.index(SUPPORT) if SUPPORT in model.zones else np.zeros(len(bone), bool)
        for place, rows, what in (
            (HEAD_NECK, bone & above, "bone of head and neck"),
            (
                LATER_STEM,
                bone & ~above & ~held,
                "bone from the neck's base to the distal support, where a later stem lies",
            ),
        ):
            volume = intact.volumes[rows].sum()
            if volume > 0:
                share = 100.0 * float(intact.volumes[rows & kept].sum() / volume)
                measures.append(Measure("bone_kept_share", place, "operated", share, "%", f"{what}, by volume"))
        return tuple(measures)

    def maps(self, operated: Outcome, intact: Outcome) -> tuple[Map, ...]:
        """None: the regions of the mesh show what was taken."""
        return ()
