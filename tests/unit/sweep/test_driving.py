"""A sweep is computed in child processes, gone on with after any end, and its failures are told by class."""

import errno
import json
import os
import signal
import time
from dataclasses import replace

import pyarrow.parquet
import pytest

from femsim.durable import whole_file
from femsim.errors import StoreError, UsageError
from femsim.sweep import store
from femsim.sweep.driving import drive, one_driver, progress_of
from femsim.sweep.engines import ENGINES
from femsim.sweep.engines.asked import Asked
from femsim.sweep.job import cases_of, read_job
from femsim.sweep.tally import Tally, ask_again
from tests.unit.sweep.running_sweeps import computed, driver, products, started, tried

DRAWN = """[sweep]
design = "latin_hypercube"
n = 40
seed = 3
[[sweep.axis]]
key = "implant.varus_valgus_deg"
low = -3
high = 3
[[sweep.axis]]
key = "implant.version_deg"
low = -3
high = 3
"""
MASSES = '[sweep]\ndesign = "grid"\n[[sweep.axis]]\nkey = "subject.body_mass_kg"\nvalues = [{}]\n'


@pytest.fixture(autouse=True)
def trivial(monkeypatch):
    """Children find the computers of the tests, and the kernels count as compiled."""
    monkeypatch.setenv("PYTHONPATH", os.path.dirname(__file__))


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """The file of a sweep of 40 cases, and its tables when nothing disturbs it."""
    path, place, ended = tried(tmp_path_factory.mktemp("whole"), DRAWN)
    assert ended.done == 40
    return path, place, products(place)


def masses(sweep_file, *values):
    return sweep_file(MASSES.format(", ".join(map(str, values))))


def test_every_case_has_a_row_in_the_order_of_the_design(whole):
    table = pyarrow.parquet.read_table(whole[1] / "table.parquet").to_pydict()
    assert table["number"] == list(range(40)) and set(table["status"]) == {"done"}


def test_headers_carry_units(whole):
    head = (whole[1] / "table.csv").read_text(encoding="utf-8").splitlines()[0]
    assert head.endswith("implant.version_deg [deg],intact.neck.answer [-],operated.neck.answer [MPa]")


def test_few_files_are_left(whole):
    assert sum(1 for path in whole[1].rglob("*") if path.is_file()) <= 10


def test_a_finished_sweep_computes_nothing_again(whole, tmp_path):
    _, place, tables = whole
    drive(read_job(place), _never, Asked(computer="trivial_computers:ishigami"))
    assert products(place) == tables


@pytest.mark.parametrize("engine_jobs", [1, 2])
def test_the_table_does_not_depend_on_how_many_compute(whole, tmp_path, engine_jobs):
    place, _ = computed(whole[0], tmp_path, jobs=engine_jobs)
    assert products(place) == whole[2]


def test_results_that_are_lost_are_computed_again(whole, tmp_path):
    job = started(whole[0], tmp_path)
    for segment in store.segments(read_job(whole[1])):
        lines, _ = store.lines_of(segment)
        (job.incoming / "host-1-a-0.jsonl").write_bytes(b"".join(lines[:25]))
        (job.incoming / "host-1-a-1.jsonl").write_bytes(lines[26][:50])  # cut short
    place, ended = computed(whole[0], tmp_path)
    assert (ended.done, ended.damaged) == (40, 1)
    assert products(place) == whole[2]


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
@pytest.mark.long
def test_a_driver_that_is_stopped_is_gone_on_with(whole, tmp_path, number):
    process = driver(whole[0], tmp_path, "slow", TRIVIAL_CASE_S="0.1")
    job = started(whole[0], tmp_path)
    deadline = time.monotonic() + 60
    while not store.parts(job) and time.monotonic() < deadline:
        time.sleep(0.05)
    os.kill(process.pid, number)
    process.communicate()
    assert process.returncode == {signal.SIGKILL: -9, signal.SIGTERM: 75, signal.SIGINT: 130}[number]
    tally = Tally(job)
    tally.update()
    assert 0 < len(tally.known) < 40
    place, ended = computed(whole[0], tmp_path)
    assert products(place) == whole[2] and ended.twice == 0


def test_a_case_that_is_finished_twice_is_counted_and_kept_once(whole, tmp_path):
    job = started(whole[0], tmp_path)
    lines, _ = store.lines_of(store.segments(read_job(whole[1]))[0])
    other = {**json.loads(lines[5]), "worker": "elsewhere:1", "finished": 4e9}
    (job.incoming / "a-1-a-0.jsonl").write_bytes(b"".join(lines) + json.dumps(other).encode() + b"\n")
    # The very same result, left by a kill while results were gathered, is not a second one.
    (job.incoming / "a-1-a-1.jsonl").write_bytes(lines[7])
    place, ended = computed(whole[0], tmp_path)
    assert (ended.twice, ended.done) == (1, 40) and products(place) == whole[2]


FAILURES = {
    61: "mesh", 62: "not_converged", 63: "crash", 64: "memory", 65: "time", 66: "internal", 67: "crash",
}  # fmt: skip


