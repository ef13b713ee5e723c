"""Which variants a command line names."""

import pytest

from femsim.comparison.variants import variants_of
from femsim.errors import ScenarioError, UsageError


def test_a_patient_without_an_implant_gets_each_of_the_implants(patient):
    intact, cap = variants_of([patient], "intact, resurfacing_cap")
    assert [intact.kind, cap.kind] == ["intact", "resurfacing_cap"]
    assert [intact.is_reference, cap.is_reference] == [True, False]
    assert intact.scenario.femur == cap.scenario.femur


def test_keys_of_the_patient_hold_for_the_kind_they_were_written_for(capped):
    intact, cap = variants_of([capped], "intact,resurfacing_cap")
    assert cap.scenario.implant.cement_mm == 2.0
    assert intact.kind == "intact"


def test_keys_of_a_variant_are_its_own_and_in_its_label(patient):
    plain, given = variants_of([patient], "resurfacing_cap,resurfacing_cap:cement_mm=1.5;varus_valgus_deg=-10")
    assert given.scenario.implant.cement_mm == 1.5
    assert given.scenario.implant.varus_valgus_deg == -10.0
    assert plain.scenario.implant.cement_mm == 1.0
    assert given.label == "resurfacing_cap cement_mm=1.5 varus_valgus_deg=-10"


def test_keys_of_a_variant_are_written_over_those_of_the_patient(capped):
    own, given = variants_of([capped], "resurfacing_cap,resurfacing_cap:cement_mm=1.5")
    assert (own.scenario.implant.cement_mm, given.scenario.implant.cement_mm) == (2.0, 1.5)
    assert given.scenario.implant.varus_valgus_deg == -5.0


def test_a_variant_is_the_run_that_its_overrides_make(patient):
    from femsim import identity
    from femsim.scenario.reading import load

    _, cap = variants_of([patient], "intact,resurfacing_cap", ["mesh.size_mm=6"])
    as_run = load(patient, ["implant.kind=resurfacing_cap", "mesh.size_mm=6"])
    assert cap.digest == identity.digest(as_run)
    assert cap.digest == identity.digest(load(cap.path, cap.sets))


def test_scenarios_are_called_by_their_names(patient, capped):
    variants = variants_of([patient, capped], None, ["implant.kind=resurfacing_cap"])
    assert [variant.label for variant in variants] == ["patient", "capped"]


def test_scenarios_of_one_name_are_called_by_their_files(patient):
    other = patient.with_name("other.toml")
    other.write_text(patient.read_text() + "[mesh]\nsize_mm = 5\n")
    variants = variants_of([patient, other], None, ["implant.kind=intact"])
    assert [variant.label for variant in variants] == ["patient", "other"]


@pytest.mark.parametrize(
    ("implants", "sets", "words"),
    [
        ("intact", (), "two variants at least"),
        ("", (), "two variants at least"),
        ("intact,resurfacing_cup", (), "no implant 'resurfacing_cup'. Did you mean 'resurfacing_cap'? Known: intact,"),
        ("intact,resurfacing_cap,intact", (), "Variants are the same: intact and intact"),
        ("resurfacing_cap,resurfacing_cap:cement_mm=1.0", (), "Variants are the same"),
        ("intact,resurfacing_cap", ("implant.cement_mm=2",), "--set implant.cement_mm=2 would change every implant"),
    ],
)
def test_what_cannot_be_compared_is_refused(patient, implants, sets, words):
    with pytest.raises(UsageError) as refused:
        variants_of([patient], implants, sets)
    assert words in str(refused.value)
    assert refused.value.exit_code == 2


@pytest.mark.parametrize("key", ["cement_mm=99", "cement=1", "cement_mm"])
def test_a_wrong_key_of_a_variant_is_a_problem_of_that_variant(patient, key):
    with pytest.raises(ScenarioError) as refused:
        variants_of([patient], f"intact,resurfacing_cap:{key}")
    assert f"--implants resurfacing_cap:{key}" in refused.value.where


def test_implants_are_put_in_one_patient(patient, capped):
    with pytest.raises(UsageError, match="2 files are given"):
        variants_of([patient, capped], "intact,resurfacing_cap")


def test_no_scenario_at_all_is_refused():
    with pytest.raises(UsageError, match="two variants at least"):
        variants_of([], None)
