"""The smallest run there is, through the real types and the real store: a bar of bone with a capped end."""

import functools
import itertools
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np

from femsim.analyses.failure_course import FailureCourse
from femsim.analyses.impact_course import ImpactCourse
from femsim.analyses.outcome import Checks, Outcome
from femsim.anatomy.femur import Landmarks
from femsim.loads.history import LoadHistory
from femsim.mesh.mesh import EDGES, Mesh
from femsim.metrics.blow import blow
from femsim.metrics.breaking import Limit, Tried
from femsim.metrics.courses import Course
from femsim.metrics.fracture import fracture
from femsim.metrics.measure import Map, Measure
from femsim.metrics.risk_factor import RiskFactor
from femsim.model import LoadCase, Model
from femsim.results import failure, impact, store
from femsim.scenario.reading import Scenario, load

CELLS = (3, 2, 10)  # hexahedra along x, y, z, each split into six tetrahedra
SIZE_MM = (24.0, 16.0, 80.0)
DIGEST = "0123456789abcdef" * 4
FRAMES = 4


@functools.cache
def scenario() -> Scenario:
    """A scenario with every key at its default."""
    return load(Path(__file__).parents[1] / "scenarios" / "walking.toml", [])


def bar() -> tuple[np.ndarray, np.ndarray]:
    """Nodes (n, 3) and TET10 elements (e, 10) of a bar along z with its top at z = 10 and the origin inside."""
    counts = np.array(CELLS)
    axes = [np.linspace(0, size, n + 1) for size, n in zip(SIZE_MM, counts)]
    nodes = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, 3)
    number = np.arange(len(nodes)).reshape(counts + 1)
    corners = []
    for cell in itertools.product(*(range(n) for n in counts)):
        for order in itertools.permutations(range(3)):
            steps = np.zeros((4, 3), int)
            for k, axis in enumerate(order):
                steps[k + 1 :, axis] += 1
            tetrahedron = [number[tuple(np.add(cell, step))] for step in steps]
            if np.linalg.det(nodes[tetrahedron[1:]] - nodes[tetrahedron[0]]) < 0:
                tetrahedron[2], tetrahedron[3] = tetrahedron[3], tetrahedron[2]
            corners.append(tetrahedron)
    corners = np.array(corners)
    pairs = np.sort(corners[:, np.array(EDGES)].reshape(-1, 2), axis=1)
    edges, edge_of = np.unique(pairs, axis=0, return_inverse=True)
    elements = np.hstack([corners, len(nodes) + edge_of.reshape(-1, 6)])
    nodes = np.vstack([nodes, nodes[edges].mean(axis=1)])
    return nodes - [12.0, 8.0, 70.0], elements


@functools.cache
def outcomes() -> tuple[Outcome, Outcome]:
    """Operated and intact; the kept bone comes first in both."""
    nodes, elements = bar()
    height = nodes[elements[:, :4]].mean(axis=1)[:, 2]
    elements = elements[np.argsort(height, kind="stable")]
    height = np.sort(height)
    metal, cement = height > 2, (height > -6) & (height <= 2)
    n_kept = int((~metal & ~cement).sum())
    operated = Mesh(nodes, elements, np.where(metal, 2, np.where(cement, 1, 0)), ("bone_kept", "cement", "cap"))
    intact = Mesh(nodes, elements, (metal | cement).astype(int), ("bone_kept", "bone_removed"))
    return _outcome("operated", operated, n_kept), _outcome("intact", intact, n_kept)


def _outcome(name: str, mesh: Mesh, n_kept: int) -> Outcome:
    e, n = mesh.n_elements, mesh.n_nodes
    sizes = np.array([0.2, 1.0, 0.6, 0.3])
    hip, muscle = np.array([-300.0, -100.0, -1700.0]), np.array([-100.0, 20.0, 500.0])
    history = LoadHistory(
        ("hip", "abductor"), ("head", "greater_trochanter"), sizes[:, None, None] * np.stack([hip, muscle])[None],
        np.array([0.0, 15.0, 45.0, 80.0]), "% gait cycle", 1.1, True, ("Somebody 2001",),
    )  # fmt: skip
    bone = mesh.in_region(*(r for r in mesh.regions if r.startswith("bone")))
    density = np.where(bone, 1.0 + 0.5 * np.sin(np.arange(e)), np.nan)[:, None].repeat(4, axis=1)
    stiffness = np.where(bone, 10_000.0, 200_000.0)[:, None].repeat(4, axis=1)
    loads = np.zeros((1, n, 3))
    loads[0, np.argmax(mesh.nodes[:, 2])] = hip
    fixed = np.flatnonzero(mesh.nodes[:, 2] < mesh.nodes[:, 2].min() + 1e-6)
    model = Model(
        name, mesh, density, stiffness, np.full((e, 4), 0.3), fixed, history, loads, sizes[:, None],
        np.where(np.arange(e) < n_kept, np.arange(e) % 2, -1), ("neck", "shaft"), activity="walking",
        support="The flat end is held in all directions.",
    )  # fmt: skip
    away = mesh.nodes[:, 2] - mesh.nodes[:, 2].min()
    displacement = np.stack([1e-4 * away**2, 0 * away, -1e-3 * away], axis=1)[None]
    return Outcome(model, displacement, n_kept, Checks(1e-11, 2e-12, 3e-12, 4e-12), "direct: small")


