"""Fields of a saved run that can be shown: one number for each element."""

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
    return [*(name for name in FIRST if name in found), *(name for name in found if name not in FIRST)]


def unit_of(scene: Scene, name: str) -> str:
    """Of a field, from whichever body has it."""
    usual = "mm" if name == DISPLACEMENT else "-"
    return scene.operated.units.get(name, scene.intact.units.get(name, usual))


def field_of(body: Body, name: str) -> np.ndarray:
    """(e,) of a body, NaN where it is not defined; "displacement" is the size of it in the middle of each element."""
    if name == DISPLACEMENT:
        return np.linalg.norm(body.displacement, axis=1)[body.corners].mean(axis=1)
    return np.asarray(body.fields.get(name, np.full(len(body.corners), np.nan)), float)


def difference_of(scene: Scene, name: str) -> np.ndarray:
    """(e,) operated minus intact on the elements of the operated body; NaN where the two share no bone.

    The bone that is kept has the same elements in both bodies, in the same rows.
    """
    values = np.full(len(scene.operated.corners), np.nan)
    kept = scene.operated.in_region("bone_kept")
    n_kept = int(kept.sum())
    if kept[:n_kept].all():
        values[:n_kept] = field_of(scene.operated, name)[:n_kept] - field_of(scene.intact, name)[:n_kept]
    return values
