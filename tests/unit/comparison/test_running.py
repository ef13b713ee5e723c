"""Variants as processes, with a `femsim run` that takes no time standing in."""

import json

import pytest

from femsim.comparison import running
from femsim.comparison.variants import variants_of

# What stands for femsim: it keeps its arguments and its share of the cores, and ends as it is told.
STAND_IN = """
import json, os, pathlib, signal, sys, time
arguments = sys.argv[1:]
place = pathlib.Path(arguments[arguments.index("--out") + 1])
kind = "cap" if any("resurfacing_cap" in a for a in arguments) else "intact"
(place / f"{kind}.json").write_text(json.dumps(dict(
    arguments=arguments, threads=os.environ["NUMBA_NUM_THREADS"], begun=time.monotonic())))
ending = json.loads((place / "endings.json").read_text()).get(kind, "complete")
if ending == "complete":
    print(json.dumps(dict(status="complete", run=str(place / kind), reused=False)))
elif ending == "geometry":
    print(json.dumps(dict(status="failed", error=dict(kind="GeometryError", what="too small"), exit_code=3)))
    sys.exit(3)
elif ending == "killed":
    os.kill(os.getpid(), signal.SIGKILL)
else:
    print("unforeseen", file=sys.stderr)
    sys.exit(1)
"""


@pytest.fixture
def computed(patient, tmp_path, monkeypatch):
    """compute() of the intact and the capped patient; what each run was told."""

    def compute(cores=2, **endings):
        package = tmp_path / "stand_in" / "femsim"
        package.mkdir(parents=True)
        (package / "__init__.py").touch()
        (package / "__main__.py").write_text(STAND_IN)
        (tmp_path / "endings.json").write_text(json.dumps(endings))
        monkeypatch.setattr(running, "granted_cores", lambda: cores)
        own = running.environment
        monkeypatch.setattr(running, "environment", lambda n: {**own(n), "PYTHONPATH": str(package.parent)})
        variants = variants_of([patient], "intact,resurfacing_cap")
        ended = running.compute(variants, out=tmp_path)
        told = {path.stem: json.loads(path.read_text()) for path in tmp_path.glob("*.json") if path.stem != "endings"}
        return ended, told

    return compute


def test_each_variant_is_the_run_of_its_file_with_its_overrides(computed, patient):
    ended, told = computed()
    assert [one.folder.name for one in ended] == ["intact", "cap"]
    assert told["cap"]["arguments"][:4] == ["run", str(patient), "--set", 'implant={kind = "resurfacing_cap"}']
    assert "--no-pictures" in told["cap"]["arguments"]


@pytest.mark.parametrize(("cores", "threads"), [(1, "1"), (2, "1"), (8, "4")])
def test_the_runs_share_the_cores(computed, cores, threads):
    _, told = computed(cores)
    assert {one["threads"] for one in told.values()} == {threads}


def test_the_intact_femur_waits_for_the_others_where_there_is_one_core(computed):
    _, told = computed(1)
    assert told["cap"]["begun"] < told["intact"]["begun"]


@pytest.mark.parametrize(
    ("ending", "exit_code", "words"),
    [("geometry", 3, "too small"), ("killed", 75, "ended by signal 9"), ("broken", 1, "unforeseen")],
)
def test_a_run_that_fails_ends_with_its_reason_and_the_other_is_finished(computed, ending, exit_code, words):
    (intact, cap), _ = computed(cap=ending)
    assert intact.folder is not None and intact.exit_code == 0
    assert (cap.folder, cap.exit_code) == (None, exit_code)
    assert words in cap.error["what"]
