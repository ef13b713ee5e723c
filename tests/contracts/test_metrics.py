"""What every metric promises, on a loaded block of bone and its operated twin."""

import numpy as np
import pytest

from femsim.analyses.outcome import Checks, Outcome
from femsim.fem.plastic_damage import PlasticDamage
from femsim.interfaces.freeing import LoosePairs
from femsim.loads.history import LoadHistory
from femsim.mesh.mesh import Mesh
from femsim.mesh.plane import Plane
from femsim.metrics import METRICS
from femsim.model import Model

UNITS = {"-", "%", "% gait cycle", "mm", "N/mm", "MPa", "kJ/m3", "microstrain", "cm3", "g", "N", "N.mm", "um", "mm3"}
CUBE = np.array([(x, y, z) for x in (0, 1) for y in (0, 1) for z in (0, 1)], float)
KUHN = [(0, 4, 6, 7), (0, 6, 2, 7), (0, 2, 3, 7), (0, 3, 1, 7), (0, 1, 5, 7), (0, 5, 4, 7)]
PAIRS = LoosePairs([(1, 8), (3, 10), (5, 12), (7, 14)], np.tile([0.0, 0, 1], (4, 1)), np.full(4, 25.0))
SLIDING = LoosePairs(PAIRS.pairs, -PAIRS.normals, PAIRS.areas, slides=True)
OPERATED_ONLY = {"stem": PAIRS, "taper": SLIDING}, (np.arange(12) < 3)[:, None]


def _outcome(name: str, regions: tuple[str, ...], seed: int) -> Outcome:
    """Two cubes of 10 mm on each other, random displacement."""
    nodes = 10 * np.concatenate([CUBE, CUBE + np.array([0, 0, 1])]) - (5, 5, 10)
    elements = np.concatenate([KUHN, np.array(KUHN) + 8])
    upper = np.repeat([0, 1], 6)
    region = upper if len(regions) == 2 else upper * (1 + (np.arange(12) % 2))
    top = np.array([(9, 13, 15), (9, 15, 11)])
    mesh = Mesh(nodes, elements, region, regions, {"bearing": top, "bone_outer": top, "distal": top})
    factors = np.array([[0.3], [1.0], [0.0]])
    history = LoadHistory(
        ("hip",), ("head",), factors[:, None] * np.array([100.0, 0, -2000]), [0, 18, 60], "% gait cycle", 1.1, True
    )
    rng = np.random.default_rng(seed)
    kept = np.arange(12) < 6
    bone = mesh.in_region(*(region for region in regions if region.startswith("bone")))
    model = Model(
        name, mesh, np.where(bone, 0.5, np.nan)[:, None], np.full((12, 1), 900.0), np.full((12, 1), 0.3),
        np.arange(4), history, np.ones((1, 16, 3)), factors, np.where(kept, np.arange(12) % 4, -1),
        ("head_superior", "neck_superior_distal", "calcar", "distal_support"),
        gruen_of=np.where(kept, np.arange(12) % 2 - 1, -1),
        gruen_zones=("gruen_1",),
        materials={"cement": "pmma", "cap": "ti6al4v"} if "cap" in regions else {},
        sections=(Plane("section_mid_neck", (0.5, 0, -5), (0, 0, 1)), Plane("section_nowhere", (0, 0, 50), (0, 0, 1))),
        head_centre=(-1.0, 0.0, 2.0) if name == "operated" else (0.0, 0.0, 0.0),
        head_diameter=48.0 if name == "operated" else 46.0,
        # The upper cube lies loose on the lower one, into which cement was pressed.
        loose=OPERATED_ONLY[0] if len(regions) > 2 else {},
        penetrated=OPERATED_ONLY[1] if len(regions) > 2 else None,
        failing=PlasticDamage(*(np.full((12, 1), value) for value in (5.0, 8.0, 0.6, 6.0, 0.4, 0.0, 0.0))),
        shear_strength=np.full((12, 1), 4.0),
    )  # fmt: skip
    displacement = rng.normal(0, 0.02, (1, 16, 3)) - (0, 0, 0.5)
    return Outcome(model, displacement, 6, Checks(0, 0, 0, 0), "given by hand")


INTACT = _outcome("intact", ("bone_kept", "bone_removed"), 0)
OPERATED = _outcome("operated", ("bone_kept", "cement", "cap"), 1)


@pytest.fixture(params=sorted(METRICS))
def metric(request):
    return METRICS[request.param]()


def test_the_intact_femur_against_itself_does_not_change(metric):
    for measure in metric.measure(INTACT, INTACT):
        if measure.model == "change":
            assert measure.value == 0.0, measure
    for field in metric.maps(INTACT, INTACT):
        if field.name.endswith("_change"):
            assert (field.values[np.isfinite(field.values)] == 0.0).all()


def test_it_measures_something_and_every_number_has_unit_zone_and_model(metric):
    measures = metric.measure(OPERATED, INTACT)
    assert measures
    for measure in measures:
        assert measure.unit in UNITS
        assert measure.model in ("operated", "intact", "change")
        assert measure.name.isidentifier() and measure.name == measure.name.lower()
        assert measure.zone
        assert np.isfinite(measure.value), measure


def test_no_number_is_given_twice(metric):
    keys = [(m.name, m.zone, m.model) for m in metric.measure(OPERATED, INTACT)]
    assert len(keys) == len(set(keys))


def test_a_difference_between_the_models_shows(metric):
    assert any(m.value != 0 for m in metric.measure(OPERATED, INTACT))


def test_maps_fit_the_mesh_they_are_drawn_on(metric):
    outcomes = {"operated": OPERATED, "intact": INTACT}
    for field in metric.maps(OPERATED, INTACT):
        mesh = outcomes[field.model].model.mesh
        n = {"cell": mesh.n_elements, "point": mesh.n_nodes}[field.on]
        assert field.values.shape[1] == n and field.values.shape[0] in (1, 3)
        assert np.isfinite(field.values).any()
        assert field.unit


def test_no_map_is_drawn_by_two_metrics():
    names = [(f.name, f.model) for name in METRICS for f in METRICS[name]().maps(OPERATED, INTACT)]
    assert len(names) == len(set(names))
