"""What the operation does to the joint: leg length, offset and head diameter."""

from dataclasses import dataclass

from femsim.analyses.outcome import Outcome
from femsim.metrics.measure import Map, Measure

HEAD = "head"


@dataclass(frozen=True)
class JointGeometry:
    """Where the head centre went, along the shaft and across it, and how large the head is.

    With the cup where the hip centre was, the leg is longer by what the centre rose, and the offset larger by what it
    went towards the midline of the body. Geometry only: no solution is asked.
    """

    def measure(self, operated: Outcome, intact: Outcome) -> tuple[Measure, ...]:
        """Changes [mm]; the diameter of either head where it is known."""
        moved = operated.model.head_centre - intact.model.head_centre
        measures = [
            Measure(
                "leg_length_change", HEAD, "change", float(moved[2]), "mm", "rise of the head centre; positive: longer"
            ),
            # x is lateral
            Measure("offset_change", HEAD, "change", float(0.0 - moved[0]), "mm", "head centre; positive: more medial"),
        ]
        diameters = [(one, one.model.head_diameter) for one in (operated, intact)]
        note = "outer diameter of the bearing"
        for outcome, model in ((operated, "operated"), (intact, "intact")):
            if outcome.model.head_diameter is not None:
                measures.append(Measure("head_diameter", HEAD, model, outcome.model.head_diameter, "mm", note))
        (_, after), (_, before) = diameters
        if after is not None and before is not None:
            measures.append(Measure("head_diameter", HEAD, "change", after - before, "mm", "operated less intact"))
        return tuple(measures)

    def maps(self, operated: Outcome, intact: Outcome) -> tuple[Map, ...]:
        """None."""
        return ()
