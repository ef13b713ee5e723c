"""Regions are filled on their fixed surface, and whatever the mesher does is contained."""

import os
import stat
import time

import numpy as np
import pytest

from femsim.errors import MeshError, MissingPieceError
from femsim.mesh import generate
from femsim.mesh.generate import Region, fill
from femsim.mesh.quality import signed_inverse_condition, volumes

CUBE = np.array([[x, y, z] for x in (0, 1) for y in (0, 1) for z in (0, 1)], float) * 10
SIDES = np.array(
    [
        [0, 1, 3],
        [0, 3, 2],
        [4, 6, 7],
        [4, 7, 5],
        [0, 4, 5],
        [0, 5, 1],
        [2, 3, 7],
        [2, 7, 6],
        [0, 2, 6],
        [0, 6, 4],
        [1, 5, 7],
        [1, 7, 3],
    ]
)


def test_a_region_is_filled_and_its_surface_stays():
    filled = fill([Region("cube", CUBE, SIDES, 4.0)])[0]
    assert np.array_equal(filled.nodes[:8], CUBE)
    assert volumes(filled.nodes, filled.elements).sum() == pytest.approx(1000)
    assert signed_inverse_condition(filled.nodes, filled.elements).min() > 0.1


def test_regions_come_back_in_the_order_given_and_the_same_every_time():
    regions = [Region("small", CUBE, SIDES, 9.0), Region("large", 2 * CUBE, SIDES, 3.0)]
    first, second = fill(regions, n_processes=2), fill(regions, n_processes=1)
    assert volumes(first[1].nodes, first[1].elements).sum() == pytest.approx(8000)
    for one, other in zip(first, second):
        assert one.nodes.tobytes() == other.nodes.tobytes()
        assert one.elements.tobytes() == other.elements.tobytes()


def test_a_surface_that_cuts_through_itself_is_refused():
    points = np.vstack([CUBE, CUBE + 5])
    triangles = np.vstack([SIDES, SIDES + 8])
    with pytest.raises(MeshError, match="'twisted' could not be filled") as caught:
        fill([Region("twisted", points, triangles, 5.0)])
    assert "cuts through" in caught.value.why


def replace_python(monkeypatch, folder, script):
    program = folder / "python"
    program.write_text("#!/bin/sh\n" + script)
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setattr(generate.sys, "executable", str(program))


@pytest.mark.skipif(os.name == "nt", reason="the stand-in for the mesher is a shell script")
class TestAMesherThatFails:
    def test_by_crashing(self, monkeypatch, tmp_path):
        replace_python(monkeypatch, tmp_path, "kill -SEGV $$\n")
        with pytest.raises(MeshError, match="ended by signal 11"):
            fill([Region("cube", CUBE, SIDES, 4.0)])

    def test_by_hanging(self, monkeypatch, tmp_path):
        replace_python(monkeypatch, tmp_path, f"echo $$ > {tmp_path}/pid; exec sleep 60\n")
        started = time.monotonic()
        with pytest.raises(MeshError, match=r"did not finish in 0\.3 s"):
            fill([Region("cube", CUBE, SIDES, 4.0)], time_limit=0.3)
        assert time.monotonic() - started < 30
        with pytest.raises(ProcessLookupError):
            os.kill(int((tmp_path / "pid").read_text()), 0)

    def test_by_lacking_a_library(self, monkeypatch, tmp_path):
        replace_python(monkeypatch, tmp_path, "echo 'libGLU.so.1: cannot open shared object file' >&2; exit 3\n")
        with pytest.raises(MissingPieceError, match=r"libGLU\.so\.1") as caught:
            fill([Region("cube", CUBE, SIDES, 4.0)])
        assert caught.value.remedy.startswith("apt-get install") and "libglu1-mesa" in caught.value.remedy


def test_an_interrupt_leaves_no_mesher_behind(monkeypatch, tmp_path):
    started = []

    def interrupted(seconds):
        raise KeyboardInterrupt

    start = generate._start
    monkeypatch.setattr(generate, "_start", lambda *given: started.append(start(*given)) or started[-1])
    monkeypatch.setattr(generate.time, "sleep", interrupted)
    with pytest.raises(KeyboardInterrupt):
        fill([Region("cube", CUBE, SIDES, 0.4)])
    assert started and all(child.returncode < 0 for child in started)
