"""How dense the bone of a scenario is at the integration points, and how much of it there is."""

import numpy as np

from femsim.anatomy.degeneration.account import BoneAccount, account, degenerated
from femsim.anatomy.degeneration.state import BoneState, sound
from femsim.anatomy.femur import Femur
from femsim.fem.geometry import integration_points, integration_weights
from femsim.mesh.mesh import Mesh
from femsim.mesh.quality import volumes
from femsim.model import Model
from femsim.scenario.reading import Scenario


class ScenarioBone:
    """The bone of a scenario in a femur: its density source, and what ails it."""

    def __init__(self, scenario: Scenario, femur: Femur):
        self.femur, self.degenerations = femur, scenario.bone.degenerations
        self.source = source = scenario.bone.density
        for degeneration in self.degenerations:
            source = degeneration.on_source(source)
        self._map = source.mapped(femur)
        self._sound_map = self._map if source == self.source else self.source.mapped(femur)
        self.notes = self._map.notes

    def at(self, mesh: Mesh, points: np.ndarray, elements: np.ndarray) -> BoneState:
        """Bone at the integration points (k, q, 3) of elements of a mesh (rows), flat: (k q,)."""
        flat = points.reshape(-1, 3)
        density = self._map.at(flat, _spans(mesh, elements, points.shape[1]))
        return degenerated(sound(flat, density), self.degenerations, self.femur)

    def sound_density(self, mesh: Mesh, points: np.ndarray, elements: np.ndarray) -> np.ndarray:
        """(k, q) [g/cm³] as if nothing ailed it."""
        flat = points.reshape(-1, 3)
        return self._sound_map.at(flat, _spans(mesh, elements, points.shape[1])).reshape(points.shape[:2])


def _spans(mesh: Mesh, elements: np.ndarray, n_points: int) -> np.ndarray:
    """(k q,) [mm] edge of the cube that each integration point stands for."""
    return np.repeat(np.cbrt(volumes(mesh.nodes, mesh.elements[elements]) / n_points), n_points)


def account_of(bone: ScenarioBone, intact: Model) -> BoneAccount:
    """Mass and density of the intact femur, before and after what ails it."""
    weights = integration_weights(intact.mesh)
    if not bone.degenerations:
        return account(intact.density, intact.density, weights, bone.notes)
    points = integration_points(intact.mesh)
    everywhere = np.arange(intact.mesh.n_elements)
    before = bone.sound_density(intact.mesh, points, everywhere)
    told = [one.told(bone.femur, bone.source, points.reshape(-1, 3), weights.ravel()) for one in bone.degenerations]
    cited = [citation for one in bone.degenerations for citation in one.citations]
    notes = (*bone.notes, *(note for notes in told for note in notes))
    return account(before, intact.density, weights, notes, tuple(cited))
