"""A run is exported as it was computed, or not at all."""

from types import SimpleNamespace

import numpy as np
import pytest

from femsim.errors import StoreError, UsageError
from femsim.export import source as sources
from femsim.export.source import Source, built, opened, refuse_other_answer
from tests import small_run


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return small_run.write(tmp_path_factory.mktemp("runs"))


@pytest.fixture
def pair(monkeypatch):
    """What building the scenario gives now."""
    operated, intact = small_run.outcomes()
    pair = SimpleNamespace(operated=operated.model, intact=intact.model)
    monkeypatch.setattr(sources, "build", lambda scenario, progress: pair)
    return pair


def test_a_scenario_file_is_opened_without_being_built(root):
    source = opened(root / "scenarios" / "walking.toml", ["subject.body_mass_kg=80"])
    assert source.run is None
    assert source.scenario.subject.body_mass_kg == 80
    assert source.digest in source.remarks[0]


def test_a_folder_that_is_no_run_is_the_users_mistake(tmp_path):
    with pytest.raises(UsageError, match="not a run"):
        opened(tmp_path)


def test_a_run_whose_scenario_gives_another_hash_is_refused(run, monkeypatch):
    monkeypatch.setattr(sources, "load", lambda path, sets: small_run.scenario())
    with pytest.raises(StoreError, match="no longer what it was"):
        opened(run)


def test_a_run_with_a_file_cut_short_is_refused(tmp_path):
    run = small_run.write(tmp_path)
    (run / "result.vtkhdf").write_bytes(b"cut")
    with pytest.raises(StoreError, match="not complete"):
        opened(run)


def test_the_same_mesh_passes(run, pair):
    assert built(Source(small_run.scenario(), "0", run)) is pair


def test_another_mesh_is_refused_with_both_sizes(run, pair):
    pair.intact = SimpleNamespace(mesh=small_run.outcomes()[0].model.mesh)
    assert built(Source(small_run.scenario(), "0", run)) is pair  # the same bar, whatever its regions
    nodes = np.array(pair.intact.mesh.nodes)
    nodes[7] += 1e-3
    pair.intact = SimpleNamespace(
        mesh=SimpleNamespace(nodes=nodes, elements=pair.operated.mesh.elements, n_nodes=len(nodes), n_elements=360)
    )
    with pytest.raises(StoreError, match=r"intact mesh has .* nodes and 360 elements and is not"):
        built(Source(small_run.scenario(), "0", run))


def test_the_saved_answer_passes_and_another_is_refused(run):
    outcome = small_run.outcomes()[0]
    saved = outcome.displacement(1)
    refuse_other_answer(run, "operated", 15.0, saved)
    refuse_other_answer(run, "operated", 16.0, 2 * saved)  # an instant that the run did not keep
    with pytest.raises(StoreError, match="moves otherwise"):
        refuse_other_answer(run, "operated", 15.0, saved * (1 + 1e-4))


def test_orthotropic_bone_is_refused_before_anything_is_built(root, monkeypatch):
    monkeypatch.setattr(sources, "build", lambda scenario, progress: pytest.fail("it was built"))
    source = opened(root / "scenarios" / "walking.toml", ["bone.anisotropy.kind=orthotropic"])
    with pytest.raises(UsageError, match="Orthotropic bone is not exported") as refused:
        built(source)
    assert "bone.anisotropy.kind=isotropic" in refused.value.remedy
