"""The history of an activity whose forces all rise and fall together."""

from collections.abc import Iterable

from femsim.loads.course import Course
from femsim.loads.force_sets import ForceSet
from femsim.loads.history import LoadHistory
from femsim.loads.subject import Subject

FOLLOWS = "its course over time is assumed to follow the hip force"
IN_PROPORTION = "in proportion to the hip force (assumed)"
MUSCLES_OF_WALKING = f"Muscles: set of level walking, Heller 2005, {IN_PROPORTION}; {FOLLOWS}."
NO_MUSCLES_KNOWN = "No muscle forces are known for this activity: the hip force acts alone (assumed)."


def in_phase(forces: ForceSet, course: Course, factor: float, subject: Subject, sources: Iterable[str]) -> LoadHistory:
    """A force set times its course.

    factor : multiplies every force: the scale of the activity, the limp of the subject.
    """
    peak = forces.percent * (factor * subject.body_weight / 100.0)
    return LoadHistory(
        channels=forces.channels,
        sites=forces.sites,
        forces=course.share[:, None, None] * peak,
        instants=course.instants,
        instant_unit=course.unit,
        duration_s=course.duration_s,
        cyclic=course.cyclic,
        sources=tuple(sources),
    )


def muscles_told(wanted: bool, sentence: str) -> tuple[str, ...]:
    """The sentence about muscles, or that they are switched off."""
    return (sentence if wanted else "Muscle forces are switched off in this scenario; the hip force acts alone.",)


def scale_told(scale: float) -> tuple[str, ...]:
    return (f"All forces are multiplied by {scale:g} (scenario).",) if scale != 1.0 else ()


def limp_told(subject: Subject) -> tuple[str, ...]:
    if subject.limp_ratio == 1.0:
        return ()
    return (
        f"The subject limps: the peak force of this leg is {subject.limp_ratio:g} times that of the other "
        f"(subject.limp_ratio), and all its forces {subject.share_of_this_leg:.4g} times those of a symmetrical gait, "
        "2r/(1 + r), so that both legs together bear the same (assumed construction).",
    )
