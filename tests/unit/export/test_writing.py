"""Exporting to files: what is refused and when, what the files are called, that they are whole or absent."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from femsim.errors import StoreError, UsageError
from femsim.export import writing
from femsim.export.inp import Inp
from femsim.export.writing import export
from tests.small_model import small_model


@pytest.fixture
def scenario(root):
    return root / "scenarios" / "walking.toml"


@pytest.fixture
def pair(monkeypatch, tmp_path):
    """What stands in for the femur; building it is counted."""
    operated = small_model(1)
    metal = operated.mesh.in_region("cap")[:, None]
    was_bone = 9000 + 1000 * np.sin(np.arange(len(metal)))[:, None]
    moduli = np.where(metal, was_bone, operated.youngs_modulus)
    intact = replace(operated, name="intact", youngs_modulus=moduli)
    pair = SimpleNamespace(operated=operated, intact=intact, twin=SimpleNamespace(n_kept=1), built=0)

    def built(source, *, progress):
        pair.built += 1
        return pair

    monkeypatch.setattr(writing, "built", built)
    monkeypatch.chdir(tmp_path)
    return pair


def files(folder):
    return sorted(file.name for file in folder.iterdir())


def test_a_file_is_called_after_scenario_and_twin(scenario, pair, tmp_path):
    (file,) = export(scenario, "inp", frame="1")
    assert str(file) == "walking-operated.inp"
    export(scenario, "vtu", frame="1", twin="both")
    export(scenario, "msh", frame="1", twin="intact", out=tmp_path / "mine.msh")
    export(scenario, "feb", frame="1", twin="both", out=tmp_path / "mine.feb")
    assert files(tmp_path) == [
        "mine-intact.feb", "mine-operated.feb", "mine.msh",
        "walking-intact.vtu", "walking-operated.inp", "walking-operated.vtu",
    ]  # fmt: skip


def test_where_nothing_was_put_in_there_is_the_intact_femur_alone(scenario, pair, tmp_path):
    pair.operated = pair.intact
    assert [file.name for file in export(scenario, "inp", frame="1", twin="both")] == ["walking-intact.inp"]


def test_shared_bone_gets_the_same_stiffness_whichever_twin_is_exported(scenario, pair, tmp_path):
    def moduli(file):
        lines = file.read_text().splitlines()
        return [lines[k + 1].split(",")[0] for k, line in enumerate(lines) if line == "*ELASTIC"]

    alone = export(scenario, "inp", frame="1", twin="intact", n_bins=4)[0]
    both = export(scenario, "inp", frame="1", twin="both", n_bins=4, force=True)
    assert moduli(alone) == moduli(both[1])
    assert set(moduli(both[0])) - {"210000.0"} <= set(moduli(both[1]))


def test_a_file_that_is_there_is_not_written_over_without_force(scenario, pair, tmp_path):
    (tmp_path / "mine.inp").write_text("precious")
    with pytest.raises(UsageError, match="there already"):
        export(scenario, "inp", frame="1", out=tmp_path / "mine.inp")
    assert (tmp_path / "mine.inp").read_text() == "precious"
    assert pair.built == 0  # refused at once, not after the mesh is made
    export(scenario, "inp", frame="1", out=tmp_path / "mine.inp", force=True)
    assert "*HEADING" in (tmp_path / "mine.inp").read_text()


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ({"frame": "20"}, "counted 0 to 19"),
        ({"frame": "-1"}, "no frame '-1'"),
        ({"frame": "half"}, "no frame 'half'"),
        ({"n_bins": 1}, "--bins 1"),
        ({"n_bins": -3}, "--bins -3"),
        ({"twin": "left"}, "no twin 'left'"),
    ],
)
def test_what_makes_no_sense_is_refused_before_anything_is_built(scenario, pair, tmp_path, how, words):
    with pytest.raises(UsageError) as raised:
        export(scenario, "inp", **how)
    assert words in str(raised.value)
    assert pair.built == 0 and files(tmp_path) == []


def test_a_folder_that_is_not_there_or_stands_in_the_way_is_refused(scenario, pair, tmp_path):
    with pytest.raises(UsageError, match="no such folder"):
        export(scenario, "inp", frame="1", out=tmp_path / "nowhere" / "mine.inp")
    with pytest.raises(UsageError, match="a folder"):
        export(scenario, "inp", frame="1", out=tmp_path)


def test_a_write_that_fails_leaves_nothing_and_harms_nothing(scenario, pair, tmp_path, monkeypatch):
    import errno

    def fails(self, model, path):
        path.write_text("half")
        raise OSError(errno.ENOSPC, "No space left on device")

    (tmp_path / "mine.inp").write_text("precious")
    monkeypatch.setattr(Inp, "write", fails)
    with pytest.raises(StoreError, match="nothing half-written"):
        export(scenario, "inp", frame="1", out=tmp_path / "mine.inp", force=True)
    assert files(tmp_path) == ["mine.inp"]
    assert (tmp_path / "mine.inp").read_text() == "precious"
