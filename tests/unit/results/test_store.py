"""A run folder is complete or is not there, whatever happens while it is made."""

import errno
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import h5py
import pytest

from femsim import durable
from femsim.errors import StoreError, UsageError
from femsim.results import store, summary


def found(small_run, out):
    return store.find_complete(out, "small", small_run.DIGEST)


def test_a_finished_run_is_found_and_nothing_else_lies_there(small_run, tmp_path):
    folder = small_run.write(tmp_path)
    assert found(small_run, tmp_path) == folder == tmp_path / "small-01234567"
    assert list(tmp_path.iterdir()) == [folder]
    assert {path.name for path in folder.iterdir()} == {
        "scenario.resolved.toml", "provenance.json", "summary.json", "qoi.csv", "activities.csv", "run.log",
        "result.vtkhdf", "neighbours.npz", "failure.csv", "failure-operated.vtkhdf", "failure-intact.vtkhdf",
        "impact.csv", "impact-operated.vtkhdf", "impact-intact.vtkhdf",
    }  # fmt: skip


def test_a_run_of_another_question_is_not_taken_for_it(small_run, tmp_path):
    small_run.write(tmp_path)
    other = small_run.DIGEST[:8] + "f" * 56
    assert store.find_complete(tmp_path, "small", other) is None


@pytest.mark.parametrize("name", ["result.vtkhdf", "qoi.csv", "provenance.json", "summary.json"])
def test_a_run_that_lost_a_file_is_not_complete(small_run, tmp_path, name):
    (small_run.write(tmp_path) / name).unlink()
    assert found(small_run, tmp_path) is None


def test_a_run_with_a_shortened_file_is_not_complete(small_run, tmp_path):
    path = small_run.write(tmp_path) / "result.vtkhdf"
    path.write_bytes(path.read_bytes()[:-1])
    assert found(small_run, tmp_path) is None


@pytest.mark.parametrize("text", ["", "{", "[]", '{"status": "complete"}', '{"status": NaN}', "\x00\xff"])
def test_a_damaged_summary_is_not_complete(small_run, tmp_path, text):
    (small_run.write(tmp_path) / "summary.json").write_text(text, encoding="latin-1")
    assert found(small_run, tmp_path) is None


def test_a_partial_run_is_not_complete(small_run, tmp_path):
    path = small_run.write(tmp_path) / "summary.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "status": "partial"}))
    assert found(small_run, tmp_path) is None


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit, MemoryError])
def test_a_run_that_breaks_off_leaves_nothing(small_run, tmp_path, error):
    with pytest.raises(error), store.new_run(tmp_path, "small", small_run.DIGEST) as folder:
        small_run.save(folder)
        raise error
    assert list(tmp_path.iterdir()) == []


def test_a_run_that_was_not_completed_is_not_kept(small_run, tmp_path):
    with pytest.raises(StoreError), store.new_run(tmp_path, "small", small_run.DIGEST) as folder:
        (folder / "half").write_text("x")
    assert list(tmp_path.iterdir()) == []


def test_a_run_that_lost_a_file_on_the_way_is_not_kept(small_run, tmp_path):
    with pytest.raises(StoreError, match="not complete"), store.new_run(tmp_path, "small", small_run.DIGEST) as folder:
        small_run.save(folder)
        (folder / "qoi.csv").unlink()
    assert list(tmp_path.iterdir()) == []


def test_sigterm_clears_away_and_asks_for_another_try(small_run, tmp_path):
    with pytest.raises(store.Terminated) as told, store.new_run(tmp_path, "small", small_run.DIGEST) as folder:
        (folder / "half").write_text("x")
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(1)
    assert told.value.exit_code == 75 and isinstance(told.value, KeyboardInterrupt)
    assert list(tmp_path.iterdir()) == [] and signal.getsignal(signal.SIGTERM) == signal.SIG_DFL


def test_a_complete_run_is_replaced_only_by_force(small_run, tmp_path):
    folder = small_run.write(tmp_path)
    (folder / "mark").touch()
    with pytest.raises(StoreError, match="there already"):
        small_run.write(tmp_path)
    assert (folder / "mark").exists()
    small_run.write(tmp_path, force=True)
    assert not (folder / "mark").exists() and list(tmp_path.iterdir()) == [folder]


