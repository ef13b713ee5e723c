"""An impact on both femora: what is struck in which order, what is told of it, and what is kept."""

import json
import sys
from dataclasses import dataclass, replace
from types import SimpleNamespace

import numpy as np
import pytest

from femsim import beyond
from femsim.analyses.linear_static import LinearStatic
from femsim.beyond.striking import told_of
from femsim.errors import ConvergenceError
from femsim.fem.contact import FloorContact
from femsim.fem.impact_setting import ImpactSetting
from femsim.fem.laws import SpringDamper, TissueLayer
from femsim.registry import Registry
from femsim.results import impact, vtkhdf

UP, GAP = np.array([0.6, 0.8, 0.0]), 0.5  # normal of the floor, mm
TISSUE = TissueLayer(20.0, 0.1)


@dataclass(frozen=True)
class Blow:
    """An analysis that takes no time; `fails` : the model that it cannot follow."""

    small_run: object
    fails: str = ""
    citations = ("Somebody 2019",)

    def run(self, model, setting, *, log=None):
        if model.name == self.fails:
            raise ConvergenceError("The step grew energy.", remedy="shorten it")
        log(f"step of {model.name} in {setting.words[0]}")
        course = self.small_run.impact_course(model.name, 0.9 if model.name == "operated" else 1.0)
        return replace(course, warnings=("Small.", f"Of {model.name}."))


def setting_of(mesh, law=None):
    """A fall of a bar on its side: twelve of its nodes, in no order, above a floor 0.5 mm below the lowest of them."""
    nodes = np.random.default_rng(0).permutation(mesh.n_nodes)[:12]
    height = mesh.nodes[nodes] @ UP
    floor = None if law is None else FloorContact(UP, nodes, np.ones(12), height - height.min() + GAP, law)
    n = mesh.n_nodes
    return ImpactSetting(
        "fall", np.zeros((n, 3), bool), np.full((mesh.n_elements, 4), 1e-9), np.zeros((n, 3)), floor=floor,
        words=("A fall on the side.", "At 3 m/s."),
    )  # fmt: skip


@pytest.fixture
def asked(small_run, monkeypatch, tmp_path):
    """Makes what is asked of a stand-in analysis."""
    monkeypatch.setattr(beyond, "ANALYSES", Registry("analysis", linear_static=LinearStatic, impact=Blow))
    stated = []

    def stand_in(scenario, pair, model):
        stated.append(model.name)
        return setting_of(model.mesh, SpringDamper(10.0, 0.0))

    monkeypatch.setattr(sys.modules["femsim.beyond.striking"], "impact_setting", stand_in)  # the package hides it

    def made(*, implant=True, **more):
        operated, intact = small_run.outcomes()
        stages = []
        one = beyond.Asked(
            scenario=replace(small_run.scenario(), analysis=Blow(small_run, **more)),
            pair=SimpleNamespace(), operated=operated if implant else intact, intact=intact,
            risks=small_run.courses()[0], beside=tmp_path / "small-01234567", progress=stages.append,
        )  # fmt: skip
        return one, stages, stated

    return made


def test_both_femora_are_struck_and_told_the_operated_one_first(asked):
    one, stages, stated = asked()
    told = beyond.found(one).sections["impact"]
    assert stages == ["strike intact", "strike operated"] and stated == ["intact", "operated"]
    assert list(told["models"]) == ["operated", "intact"]


def test_without_an_implant_one_femur_is_struck_once(asked, tmp_path):
    one, stages, _ = asked(implant=False)
    found = beyond.found(one)
    assert stages == ["strike intact"] and list(found.sections["impact"]["models"]) == ["intact"]
    found.write(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {"impact.csv", "impact-intact.vtkhdf"}


def test_its_largest_forces_are_measures_with_their_change(asked):
    found = beyond.found(asked()[0])
    value = {(m.name, m.model): m.value for m in found.measures}
    assert value["impact_peak_force", "intact"] == pytest.approx(4000.0)
    assert value["impact_peak_force", "operated"] == pytest.approx(3600.0)
    assert value["impact_peak_force", "change"] == pytest.approx(-10.0)
    assert found.sections["impact"]["models"]["operated"]["peak_force_n"]["floor"] == pytest.approx(3600.0)


def test_what_is_written_can_be_read_again(asked, tmp_path):
    found = beyond.found(asked()[0])
    found.write(tmp_path)
    again = impact.read_csv(tmp_path)
    assert list(again) == ["operated", "intact"]
    assert np.abs(again["operated"].forces["floor"]).max() == pytest.approx(3600.0)
    assert len(vtkhdf.instants(tmp_path / "impact-operated.vtkhdf")) == 5
    json.dumps(found.sections)  # plain data


def test_the_log_tells_of_each_in_turn(asked):
    found = beyond.found(asked()[0])
    assert found.log == (
        "", "impact on intact:", "step of intact in A fall on the side.",
        "", "impact on operated:", "step of operated in A fall on the side.",
    )  # fmt: skip
    assert found.sources == ("Somebody 2019",)


def test_a_warning_is_told_once(asked):
    assert beyond.found(asked()[0]).warnings == ("Small.", "Of operated.", "Of intact.")


@pytest.mark.parametrize("fails", ["operated", "intact"])
def test_one_that_cannot_be_followed_ends_the_analysis(asked, fails):
    with pytest.raises(ConvergenceError, match="grew energy"):
        beyond.found(asked(fails=fails)[0])


def test_the_setting_is_told_in_words_with_its_kind(asked):
    told = beyond.found(asked()[0]).sections["impact"]["setting"]
    assert (told["kind"], told["words"]) == ("fall", "A fall on the side. At 3 m/s.")


def test_the_floor_lies_below_the_lowest_node_by_its_gap(small_run):
    mesh = small_run.outcomes()[1].model.mesh
    setting = setting_of(mesh, SpringDamper(10.0, 0.0))
    told = told_of(setting, mesh)["floor"]
    height = mesh.nodes[setting.floor.nodes] @ UP
    assert np.dot(told["point"], UP) == pytest.approx(height.min() - GAP, abs=1e-3)
    assert told["normal"] == pytest.approx(UP)
    lowest = mesh.nodes[setting.floor.nodes[height.argmin()]]
    assert lowest - told["point"] == pytest.approx(GAP * UP, abs=1e-3)


def test_soft_tissue_lies_between_bone_and_floor(small_run):
    mesh = small_run.outcomes()[1].model.mesh
    bare, soft = (
        told_of(setting_of(mesh, law), mesh)["floor"]["point"]
        for law in (SpringDamper(10.0, 0.0), TISSUE)
    )  # fmt: skip
    assert np.subtract(bare, soft) == pytest.approx(TISSUE.thickness * UP, abs=1e-4)


def test_a_push_has_no_floor(small_run):
    mesh = small_run.outcomes()[1].model.mesh
    assert "floor" not in told_of(setting_of(mesh), mesh)