def femur(side: str) -> SimpleNamespace:
    """What the store reads of a femur."""
    marks = Landmarks(
        12.0, np.array([-0.8, 0.0, 0.6]), np.array([4.0, 0, -3]), 8.0, np.array([10.0, 0, -40]), np.array([0, 0, 1.0]),
        np.array([12.0, 0, 5]), np.array([5.0, -8, -50]), 126.9, 12.0, 40.0,
    )  # fmt: skip
    to_source = np.eye(4)
    to_source[:3, 3] = (1.0, 2.0, 3.0)
    return SimpleNamespace(side=side, landmarks=marks, to_source=to_source, notes=("Cut at 70 mm.",))


def maps(operated: Outcome, intact: Outcome) -> tuple[Map, ...]:
    """A field per step on both, and a static one that is undefined in the implant."""
    e, n_kept = operated.model.mesh.n_elements, operated.n_kept
    row = np.arange(e)
    risk = 0.6 * (1 + np.sin(row / 7.0))  # some of it above 1
    inside = np.where(row < n_kept, risk, np.nan)
    sizes = operated.model.load_factors
    change = np.where(row < n_kept, np.cos(row / 5.0) * 1.4, np.nan)
    return (
        Map("risk_factor", "operated", "cell", sizes * inside, "-"),
        Map("risk_factor", "intact", "cell", sizes * risk * 0.8, "-"),
        Map("shielding_change", "operated", "cell", change[None], "-"),
        Map("stimulus_change", "operated", "cell", -change[None], "-"),
        Map("risk_factor_envelope", "operated", "cell", 1.5 * inside[None], "-"),
        Map("risk_factor_envelope", "intact", "cell", 1.2 * risk[None], "-"),
    )


def courses() -> list[dict[str, Course]]:
    """Walking under [load], and a routine of the same walking, of jogging, and of rising at a single instant."""
    history = outcomes()[0].model.history
    jogging = replace(history, forces=2 * history.forces[1:], instants=history.instants[1:], sources=("Jogger 1998",))
    rising = replace(history, forces=history.forces[1:2], instants=[0.8], instant_unit="s", sources=("Riser 2010",))
    cases = (
        ("walking", history, None),
        ("walking", history, 3e3),
        ("jogging", jogging, 650.0),
        ("rising", rising, 8.0),
    )
    return [
        {model: _course(model, LoadCase(name, of_it, np.ones((len(of_it.instants), 1)), often)) for model in WORST}
        for name, of_it, often in cases
    ]


WORST = {"operated": ("neck", 250.0), "intact": ("shaft", 200.0)}  # zone; risk factor per MN of hip force


def _course(model: str, case: LoadCase) -> Course:
    zone, share = WORST[model]
    size = share * 1e-6 * np.linalg.norm(case.history.hip, axis=1)
    places = ("neck", "shaft", "femur")
    largest = np.stack([size if place in (zone, "femur") else 0.5 * size for place in places], axis=1)
    return Course(model, case, places, largest, 0.7 * size)


MEASURES = (
    Measure("risk_factor_p99", "neck", "operated", 0.42, "-"),
    Measure("risk_factor_p99", "neck", "intact", 0.40, "-"),
    Measure("risk_factor_p99", "neck", "change", 5.0, "%"),
    Measure("implant_stress_p99", "cap", "operated", 41.25, "MPa", "mean over 1.5 mm"),
)


FACTORS = np.array([0.0, 1.5, 3.0, 4.0, 4.4, 4.0, 2.5])  # of a failure: the peak is the fifth state


def failure_course(model: str, strength: float = 1.0, past_peak: bool = True) -> FailureCourse:
    """A course that breaks where zone "neck" is, half-way up the bar; strength : its loads over those of another."""
    outcome = outcomes()[model == "intact"]
    one = outcome.model
    n = len(FACTORS) if past_peak else 5
    factor = strength * FACTORS[:n]
    travel = strength * np.array([0.0, 0.4, 0.85, 1.3, 1.7, 2.1, 3.0])[:n]
    force = factor * np.linalg.norm(one.history.hip[one.history.peak])
    work = np.concatenate([[0.0], np.cumsum(0.5 * np.diff(travel) * (force[1:] + force[:-1]))])
    stored = 0.5 * force * strength * 0.4 / 1.5 * FACTORS[:n] / strength
    frames = np.array([0, 2, 4, 5, 6])[: 5 if past_peak else 3]
    centres = one.mesh.nodes[one.mesh.elements[:, :4]].mean(axis=1)
    near = np.clip(1.0 - np.abs(centres[:, 2] + 25.0) / 6.0, 0.0, 1.0) * (0.8 + 0.2 * (one.zone_of == 0))
    growth = np.array([0.0, 0.05, 0.4, 0.8, 1.0])[: len(frames)]
    return FailureCourse(
        model=one, factor=factor, travel=travel, force=force, work=work, stored=np.minimum(stored, work),
        dissipated=work - np.minimum(stored, work), yielded=np.array([0.0, 0, 9, 60, 200, 400, 800])[:n],
        first_yield=2.8 * strength, crack_volume=8.0, frames=frames,
        displacement=factor[frames][:, None, None] * outcome.displacement(one.history.peak),
        damage=growth[:, None] * np.minimum(1.5 * near, 1.0), plastic_strain=growth[:, None] * 0.02 * near,
        iterations=np.arange(n), ending="The load fell by half.", past_peak=past_peak, log=("step 1: 3 iterations",),
    )  # fmt: skip


