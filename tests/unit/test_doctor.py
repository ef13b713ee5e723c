"""What the doctor finds, and that no look at the machine can end it."""

import pytest

from femsim import doctor
from femsim.errors import MissingPieceError


def test_a_look_that_fails_is_a_finding_with_its_remedy(monkeypatch):
    def fails():
        raise MissingPieceError("no libGLU", remedy="apt-get install libglu1-mesa")

    monkeypatch.setattr(doctor, "_mesher", fails)
    monkeypatch.setattr(doctor, "_pictures", lambda: ("good", "draws", ""))
    found = {finding.name: finding for finding in doctor.findings()}
    assert found["mesher"].state == "broken"
    assert found["mesher"].remedy == "apt-get install libglu1-mesa"
    assert found["kernels"].text  # the looks after it still came


def test_a_missing_library_is_named_with_the_line_that_brings_it(monkeypatch):
    monkeypatch.setattr(doctor, "LIBRARIES", ("numpy", "no_such_library"))
    state, text, remedy = doctor._libraries()
    assert (state, text) == ("broken", "missing: no_such_library")
    assert remedy.endswith("pip install no_such_library")


@pytest.mark.slow
def test_the_mesher_is_tried_for_real():
    state, text, _ = doctor._mesher()
    assert state == "good" and "tetrahedra" in text


def test_whatever_is_not_good_has_a_remedy(monkeypatch):
    monkeypatch.setattr(doctor, "_mesher", lambda: ("good", "fills", ""))
    monkeypatch.setattr(doctor, "_pictures", lambda: ("good", "draws", ""))
    monkeypatch.setattr(doctor, "MEMORY_WANTED", 1e9)
    monkeypatch.setattr(doctor, "DISK_WANTED", 1e9)
    assert all(finding.remedy for finding in doctor.findings() if finding.state != "good")
