"""A run's models, solved once for loads of 1 N, under loads that are moved while one looks."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from femsim.build import Loading, loading_of
from femsim.capacity.bearing import bearings_of, refused_poles
from femsim.capacity.solved import USUAL_CRITERION, Solved, solved, units_of
from femsim.capacity.tolerance import askable, histories_of
from femsim.errors import StoreError
from femsim.geometry.made import femur_and_twin
from femsim.loads import ACTIVITIES
from femsim.loads.history import HEAD, LoadHistory
from femsim.loads.units import Unit
from femsim.metrics.bone_strain import BoneStrain
from femsim.metrics.kept_places import KeptPlaces
from femsim.results.pieces import Pieces
from femsim.scenario.reading import Scenario, load

# Beside the run's own: what patients ask about. All of them would take three times as long to solve.
ASKED = ("walking", "stairs_up", "stairs_down", "one_legged_stance", "jogging", "running", "stumble")
MOST_TURN, MOST_FORCE = 15.0, 3.0  # deg, and times
LIGHTEST, HEAVIEST = 30.0, 200.0  # kg
SAME = 2e-3  # of the largest risk, that what is solved anew may differ by from what was saved: single precision
PLACES = ("femur", "head_neck", "neck_superior", "neck_inferior", "greater_trochanter", "calcar")


@dataclass(frozen=True)
class Setting:
    """What the sliders say.

    activity : by its key. moment : share 0 … 1 of its course. mass [kg] of the body. force : the hip force times so
    much. lateral, anterior : the hip force is turned by so many degrees towards there.
    """

    activity: str
    moment: float
    mass: float
    force: float = 1.0
    lateral: float = 0.0
    anterior: float = 0.0


@dataclass(frozen=True)
class Answer:
    """values : model → (e,) float32 risk factor, NaN where it is not judged.

    forces : {"channel", "site", "point" (3,) [mm], "force" (3,) [N]}. words : the load in a sentence.
    rows : {"words", "operated", "intact"} of places, the largest risk there.
    """

    values: Mapping[str, np.ndarray]
    forces: tuple[Mapping[str, Any], ...]
    words: str
    rows: tuple[Mapping[str, str], ...]


@dataclass(frozen=True)
class Live:
    """A solved model that is loaded anew at once.

    kinds : name → activity, the run's own first. everything : what bone feels of each unit load.
    n_elements : of each model. head_centre : (3,) [mm] of the operated femur.
    """

    scenario: Scenario
    loading: Loading
    kinds: Mapping[str, Any]
    everything: Solved
    n_elements: Mapping[str, int]
    head_centre: np.ndarray
    _judged: dict[tuple[str, ...], KeptPlaces] = field(default_factory=dict, repr=False)

    @property
    def activities(self) -> tuple[Mapping[str, str], ...]:
        """Key and words of each."""
        return tuple({"title": name.replace("_", " "), "value": name} for name in self.kinds)

    @property
    def usual(self) -> Setting:
        """The run's own load at its peak."""
        name = next(iter(self.kinds))
        history = self._history(name, self.scenario.subject.body_mass_kg)
        moment = history.peak / max(len(history.instants) - 1, 1)
        return Setting(name, moment, self.scenario.subject.body_mass_kg)

    def checked(self, before: Setting, wanted: Mapping[str, Any]) -> Setting:
        """The setting with what is wanted, where it can be had."""
        limits = {
            "moment": (0.0, 1.0),
            "mass": (LIGHTEST, HEAVIEST),
            "force": (0.0, MOST_FORCE),
            "lateral": (-MOST_TURN, MOST_TURN),
            "anterior": (-MOST_TURN, MOST_TURN),
        }
        found = {}
        for name, (low, high) in limits.items():
            try:
                number = float(wanted[name])
            except (KeyError, TypeError, ValueError):
                continue
            if math.isfinite(number):
                found[name] = min(max(number, low), high)
        if wanted.get("activity") in self.kinds:
            found["activity"] = wanted["activity"]
            if found["activity"] != before.activity:
                history = self._history(found["activity"], found.get("mass", before.mass))
                found["moment"] = history.peak / max(len(history.instants) - 1, 1)
        return replace(before, **found)

    def answer(self, setting: Setting) -> Answer:
        """Risk of both models under a setting."""
        history = self._loaded(setting)
        try:
            factors = self.everything.factors(history)[0]
        except KeyError:
            straight = replace(setting, lateral=0.0, anterior=0.0)
            told = self.answer(straight)
            return replace(told, words=f"{told.words} The bearing cannot carry a force turned so: it is not turned.")
        values, largest = {}, {}
        places = self._places(history.pulled_sites)
        for model, bone in (("operated", self.everything.operated), ("intact", self.everything.intact)):
            if model == "intact" and bone is self.everything.operated:
                values[model], largest[model] = values["operated"], largest["operated"]
                continue
            risk = bone.risk(factors, USUAL_CRITERION)
            values[model] = self._on_elements(model, bone, risk)
            largest[model] = dict(zip(places.places, places.largest(risk[: bone.n_kept])))
        rows = tuple(
            {"words": place.replace("_", " "), **{model: _said(largest[model].get(place)) for model in largest}}
            for place in PLACES
            if place in largest["operated"]
        )
        return Answer(values, self._forces(history), self._words(setting, history), rows)

    def _places(self, sites: tuple[str, ...]) -> KeptPlaces:
        if sites not in self._judged:
            self._judged[sites] = self.everything.judged_beside(sites).places
        return self._judged[sites]

    def _on_elements(self, model: str, bone: BoneStrain, risk: np.ndarray) -> np.ndarray:
        values = np.full(self.n_elements[model], np.nan, np.float32)
        values[bone.rows] = risk
        return values

    def _forces(self, history: LoadHistory) -> tuple[Mapping[str, Any], ...]:
        places = {site: self.loading.sites[site] for site in history.pulled_sites}
        return tuple(
            {"channel": channel, "site": site, "point": places.get(site, self.head_centre), "force": force}
            for channel, site, force in zip(history.channels, history.sites, history.forces[0])
            if site == HEAD or site in places
        )

    def _words(self, setting: Setting, history: LoadHistory) -> str:
        hip = float(np.linalg.norm(history.hip[0])) if "hip" in history.channels else 0.0
        turned = f", turned {setting.lateral:g}° to lateral and {setting.anterior:g}° to anterior"
        return (
            f"{setting.activity.replace('_', ' ')} at {history.instants[0]:.3g} {history.instant_unit}, "
            f"{setting.mass:g} kg: hip force {hip:.0f} N"
            + (f" ({setting.force:g} × the activity's)" if setting.force != 1.0 else "")
            + (turned if setting.lateral or setting.anterior else "")
            + "."
        )

    def _history(self, activity: str, mass: float) -> LoadHistory:
        return self.loading.history_of(self.kinds[activity], replace(self.scenario.subject, body_mass_kg=mass))

    def _loaded(self, setting: Setting) -> LoadHistory:
        """One frame: the activity's at that moment, its hip force turned and scaled."""
        history = self._history(setting.activity, setting.mass)
        frame = round(setting.moment * (len(history.instants) - 1))
        forces = history.forces[frame : frame + 1].copy()
        if "hip" in history.channels:
            row = history.channels.index("hip")
            forces[0, row] = setting.force * (_turn(setting.lateral, setting.anterior) @ forces[0, row])
        return replace(history, forces=forces, instants=history.instants[frame : frame + 1])


