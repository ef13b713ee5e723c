"""Several femora on one page."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from femsim.fem.elasticity import Orthotropic
from femsim.results import record, vtkhdf
from femsim.view.scene import load
from femsim.view.side_by_side import draw


@pytest.fixture(scope="module")
def grained(small_run, tmp_path_factory):
    """A run whose bone is stiffest along y in one half and along z in the other."""
    outcomes = []
    for outcome in small_run.outcomes():
        model = outcome.model
        e, q = model.density.shape
        axes = np.tile(np.eye(3)[[2, 0, 1]], (e, q, 1, 1))
        axes[: e // 2] = np.eye(3)[[1, 2, 0]]
        threes = [np.repeat(v[..., None], 3, axis=-1) for v in (model.youngs_modulus, model.poissons_ratio)]
        grain = Orthotropic(*threes, threes[0] / 2.6, axes)
        outcomes.append(replace(outcome, model=replace(model, orthotropic=grain)))
    path = tmp_path_factory.mktemp("grain") / "result.vtkhdf"
    bodies = [
        record.body(replace(one, model=replace(one.model, name=name)), ())
        for name, one in zip(("operated", "intact"), outcomes)
    ]
    vtkhdf.write(path, bodies, outcomes[0].model.history.instants)
    return SimpleNamespace(path=path, e=len(outcomes[0].model.density))


def test_the_direction_of_the_grain_is_kept_for_bone_alone(grained):
    step = vtkhdf.read_step(grained.path, "operated", 0)
    grain, region = step.cell_fields["grain"], step.cell_fields["region_id"]
    assert grain.shape == (grained.e, 3) and step.units["grain"] == "-"
    assert np.isnan(grain[region != 0]).all()
    assert grain[0].tolist() == [0, 1, 0]


def test_a_run_of_isotropic_bone_keeps_no_grain(saved):
    assert not load(saved).intact.has("grain")


@pytest.mark.usefixtures("can_draw")
def test_the_page_grows_with_its_runs_and_is_the_same_every_time(saved, tmp_path):
    from PIL import Image

    draw({"one": saved}, tmp_path / "one.png")
    draw({"one": saved, "other": saved}, tmp_path / "two.png")
    draw({"one": saved, "other": saved}, tmp_path / "again.png")
    assert Image.open(tmp_path / "two.png").width > Image.open(tmp_path / "one.png").width + 200
    assert (tmp_path / "two.png").read_bytes() == (tmp_path / "again.png").read_bytes()
