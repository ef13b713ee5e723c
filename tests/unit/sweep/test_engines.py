"""Every engine computes the same table: this machine, a real Slurm cluster, a real Dask cluster of processes."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from femsim.errors import MissingPieceError, UsageError
from femsim.sweep import fleet, store, task
from femsim.sweep.crew import Limits
from femsim.sweep.engines import ENGINES, queues
from femsim.sweep.engines.asked import Asked
from femsim.sweep.engines.dask_cluster import fit_workers
from femsim.sweep.engines.this_machine import crews
from tests.unit.sweep import dask_cluster, slurm_cluster
from tests.unit.sweep.running_sweeps import computed, driver, environment, products, started, tried, waited

DRAWN = """[sweep]
design = "sobol"
n = 256
seed = 5
filters = ["implant.version_deg <= 1.8"]
[[sweep.axis]]
key = "implant.varus_valgus_deg"
low = -3
high = 3
[[sweep.axis]]
key = "implant.version_deg"
low = -3
high = 3
[[sweep.axis]]
key = "subject.body_mass_kg"
low = 60
high = 90
"""


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A sweep of 200 cases and more, and its tables as computed on this machine."""
    path, place, ended = tried(tmp_path_factory.mktemp("whole"), DRAWN)
    assert ended.done > 200
    return path, products(place)


@pytest.fixture(scope="module")
def slurm(tmp_path_factory):
    """The environment of a running Slurm cluster."""
    if why := slurm_cluster.lacking():
        pytest.skip(why)
    with slurm_cluster.cluster(tmp_path_factory.mktemp("slurm")) as found:
        yield found


@pytest.fixture(scope="module")
def dask(tmp_path_factory):
    """Scheduler file and processes of a running Dask cluster."""
    pytest.importorskip("distributed", reason="Dask is not installed: pip install 'femsim[dask]'")
    with dask_cluster.cluster(tmp_path_factory.mktemp("dask"), 3, environment()) as found:
        yield found


def folder_in(out: Path) -> Path:
    """The one sweep in a folder."""
    (found,) = out.iterdir()
    return found


@pytest.mark.slow
@pytest.mark.long
def test_slurm_gives_the_same_tables(whole, slurm, tmp_path):
    process = driver(whole[0], tmp_path, "ishigami", "slurm", "jobs=4", "submit=--time=00:10:00", **slurm_only(slurm))
    assert process.communicate()[0] is not None and process.returncode == 0
    assert products(folder_in(tmp_path)) == whole[1]


@pytest.mark.slow
@pytest.mark.long
def test_slurm_tasks_are_cancelled_and_requeued_and_nothing_is_lost(whole, slurm, tmp_path):
    job = started(whole[0], tmp_path)
    own = slurm_only(slurm)
    process = driver(whole[0], tmp_path, "slow", "slurm", "jobs=3", TRIVIAL_CASE_S="0.1", **own)
    waited(lambda: len(store.parts(job)) > 3)
    number = (job.folder / "jobs" / "submitted.json").read_text(encoding="utf-8").split('"id": "')[1].split('"')[0]
    said = {"env": {**os.environ, **own}, "capture_output": True}
    subprocess.run(["scontrol", "requeue", f"{number}_0"], **said)
    subprocess.run(["scancel", f"{number}_1"], **said)
    waited(lambda: "PENDING" in _state(f"{number}_0", said))
    # Slurm lets what is requeued wait for two minutes.
    subprocess.run(["scontrol", "update", f"JobId={number}_0", "StartTime=now"], **said)
    process.communicate()
    assert process.returncode == 0 and products(job.folder) == whole[1]


def _state(task_id, said) -> str:
    return subprocess.run(["squeue", "-h", "-j", task_id, "-o", "%T"], text=True, **said).stdout


def slurm_only(found) -> dict[str, str]:
    """What a process needs to speak to the cluster."""
    return {name: found[name] for name in ("SLURM_CONF", "PATH")}


