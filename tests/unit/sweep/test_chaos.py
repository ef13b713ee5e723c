"""A sweep survives what can happen to it: kills at any moment, a full disk, a folder that becomes read-only."""

import builtins
import io
import os
import random
import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest

from femsim.sweep import store, table
from femsim.sweep.job import cases_of, read_job
from femsim.sweep.tally import Tally
from tests.unit.sweep import chaos
from tests.unit.sweep.running_sweeps import driver, environment, products, started, waited

KILLS = 50


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """The file of a sweep of 200 cases, and its folder when nothing disturbs it."""
    folder = tmp_path_factory.mktemp("whole")
    path = chaos.written(folder)
    tables = chaos.undisturbed(path, folder / "out")
    return path, next((folder / "out").iterdir()), tables


@pytest.fixture(scope="module")
def rounds(whole, tmp_path_factory):
    """Sweeps whose drivers and workers were killed, at least KILLS times together."""
    rng, found = random.Random(8), []
    while sum(one.kills.total() for one in found) < KILLS:
        found.append(chaos.among_kills(whole[0], tmp_path_factory.mktemp("killed") / "out", rng))
    return found


@pytest.mark.slow
@pytest.mark.long
def test_tables_are_the_same_after_many_kills(whole, rounds):
    assert [products(one.folder) == whole[2] for one in rounds] == [True] * len(rounds)


@pytest.mark.slow
@pytest.mark.long
def test_drivers_and_workers_were_killed(rounds):
    kills = sum((one.kills for one in rounds), start=type(rounds[0].kills)())
    assert kills.total() >= KILLS and min(kills["driver"], kills["worker"]) >= 5


@pytest.mark.slow
@pytest.mark.long
def test_no_result_is_there_twice_without_being_told(rounds):
    assert all(one.n_kept - one.n_cases == one.n_twice for one in rounds)


@pytest.mark.slow
@pytest.mark.long
def test_every_kept_result_was_computed(rounds):
    assert all(one.n_computed >= one.n_kept >= one.n_cases == 200 for one in rounds)


@pytest.mark.slow
@pytest.mark.long
def test_workers_of_a_killed_driver_end(rounds):
    assert [one.orphans for one in rounds] == [0] * len(rounds)


@pytest.mark.slow
@pytest.mark.long
def test_few_files_are_left_after_kills(rounds):
    assert all(sum(path.is_file() for path in one.folder.rglob("*")) <= 10 for one in rounds)


# By which a folder changes; before each there may be a kill, and after an opening, which may have emptied a file.
CALLS = ((os, "replace"), (os, "unlink"), (os, "fsync"), (os, "mkdir"), (os, "open"), (builtins, "open"), (io, "open"))


def killed_at(n: int, work) -> bool:
    """Do it in a process that is killed at the n-th moment at which it changes the disk; whether it was."""
    pid = os.fork()
    if pid == 0:
        left = n

        def moment():
            nonlocal left
            left -= 1
            if left < 0:
                os.kill(os.getpid(), signal.SIGKILL)

        def dying(call, is_opening):
            def called(*arguments, **more):
                moment()
                answer = call(*arguments, **more)
                if is_opening:
                    moment()
                return answer

            return called

        for module, name in CALLS:
            setattr(module, name, dying(getattr(module, name), name == "open"))
        try:
            work()
            os._exit(0)
        except BaseException:
            os._exit(1)
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    assert code in (0, -signal.SIGKILL)
    return code != 0


@pytest.mark.slow
def test_gathering_may_be_killed_before_any_change_of_the_disk(whole, tmp_path):
    """Every kill leaves every result; killed before its 1st, 2nd, 3rd … change, and again on what that left."""
    lines = [line for path in store.segments(read_job(whole[1])) for line in store.lines_of(path)[0]]
    job = started(whole[0], tmp_path)

    def work():
        tally = Tally(job)
        tally.gather()
        tally.merge()

    def told():
        tally = Tally(job)
        tally.update()
        return len(tally.known), tally.n_twice, tally.n_damaged

    n = 0
    while True:
        # Each time from the same beginning: what kills leave behind makes the next gathering longer, without end.
        for path in [*store.parts(job), *store.segments(job)]:
            path.unlink()
        for k in range(0, 200, 20):
            (job.incoming / f"host-1-a-{k:03d}.jsonl").write_bytes(b"".join(lines[k : k + 20]))
        if not killed_at(n, work):
            break
        assert told() == (200, 0, 0)
        killed_at(n, work)
        assert told() == (200, 0, 0)
        n += 1
    assert n > 10
    assert not store.parts(job) and len(store.segments(job)) == 1


