"""Variants are one patient under one load, or the difference is said."""

import pytest

from femsim.comparison.likeness import differences, is_one_question
from femsim.comparison.variants import variants_of
from femsim.errors import UsageError


@pytest.fixture
def pair(patient):
    """The patient and a copy with more lines, as variants."""

    def made(lines="", **replaced):
        other = patient.with_name("other.toml")
        text = patient.read_text().replace('"patient"', '"other"') + lines
        for old, new in replaced.items():
            text = text.replace(old, new)
        other.write_text(text)
        return variants_of([patient, other], None, ["implant.kind=resurfacing_cap"])

    return made


def test_implants_of_one_patient_differ_in_nothing_else(patient):
    variants = variants_of([patient], "intact,resurfacing_cap")
    assert differences(variants) == ()
    assert is_one_question(variants)


def test_another_bone_is_told_with_both_values(pair):
    (sentence,) = differences(pair("[mesh]\nsize_mm = 5\n"))
    assert sentence == "[mesh] differs: mesh.size_mm = 3 (patient), 5 (other)."


def test_another_subject_is_refused_with_both_values(pair):
    variants = pair(**{"body_mass_kg = 75": "body_mass_kg = 90"})
    with pytest.raises(UsageError) as refused:
        differences(variants)
    assert "subject.body_mass_kg = 75 (patient), 90 (other)" in refused.value.why
    assert not is_one_question(variants)


def test_another_femur_is_told_where_one_compares_anyway(pair):
    (sentence,) = differences(pair(**{'kind = "parametric"': 'kind = "parametric"\nside = "left"'}), anyway=True)
    assert sentence.startswith("[femur] differs: femur.side = auto (patient), left (other)")


def test_of_many_keys_that_differ_a_few_are_named(pair):
    (sentence,) = differences(pair("[bone.osteonecrosis]\nangle_deg = 90\n"))
    assert sentence.startswith("[bone] differs: bone.osteonecrosis.angle_deg = – (patient), 90 (other); ")
    assert sentence.endswith(" more keys.")
