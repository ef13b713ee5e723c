"""Without OpenGL femsim says what to install; it never crashes."""

import os
import subprocess
import sys

import pytest

from femsim.errors import MissingPieceError
from femsim.view import pictures, probe
from femsim.view.viewer import window


@pytest.fixture
def fresh(tmp_path, monkeypatch):
    """No answer remembered, in this process or in the cache folder."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.delenv(probe.WINDOW, raising=False)
    probe.rendering.cache_clear()
    yield tmp_path
    probe.rendering.cache_clear()


@pytest.fixture
def no_libraries(fresh, monkeypatch):
    """A machine on which no OpenGL library is to be found."""
    monkeypatch.setattr(probe, "_loads", lambda library: False)


def test_without_libraries_it_says_what_to_install(no_libraries):
    able, sentence = probe.rendering()
    assert not able and "apt-get install -y --no-install-recommends libgl1 libegl1" in sentence


def test_pictures_are_refused_with_that_sentence_and_nothing_is_written(no_libraries, saved):
    before = sorted(saved.iterdir())
    with pytest.raises(MissingPieceError, match="apt-get install") as told:
        pictures.draw_all(saved)
    assert told.value.exit_code == 3 and "numbers are saved" in told.value.remedy
    assert sorted(saved.iterdir()) == before


def test_a_crash_of_the_trial_is_an_answer(fresh, monkeypatch):
    """What VTK does without its libraries: the child dies of a signal."""
    monkeypatch.setattr(probe, "TRIAL", "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)")
    assert probe.rendering()[0] is False


def test_a_blank_picture_is_not_a_picture(fresh, monkeypatch):
    monkeypatch.setattr(probe, "TRIAL", "print('blank')")
    assert probe.rendering()[0] is False


def test_a_trial_that_hangs_is_ended(fresh, monkeypatch):
    monkeypatch.setattr(probe, "TRIAL", "import time; time.sleep(60)")
    monkeypatch.setattr(probe, "PATIENCE_S", 0.2)
    assert probe.rendering()[0] is False


def test_a_success_is_remembered_and_a_failure_is_not(fresh, monkeypatch):
    monkeypatch.setattr(probe, "_candidates", lambda: ["vtkEGLRenderWindow"])
    monkeypatch.setattr(probe, "_draws", lambda window: False)
    assert probe.rendering()[0] is False
    probe.rendering.cache_clear()
    monkeypatch.setattr(probe, "_draws", lambda window: True)
    assert probe.rendering()[0] is True
    probe.rendering.cache_clear()
    monkeypatch.delenv(probe.WINDOW)
    monkeypatch.setattr(probe, "_draws", lambda window: pytest.fail("tried again"))
    assert probe.rendering()[0] is True and os.environ[probe.WINDOW] == "vtkEGLRenderWindow"


def test_other_libraries_ask_for_another_trial(fresh, monkeypatch):
    before = probe._stamp()
    monkeypatch.setattr(probe, "_loads", lambda library: False)
    assert probe._stamp() != before


@pytest.mark.parametrize("text", ["", "{", "[]", '{"window": 3}', '{"window": "evil"}'])
def test_a_damaged_memory_is_forgotten(fresh, text):
    stamp = probe._stamp()
    stamp.parent.mkdir(parents=True)
    stamp.write_text(text)
    assert probe._remembered(stamp) is None


def test_a_cache_folder_that_cannot_be_written_does_no_harm(fresh, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", "/proc/none")
    monkeypatch.setattr(probe, "_candidates", lambda: ["vtkEGLRenderWindow"])
    monkeypatch.setattr(probe, "_draws", lambda window: True)
    assert probe.rendering()[0] is True


def test_without_a_display_the_window_says_what_else_to_do(saved, monkeypatch):
    monkeypatch.delenv("DISPLAY", raising=False)
    with pytest.raises(MissingPieceError, match="no display") as told:
        window.show([saved])
    assert "ParaView" in told.value.remedy and "report.html" in told.value.remedy


def test_a_display_that_does_not_answer_is_no_crash(saved, monkeypatch):
    monkeypatch.setenv("DISPLAY", ":987")
    with pytest.raises(MissingPieceError, match=":987"):
        window.show([saved])


def test_reading_a_run_and_writing_its_report_need_no_vtk(root):
    """Importing the modules of the view loads neither VTK nor matplotlib."""
    code = (
        "import sys, femsim.view.pictures, femsim.view.report, femsim.view.viewer.window\n"
        "print(sorted({'vtk', 'vtkmodules', 'pyvista', 'matplotlib', 'numba'} & set(sys.modules)))"
    )
    environment = {**os.environ, "PYTHONPATH": str(root)}
    told = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, timeout=60)
    assert told.stdout.strip() == "[]", told.stderr