def live_loads(run_folder: Path, *, progress: Callable[[str], None] | None = None) -> Live:
    """The models of a run, solved for every load that the sliders can make; what was solved before is used again.

    Raises
    ------
    ScenarioError, SurfaceError, GeometryError, MeshError, ModelError, ConvergenceError
        As a run of its scenario.
    StoreError
        Where the run is not what this femsim makes of its scenario.
    """
    scenario = load(Path(run_folder) / "scenario.resolved.toml")
    own, (all_kinds, _) = ACTIVITIES.name_of(scenario.load), askable(scenario, ())
    kinds = {name: all_kinds[name] for name in (own, *ASKED) if name in all_kinds}
    femur, twin = femur_and_twin(scenario, progress=progress)
    loading = loading_of(scenario, femur)
    histories, _ = histories_of(loading, scenario, kinds, needed=(own,))
    kinds = {name: kinds[name] for name in histories}
    reached = _reached(histories, loading)
    carried = reached - refused_poles(reached, bearings_of(scenario, femur, twin), loading).keys()
    units = {*units_of(loading, list(histories.values())), *(Unit(HEAD, row) for row in carried)}
    everything = solved(scenario, lambda _: sorted(units), progress=progress)
    sizes = {"operated": len(twin.operated.elements), "intact": len(twin.intact.elements)}
    found = Live(scenario, loading, kinds, everything, sizes, scenario.implant.place(femur).head_centre)
    _refuse_other(Path(run_folder), found)
    return found


def _turn(lateral_deg: float, anterior_deg: float) -> np.ndarray:
    """(3, 3) turns a force that points down towards lateral (x), then towards anterior (y)."""
    a, b = np.radians((lateral_deg, anterior_deg))
    to_lateral = np.array([[np.cos(a), 0, -np.sin(a)], [0, 1, 0], [np.sin(a), 0, np.cos(a)]])
    to_anterior = np.array([[1, 0, 0], [0, np.cos(b), -np.sin(b)], [0, np.sin(b), np.cos(b)]])
    return to_anterior @ to_lateral


def _reached(histories: Mapping[str, LoadHistory], loading: Loading) -> set[int]:
    """Poles that the largest hip force of an activity needs when it is turned as far as the sliders go."""
    steps = np.linspace(-MOST_TURN, MOST_TURN, 5)
    turns = np.array([_turn(a, b) for a in steps for b in steps])
    hips = [history.hip[history.peak] for history in histories.values() if "hip" in history.channels]
    forces = np.concatenate([turns @ hip for hip in hips if hip.any()]) if hips else np.empty((0, 3))
    corners, parts = loading.poles.shares(forces) if len(forces) else (np.empty(0, int), np.empty(0))
    return {int(row) for row in np.unique(corners[parts > 0])}


def _refuse_other(run_folder: Path, live: Live) -> None:
    """A map of other elements than those of the run would be a lie."""
    pieces = Pieces(run_folder / "result.vtkhdf")
    try:
        answer = live.answer(live.usual)
        for model in pieces.bodies:
            instants = pieces.instants(model)
            history = live._history(live.usual.activity, live.usual.mass)
            step = int(np.argmin(np.abs(instants - history.instants[history.peak])))
            saved, mine = pieces.values(model, "risk_factor", step), answer.values[model]
            if saved.shape != mine.shape or not np.allclose(
                saved, mine, rtol=0, atol=SAME * float(np.nanmax(saved)), equal_nan=True
            ):
                raise StoreError(
                    "The loads of this run cannot be moved: solved again, it has other numbers than those it saved.",
                    where=f"{run_folder}, {model} femur",
                    why="another version of femsim or of its libraries made it",
                    remedy="run its scenario.resolved.toml again, and view that run",
                )
    finally:
        pieces.close()


def _said(value: float | None) -> str:
    return "–" if value is None else f"{value:.3g}"
