"""Meshes are made once for the same input, and again for another or a damaged one."""

import os
from dataclasses import replace

import pytest

from femsim.errors import MeshError
from femsim.geometry import cache, made
from femsim.implants import ResurfacingCap
from femsim.mesh.mesh import Mesh, Twin
from femsim.scenario.reading import load

SCENARIO = """
schema = 1
[femur]
kind = "parametric"
[subject]
body_mass_kg = 70
[implant]
kind = "intact"
[load]
activity = "walking"
[mesh]
size_mm = 9
order = 1
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv(cache.SETTING, str(tmp_path / "meshes"))
    return tmp_path / "meshes"


@pytest.fixture
def scenario(tmp_path):
    (tmp_path / "s.toml").write_text(SCENARIO)
    return load(tmp_path / "s.toml")


@pytest.fixture
def counted(monkeypatch, toy_femur):
    """How often a mesh is made; the mesh itself is of no matter here."""
    made_ones = []

    def twin_mesh(femur, implant, *, size_mm, order):
        made_ones.append(size_mm)
        mesh = Mesh([[len(made_ones), 0, 0], [9, 0, 0], [0, 9, 0], [0, 0, 9]], [[0, 1, 2, 3]])
        return Twin(mesh, mesh, 1, 4)

    monkeypatch.setattr(made, "twin_mesh", twin_mesh)
    monkeypatch.setattr("femsim.anatomy.parametric.ParametricFemur.shape", lambda self: toy_femur)
    return made_ones


def test_the_same_question_is_meshed_once(folder, scenario, counted):
    first = made.femur_and_twin(scenario)
    again = made.femur_and_twin(replace(scenario, name="another name"))
    assert counted == [9]
    assert (again[1].intact.nodes == first[1].intact.nodes).all()


def test_what_bone_carries_does_not_ask_for_another_mesh(folder, scenario, counted):
    made.femur_and_twin(scenario)
    made.femur_and_twin(replace(scenario, subject=replace(scenario.subject, body_mass_kg=90)))
    assert len(counted) == 1


@pytest.mark.parametrize(
    "change", [{"stem_fixation": "bonded"}, {"bed_fixation": "superior_half"}, {"penetration_mm": 0.0}]
)
def test_what_holds_the_implant_does_not_ask_for_another_mesh(folder, scenario, counted, change):
    made.femur_and_twin(replace(scenario, implant=ResurfacingCap()))
    made.femur_and_twin(replace(scenario, implant=ResurfacingCap(**change)))
    assert len(counted) == 1


def test_another_mantle_is_meshed_anew(folder, scenario, counted):
    made.femur_and_twin(replace(scenario, implant=ResurfacingCap()))
    made.femur_and_twin(replace(scenario, implant=ResurfacingCap(cement_mm=1.5)))
    assert len(counted) == 2


@pytest.mark.parametrize("part, change", [("mesh", {"size_mm": 8.5}), ("femur", {"side": "left"})])
def test_another_question_is_meshed_anew(folder, scenario, counted, part, change):
    made.femur_and_twin(scenario)
    made.femur_and_twin(replace(scenario, **{part: replace(getattr(scenario, part), **change)}))
    assert len(counted) == 2


def test_force_meshes_anew_and_replaces_what_is_kept(folder, scenario, counted):
    made.femur_and_twin(scenario)
    made.femur_and_twin(scenario, fresh=True)
    assert made.femur_and_twin(scenario)[1].intact.nodes[0, 0] == 2.0 and len(counted) == 2


def test_other_code_does_not_find_the_old_mesh(folder, scenario, counted, monkeypatch):
    made.femur_and_twin(scenario)
    monkeypatch.setattr("femsim.shelf._made_by", lambda *_: {"code": "edited"})
    made.femur_and_twin(scenario)
    assert len(counted) == 2


@pytest.mark.parametrize("damage", [lambda raw: raw[: len(raw) // 2], lambda raw: b"", lambda raw: b"x" * len(raw)])
def test_a_damaged_entry_is_made_again(folder, scenario, counted, damage):
    made.femur_and_twin(scenario)
    (entry,) = folder.glob("*.npz")
    entry.write_bytes(damage(entry.read_bytes()))
    made.femur_and_twin(scenario)
    made.femur_and_twin(scenario)
    assert len(counted) == 2


def test_flipped_bytes_never_give_another_mesh(folder, scenario, counted):
    first = made.femur_and_twin(scenario)[1]
    (entry,) = folder.glob("*.npz")
    raw = bytearray(entry.read_bytes())
    for place in range(0, len(raw), max(1, len(raw) // 40)):
        flipped = raw.copy()
        flipped[place] ^= 0x55
        entry.write_bytes(flipped)
        found = cache.fetch(entry.stem)
        assert found is None or (found["twin"].intact.nodes == first.intact.nodes).all()


def test_the_cache_can_be_switched_off(folder, scenario, counted, monkeypatch):
    monkeypatch.setenv(cache.SETTING, "off")
    made.femur_and_twin(scenario)
    made.femur_and_twin(scenario)
    assert len(counted) == 2 and not folder.exists()


def test_a_disk_that_takes_nothing_is_no_reason_to_fail(tmp_path, scenario, counted, monkeypatch):
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv(cache.SETTING, str(tmp_path / "file"))
    assert made.femur_and_twin(scenario)[1].n_kept == 1


def test_the_oldest_entries_make_room(folder, scenario, counted, monkeypatch):
    made.femur_and_twin(scenario)
    (first,) = folder.glob("*.npz")
    os.utime(first, (1, 1))
    monkeypatch.setattr(cache, "SHELF", replace(cache.SHELF, largest=first.stat().st_size + 10))
    made.femur_and_twin(replace(scenario, mesh=replace(scenario.mesh, size_mm=8)))
    assert len(list(folder.glob("*.npz"))) == 1 and not first.exists()


def test_nothing_is_kept_of_what_failed(folder, scenario, monkeypatch, toy_femur):
    def refused(*_, **__):
        raise MeshError("no")

    monkeypatch.setattr(made, "twin_mesh", refused)
    monkeypatch.setattr("femsim.anatomy.parametric.ParametricFemur.shape", lambda self: toy_femur)
    with pytest.raises(MeshError):
        made.femur_and_twin(scenario)
    assert not list(folder.glob("*"))
