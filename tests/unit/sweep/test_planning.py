"""Which cases a sweep has, what they share, and that each is an ordinary run."""

import pytest

from femsim import identity
from femsim.errors import ScenarioError
from femsim.scenario.reading import load
from femsim.sweep.planning import plan
from femsim.sweep.reading import load_sweep

GRID = """[sweep]
design = "grid"
[[sweep.axis]]
key = "implant.cement_mm"
values = [0.5, 1.0, 2.0]
[[sweep.axis]]
key = "subject.body_mass_kg"
low = 60
high = 100
steps = 5
"""


def planned(path, *overrides):
    return plan(load_sweep(path, overrides))


def test_a_grid_has_every_combination(sweep_file):
    cases = planned(sweep_file(GRID)).cases
    found = [(case.values["implant.cement_mm"], case.values["subject.body_mass_kg"]) for case in cases]
    assert found == [(cement, mass) for cement in (0.5, 1.0, 2.0) for mass in (60, 70, 80, 90, 100)]


def test_a_case_is_the_run_of_its_sets(sweep_file):
    path = sweep_file(GRID)
    case = planned(path, "mesh.size_mm=9").cases[7]
    assert identity.digest(load(path, case.sets)) == case.digest


def test_loads_share_mesh_and_stiffness(sweep_file):
    cases = planned(sweep_file(GRID)).cases
    assert len({case.mesh_key for case in cases}) == 3
    assert len({case.stiffness_key for case in cases}) == 3


def test_columns_have_the_units_of_their_keys(sweep_file):
    assert planned(sweep_file(GRID)).units == {"implant.cement_mm": "mm", "subject.body_mass_kg": "kg"}


def test_the_same_sweep_has_the_same_digest_and_another_has_another(sweep_file):
    first = planned(sweep_file(GRID)).digest
    assert planned(sweep_file(GRID)).digest == first
    assert planned(sweep_file(GRID.replace("steps = 5", "steps = 4"))).digest != first


def test_an_axis_may_set_several_keys(sweep_file):
    cases = planned(
        sweep_file("""[sweep]
design = "grid"
[[sweep.axis]]
name = "sex"
values = [{label = "man", femur.sex = "male"}, {label = "woman", femur.sex = "female", femur.height_cm = 160}]
""")
    ).cases
    assert [case.values for case in cases] == [{"sex": "man"}, {"sex": "woman"}]
    assert cases[1].sets == ('femur.sex="female"', "femur.height_cm=160")


def test_a_key_may_follow_from_a_number(sweep_file):
    cases = planned(
        sweep_file("""[sweep]
design = "grid"
[[sweep.axis]]
name = "age"
unit = "y"
values = [40, 60, 100]
gives = [{key = "bone.osteoporosis.density_factor", at = [50, 90], values = [1.0, 0.6]}]
""")
    ).cases
    key = "bone.osteoporosis.density_factor"
    assert [case.sets for case in cases] == [(f"{key}=1.0",), (f"{key}=0.9",), (f"{key}=0.6",)]


LIST = """[sweep]
design = "list"
[[sweep.case]]
label = "thin"
implant.cement_mm = 0.5
[[sweep.case]]
label = "heavy"
subject.body_mass_kg = 100
"""


def test_a_listed_case_keeps_the_base_where_it_says_nothing(sweep_file):
    cases = planned(sweep_file(LIST)).cases
    assert cases[0].values == {"label": "thin", "implant.cement_mm": 0.5, "subject.body_mass_kg": 75.0}
    assert cases[1].sets == ("subject.body_mass_kg=100",)


def test_zipped_axes_go_together(sweep_file):
    text = GRID.replace('"grid"', '"zip"').replace("steps = 5", "steps = 3")
    cases = planned(sweep_file(text)).cases
    assert [tuple(case.values.values()) for case in cases] == [(0.5, 60), (1.0, 80), (2.0, 100)]


