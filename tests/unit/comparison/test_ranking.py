"""The ranking, with made-up measures."""

import pytest

from femsim.comparison.columns import refused
from femsim.comparison.ranking import Score, as_data, placed, ranking


@pytest.fixture
def variant(made_up):
    """A variant by the rise of its risk factor, the volume it shields [%] and the bone it takes [mm³]."""

    def made(label, rise=0.1, shielded=10.0, removed=20_000.0, *, stress=0.5, cement=0.1, is_reference=False):
        measures = [
            ("risk_factor_p99", "neck", "operated", 0.2 + rise),
            ("risk_factor_p99", "neck", "intact", 0.2),
            ("risk_factor_p99", "neck", "change", rise),
            ("risk_factor_p99", "distal_support", "change", 9.0),
            ("unloaded_volume", "femur", "change", shielded),
            ("stress_over_strength", "stem", "operated", stress),
            ("stress_over_strength", "cement", "operated", cement),
        ]
        return made_up(label, measures, removed=removed, is_reference=is_reference)

    return made


def order(columns):
    return [(one.label, one.rank, one.tied) for one in ranking(columns)]


def test_the_best_in_every_criterion_is_first(variant):
    columns = [variant("bad", 0.3, 30.0, 60_000.0), variant("good", 0.1, 10.0, 20_000.0)]
    assert order(columns) == [("good", 1, False), ("bad", 2, False)]


def test_the_overall_rank_goes_by_the_mean_of_the_ranks(variant):
    columns = [variant("a", 0.1, 10.0, 90_000.0), variant("b", 0.3, 30.0, 20_000.0)]
    assert order(columns) == [("a", 1, False), ("b", 2, False)]
    assert [one.mean_rank for one in ranking(columns)] == [pytest.approx(4 / 3), pytest.approx(5 / 3)]


@pytest.mark.parametrize(("shielded", "tied"), [(10.4, True), (11.0, False)])
def test_a_difference_within_the_noise_is_a_tie(variant, shielded, tied):
    best, other = ranking([variant("a"), variant("b", shielded=shielded)])
    assert other.places["shielding"].tied == tied
    assert (best.rank, other.rank, other.tied) == (1, 1 if tied else 2, tied)


def test_those_in_the_noise_of_the_first_of_a_group_share_its_rank_and_no_chain_forms():
    scores = {label: Score(value, value, "") for label, value in (("a", 100.0), ("b", 104.0), ("c", 108.5))}
    places = placed(scores, floor=0.1)
    assert [(place.rank, place.tied) for place in places.values()] == [(1, True), (1, True), (3, False)]


def test_the_rise_of_a_risk_factor_counts_against_the_noise_of_the_risk_factor():
    """0.02 and 0.03 differ by half, but at a risk factor of 1 the model cannot tell them apart."""
    scores = {"a": Score(0.02, 1.0, ""), "b": Score(0.03, 1.0, "")}
    assert all(place.tied for place in placed(scores, floor=0.001).values())


@pytest.mark.parametrize(
    ("over", "words"), [("stress", "in the metal is 1.20 times"), ("cement", "in the cement is 1.20")]
)
def test_stress_beyond_strength_disqualifies(variant, over, words):
    first, last = ranking([variant("broken", 0.0, 0.0, 1000.0, **{over: 1.2}), variant("whole")])
    assert (first.label, first.rank) == ("whole", 1)
    assert last.rank is None and words in last.reason


def test_the_reference_is_not_ranked_and_the_method_says_so(variant):
    columns = [variant("intact", 0.0, 0.0, 0.0, is_reference=True), variant("a")]
    ranked = ranking(columns)
    assert [one.label for one in ranked] == ["a"]
    assert "intact: the reference, not ranked" in as_data(ranked, columns)["method"]


def test_a_refused_variant_stands_last_with_its_reason(variant):
    ranked = ranking([refused("long", "the stem is longer than the bone"), variant("a")])
    assert [(one.label, one.rank) for one in ranked] == [("a", 1), ("long", None)]
    assert "longer than the bone" in ranked[1].reason


def test_a_criterion_that_somebody_has_no_number_for_is_left_out(variant, made_up):
    columns = [variant("a"), made_up("b", [("unloaded_volume", "femur", "change", 5.0)], removed=10_000.0)]
    assert set(ranking(columns)[0].places) == {"shielding", "bone stock"}
    data = as_data(ranking(columns), columns)
    assert {c["name"]: c["used"] for c in data["criteria"]} == {
        "fracture": False,
        "shielding": True,
        "bone stock": True,
    }


def test_the_reason_has_the_numbers_and_the_support_is_no_place(variant):
    (one,) = ranking([variant("a", 0.1)])
    assert one.reason == (
        "fracture 1 (risk factor up most in neck: 0.300, intact 0.200); shielding 1 (10.0 % of the kept bone below "
        "half of its load); bone stock 1 (20.0 cm³ of bone removed)"
    )


def test_it_says_that_it_ranks_a_model(variant):
    assert "mechanics of this one model" in as_data(ranking([variant("a")]), [variant("a")])["caveat"]