@pytest.fixture(scope="module")
def failures(tmp_path_factory):
    """A sweep in which cases of one stiffness fail in every way there is."""
    from tests.unit.sweep.conftest import BASE

    folder = tmp_path_factory.mktemp("failures")
    path = folder / "tried.toml"
    path.write_text(BASE + MASSES.format(", ".join(map(str, [60, *FAILURES, 68, 70]))), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", os.path.dirname(__file__))
        patch.setenv("TRIVIAL_MARK", str(folder / "mark"))
        return *computed(path, folder / "out", "wicked", case_s=3.0), path


@pytest.mark.slow
@pytest.mark.parametrize("mass", FAILURES)
def test_a_failure_is_kept_with_its_class(failures, mass):
    table = pyarrow.parquet.read_table(failures[0] / "table.parquet").to_pydict()
    row = table["subject.body_mass_kg [kg]"].index(mass)
    assert (table["status"][row], table["class"][row]) == ("failed", FAILURES[mass])


@pytest.mark.slow
def test_cases_beside_a_poisonous_one_are_computed(failures):
    table = pyarrow.parquet.read_table(failures[0] / "table.parquet").to_pydict()
    done = [m for m, status in zip(table["subject.body_mass_kg [kg]"], table["status"]) if status == "done"]
    assert done == [60, 68, 70]  # 68 is killed once, from outside


@pytest.mark.slow
def test_failures_are_listed_with_what_to_do(failures):
    lines = (failures[0] / "failed.csv").read_text(encoding="utf-8").splitlines()
    assert len(lines) == 1 + len(FAILURES)
    assert "mesh,MeshError,No sound mesh.,,,coarser,3,1,--set 'subject.body_mass_kg=61'" in lines[1]


@pytest.mark.slow
def test_failures_of_one_class_are_tried_again(failures):
    folder, _, _ = failures
    job = read_job(folder)
    tally = Tally(job)
    tally.update()
    assert ask_again(tally, ["mesh", "not_converged"]) == 2
    assert progress_of(tally, list(cases_of(folder))).missing == 2
    ended = drive(job, ENGINES["local"], Asked(computer="trivial_computers:ishigami", memory_mb=800.0))
    assert "mesh" not in ended.classes and "memory" in ended.classes and ended.twice == 0


def test_a_case_that_cannot_be_is_told_without_a_child(sweep_file, tmp_path):
    path = sweep_file(
        '[sweep]\ndesign = "list"\n[[sweep.case]]\nimplant.kind = "intact"\nimplant.cement_mm = 2.0\n'
        "[[sweep.case]]\nimplant.cement_mm = 1.5\n"
    )
    _, ended = computed(path, tmp_path)
    assert (ended.done, ended.classes) == (1, {"invalid": 1})


def test_a_case_is_refused_when_the_scenario_has_changed_meanwhile(sweep_file, tmp_path):
    path = masses(sweep_file, 60, 70)
    job = started(path, tmp_path)
    text = (job.folder / "sweep.toml").read_text(encoding="utf-8")
    (job.folder / "sweep.toml").write_text(text.replace("size_mm = 10.0", "size_mm = 9.0"), encoding="utf-8")
    ended = drive(job, ENGINES["local"], Asked(computer="trivial_computers:ishigami", memory_mb=800.0))
    assert ended.classes == {"invalid": 2}


def test_two_drivers_on_one_folder_are_one_too_many(sweep_file, tmp_path):
    job = started(masses(sweep_file, 60, 70), tmp_path)
    with one_driver(job), pytest.raises(StoreError, match="Another process drives this sweep"):
        drive(job, ENGINES["local"], Asked())


def test_a_worker_of_another_femsim_is_refused(sweep_file, tmp_path):
    job = started(masses(sweep_file, 60, 70), tmp_path)
    with pytest.raises(UsageError, match="must not be mixed"):
        drive(replace(job, code="0123456789abcdef"), ENGINES["local"], Asked(computer="trivial_computers:ishigami"))


def test_a_worker_that_does_not_start_is_told_with_its_last_words(sweep_file, tmp_path):
    job = started(masses(sweep_file, 60, 70), tmp_path)
    with pytest.raises(StoreError, match="did not start") as refused:
        drive(job, ENGINES["local"], Asked(computer="there_is_none:at_all"))
    assert "there_is_none" in refused.value.why


@pytest.mark.parametrize("nth", range(5))  # a part, a segment, three tables
def test_a_full_disk_leaves_what_is_finished(whole, tmp_path, monkeypatch, nth):
    """Every write fails after the n-th, for every n; then there is room again."""
    writes = 0

    def full(path):
        nonlocal writes
        writes += 1
        if writes > nth:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))
        return whole_file(path)

    job = started(whole[0], tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr("femsim.sweep.store.whole_file", full)
        patch.setattr("femsim.sweep.table.whole_file", full)
        with pytest.raises(OSError, match="No space left"):
            drive(job, ENGINES["local"], Asked(computer="trivial_computers:ishigami", memory_mb=800.0, jobs=1))
    place, _ = computed(whole[0], tmp_path)
    assert products(place) == whole[2]


def _never(asked):
    raise AssertionError("something is computed")
