"""What is known of an activity besides its forces: how it is counted, and how much people differ."""

from dataclasses import dataclass

Vector = tuple[float, float, float]


@dataclass(frozen=True)
class Counting:
    """How a person counts an activity, and how many load cycles of one leg that is.

    noun : what is counted: "steps", "chair rises".
    per_cycle : how many of them pass while this leg is loaded once; 2 steps.
    km_per_cycle : the way that one cycle of this leg covers [km]; None where there is no way.
    """

    noun: str
    per_cycle: float = 1.0
    km_per_cycle: float | None = None


@dataclass(frozen=True)
class Spread:
    """How much the peak hip force differs between people, in % body weight; components lateral, anterior, proximal.

    mean, sd : of the resultant, across subjects.
    mean_vector, sd_vector : of the components, Bergmann frame; None where only the resultant is known.
    n_subjects : how many people.
    subjects : the peak of each, (lateral, anterior, proximal); empty where not known.
    low, high : range of the resultant; None where not known.
    source : where the figures are from, and whether they are assumed.
    """

    mean: float
    sd: float
    n_subjects: int
    source: str
    mean_vector: Vector | None = None
    sd_vector: Vector | None = None
    subjects: tuple[Vector, ...] = ()
    low: float | None = None
    high: float | None = None
