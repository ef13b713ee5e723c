"""What is wrong with a [sweep] is told at once, each thing with its place; and `femsim run` runs the base case."""

import pytest

from femsim.errors import ScenarioError
from femsim.scenario.reading import load, schema_json
from femsim.sweep.reading import load_sweep
from tests.unit.sweep.conftest import FIRST_LINE

GOOD = '[sweep]\ndesign = "grid"\n[[sweep.axis]]\nkey = "implant.cement_mm"\nvalues = [1, 2]\n'
AXIS = '[sweep]\ndesign = "grid"\n[[sweep.axis]]\n'


@pytest.mark.parametrize(
    ("axis", "words"),
    [
        ('key = "implant.cemnt_mm"\nvalues = [1]', "Did you mean 'cement_mm'?"),
        ('key = "implnt.cement_mm"\nvalues = [1]', "there is no table 'implnt'. Did you mean 'implant'?"),
        ('key = "implant"\nvalues = [1]', "is a table"),
        ('key = "implant.cement_mm"\nvalues = []', "is empty"),
        ('key = "implant.cement_mm"\nvalues = 3', "a list is expected"),
        ('key = "implant.cement_mm"', "has no values"),
        ('key = "implant.cement_mm"\nvalues = [1, 5]', "5 mm is above the most allowed, 3 mm"),
        ('key = "implant.cement_mm"\nvalues = ["thick"]', "a number in mm is expected"),
        ('key = "implant.cement_mm"\nvalues = [1, 2, 1]', "names 1 twice"),
        ('key = "implant.kind"\nvalues = ["resurfacing_cup"]', "'resurfacing_cup' is not a choice."),
        ('key = "implant.cement_mm"\nlow = 0.2\nhigh = 2\nsteps = 3', "reaches out of what the key takes"),
        ('key = "implant.cement_mm"\nlow = 2\nhigh = 1\nsteps = 3', "low = 2 is not below high = 1"),
        ('key = "implant.cement_mm"\nlow = 1\nhigh = 2', "a grid needs values, or steps"),
        ('key = "implant.cement_mm"\nlow = 1\nhigh = 2\nsteps = 1', "2 or more"),
        ('key = "implant.cement_mm"\nvales = [1]', "unknown key vales. Did you mean 'values'?"),
        ('key = "implant.cement_mm"\ndistribution = "unifrom"\nlow = 1\nhigh = 2', "Did you mean 'uniform'?"),
        ("values = [1, 2]", "names neither a key nor itself"),
        ('name = "sex"\nvalues = [{femur.sx = "male"}]', "femur.sx: unknown key"),
        ('name = "hip"\nvalues = [{femur.kind = "surface", femur.file = "no.stl"}]', "no such file"),
        ('key = "femur.file"\nvalues = ["no.stl"]', "no such file"),
        ('name = "sex"\nvalues = [{label = 3, femur.sex = "male"}]', "a text is expected"),
        ('key = "implant.cement_mm"\nvalues = [1, 1.0]', "names 1.0 twice"),
        ('name = "sex"\nvalues = [{femur.sex = "tall"}]', "'tall' is not a choice"),
    ],
)
def test_a_wrong_axis_is_told_with_its_line(problems_of, axis, words):
    told = problems_of(AXIS + axis)
    assert words in told
    lines = [FIRST_LINE + n for n in range(2, 7)]
    assert any(f"tried.toml:{line}:" in told for line in lines)


def test_everything_wrong_is_told_at_once(problems_of):
    told = problems_of(
        AXIS + 'key = "implant.cemnt_mm"\nvalues = [1]\n[[sweep.axis]]\nkey = "subject.body_mass_kg"\nvalues = []\n'
    )
    assert "has 2 problems" in told and "cemnt_mm" in told and "is empty" in told


def test_the_base_case_is_judged_too(problems_of, sweep_file):
    path = sweep_file(AXIS + 'key = "implant.cement_mm"\nvalues = []\n')
    path.write_text(path.read_text().replace("body_mass_kg = 75", "body_mas_kg = 75"))
    with pytest.raises(ScenarioError) as refused:
        load_sweep(path)
    assert "body_mas_kg" in str(refused.value) and "is empty" in str(refused.value)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[sweep]\n", "missing. Write design = one of"),
        ('[sweep]\ndesign = "grud"\n', "Did you mean 'grid'?"),
        ('[sweep]\ndesign = "grid"\n', "nothing is varied"),
        ('[sweep]\ndesign = "list"\n', "write a table [[sweep.case]]"),
        (AXIS + 'key = "implant.cement_mm"\nvalues = [1]\n[[sweep.case]]\nimplant.cement_mm = 1', '"list"'),
        (GOOD.replace('"grid"', '"grid"\nmetrics = ["risk"]'), "metrics names"),
        (GOOD.replace('"grid"', '"grid"\nmetrcs = []'), "'metrics'"),
        (GOOD.replace('"grid"', '"grid"\nfilters = ["x(1)"]'), "cannot stand"),
        (AXIS + 'key = "implant.cement_mm"\nvalues = [1]\n[[sweep.axis]]\nkey = "implant.cement_mm"\nvalues = [2]',
         "sets implant.cement_mm, which the axis 'implant.cement_mm' sets already"),
        ('[sweep]\ndesign = "zip"\n[[sweep.axis]]\nkey = "implant.cement_mm"\nvalues = [1]\n'
         '[[sweep.axis]]\nkey = "subject.body_mass_kg"\nvalues = [60, 70]',
         "implant.cement_mm 1, subject.body_mass_kg 2"),
    ],
)  # fmt: skip
def test_a_wrong_table_is_told(problems_of, text, words):
    assert words in problems_of(text)


def test_a_file_without_a_sweep_says_how_to_write_one(problems_of):
    assert "has no table [sweep]" in problems_of("")


def test_a_run_is_of_the_base_case_and_says_so(sweep_file):
    path = sweep_file(GOOD)
    scenario = load(path)
    assert scenario.notes == (f"[sweep] is for `femsim sweep {path}`; this is its base case alone.",)
    bare = path.with_name("bare.toml")
    bare.write_text(path.read_text().partition("[sweep]")[0])
    assert load(bare) == scenario


def test_keys_of_the_sweep_can_be_set(sweep_file):
    path = sweep_file(GOOD)
    assert load_sweep(path, ['sweep.metrics=["risk_factor"]']).settings.metrics == ("risk_factor",)


def test_editors_know_the_table():
    assert "sweep" in schema_json()["properties"]