def test_an_incomplete_folder_is_replaced_without_force(small_run, tmp_path):
    folder = small_run.write(tmp_path)
    (folder / "result.vtkhdf").unlink()
    small_run.write(tmp_path)
    assert found(small_run, tmp_path) == folder


def test_a_forced_run_that_fails_leaves_the_old_one(small_run, tmp_path):
    folder = small_run.write(tmp_path)
    with pytest.raises(ValueError), store.new_run(tmp_path, "small", small_run.DIGEST, force=True):
        raise ValueError
    assert found(small_run, tmp_path) == folder


@pytest.mark.parametrize("nth", [1, 2])
def test_a_failed_rename_leaves_the_old_run(small_run, tmp_path, monkeypatch, nth):
    folder = small_run.write(tmp_path)
    (folder / "mark").touch()
    renames, rename = [], os.rename

    def fail(source, target):
        renames.append(source)
        if len(renames) == nth:
            raise OSError(errno.EIO, "input/output error")
        rename(source, target)

    monkeypatch.setattr(os, "rename", fail)
    with pytest.raises(StoreError):
        small_run.write(tmp_path, force=True)
    assert (folder / "mark").exists() and found(small_run, tmp_path) == folder
    assert list(tmp_path.iterdir()) == [folder]


def test_a_replacement_that_was_cut_off_is_undone(small_run, tmp_path):
    folder = small_run.write(tmp_path)
    folder.rename(tmp_path / ".small-01234567.replaced")
    assert found(small_run, tmp_path) == folder


def test_a_second_writer_of_the_same_run_is_refused_and_another_run_is_not(small_run, tmp_path):
    with pytest.raises(ValueError), store.new_run(tmp_path, "small", small_run.DIGEST):
        with pytest.raises(StoreError, match="Another process") as told:
            small_run.write(tmp_path)
        assert told.value.exit_code == 75 and str(os.getpid()) in told.value.where
        small_run.write(tmp_path, name="other")
        raise ValueError
    assert [path.name for path in tmp_path.iterdir()] == ["other-01234567"]


def test_what_dead_processes_left_is_cleared(small_run, tmp_path):
    for name in (".small-01234567.999999.tmp", ".other-89abcdef.999998.tmp"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "half").touch()
    (tmp_path / ".mine").mkdir()
    folder = small_run.write(tmp_path)
    assert sorted(tmp_path.iterdir()) == sorted([folder, tmp_path / ".mine"])


def test_what_a_living_process_makes_is_not_cleared(small_run, tmp_path):
    with pytest.raises(ValueError), store.new_run(tmp_path, "other", small_run.DIGEST) as folder:
        small_run.write(tmp_path)
        assert folder.is_dir()
        raise ValueError


WRITER = """
import importlib.util, pathlib, sys
spec = importlib.util.spec_from_file_location("small_run", sys.argv[1])
small_run = importlib.util.module_from_spec(spec); spec.loader.exec_module(small_run)
print("ready", flush=True)
while True:
    small_run.write(pathlib.Path(sys.argv[2]), force=True)
"""


@pytest.mark.slow
def test_a_kill_at_any_time_leaves_no_half_run(small_run, tmp_path, root):
    """kill -9 while a run is written over and over; then a new run goes through and sweeps up."""
    outs = [tmp_path / str(k) for k in range(6)]
    environment = {**os.environ, "PYTHONPATH": str(root)}
    command = [sys.executable, "-c", WRITER, str(root / "tests" / "small_run.py")]
    writers = [subprocess.Popen([*command, str(out)], stdout=subprocess.PIPE, env=environment) for out in outs]
    for writer in writers:
        assert writer.stdout.readline() == b"ready\n"
    for k, (writer, out) in enumerate(zip(writers, outs)):
        time.sleep(0.013 * k)
        writer.kill()
        writer.wait()
        folder = out / "small-01234567"
        if found(small_run, out) is None:
            assert not folder.exists()
        small_run.write(out, force=True)
        assert list(out.iterdir()) == [folder]


