"""A scenario asked for its worst hip force: which pressures are needed, both models solved for them, both searched."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from femsim.build import loading_of
from femsim.capacity.bearing import bearings_of, carried_cones, cones_touched
from femsim.capacity.cones import Cones
from femsim.capacity.hip_risk import HipRisk
from femsim.capacity.load_sets import Face, Nominal
from femsim.capacity.risk_map import RiskMap, risk_map, window
from femsim.capacity.solved import USUAL_CRITERION, Solved, solved
from femsim.capacity.worst import TOLERANCE, Worst, worst
from femsim.criteria.principal_strain import PrincipalStrain
from femsim.errors import UsageError, near
from femsim.geometry.made import femur_and_twin
from femsim.loads.history import HEAD
from femsim.loads.poles import usual_poles
from femsim.loads.units import Unit, parts_of
from femsim.metrics.kept_places import KeptPlaces
from femsim.metrics.places import FEMUR, UNIONS
from femsim.scenario.reading import Scenario

GATHERED = (*UNIONS, FEMUR)  # what is judged beside single zones


@dataclass(frozen=True)
class Place:
    """Where a force strikes: zone, and the middle (3,) [mm] of the element, femur frame."""

    zone: str
    centre: np.ndarray


@dataclass(frozen=True)
class Found:
    """The answer for one model.

    worst, place : the most damaging force of the set, Bergmann frame, and where it strikes.
    nominal, nominal_place : risk at the scenario's own peak, and where.
    alone : risk of the other forces without any hip force; 0 where nothing acts beside it.
    chart : risk over directions; None where it was not asked for.
    """

    worst: Worst
    place: Place
    nominal: float
    nominal_place: Place
    alone: float
    chart: RiskMap | None


@dataclass(frozen=True)
class Answer:
    """The answer for both models.

    outline : (k, 3) forces along which the set ends as seen from the zero force; NaN between lines.
    models : "operated" and "intact" → answer.
    n_poles, n_left_out : directions of the set that are solved for, and that the bearing cannot carry.
    muscles : sites where something acts beside the hip force.
    """

    face: Face
    outline: np.ndarray
    nominal: Nominal
    models: Mapping[str, Found]
    n_poles: int
    n_left_out: int
    muscles: tuple[str, ...]


def worst_hip_force(
    scenario: Scenario,
    load_set,
    *,
    where: str = FEMUR,
    muscles: bool = True,
    charts: bool = False,
    tolerance: float = TOLERANCE,
    criterion: PrincipalStrain = USUAL_CRITERION,
    fresh: bool = False,
    progress: Callable[[str], None] | None = None,
) -> Answer:
    """The worst hip force of a set for both femora of a scenario, all other forces as at the peak of its activity.

    Parameters
    ----------
    load_set : one of LOAD_SETS
    where : a zone, or one of GATHERED; only its bone is judged.
    muscles : False leaves the hip force alone.
    charts : whether risk over directions is wanted too.

    Raises
    ------
    UsageError
        Where the activity has no hip force, the set cannot be stated for it, or no solid bone lies where it is judged.
    ModelError
        Where the set leaves the bearing surface.
    SurfaceError, GeometryError, MeshError, ConvergenceError
    """
    say = progress or (lambda stage: None)
    femur, twin = femur_and_twin(scenario, fresh=fresh, progress=progress)
    loading = loading_of(scenario, femur)
    frame = loading.turn
    history = loading.activities[0].history
    if "hip" not in history.channels or not history.hip.any():
        raise UsageError(
            f"No hip force acts in load.activity = {loading.activities[0].name!r}: there is no direction to vary.",
            remedy="take an activity with a hip force",
        )
    peak = history.peak
    nominal = Nominal(frame.T @ history.hip[peak], scenario.subject.body_weight, scenario.load.spread)
    face = load_set.face(nominal)
    cones = Cones(replace(usual_poles(), directions=loading.poles.directions @ frame))
    say("bearing surface")
    bearings = bearings_of(scenario, femur, twin)
    carried, n_left_out = carried_cones(face, cones, cones_touched(face, cones), bearings, loading)
    units, (parts,) = parts_of([_frame_of(history, peak)], loading.poles)
    at_peak = {unit: part for unit, part in zip(units, parts[0]) if unit.site == HEAD or muscles}
    poles = {Unit(HEAD, int(row)) for row in np.unique(cones.poles.triangles[carried])}
    sites = tuple(dict.fromkeys(unit.site for unit in at_peak if unit.site != HEAD))
    everything = solved(scenario, lambda _: sorted({*poles, *at_peak}), fresh=fresh, progress=progress)
    everything = everything.judged_beside(sites)
    found = {}
    low, high = window(face, cones.poles.directions[np.unique(cones.poles.triangles[carried])])
    for name in ("operated", "intact"):
        if name == "intact" and everything.intact is everything.operated:
            found[name] = found["operated"]
            continue
        say(f"search, {name}")
        risk = hip_risk(everything, name, cones, at_peak, criterion, where=where)
        chart = (lambda risk=risk, name=name: _chart(say, name, risk, face, low, high)) if charts else None
        found[name] = _found(everything, risk, face, at_peak, tolerance, chart)
    return Answer(face, _outline(face, cones, carried), nominal, found, len(poles), n_left_out, sites)


def hip_risk(
    everything: Solved,
    model: str,
    cones: Cones,
    at_peak: Mapping[Unit, float],
    criterion: PrincipalStrain,
    *,
    where: str = FEMUR,
) -> HipRisk:
    """Risk of the femur's kept solid bone in one model under any hip force, beside the other loads at the peak [N]."""
    bone = getattr(everything, model)
    columns = np.full(len(cones.poles.directions), -1)
    strain = np.zeros((len(bone.fields), 6))
    for column, unit in enumerate(everything.units):
        if unit.site == HEAD:
            columns[unit.row] = column
        elif unit in at_peak:
            strain += at_peak[unit] * bone.fields[:, column]
    return HipRisk(bone, rows_in(everything.places, where), cones, columns, strain, criterion)