def test_a_part_may_be_killed_before_any_change_of_the_disk(whole, tmp_path):
    """A part that is there holds all that it was given."""
    job = started(whole[0], tmp_path)
    records = list(store.all_records(read_job(whole[1])))[:20]

    def work():
        parts = store.PartWriter(job)
        for record in records:
            parts.add(record)
        parts.write()

    n = 0
    while killed_at(n, work):
        n += 1
        assert all(len(store.lines_of(part)[0]) == 20 for part in store.parts(job))
    assert n >= 4 and store.parts(job)


def test_a_table_may_be_killed_before_any_change_of_the_disk(whole, tmp_path):
    """What is there is the old table or the new one, whole."""
    job = started(whole[0], tmp_path)
    for segment in store.segments(read_job(whole[1])):
        (job.segments / segment.name).write_bytes(segment.read_bytes())
    n = 0
    while killed_at(n, lambda: table.write(job)):
        n += 1
        there = {name: (job.folder / name).read_bytes() for name in whole[2] if (job.folder / name).exists()}
        assert there == {name: whole[2][name] for name in there}
    assert n >= 6 and products(job.folder) == whole[2]


@contextmanager
def small_disk(place: Path, size: str):
    """A file system of its own, in memory."""
    place.mkdir()
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "none", str(place)], capture_output=True)
    if made.returncode:
        pytest.skip(f"no file system can be mounted here: {made.stderr.decode().strip()}")
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


def known(job) -> int:
    tally = Tally(job)
    tally.update()
    assert tally.n_damaged == 0
    return len(tally.known)


@pytest.mark.slow
@pytest.mark.long
def test_a_full_disk_keeps_what_is_finished_and_tells(whole, tmp_path):
    with small_disk(tmp_path / "disk", "4m") as disk:
        job = started(whole[0], disk)
        process = driver(whole[0], disk, "slow", "local", "memory_mb=800", TRIVIAL_CASE_S="0.1")
        waited(lambda: store.parts(job))
        with open(disk / "filling", "wb", buffering=0) as filling, pytest.raises(OSError, match="No space"):
            while True:
                filling.write(b"\0" * 4096)
        said = process.communicate()[0].decode()
        assert process.returncode == 75 and "No space left" in said, said
        assert 0 < known(job) < 200
        (disk / "filling").unlink()
        again = driver(whole[0], disk, "slow", "local", "memory_mb=800", TRIVIAL_CASE_S="0")
        assert again.communicate()[0] is not None and again.returncode == 0
        assert products(job.folder) == whole[2]


@pytest.mark.slow
@pytest.mark.long
def test_a_folder_that_becomes_read_only_keeps_what_is_finished(whole, tmp_path):
    with small_disk(tmp_path / "disk", "8m") as disk:
        job = started(whole[0], disk)
        process = driver(whole[0], disk, "slow", "local", "memory_mb=800", TRIVIAL_CASE_S="0.1")
        waited(lambda: store.parts(job))
        # Where results arrive, not the whole disk: one on which logs are open is not made read-only.
        with read_only(job.incoming):
            said = process.communicate()[0].decode()
            assert process.returncode == 75 and "Read-only" in said, said
            assert 0 < known(job) < 200
        again = driver(whole[0], disk, "slow", "local", "memory_mb=800", TRIVIAL_CASE_S="0")
        assert again.communicate()[0] is not None and again.returncode == 0
        assert products(job.folder) == whole[2]


@pytest.mark.slow
def test_a_read_only_folder_is_refused_before_anything_is_computed(whole, tmp_path):
    with small_disk(tmp_path / "disk", "1m") as disk:
        command = [sys.executable, "-P", "-m", "femsim", "sweep", str(whole[0]), "--out", str(disk / "sweeps")]
        with read_only(disk):
            done = subprocess.run(command, env=environment(), capture_output=True, text=True)
        assert done.returncode == 2 and "--out" in done.stderr, done.stderr


@contextmanager
def read_only(folder: Path):
    """The folder as it is, but it cannot be written."""
    subprocess.run(["mount", "--bind", str(folder), str(folder)], check=True)
    try:
        subprocess.run(["mount", "-o", "remount,bind,ro", str(folder)], check=True)
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def test_cases_of_the_trial_share_meshes(whole):
    cases = list(cases_of(whole[1]))
    assert (len(cases), len({case.mesh_key for case in cases})) == (200, 20)
