"""Fields of a saved run that can be shown: one number for each element."""

from collections.abc import Iterable

import numpy as np

from femsim.view.scene import Body, Scene

DISPLACEMENT = "displacement"
# What people ask for first.
FIRST = ("risk_factor", "shielding_change", "strain_energy_density", "stress_von_mises", "density", "damage")


def fields_of(scene: Scene) -> list[str]:
    """Names of the saved fields of one number that either body has, the ones people ask for first."""
    found = dict.fromkeys(
        name
        for body in (scene.operated, scene.intact)
        for name, values in body.fields.items()
        if values.ndim == 1 and body.has(name)
    )
    return asked_first(found)


def asked_first(names: Iterable[str]) -> list[str]:
    """The names, those first that people ask for first."""
    names = list(names)
    return [*(name for name in FIRST if name in names), *(name for name in names if name not in FIRST)]


def unit_of(scene: Scene, name: str) -> str:
    """Of a field, from whichever body has it."""
    usual = "mm" if name == DISPLACEMENT else "-"
    return scene.operated.units.get(name, scene.intact.units.get(name, usual))


def field_of(body: Body, name: str) -> np.ndarray:
    """(e,) of a body, NaN where it is not defined; "displacement" is the size of it in the middle of each element."""
    if name == DISPLACEMENT:
        return size_in_elements(body, body.displacement)
    return np.asarray(body.fields.get(name, np.full(len(body.corners), np.nan)), float)


def size_in_elements(body: Body, vectors: np.ndarray) -> np.ndarray:
    """(e,) size of vectors (n, 3) of the points, in the middle of each element."""
    return np.linalg.norm(vectors, axis=1)[body.corners].mean(axis=1)


def difference_of(scene: Scene, name: str) -> np.ndarray:
    """(e,) operated minus intact on the elements of the operated body; NaN where the two share no bone."""
    return less_intact(scene.operated, field_of(scene.operated, name), field_of(scene.intact, name))


def less_intact(operated: Body, after: np.ndarray, before: np.ndarray) -> np.ndarray:
    """(e,) values of the operated body less those of the intact one; NaN where the two share no bone.

    The bone that is kept has the same elements in both bodies, in the same rows.
    """
    values = np.full(len(after), np.nan, after.dtype)
    kept = operated.in_region("bone_kept")
    n_kept = int(kept.sum())
    if kept[:n_kept].all():
        values[:n_kept] = after[:n_kept] - before[:n_kept]
    return values