def rows_in(places: KeptPlaces, where: str) -> np.ndarray:
    """(k,) rows of kept solid bone in a zone or in one of GATHERED.

    Raises
    ------
    UsageError
        Where there are none.
    """
    if where == FEMUR:
        rows = np.flatnonzero(places.in_femur)
    else:
        zones = [
            row for row, name in enumerate(places.zones) if name == where or name.startswith(UNIONS.get(where, ()))
        ]
        rows = np.flatnonzero(np.isin(places.zone_of, zones))
    if not len(rows):
        raise UsageError(f"No solid bone is kept in {where!r}.", remedy=near(where, places.places))
    return rows


def _found(
    everything: Solved, risk: HipRisk, face: Face, at_peak: Mapping[Unit, float], tolerance: float, chart
) -> Found:
    found = worst(risk, face, tolerance=tolerance)
    alone = risk.criterion.ratio(None, risk.beside[risk.rows]).max()
    parts = np.array([at_peak.get(unit, 0.0) for unit in everything.units])
    nominal = risk.criterion.ratio(None, np.einsum("kbi,b->ki", risk.bone.fields[risk.rows], parts))
    row = int(risk.rows[nominal.argmax()])
    places = everything.places

    def place(row: int) -> Place:
        return Place(places.zone_at(row), places.centres[row])

    return Found(
        found, place(found.row), float(nominal.max()), place(row), float(alone), None if chart is None else chart()
    )


def _outline(face: Face, cones: Cones, carried: np.ndarray) -> np.ndarray:
    """Of the set; of one that lies all around, the outer sides of the cones that are carried."""
    outline = face.outline()
    if outline is not None:
        return outline
    triangles = cones.poles.triangles[carried]
    sides = np.sort(np.concatenate([triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [2, 0]]]), axis=1)
    sides, count = np.unique(sides, axis=0, return_counts=True)
    start, end = cones.poles.directions[sides[count == 1]].transpose(1, 0, 2)
    steps = np.append(np.linspace(0.0, 1.0, 6), np.nan)[:, None]
    return (start[:, None] * (1.0 - steps) + end[:, None] * steps).reshape(-1, 3)


def _chart(say, name: str, risk: HipRisk, face: Face, low: np.ndarray, high: np.ndarray) -> RiskMap:
    say(f"risk over directions, {name}")
    return risk_map(risk, face, low, high)


def _frame_of(history, frame: int):
    some = slice(frame, frame + 1)
    return replace(history, forces=history.forces[some], instants=history.instants[some])