def failing_writes(monkeypatch, nth, error):
    """Make the n-th thing that reaches the disk fail; returns the list of all that did."""
    done = []

    def counted(original):
        def call(*args, **kwargs):
            done.append(args)
            if len(done) == nth:
                raise OSError(error, os.strerror(error))
            return original(*args, **kwargs)

        return call

    monkeypatch.setattr(Path, "write_bytes", counted(Path.write_bytes))
    monkeypatch.setattr(Path, "mkdir", counted(Path.mkdir))
    monkeypatch.setattr(h5py.Group, "create_dataset", counted(h5py.Group.create_dataset))
    monkeypatch.setattr(h5py.Group, "create_group", counted(h5py.Group.create_group))
    monkeypatch.setattr(store, "flush", counted(durable.flush))
    monkeypatch.setattr(durable, "flush", counted(durable.flush))
    monkeypatch.setattr(os, "replace", counted(os.replace))
    monkeypatch.setattr(os, "rename", counted(os.rename))
    return done


@pytest.mark.parametrize("stride", [pytest.param(1, marks=pytest.mark.slow), 11])
def test_whichever_write_fails_for_a_full_disk_nothing_is_left(small_run, tmp_path, monkeypatch, stride):
    """The n-th write fails, for n up to where a run goes through; an earlier run stays valid."""
    small_run.write(tmp_path, name="earlier")
    nth, failed = 1 - stride, 0
    while True:
        nth += stride
        with monkeypatch.context() as patch:
            done = failing_writes(patch, nth, errno.ENOSPC)
            try:
                small_run.write(tmp_path)
            except StoreError as error:
                failed += 1
                assert error.exit_code == 75 and "MB free" in error.where and str(tmp_path) in error.where
            if len(done) < nth:
                break
        # The last flush, of the folder that holds the runs, comes after the run is in place.
        left = [path.name for path in tmp_path.iterdir() if path.name != "earlier-01234567"]
        assert left == [] or found(small_run, tmp_path) is not None, f"write {nth}"
        shutil.rmtree(tmp_path / "small-01234567", ignore_errors=True)
    assert failed * stride > 50
    assert store.find_complete(tmp_path, "earlier", small_run.DIGEST)


@pytest.mark.parametrize("error", [errno.EACCES, errno.EPERM, errno.EROFS])
def test_a_folder_one_may_not_write_to_is_a_matter_of_usage(tmp_path, monkeypatch, error):
    def refuse(*args, **kwargs):
        raise OSError(error, os.strerror(error))

    monkeypatch.setattr(Path, "write_bytes", refuse)
    with pytest.raises(UsageError, match="cannot be written") as told:
        store.ensure_writable(tmp_path)
    assert told.value.exit_code == 2 and "--out" in told.value.remedy and os.strerror(error) in told.value.why


def test_a_file_in_the_place_of_the_folder_is_a_matter_of_usage(tmp_path):
    (tmp_path / "runs").touch()
    with pytest.raises(UsageError):
        store.ensure_writable(tmp_path / "runs")
    with pytest.raises(UsageError):
        store.ensure_writable(tmp_path / "runs" / "deeper")


def test_a_read_only_folder_is_refused_by_the_system_itself():
    """/proc takes no files, from root either."""
    with pytest.raises(UsageError):
        store.ensure_writable(Path("/proc/femsim"))


def test_a_full_disk_before_the_start_is_a_matter_of_time(tmp_path, monkeypatch):
    def refuse(*args, **kwargs):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Path, "write_bytes", refuse)
    with pytest.raises(StoreError) as told:
        store.ensure_writable(tmp_path)
    assert told.value.exit_code == 75 and list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["", ".hidden", "a/b", "..", "a b", "x" * 81, "ü"])
def test_a_name_that_cannot_be_a_folder_is_refused(small_run, tmp_path, name):
    with pytest.raises(UsageError, match="cannot name a run"):
        store.run_folder(tmp_path, name, small_run.DIGEST)


def test_the_umask_of_the_user_is_respected(small_run, tmp_path):
    before = os.umask(0o077)
    try:
        folder = small_run.write(tmp_path)
    finally:
        os.umask(before)
    assert {path.stat().st_mode & 0o077 for path in [folder, *folder.iterdir()]} == {0}


def test_the_summary_lists_every_other_file_with_its_size(small_run, tmp_path):
    folder = small_run.write(tmp_path)
    files = summary.read(folder)["files"]
    assert files == {path.name: path.stat().st_size for path in folder.iterdir() if path.name != "summary.json"}
