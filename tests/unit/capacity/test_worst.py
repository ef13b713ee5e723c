"""The worst force of a set: closed forms, dense scans that never beat it, and how little of the bone it looks at."""

import numpy as np
import pytest

from femsim.capacity import hip_risk
from femsim.capacity import worst as search
from femsim.capacity.cones import Cones
from femsim.capacity.hip_risk import HipRisk
from femsim.capacity.load_sets import ConeAboutPeak, Nominal, SpreadBetweenPeople, WholeSphere
from femsim.capacity.worst import body_over, cut, worst
from femsim.criteria.principal_strain import PrincipalStrain
from femsim.errors import ConvergenceError
from femsim.loads.cohort import LEVEL_WALKING
from femsim.loads.poles import usual_poles
from femsim.metrics.bone_strain import BoneStrain

CRITERION = PrincipalStrain()
POLES = usual_poles()
CONES = Cones(POLES)
PEAK = np.array([54.0, -32.8, -229.2]) * 7.5
NOMINAL = Nominal(PEAK, 750.0, LEVEL_WALKING)
SETS = {
    "sphere": WholeSphere(240.0),
    "cone": ConeAboutPeak(20.0),
    "wide cone": ConeAboutPeak(75.0, 150.0),
    "spread": SpreadBetweenPeople(2.0),
    "narrow spread": SpreadBetweenPeople(0.3),
}


def felt(fields: np.ndarray, beside: np.ndarray | None = None, solved=slice(None)) -> HipRisk:
    """Bone that feels fields (k, 162, 6) of the poles."""
    k = len(fields)
    columns = np.full(len(POLES.directions), -1)
    columns[solved] = np.arange(len(POLES.directions))[solved]
    return HipRisk(
        BoneStrain(np.arange(k), k, fields),
        np.arange(k),
        CONES,
        columns,
        np.zeros((k, 6)) if beside is None else beside,
    )


def pulled_along(sensitivity: np.ndarray) -> np.ndarray:
    """(1, 162, 6) strain along x alone, sensitivity · force."""
    fields = np.zeros((1, len(POLES.directions), 6))
    fields[0, :, 0] = POLES.directions @ sensitivity
    return fields


def random_bone(kind: str, k: int = 300, seed: int = 7) -> HipRisk:
    """Strain that is a smooth function of direction, or has nothing to do from pole to pole."""
    dice = np.random.default_rng(seed)
    if kind == "smooth":
        linear, bent = dice.normal(size=(k, 6, 3)), dice.normal(size=(k, 6, 3, 3))
        fields = np.einsum("kcj,pj->kpc", linear, POLES.directions)
        fields = fields + 0.5 * np.einsum("kcij,pi,pj->kpc", bent, POLES.directions, POLES.directions)
    else:
        fields = dice.normal(size=(k, len(POLES.directions), 6))
    return felt(1e-6 * fields, 1e-3 * dice.normal(size=(k, 6)))


