"""Ranks the variants by a few mechanical criteria, each with its numbers; what is within the noise is a tie.

It ranks the mechanics of one model of one femur. It does not say which implant a patient should have.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from femsim.comparison.columns import NOT_A_PLACE, Column
from femsim.comparison.table import ANY, CEMENT, Ask, answer

CAVEAT = (
    "This ranks the mechanics of this one model under this one load. It is no advice on which implant a patient "
    "should have: fixation over the years, wear, infection, surgery and revision are not in it."
)
# A model of bone must resolve a change of 5 %; less is noise (repeatability of densitometry, PMC2876833).
NOISE = 0.05


@dataclass(frozen=True)
class Score:
    """The number a variant is ranked by in one criterion; less is better.

    size : what the noise is a share of; words : the number in a sentence.
    """

    value: float
    size: float
    words: str


@dataclass(frozen=True)
class Criterion:
    """One way to rank.

    floor : differences below it are noise however small the numbers are, in `unit`.
    score : column → Score, or None where the run does not tell.
    """

    name: str
    question: str
    unit: str
    floor: float
    score: Callable[[Column], Score | None]


@dataclass(frozen=True)
class Place:
    """Where a variant stands in one criterion: its score, its rank from 1, and whether it shares it."""

    score: Score
    rank: int
    tied: bool


@dataclass(frozen=True)
class Ranked:
    """Where a variant stands overall.

    rank : from 1; None where it is disqualified or a criterion lacks its number.
    mean_rank : over the criteria.
    places : criterion → Place.
    reason : a sentence with the numbers.
    """

    label: str
    rank: int | None
    tied: bool
    mean_rank: float | None
    places: Mapping[str, Place]
    reason: str


def _fracture(column: Column) -> Score | None:
    """The zone where the operation brings the bone nearest to yield, against the same bone before."""
    rises = [
        (value, zone)
        for (name, zone, model), value in column.values.items()
        if (name, model) == ("risk_factor_p99", "change") and zone not in NOT_A_PLACE
    ]
    if not rises:
        return None
    rise, zone = max(rises)
    after = column.values["risk_factor_p99", zone, "operated"]
    before = column.values["risk_factor_p99", zone, "intact"]
    where = f"in {zone.replace('_', ' ')}"
    if rise <= 0:
        return Score(rise, after, "risk factor in no zone above that of the intact femur")
    return Score(rise, after, f"risk factor up most {where}: {after:.3f}, intact {before:.3f}")


def _shielding(column: Column) -> Score | None:
    value = _first(column, Ask("shielded_volume_50", "femur", "change"), Ask("unloaded_volume", "femur", "change"))
    if value is None:
        return None
    return Score(value, value, f"{value:.1f} % of the kept bone below half of its load")


def _bone_stock(column: Column) -> Score | None:
    value = _first(column, Ask("bone_removed_volume", "femur", "operated"))
    return None if value is None else Score(value, value, f"{value:.1f} cm³ of bone removed")


def _first(column: Column, *asks: Ask) -> float | None:
    return next((value for ask in asks if (value := answer(column, ask)) is not None), None)


CRITERIA = (
    Criterion("fracture", "by how much the risk factor p99 of a zone rises, where it rises most", "-", 0.01, _fracture),
    Criterion("shielding", "bone that carries less than half of its strain energy", "%", 0.5, _shielding),
    Criterion("bone stock", "bone that is removed", "cm3", 0.1, _bone_stock),
)


def ranking(columns: Sequence[Column], criteria: Sequence[Criterion] = CRITERIA) -> tuple[Ranked, ...]:
    """The variants with an implant, best first, those that cannot be ranked last.

    A variant whose metal or cement is stressed beyond its strength is disqualified. The overall rank goes by the mean
    of the ranks in the criteria; two with the same mean are tied.
    """
    judged = [column for column in columns if not column.is_reference and not column.refused]
    out_of_it = {column.label: words for column in judged if (words := _broken(column))}
    fit = [column for column in judged if column.label not in out_of_it]
    places: dict[str, dict[str, Place]] = {column.label: {} for column in fit}
    for criterion in criteria:
        scores = {column.label: criterion.score(column) for column in fit}
        if None in scores.values():
            continue
        for label, place in placed(scores, criterion.floor).items():
            places[label][criterion.name] = place
    means = {label: sum(p.rank for p in found.values()) / len(found) for label, found in places.items() if found}
    ranked = [
        Ranked(label, _rank(mean, means), _shared(mean, means), mean, places[label], _reason(places[label]))
        for label, mean in sorted(means.items(), key=lambda item: item[1])
    ]
    unranked = [
        Ranked(column.label, None, False, None, {}, out_of_it.get(column.label, "the measures to rank it are missing"))
        for column in judged
        if column.label not in means
    ]
    refusals = [
        Ranked(column.label, None, False, None, {}, f"refused: {column.refused}")
        for column in columns
        if column.refused
    ]
    return (*ranked, *unranked, *refusals)


def placed(scores: Mapping[str, Score], floor: float) -> dict[str, Place]:
    """Ranks of scores, the least first; all that lie within the noise of the first of a group share its rank.

    The noise is `NOISE` of the larger size, and at least the floor.
    """
    order = sorted(scores, key=lambda label: scores[label].value)
    groups: list[list[str]] = []
    for label in order:
        score, first = scores[label], scores[groups[-1][0]] if groups else None
        if first and score.value - first.value <= max(floor, NOISE * max(abs(score.size), abs(first.size))):
            groups[-1].append(label)
        else:
            groups.append([label])
    found, rank = {}, 1
    for group in groups:
        found.update({label: Place(scores[label], rank, len(group) > 1) for label in group})
        rank += len(group)
    return {label: found[label] for label in scores}


def _rank(mean: float, means: Mapping[str, float]) -> int:
    return 1 + sum(other < mean - 1e-9 for other in means.values())


def _shared(mean: float, means: Mapping[str, float]) -> bool:
    return sum(abs(other - mean) < 1e-9 for other in means.values()) > 1


def _broken(column: Column) -> str:
    """What is stressed beyond its strength, in words; empty where nothing is."""
    for what, zone in (("metal", ANY), ("cement", CEMENT)):
        value = answer(column, Ask("stress_over_strength", zone, "operated"))
        if value is not None and value > 1.0:
            return f"disqualified: stress in the {what} is {value:.2f} times its strength"
    return ""


def _reason(places: Mapping[str, Place]) -> str:
    told = [f"{name} {place.rank}{'=' if place.tied else ''} ({place.score.words})" for name, place in places.items()]
    return "; ".join(told)


def as_data(
    ranked: Sequence[Ranked], columns: Sequence[Column], criteria: Sequence[Criterion] = CRITERIA
) -> dict[str, Any]:
    """The ranking as plain data, with how it was made."""
    used = {name for one in ranked for name in one.places}
    return {
        "caveat": CAVEAT,
        "method": (
            f"Ranks in {', '.join(c.name for c in criteria if c.name in used) or 'no criterion'}; overall by their "
            f"mean. Differences below {100 * NOISE:g} % are noise and share a rank (=). Stress above the strength of "
            "metal or cement disqualifies. " + _about_the_reference(columns)
        ),
        "criteria": [
            {"name": c.name, "question": c.question, "unit": c.unit, "floor": c.floor, "used": c.name in used}
            for c in criteria
        ],
        "order": [
            {
                "variant": one.label,
                "rank": one.rank,
                "tied": one.tied,
                "mean_rank": one.mean_rank,
                "reason": one.reason,
                "criteria": {
                    name: {"value": place.score.value, "rank": place.rank, "tied": place.tied}
                    for name, place in one.places.items()
                },
            }
            for one in ranked
        ],
    }


def _about_the_reference(columns: Sequence[Column]) -> str:
    names = [column.label for column in columns if column.is_reference and not column.refused]
    return (
        f"{' and '.join(names)}: the reference, not ranked." if names else "Each is held against its own intact twin."
    )
