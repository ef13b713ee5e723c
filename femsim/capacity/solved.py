"""A pair of models solved once for loads of one newton: any activity, body mass or hip force is then a combination.

What was solved is kept on a shelf of this user, load by load; only loads that are missing are solved.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from femsim.arrays import freeze
from femsim.build import Activity, Loading, loading_of
from femsim.criteria.principal_strain import PrincipalStrain
from femsim.geometry.made import femur_and_twin
from femsim.loads.history import LoadHistory
from femsim.loads.units import Unit, parts_of, unit_history
from femsim.metrics.bone_strain import BoneStrain, bone_strain
from femsim.metrics.courses import Course, course_of
from femsim.metrics.kept_places import KeptPlaces, kept_places
from femsim.model import LoadCase
from femsim.scenario.reading import Scenario
from femsim.shelf import Shelf
from femsim.solving import solved_pair

SETTING = "FEMSIM_SOLVED_CACHE"  # another folder, or "off"
MAKERS = (
    *("anatomy", "analyses", "build", "capacity/solved", "criteria", "fem", "geometry", "imaging", "implants"),
    *("interfaces", "loads", "materials", "mesh", "metrics", "model", "solvers", "solving", "supports"),
)
LIBRARIES = ("gmsh", "manifold3d", "mmgpy", "numba", "numpy", "pymeshfix", "scikit-image", "scipy", "SimpleITK")
SHELF = Shelf("solved", SETTING, 2_000_000_000, MAKERS, LIBRARIES)
USUAL_CRITERION = PrincipalStrain()
# Loads solved side by side: more would not be faster, and each holds three vectors of the size of the model.
TOGETHER = 16


@dataclass(frozen=True)
class Solved:
    """What solid bone of both models feels of each unit load.

    loading : sites and poles of the femur.
    units : loads of 1 N; row u of the `fields` of both.
    operated, intact : the same object where nothing was put in.
    places : where the kept bone lies.
    """

    loading: Loading
    units: tuple[Unit, ...]
    operated: BoneStrain
    intact: BoneStrain
    places: KeptPlaces

    def __post_init__(self):
        freeze(self, units=tuple(self.units))

    def judged_beside(self, sites: Sequence[str]) -> "Solved":
        """With what lies beside patches of force at these sites judged apart."""
        points = [self.loading.sites[site] for site in sites]
        radius = self.loading.application.muscle_patch_radius_mm
        return replace(self, places=self.places.beside(points, radius))

    def courses(
        self, activity: str, history: LoadHistory, criterion: PrincipalStrain = USUAL_CRITERION
    ) -> dict[str, Course]:
        """Risk over an activity whose units are all solved; "operated" and "intact" → course.

        history : in the femur's frame.
        """
        case = LoadCase(activity, history, self.factors(history))
        places = self.judged_beside(history.pulled_sites).places
        after = course_of(self.operated, places, case, criterion, model="operated")
        if self.intact is self.operated:
            return {"operated": after, "intact": replace(after, model="intact")}
        return {"operated": after, "intact": course_of(self.intact, places, case, criterion, model="intact")}

    def factors(self, history: LoadHistory) -> np.ndarray:
        """(t, u) [N] how much of each unit acts in every frame of a history in the femur's frame.

        Raises
        ------
        KeyError
            Where a unit that acts is not solved.
        """
        units, (parts,) = parts_of([history], self.loading.poles)
        column_of = {unit: column for column, unit in enumerate(self.units)}
        factors = np.zeros((len(parts), len(self.units)))
        factors[:, [column_of[unit] for unit in units]] = parts
        return factors


def solved(
    scenario: Scenario,
    wanted: Callable[[Loading], Sequence[Unit]],
    *,
    fresh: bool = False,
    progress: Callable[[str], None] | None = None,
) -> Solved:
    """The models of a scenario, solved for the units that are wanted.

    Parameters
    ----------
    scenario : Scenario
        Whose activity does not matter, but for what `wanted` makes of it.
    wanted : Loading → units
        Told the sites and poles of the femur.
    fresh : bool
        Mesh and solve again even what is kept.
    progress : callable(str), optional
        Told each stage as it begins.

    Raises
    ------
    SurfaceError, GeometryError, MeshError, ModelError, ConvergenceError
    """
    femur, _ = femur_and_twin(scenario, fresh=fresh, progress=progress)
    loading = loading_of(scenario, femur)
    units, key = tuple(wanted(loading)), _key(scenario)
    whole = None if fresh else SHELF.fetch(key, _read)
    kept = {} if whole is None else {unit: SHELF.fetch(_name(key, unit), _read) for unit in units}
    missing = [unit for unit in units if kept.get(unit) is None]
    for start in range(0, len(missing), TOGETHER):
        some = missing[start : start + TOGETHER]
        if progress and len(missing) > TOGETHER:
            progress(f"unit loads {start + 1} to {start + len(some)} of {len(missing)}")
        whole, found = _solve(scenario, loading, some, progress)
        SHELF.keep(key, _written(whole))
        for unit, fields in found.items():
            SHELF.keep(_name(key, unit), _written(fields))
        kept |= found
    return _assembled(loading, units, whole, kept)


def units_of(loading: Loading, histories: Sequence[LoadHistory]) -> tuple[Unit, ...]:
    """Units that act in any frame of histories, given in the femur's frame."""
    return parts_of(histories, loading.poles)[0]


def _key(scenario: Scenario) -> str:
    question = {
        name: getattr(scenario, name) for name in ("femur", "implant", "mesh", "bone", "application", "support")
    }
    if scenario.bone.anisotropy.directions == "stress":  # then the grain follows the scenario's own load
        question |= {"load": scenario.load, "subject": scenario.subject}
    return SHELF.key_of(question)


def _name(key: str, unit: Unit) -> str:
    return f"{key}.{unit.name.replace(' ', '.')}"


def _solve(scenario, loading, units, progress):
    activity = Activity("units", unit_history(units, loading.poles))
    _, operated, intact = solved_pair(
        scenario, loading=replace(loading, activities=(activity,), merged=False), progress=progress
    )
    both = {"operated": bone_strain(operated, operated)}
    if intact is not operated:
        both["intact"] = bone_strain(intact, operated)
    places = kept_places(operated)
    whole = {f"{name}_rows": one.rows for name, one in both.items()}
    whole |= {"n_kept": np.array(both["operated"].n_kept), "zones": np.array(places.zones)}
    whole |= {"zone_of": places.zone_of, "volumes": places.volumes, "centres": places.centres}
    # Single precision: 6e-8 of a strain is far below what any of this means.
    found = {
        unit: {name: one.fields[:, row].astype(np.float32) for name, one in both.items()}
        for row, unit in enumerate(units)
    }
    return whole, found


def _assembled(loading: Loading, units, whole, kept) -> Solved:
    def strain(name: str) -> BoneStrain:
        fields = np.stack([kept[unit][name] for unit in units], axis=1)
        return BoneStrain(whole[f"{name}_rows"], int(whole["n_kept"]), fields)

    operated = strain("operated")
    intact = strain("intact") if "intact_rows" in whole else operated
    zones = tuple(str(name) for name in whole["zones"])
    places = KeptPlaces(zones, whole["zone_of"], whole["volumes"], whole["centres"])
    return Solved(loading, units, operated, intact, places)


def _written(arrays: dict[str, np.ndarray]) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        with open(path, "wb") as file:
            np.savez(file, **arrays)

    return write


def _read(path: Path) -> dict[str, np.ndarray]:
    with np.load(path, allow_pickle=False) as file:
        return {name: file[name] for name in file.files}