@pytest.mark.slow
def test_dask_gives_the_same_tables(whole, dask, tmp_path, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", os.path.dirname(__file__))
    place, _ = computed(whole[0], tmp_path, engine="dask", scheduler=dask[0])
    assert products(place) == whole[1]


@pytest.mark.slow
def test_dask_workers_of_another_femsim_are_refused(whole, dask, tmp_path):
    from dataclasses import replace

    from distributed import Client

    job = replace(started(whole[0], tmp_path), version="0.0.1")
    with Client(scheduler_file=dask[0]) as client, pytest.raises(UsageError, match="it has femsim"):
        fit_workers(client, job)


@pytest.mark.slow
@pytest.mark.long
def test_a_dask_worker_is_killed_and_nothing_is_lost(whole, tmp_path):
    pytest.importorskip("distributed", reason="Dask is not installed: pip install 'femsim[dask]'")
    job = started(whole[0], tmp_path / "out")
    slow = environment(TRIVIAL_CASE_S="0.1")
    with dask_cluster.cluster(tmp_path / "cluster", 3, slow) as (file, processes):
        process = driver(whole[0], tmp_path / "out", "slow", "dask", f"scheduler={file}")
        waited(lambda: len(store.parts(job)) > 3)
        os.kill(processes[1].pid, signal.SIGKILL)
        process.communicate()
    assert process.returncode == 0 and products(job.folder) == whole[1]


@pytest.mark.slow
@pytest.mark.long
def test_a_dask_worker_that_comes_later_goes_on_for_one_that_is_gone(whole, tmp_path):
    pytest.importorskip("distributed", reason="Dask is not installed: pip install 'femsim[dask]'")
    job = started(whole[0], tmp_path / "out")
    slow = environment(TRIVIAL_CASE_S="0.1")
    with dask_cluster.cluster(tmp_path / "cluster", 1, slow) as (file, processes):
        process = driver(whole[0], tmp_path / "out", "slow", "dask", f"scheduler={file}")
        waited(lambda: len(store.parts(job)) > 1)
        later = subprocess.Popen(
            processes[1].args, env=slow, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=tmp_path
        )
        os.kill(processes[1].pid, signal.SIGKILL)
        try:
            process.communicate(timeout=120)
        finally:
            process.kill()
            later.terminate()
            later.wait(30)
    assert process.returncode == 0 and products(job.folder) == whole[1]


def test_where_all_workers_are_fit_none_is_preferred(whole, tmp_path):
    job = started(whole[0], tmp_path)
    fit = {"version": job.version, "code": job.code, "sees": True}

    class Client:
        def __init__(self, answers):
            self.answers = answers

        def run(self, *_, **__):
            return self.answers

    assert fit_workers(Client({"a": fit, "b": fit}), job) is None
    assert fit_workers(Client({"a": fit, "b": {**fit, "sees": False}}), job) == ["a"]


def test_a_dask_worker_of_another_femsim_refuses_a_batch(whole, tmp_path):
    from dataclasses import replace

    from femsim.sweep.engines.dask_cluster import compute_batch
    from femsim.sweep.job import _write_about

    job = started(whole[0], tmp_path)
    _write_about(replace(job, code="0" * 16))
    with pytest.raises(UsageError, match="is not fit: it has femsim"):
        compute_batch(str(job.folder), None, None, "trivial")


def test_a_dask_scheduler_that_does_not_answer_is_told(whole, tmp_path, monkeypatch):
    pytest.importorskip("distributed", reason="Dask is not installed: pip install 'femsim[dask]'")
    monkeypatch.setattr("femsim.sweep.engines.dask_cluster.CONNECT_S", 0.5)
    job = started(whole[0], tmp_path)
    with pytest.raises(UsageError, match="does not answer"):
        list(ENGINES["dask"](Asked(job=job, scheduler="tcp://127.0.0.1:9")))


def test_dask_is_asked_for_when_it_is_not_installed(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(MissingPieceError, match="Dask is not installed"):
        list(ENGINES["dask"](Asked(scheduler="tcp://127.0.0.1:9")))


def test_a_cluster_that_is_not_there_is_told(whole, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    job = started(whole[0], tmp_path / "out")
    batch = task.batches(task.cases_of(job.folder), {one.digest: 1 for one in task.cases_of(job.folder)})
    with pytest.raises(UsageError, match="no sbatch on this machine"):
        list(ENGINES["slurm"](Asked(job=job, batches=batch)))


FAKE = """#!{python}
import os, subprocess, sys, re
name, here = os.path.basename(sys.argv[0]), {here!r}
if name == "qstat":
    sys.exit("qstat: Unknown Job Id")
text = open(sys.argv[1]).read()
last = int(re.search(r"#PBS -J 0-(\\d+)", text).group(1))
for n in range(last + 1):
    subprocess.run(["bash", sys.argv[1]], env={{**os.environ, "PBS_ARRAY_INDEX": str(n)}}, check=True)
print("7[].server")
"""


@pytest.mark.slow
def test_pbs_gives_the_same_tables(whole, tmp_path, monkeypatch):
    """With a qsub that runs an array's tasks one after the other."""
    for name in ("qsub", "qstat"):
        path = tmp_path / name
        path.write_text(FAKE.format(python=sys.executable, here=str(tmp_path)), encoding="utf-8")
        path.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(map(str, (Path(__file__).parents[3], Path(__file__).parent))))
    place, _ = computed(whole[0], tmp_path / "out", engine="pbs", jobs=2)
    assert products(place) == whole[1]


@pytest.mark.parametrize("name", ["slurm", "pbs"])
def test_a_script_hands_its_place_to_the_task(name):
    queue = queues.queue(name)
    text = queue.script(7, "/log", "--partition=long --time=08:00:00", "femsim-x", ["python", "a b"])
    assert text.startswith("#!/bin/bash\n") and f"exec python 'a b' \"${{{queue.index}}}\"" in text
    assert f"{queue.mark} --partition=long\n{queue.mark} --time=08:00:00" in text and "0-6" in text


def test_an_unknown_batch_system_is_told():
    with pytest.raises(UsageError, match="Did you mean 'slurm'"):
        queues.queue("slrum")


def test_a_task_of_another_femsim_is_refused(whole, tmp_path):
    from dataclasses import replace

    job = replace(started(whole[0], tmp_path), version="0.0.1")
    with pytest.raises(UsageError, match="must not be mixed"):
        task.run_task(job, 0, "trivial_computers:ishigami", Limits())


@pytest.mark.parametrize(("asked", "free_gb", "n", "threads"), [
    ({}, 100, 4, 1), ({"jobs": 2}, 100, 2, 2), ({"memory_mb": 3000}, 8, 2, 2), ({}, 1, 1, 4), ({"jobs": 9}, 100, 9, 1),
])  # fmt: skip
def test_cores_and_memory_are_shared_out(whole, monkeypatch, asked, free_gb, n, threads):
    monkeypatch.setattr("femsim.sweep.engines.this_machine.granted_cores", lambda: 4)
    monkeypatch.setattr("psutil.virtual_memory", lambda: type("Memory", (), {"available": free_gb * 1e9}))
    found, limits = crews(Asked(batches=[None] * 20, **asked))
    assert (found, limits.threads) == (n, threads) and limits.memory_mb <= 0.85 * free_gb * 1e3 / found


def test_more_memory_than_there_is_is_refused(monkeypatch):
    monkeypatch.setattr("psutil.virtual_memory", lambda: type("Memory", (), {"available": 4e9}))
    with pytest.raises(UsageError, match="asks for 9000 MB"):
        crews(Asked(batches=[None], memory_mb=9000))


def test_children_end_with_their_parent(whole, tmp_path, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", os.path.dirname(__file__))
    monkeypatch.setenv("TRIVIAL_CASE_S", "60")
    job = started(whole[0], tmp_path)
    cases = list(task.cases_of(job.folder))
    found = task.batches(cases, {case.digest: 1 for case in cases[:2]})
    before = set(psutil.Process().children())
    running = fleet.work(job, found, 2, Limits(), log="local", computer="trivial_computers:slow")
    next(running)
    children = set(psutil.Process().children()) - before
    assert len(children) == 2
    running.close()
    assert not any(child.is_running() for child in children)