def scan_of(face, n: int = 12_000) -> np.ndarray:
    """Many forces of a face, those at its rim among them."""
    points = np.random.default_rng(3).normal(size=(n, 3))
    if face.axis is not None:
        width = np.arccos(face.cosine)
        points[: n // 2] = face.axis + 0.5 * width * points[: n // 2]  # dense inside; the rest is pulled to the rim
    return face.forces(face.pulled(points / np.linalg.norm(points, axis=1, keepdims=True)))


def plain_risks(risk: HipRisk, forces: np.ndarray) -> np.ndarray:
    """(m,) largest risk by the compiled kernel, every element, nothing left out."""
    corners, parts = POLES.shares(forces)
    values = []
    for row, some in zip(corners, parts):
        fields = np.concatenate([risk.bone.fields[:, risk.columns[row]], risk.beside[:, None]], axis=1)
        bone = BoneStrain(risk.bone.rows, risk.bone.n_kept, fields)
        values.append(bone.risk(np.append(some, 1.0), CRITERION).max())
    return np.array(values)


@pytest.mark.parametrize("sensitivity", [(3e-6, 1e-6, -2e-6), (0.0, -1e-6, 4e-6), (-2e-6, -2e-6, 1e-6)])
class TestOneElementAlongOneDirection:
    """Risk is a·f over the tension limit, or -a·f over the compression limit: the worst force is known."""

    TENSION, COMPRESSION = CRITERION.tension_percent / 100.0, CRITERION.compression_percent / 100.0

    def test_on_a_sphere_the_worst_force_pulls_along_it(self, sensitivity):
        a, face = np.array(sensitivity), SETS["sphere"].face(NOMINAL)
        found = worst(felt(pulled_along(a)), face, tolerance=1e-5)
        assert found.risk == pytest.approx(1800.0 * np.linalg.norm(a) / self.TENSION, rel=1e-5)
        # Risk falls with the square of the angle: 1e-5 is 0.26°.
        assert found.force @ a == pytest.approx(1800.0 * np.linalg.norm(a), rel=1e-5)

    def test_in_a_cone_it_lies_on_the_rim_nearest_to_it(self, sensitivity):
        a, face = np.array(sensitivity), SETS["cone"].face(NOMINAL)
        towards, away = (np.arccos(sign * a @ face.axis / np.linalg.norm(a)) for sign in (1, -1))
        size = np.linalg.norm(PEAK) * np.linalg.norm(a)
        half = np.radians(20.0)
        known = max(
            size * np.cos(max(towards - half, 0.0)) / self.TENSION,
            size * np.cos(max(away - half, 0.0)) / self.COMPRESSION,
        )
        assert worst(felt(pulled_along(a)), face, tolerance=1e-4).risk == pytest.approx(known, rel=1e-4)

    def test_in_a_spread_it_is_mean_and_deviation_along_it(self, sensitivity):
        a, face = np.array(sensitivity), SETS["spread"].face(NOMINAL)
        mean = 7.5 * a @ LEVEL_WALKING.mean_vector
        deviation = 2.0 * 7.5 * np.sqrt(a @ np.cov(np.transpose(LEVEL_WALKING.subjects)) @ a)
        known = max((mean + deviation) / self.TENSION, (deviation - mean) / self.COMPRESSION)
        found = worst(felt(pulled_along(a)), face, tolerance=1e-4)
        assert found.risk == pytest.approx(known, rel=1e-4) and found.bound >= known * (1 - 1e-9)

    def test_what_acts_beside_the_hip_force_adds_its_strain(self, sensitivity):
        a, face = np.array(sensitivity), SETS["sphere"].face(NOMINAL)
        beside = np.array([[-0.006, 0.0, 0.0, 0.0, 0.0, 0.0]])
        most = 1800.0 * np.linalg.norm(a)
        found = worst(felt(pulled_along(a), beside), face, tolerance=1e-4)
        known = max((most - 0.006) / self.TENSION, (most + 0.006) / self.COMPRESSION)
        assert found.risk == pytest.approx(known, rel=1e-4)


@pytest.mark.parametrize("kind", ["smooth", "rough"])
@pytest.mark.parametrize("name", SETS)
def test_a_dense_scan_never_exceeds_the_bound_and_the_bound_is_tight(kind, name):
    risk, face = random_bone(kind), SETS[name].face(NOMINAL)
    found = worst(risk, face)
    scanned, _ = risk.largest(scan_of(face))
    assert scanned.max() <= found.bound * (1 + 1e-9)
    assert scanned.max() <= found.risk * (1 + 1e-3)
    assert found.risk <= found.bound <= found.risk * (1 + 1e-3)


@pytest.mark.parametrize("seed", range(12))
def test_where_a_set_reaches_over_many_edges_of_cones_the_bound_holds(seed):
    # Few elements and strain that turns sharply from cone to cone: the worst force is often near an edge.
    risk, face = random_bone("rough", k=2, seed=seed), SpreadBetweenPeople(4.0).face(NOMINAL)
    found = worst(risk, face, tolerance=1e-4)
    scanned, _ = risk.largest(np.concatenate([scan_of(face, 4000), near(found.force, face)]))
    assert scanned.max() <= found.bound * (1 + 1e-9)


def near(force: np.ndarray, face) -> np.ndarray:
    """(1000, 3) forces of a face beside one of them."""
    point = np.linalg.solve(face.shape, force - face.centre)
    points = point + 0.05 * np.random.default_rng(6).normal(size=(1000, 3))
    return face.forces(face.pulled(points / np.linalg.norm(points, axis=1, keepdims=True)))


@pytest.mark.parametrize("name", SETS)
def test_the_risk_that_is_told_is_that_of_the_force_that_is_told(name):
    risk, face = random_bone("smooth"), SETS[name].face(NOMINAL)
    found = worst(risk, face)
    assert plain_risks(risk, found.force[None]) == pytest.approx(found.risk)
    on_it = np.linalg.solve(face.shape, found.force - face.centre)
    assert np.linalg.norm(on_it) == pytest.approx(1.0)
    assert face.axis is None or on_it @ face.axis >= face.cosine - 1e-12


@pytest.mark.parametrize("name", ["sphere", "spread"])
def test_it_judges_a_small_part_of_what_a_dense_scan_judges(name):
    risk, face = random_bone("smooth", k=2000), SETS[name].face(NOMINAL)
    assert worst(risk, face).n_judged < 0.2 * 12_000 * 2000


def test_a_finer_tolerance_comes_nearer():
    risk, face = random_bone("rough"), SETS["spread"].face(NOMINAL)
    coarse, fine = (worst(risk, face, tolerance=tolerance) for tolerance in (1e-1, 1e-5))
    assert coarse.risk <= fine.risk * (1 + 1e-12) and fine.bound <= fine.risk * (1 + 1e-5)
    assert coarse.n_bodies < fine.n_bodies


def test_directions_that_are_not_solved_are_left_out():
    everywhere = random_bone("rough")
    up = POLES.directions[:, 2] > 0.2
    half = felt(np.asarray(everywhere.bone.fields), np.asarray(everywhere.beside), solved=np.flatnonzero(~up))
    found = worst(half, SETS["sphere"].face(NOMINAL))
    inside = half.solved
    assert inside.any() and not inside.all()
    cone, _ = CONES.of(found.force[None], np.flatnonzero(inside))
    assert cone[0] >= 0
    scanned, _ = half.largest(scan_of(SETS["sphere"].face(NOMINAL)))
    assert np.isnan(scanned).any() and np.nanmax(scanned) <= found.bound


def test_bone_that_feels_nothing_runs_no_risk():
    found = worst(felt(np.zeros((3, len(POLES.directions), 6))), SETS["spread"].face(NOMINAL))
    assert found.risk == 0 and found.bound == 0


def test_a_bound_that_does_not_come_near_is_an_error(monkeypatch):
    monkeypatch.setattr(search, "_MOST_BODIES", 10)
    with pytest.raises(ConvergenceError, match="stays at"):
        worst(random_bone("rough"), SETS["spread"].face(NOMINAL), tolerance=1e-6)


def test_many_forces_are_judged_as_each_alone(monkeypatch):
    monkeypatch.setattr(hip_risk, "_SORTED", 1)  # leave out as much as can be left out
    risk = random_bone("rough", k=700)
    forces = scan_of(SETS["cone"].face(NOMINAL), 400)
    values, rows = risk.largest(forces)
    assert values == pytest.approx(plain_risks(risk, forces), rel=1e-9)
    one = [risk.largest(force[None]) for force in forces[:20]]
    assert [row[0] for _, row in one] == list(rows[:20])


def test_forces_beside_one_pole_are_judged_as_each_alone(monkeypatch):
    monkeypatch.setattr(hip_risk, "_SORTED", 1)
    risk = random_bone("rough", k=400)
    for pole in POLES.directions[:12]:
        forces = 1800.0 * (pole + 0.01 * np.random.default_rng(8).normal(size=(60, 3)))
        assert risk.largest(forces)[0] == pytest.approx(plain_risks(risk, forces), rel=1e-9)


def test_no_force_of_a_body_exceeds_its_limits():
    risk, face = random_bone("rough", k=50), SpreadBetweenPeople(4.0).face(NOMINAL)
    everyone = np.arange(len(POLES.triangles))
    n_cones = []
    for corners in face.cover(POLES)[::4]:
        body = face.forces(body_over(corners))
        cones = np.flatnonzero(CONES.touched(body, everyone))
        inside = np.random.default_rng(4).dirichlet(np.ones(6), 40) @ body
        limits = risk.limits(risk.rows, cones, body)
        each = np.array([risk.largest(inside, risk.rows[row : row + 1])[0] for row in range(50)])
        assert (each <= limits[:, None] * (1 + 1e-9)).all()
        n_cones.append(len(cones))
    assert max(n_cones) > 2


def test_a_body_holds_its_spherical_triangle():
    corners = POLES.directions[POLES.triangles[5]]
    body = body_over(corners)
    dice = np.random.default_rng(2)
    inside = dice.dirichlet(np.ones(3), 500) @ corners
    inside /= np.linalg.norm(inside, axis=1, keepdims=True)
    # Heights along the normal of the flat triangle, and no part along a corner negative.
    normal = np.cross(corners[1] - corners[0], corners[2] - corners[0])
    heights, ends = inside @ normal, np.sort(body @ normal)
    assert ((heights >= ends[0] - 1e-12) & (heights <= ends[-1] + 1e-12)).all()
    assert np.abs(body[:3] - corners).max() == 0 and np.ptp(ends[:3]) < 1e-12 and np.ptp(ends[3:]) < 1e-12


def test_the_parts_of_a_triangle_cover_it():
    corners = POLES.directions[POLES.triangles[5]]
    dice = np.random.default_rng(2)
    inside = dice.dirichlet(np.ones(3), 200) @ corners
    parts = np.array([np.linalg.inv(part.T) @ inside.T for part in cut(corners)])
    assert (parts.min(axis=1).max(axis=0) >= -1e-12).all()


def test_cones_that_a_body_reaches_into_are_not_missed():
    face = SETS["spread"].face(NOMINAL)
    body = face.forces(body_over(face.cover(POLES)[3]))
    inside = np.random.default_rng(4).dirichlet(np.ones(6), 500) @ body
    everyone = np.arange(len(POLES.triangles))
    reached, _ = CONES.of(inside, everyone)
    assert set(reached) <= set(np.flatnonzero(CONES.touched(body, everyone)))
