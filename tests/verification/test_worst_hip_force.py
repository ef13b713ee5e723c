"""The worst hip force of a real model: it does the damage that was told, and a scan finds no worse."""

from dataclasses import replace

import numpy as np
import pytest

from femsim.build import Activity, loading_of
from femsim.capacity.cones import Cones
from femsim.capacity.load_sets import ConeAboutPeak
from femsim.capacity.solved import solved, units_of
from femsim.capacity.worst_hip_force import hip_risk, worst_hip_force
from femsim.criteria.principal_strain import PrincipalStrain
from femsim.errors import UsageError
from femsim.geometry.made import femur_and_twin
from femsim.loads import ACTIVITIES
from femsim.loads.history import HEAD
from femsim.loads.units import Unit, parts_of
from femsim.loads.walking import Walking
from femsim.metrics.bone_strain import bone_strain
from femsim.metrics.kept_places import kept_places
from femsim.scenario.reading import load
from femsim.solving import solved_pair

pytestmark = pytest.mark.slow

CRITERION = PrincipalStrain()


@pytest.fixture(scope="module", autouse=True)
def shelf(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FEMSIM_SOLVED_CACHE", str(tmp_path_factory.mktemp("solved")))
        yield


@pytest.fixture(scope="module")
def scenario(root):
    return load(root / "scenarios" / "walking.toml", ("mesh.size_mm=8", "mesh.order=1", "load.frames=1"))


@pytest.fixture(scope="module")
def answer(scenario):
    return worst_hip_force(scenario, ConeAboutPeak(15.0), where="head_neck")


@pytest.mark.long
def test_a_model_solved_for_the_worst_force_alone_runs_the_risk_that_was_told(scenario, answer):
    femur, _ = femur_and_twin(scenario)
    loading = loading_of(scenario, femur)
    (activity,) = loading.activities
    for name, found in answer.models.items():
        forces = np.array(activity.history.forces)
        forces[0, activity.history.channels.index("hip")] = loading.turn @ found.worst.force
        alone = replace(loading, activities=(Activity("worst", replace(activity.history, forces=forces)),))
        _, operated, intact = solved_pair(scenario, loading=alone)
        outcome = {"operated": operated, "intact": intact}[name]
        risk = bone_strain(outcome, operated).risk(outcome.model.load_factors[0], CRITERION)
        places = kept_places(operated)
        judged = [row for row in range(len(places.zone_of)) if places.zone_at(row).startswith(("head_", "neck_"))]
        # Solved to 1e-8, kept in single precision.
        assert risk[judged].max() == pytest.approx(found.worst.risk, rel=1e-5)
        assert places.zone_at(judged[risk[judged].argmax()]) == found.place.zone


def test_ten_thousand_directions_are_never_worse(scenario, answer):
    face = answer.face
    points = face.axis + 0.26 * np.random.default_rng(1).normal(size=(20_000, 3))
    points = face.pulled(points / np.linalg.norm(points, axis=1, keepdims=True))[:10_000]

    def wanted(loading):
        beside = [
            unit
            for unit in units_of(loading, [activity.history for activity in loading.activities])
            if unit.site != HEAD
        ]
        corners, _ = loading.poles.shares(face.forces(points) @ loading.turn.T)
        return [*beside, *(Unit(HEAD, int(row)) for row in np.unique(corners))]

    everything = solved(scenario, wanted)
    loading = everything.loading
    history = loading.activities[0].history
    forces = np.repeat(history.forces, len(points), axis=0)
    forces[:, history.channels.index("hip")] = face.forces(points) @ loading.turn.T
    some = replace(history, forces=forces[:300], instants=np.arange(300))
    cones = Cones(replace(loading.poles, directions=loading.poles.directions @ loading.turn))
    units, (parts,) = parts_of([history], loading.poles)
    for name, course in everything.courses("scan", some).items():
        worst = answer.models[name].worst
        risk = hip_risk(everything, name, cones, dict(zip(units, parts[0])), CRITERION, where="head_neck")
        scanned, _ = risk.largest(face.forces(points))
        # The same 300 frame by frame, as any activity is judged.
        plain = course.largest[:, course.places.index("head_neck")]
        assert scanned[:300] == pytest.approx(plain, rel=1e-9)
        assert scanned.max() <= worst.bound * (1 + 1e-9)
        assert worst.risk <= 1.01 * scanned.max()  # 10 000 directions lie about 0.3° apart


def test_the_risk_at_the_peak_is_that_of_the_activity(scenario, answer):
    everything = solved(
        scenario, lambda loading: units_of(loading, [activity.history for activity in loading.activities])
    )
    history = everything.loading.activities[0].history
    for name, course in everything.courses("walking", history).items():
        assert answer.models[name].nominal == pytest.approx(course.peak_of("head_neck")[0], rel=1e-6)


def test_an_activity_without_a_hip_force_is_refused(scenario):
    class Standing(Walking):
        def history(self, subject, sites=None):
            whole = super().history(subject, sites)
            rest = [row for row, name in enumerate(whole.channels) if name != "hip"]
            channels, sites = ([part[row] for row in rest] for part in (whole.channels, whole.sites))
            return replace(whole, channels=tuple(channels), sites=tuple(sites), forces=whole.forces[:, rest])

    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(ACTIVITIES._choices, "standing", Standing)
        with pytest.raises(UsageError, match="No hip force acts"):
            worst_hip_force(replace(scenario, load=Standing(frames=1)), ConeAboutPeak())
