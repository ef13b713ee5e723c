"""Which share of the load bone, cement and metal carry through sections of the femur: who shields whom."""

from dataclasses import dataclass

import numpy as np

from femsim.analyses.outcome import Outcome
from femsim.fem.section_force import SectionForce, Tied, section_forces
from femsim.metrics.measure import Map, Measure
from femsim.metrics.places import BONE, material_of

# A share of nearly nothing says nothing: of the whole force, and of the force at the section's radius as lever arm.
_LEAST_FORCE, _LEAST_MOMENT = 0.02, 0.05


@dataclass(frozen=True)
class LoadShare:
    """Axial force and bending moment at the peak through planes across neck and shaft, and each material's share.

    From internal forces in equilibrium with the loads beyond the section. Moments are about the point where neck axis
    or shaft axis meets the plane, the same in both models. A share may be negative, or above 100 %, where parts pull
    against each other. Verified only.
    """

    def measure(self, operated: Outcome, intact: Outcome) -> tuple[Measure, ...]:
        """Totals and shares of both models, zone by zone named after the section; the change of the bone's share."""
        planes, measures = operated.model.sections, []
        cuts = [section_forces(one.model.mesh, one.stress(one.peak), planes, _tied(one)) for one in (operated, intact)]
        for plane, *both in zip(planes, *cuts):
            after, before = (
                {} if cut is None else {m.name: m for m in _measures(outcome, model, cut)}
                for outcome, model, cut in zip((operated, intact), ("operated", "intact"), both)
            )
            measures += [*after.values(), *before.values()]
            for name in ("axial_share_bone", "bending_share_bone"):
                if name in after and name in before:
                    change = after[name].value - before[name].value
                    measures.append(Measure(name, plane.name, "change", change, "%", after[name].note))
        return tuple(measures)

    def maps(self, operated: Outcome, intact: Outcome) -> tuple[Map, ...]:
        """None: a section has no field."""
        return ()


def _tied(outcome: Outcome) -> Tied | None:
    springs = outcome.model.springs
    return None if springs is None else Tied(springs.pairs, springs.pulls(outcome.displacement(outcome.peak)))


def _measures(outcome: Outcome, model: str, cut: SectionForce) -> list[Measure]:
    parts = _by_part(outcome, cut)
    zone = cut.plane.name
    force, bending = cut.axial.sum(), cut.bending.sum(axis=0)
    moment = float(np.linalg.norm(bending))
    whole = float(np.linalg.norm(cut.forces.sum(axis=0)))
    measures = [
        Measure("axial_force", zone, model, float(force), "N", "along the axis; negative: pressed together"),
        Measure("bending_moment", zone, model, moment, "N.mm", "about the axis of neck or shaft; size"),
    ]
    if abs(force) > _LEAST_FORCE * whole:
        measures += [
            Measure(f"axial_share_{name}", zone, model, 100.0 * float(cut.axial[rows].sum() / force), "%", _AXIAL_NOTE)
            for name, rows in parts.items()
        ]
    if moment > _LEAST_MOMENT * whole * cut.radius:
        shares = cut.bending @ bending
        shares = shares / shares.sum()
        measures += [
            Measure(f"bending_share_{name}", zone, model, 100.0 * float(shares[rows].sum()), "%", _BENDING_NOTE)
            for name, rows in parts.items()
        ]
    return measures


_AXIAL_NOTE = "of the axial force through the section; the change in points"
_BENDING_NOTE = "of the bending moment, each part's own about the same point; the change in points"


def _by_part(outcome: Outcome, cut: SectionForce) -> dict[str, list[int]]:
    """Part → rows of the regions; all bone is one part, and parts that the section misses are left out."""
    parts: dict[str, list[int]] = {}
    for row, region in enumerate(outcome.model.mesh.regions):
        name = BONE if material_of(outcome, region) == BONE else region
        if name == BONE or cut.forces[row].any():
            parts.setdefault(name, []).append(row)
    return parts
