"""Which cones of hip force a set needs, and which of them the bearing surface of a model can carry by pressure."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from femsim.build import Loading
from femsim.capacity.cones import Cones
from femsim.capacity.load_sets import Face
from femsim.capacity.worst import body_over, cut
from femsim.errors import ModelError
from femsim.loads.traction import head_pressure
from femsim.scenario.reading import Scenario

_LEVELS = 3  # of cutting, before it is said which cones a set touches


def cones_touched(face: Face, cones: Cones) -> np.ndarray:
    """(t,) bool: cones that forces of a face lie in; a few more along its edge may be told too."""
    touched = np.zeros(len(cones.poles.triangles), bool)
    for number, corners in enumerate(face.cover(cones.poles)):
        among = np.array([number]) if face.is_round else np.arange(len(touched))
        _touch(face, cones, corners, among, touched, _LEVELS)
    return touched


def _touch(face: Face, cones: Cones, corners: np.ndarray, among: np.ndarray, touched: np.ndarray, levels: int) -> None:
    body = body_over(corners)
    if touched[among].all() or (face.axis is not None and (body @ face.axis).max() < face.cosine):
        return
    if not face.is_round:
        among = among[cones.touched(face.forces(body), among)]
    if levels == 0 or (face.is_round and face.axis is None):
        touched[among] = True
        return
    for part in cut(corners):
        _touch(face, cones, part, among, touched, levels - 1)


Bearings = Mapping[
    str, tuple[Any, np.ndarray]
]  # model → its mesh, with a surface "bearing", the centre of its joint [mm]


def bearings_of(scenario: Scenario, femur: Any, twin: Any) -> Bearings:
    """Of both models of a scenario; of one where nothing was put in."""
    found = {
        "operated": (twin.operated, scenario.implant.place(femur).head_centre),
        "intact": (twin.intact, np.zeros(3)),
    }
    if twin.operated is twin.intact:
        del found["operated"]
    return found


def refused_poles(rows: Iterable[int], bearings: Bearings, loading: Loading) -> dict[int, tuple[str, ModelError]]:
    """Of poles, those whose pressure some bearing does not carry: which model's, and why."""
    refused: dict[int, tuple[str, ModelError]] = {}
    for model, (mesh, centre) in bearings.items():
        for row in rows:
            if row in refused:
                continue
            try:
                head_pressure(
                    mesh,
                    loading.poles.directions[row],
                    half_angle_deg=loading.application.pressure_half_angle_deg,
                    centre=centre,
                )
            except ModelError as error:
                refused[int(row)] = model, error
    return refused


def carried_cones(
    face: Face,
    cones: Cones,
    wanted: np.ndarray,
    bearings: Bearings,
    loading: Loading,
) -> tuple[np.ndarray, int]:
    """Of the cones wanted (t,) bool, those whose three corners every bearing carries, and how many corners none does.

    Parameters
    ----------
    loading : its poles are those of the cones, in the frame of the meshes.

    Raises
    ------
    ModelError
        Where a corner cannot be carried, of a set that may leave none out; where nothing is left of one that may.
    """
    rows = np.unique(cones.poles.triangles[wanted])
    refused = refused_poles(rows, bearings, loading)
    able = np.ones(len(cones.poles.directions), bool)
    able[list(refused)] = False
    carried = wanted & able[cones.poles.triangles].all(axis=1)
    if refused and not (face.partial and carried.any()):
        row, (model, error) = next(iter(refused.items()))
        lateral, anterior, proximal = cones.poles.directions[row]
        raise ModelError(
            f"The set leaves the bearing surface: {len(refused)} of the {len(rows)} directions about it cannot be "
            "carried by a pressure on the head.",
            where=f"{model} femur, force towards lateral {lateral:+.2f}, anterior {anterior:+.2f}, proximal "
            f"{proximal:+.2f}",
            why=error.what,
            remedy="take a smaller set, narrow application.pressure_half_angle_deg, or --within sphere, which leaves "
            "such directions out",
        )
    return carried, len(refused)
