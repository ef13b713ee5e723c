"""failure.csv and impact.csv are refused, with a word, where they are missing or damaged."""

import pytest

from femsim.errors import StoreError
from femsim.results import failure, impact


@pytest.mark.parametrize("module", [failure, impact])
def test_a_run_without_the_table_says_so(module, tmp_path):
    with pytest.raises(StoreError, match=f"has no {module.FILE}"):
        module.read_csv(tmp_path)


@pytest.mark.parametrize("module", [failure, impact])
@pytest.mark.parametrize("text", ["model\nintact\n", "model,state,frame,factor,time_s\nintact,x,y,z,u\n"])
def test_a_damaged_table_is_refused(module, text, tmp_path):
    (tmp_path / module.FILE).write_text(text)
    with pytest.raises(StoreError, match="damaged"):
        module.read_csv(tmp_path)


def test_the_gap_of_work_and_energies_is_told_over_the_largest_work(small_run):
    from dataclasses import replace

    course = small_run.failure_course("intact")
    assert failure.energy_error(course) == pytest.approx(0.0, abs=1e-12)
    assert failure.energy_error(replace(course, stored=course.stored + 0.01 * course.work.max())) == pytest.approx(0.01)


def test_both_tables_stand_in_the_summary(small_run, tmp_path):
    from femsim.results import summary

    told = summary.read(small_run.write(tmp_path))
    one, course = told["failure"]["models"]["operated"], small_run.failure_course("operated", 0.8)
    assert one["pattern"] == "transcervical"
    assert one["dissipated_j"] == pytest.approx(1e-3 * course.dissipated[-1])
    assert one["energy_to_peak_j"] == pytest.approx(1e-3 * course.work[course.peak])
    assert told["impact"]["models"]["intact"]["peak_force_n"]["floor"] == 4000.0