def impact_course(model: str, size: float = 1.0) -> ImpactCourse:
    """Half a sine of 40 ms on the floor."""
    outcome = outcomes()[model == "intact"]
    one, times = outcome.model, np.linspace(0.0, 0.04, 41)
    pulse = np.sin(np.pi * times / times[-1])
    frames = np.array([0, 10, 20, 30, 40])
    total = size * 150e3
    strain, lost = 0.1 * total * pulse**2, 0.6 * total * np.linspace(0, 1, 41) ** 2
    energies = {
        "kinetic": total - 0.2 * total * pulse**2 - lost, "strain": strain, "damage": 0 * pulse,
        "damping": 0.2 * lost, "surroundings": 0.1 * total * pulse**2, "surroundings_lost": 0.8 * lost,
        "external": 0 * pulse,
    }  # fmt: skip
    return ImpactCourse(
        model=one, times=times, forces={"floor": size * 4000.0 * pulse, "hip": size * 3000.0 * pulse},
        travels={"trochanter": 20.0 * pulse}, energies=energies, balance=1e-3 * np.sin(40 * times), frames=frames,
        displacement=size * 4.0 * pulse[frames, None, None] * outcome.displacement(one.history.peak),
        damage=np.zeros((5, one.mesh.n_elements)), scheme="HHT-α, step 0.1 ms", warnings=("Small.",),
    )  # fmt: skip


SETTING = {
    "blow": "A fall on the side at 3 m/s.",
    "words": "The knee is a pivot.",
    "tissue_mm": 20.0,
    "floor": {"point": [35.0, 0.0, 0.0], "normal": [-1.0, 0.0, 0.0]},
}


def _beyond(folder: Path, implant: bool) -> dict:
    """Files and sections of a failure and of an impact."""
    models = ("operated", "intact") if implant else ("intact",)
    broken = {model: failure_course(model, 0.8 if model == "operated" else 1.0) for model in models}
    struck = {model: impact_course(model) for model in models}
    pair = dict(zip(("operated", "intact"), outcomes()))
    judge = RiskFactor().criterion
    blows = {m: blow(struck[m], pair[m], pair["operated" if implant else "intact"], judge) for m in models}
    failure.write(folder, broken)
    impact.write(folder, struck, blows)
    share = {model: np.full(pair[model].model.mesh.n_elements, 0.5) for model in models}
    fractures = {model: fracture(broken[model], share[model]) for model in models}
    return {
        "failure": failure.told(broken, fractures, {"operated": 5000.0, "intact": 6500.0}),
        "impact": impact.told(struck, blows, SETTING, limits(models)),
    }


def limits(models) -> dict[str, Limit]:
    """The speed that just breaks is 4.2 m/s after the operation, and not found before."""
    tried = (Tried(1.0, 0.7, 4000.0, "neck_superior"), Tried(1.4, 1.0, 5600.0, "neck_superior"))
    found = {
        "operated": Limit("speed", 3.0, 1.4, "largest risk factor", tried),
        "intact": Limit("speed", 3.0, None, "largest risk factor", tried[:1], "What just breaks was not found: never."),
    }
    return {model: found[model] for model in models}


def write(out: Path, *, name: str = "small", side: str = "right", force: bool = False, **more) -> Path:
    """Save the run under `out`; returns its folder."""
    with store.new_run(out, name, DIGEST, force=force) as folder:
        save(folder, name=name, side=side, **more)
    return store.run_folder(out, name, DIGEST)


def save(folder: Path, *, name: str = "small", side: str = "right", implant: bool = True, **more) -> None:
    """The call that a run makes."""
    operated, intact = outcomes()
    operated = operated if implant else intact
    more = {"courses": courses(), "sections": _beyond(folder, implant), **more}
    store.save(
        folder, scenario=replace(scenario(), name=name), scenario_toml="schema = 1\n", digest=DIGEST,
        pair=SimpleNamespace(femur=femur(side)), operated=operated,
        intact=intact, measures=MEASURES, maps=maps(operated, intact), timings={"mesh": 0.5},
        sites={"greater_trochanter": np.array([12.0, 0.0, 5.0])}, **more,
    )  # fmt: skip
