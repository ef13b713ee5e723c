"""What bone, cement and cap carry through sections of the walking femur."""

from dataclasses import replace

import numpy as np
import pytest

from femsim.build import build
from femsim.fem.geometry import centroids
from femsim.fem.section_force import Tied, body_at_section, section_forces
from femsim.metrics.load_share import LoadShare

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def sliding(walking, solve):
    """The operated femur with a stem that slides."""
    pair = build(replace(walking, implant=replace(walking.implant, stem_fixation="sliding")))
    return solve(pair.operated, pair.twin.n_kept)


def test_every_section_balances_the_loads_beyond_it(outcomes, sliding):
    for outcome in (*outcomes, sliding):
        model, mesh = outcome.model, outcome.model.mesh
        loads = outcome.nodal_loads(outcome.peak)
        springs = model.springs
        tied = springs and Tied(springs.pairs, springs.pulls(outcome.displacement(outcome.peak)))
        cuts = section_forces(mesh, outcome.stress(outcome.peak), model.sections, tied)
        assert len(cuts) == 7
        for plane, cut in zip(model.sections, cuts):
            beyond = plane.beyond(centroids(mesh))
            _, shared = body_at_section(mesh, beyond)
            inside = np.zeros(mesh.n_nodes, bool)
            inside[mesh.elements[beyond]] = True
            inside &= ~shared
            scale = np.abs(loads).sum()
            assert np.abs(cut.forces.sum(axis=0) - loads[inside].sum(axis=0)).max() < 1e-8 * scale
            moment = np.cross(mesh.nodes[inside] - plane.point, loads[inside]).sum(axis=0)
            assert np.abs(cut.moments.sum(axis=0) - moment).max() < 1e-8 * scale * np.ptp(mesh.nodes[:, 2])


def test_shares_add_up_and_the_bone_takes_over_below_the_cap(outcomes):
    values = {(m.name, m.zone, m.model): m.value for m in LoadShare().measure(*outcomes)}
    sections = [plane.name for plane in outcomes[0].model.sections]
    for section in sections:
        parts = {
            n: v for (n, zone, model), v in values.items() if zone == section and model == "operated" and "share" in n
        }
        assert sum(v for n, v in parts.items() if n.startswith("axial")) == pytest.approx(100.0)
        assert values["axial_share_bone", section, "intact"] == 100.0
    bone = [values["axial_share_bone", section, "operated"] for section in sections]
    assert bone[0] < 50 < bone[1] < bone[2] < bone[3] == 100.0