def test_one_at_a_time_has_the_base_case_once(sweep_file):
    found = planned(sweep_file(GRID.replace('"grid"', '"one_at_a_time"')))
    # The base case's own mantle of 1 mm is not computed again.
    assert len(found.cases) == 1 + 2 + 5 and found.n_repeated == 1
    assert found.cases[0].sets == () and found.cases[0].values["subject.body_mass_kg"] == 75.0


def test_a_case_that_is_no_scenario_is_planned_as_refused(sweep_file):
    text = """[sweep]
design = "list"
[[sweep.case]]
implant.cement_mm = 1.5
[[sweep.case]]
implant.kind = "intact"
implant.cement_mm = 2.0
"""
    cases = planned(sweep_file(text)).cases
    assert cases[0].refused is None
    assert cases[1].refused["kind"] == "ScenarioError" and "cement_mm" in cases[1].refused["what"]


def test_a_case_written_twice_is_refused(sweep_file):
    text = """[sweep]
design = "list"
[[sweep.case]]
implant.cement_mm = 1.5
[[sweep.case]]
implant.cement_mm = 1.5
subject.body_mass_kg = 75
"""
    with pytest.raises(ScenarioError, match="Cases 0 and 1 of the sweep are the same"):
        planned(sweep_file(text))


def test_a_filter_leaves_cases_out_and_numbers_stay(sweep_file):
    text = GRID.replace(
        'design = "grid"', 'design = "grid"\nfilters = ["implant.cement_mm * 40 >= subject.body_mass_kg"]'
    )
    found = planned(sweep_file(text))
    assert [case.number for case in found.cases] == [10, 11, 12] and found.n_filtered == 12


def test_filters_that_leave_nothing_are_refused(sweep_file):
    text = GRID.replace('design = "grid"', 'design = "grid"\nfilters = ["implant.cement_mm > 3"]')
    with pytest.raises(ScenarioError, match="No case is left"):
        planned(sweep_file(text))


def test_a_billion_cases_are_counted_without_being_made(sweep_file):
    axes = "".join(f'[[sweep.axis]]\nkey = "implant.{key}"\nlow = {low}\nhigh = {high}\nsteps = 1000\n'
                   for key, low, high in (("cement_mm", 0.5, 3), ("depth_mm", 0, 5), ("notch_mm", 0, 8)))  # fmt: skip
    sweep = load_sweep(sweep_file('[sweep]\ndesign = "grid"\n' + axes))
    assert sweep.n_designed == 10**9
    with pytest.raises(ScenarioError, match="1,000,000,000 cases"):
        plan(sweep)


def test_files_of_overrides_are_found_from_anywhere(sweep_file, tmp_path, monkeypatch):
    (tmp_path / "bone.stl").write_text("solid\n")
    monkeypatch.chdir(tmp_path)
    case = planned(sweep_file(GRID), "femur.file=bone.stl").cases[0]
    assert case.sets[0] == f'femur.file="{tmp_path / "bone.stl"}"'


@pytest.mark.parametrize(("keep", "kept"), [('"none"', 0), ('"all"', 15), ("[0, 7]", 2)])
def test_chosen_cases_are_kept_whole(sweep_file, keep, kept):
    assert len(planned(sweep_file(GRID), f"sweep.keep={keep}").keep) == kept


def test_a_case_that_is_not_there_cannot_be_kept(sweep_file):
    with pytest.raises(ScenarioError, match="keep names case 15; cases are numbered 0 to 14"):
        planned(sweep_file(GRID), "sweep.keep=[15]")


def test_files_are_read_once_for_all_cases(sweep_file, tmp_path, monkeypatch):
    from femsim import identity

    (tmp_path / "bone.stl").write_text("solid\n")
    read = []
    monkeypatch.setattr(identity, "content_hash", lambda path: read.append(path) or "0" * 64)
    assert len(planned(sweep_file(GRID), f"femur.file={tmp_path / 'bone.stl'}").cases) == 15
    assert len(read) == 1
