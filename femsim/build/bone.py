"""How dense and stiff the bone of a scenario is at the integration points, and how much of it there is."""

from dataclasses import replace

import numpy as np

from femsim.anatomy.degeneration.account import BoneAccount, account, degenerated
from femsim.anatomy.degeneration.state import BoneState, sound
from femsim.anatomy.femur import Femur
from femsim.errors import ModelError
from femsim.fem.geometry import integration_points, integration_weights
from femsim.mesh.mesh import Mesh
from femsim.mesh.quality import volumes
from femsim.model import Model
from femsim.scenario.reading import Scenario
from femsim.scenario.sections import Bone


class ScenarioBone:
    """The bone of a scenario in a femur: its density source, and what ails it.

    Raises
    ------
    ModelError
        Where its tables contradict each other.
    """

    def __init__(self, scenario: Scenario, femur: Femur):
        _refuse_contradictions(scenario.bone)
        self.femur, self.degenerations = femur, scenario.bone.degenerations
        self.source = source = scenario.bone.density
        for degeneration in self.degenerations:
            source = degeneration.on_source(source)
        self._map = source.mapped(femur)
        self._sound_map = self._map if source == self.source else self.source.mapped(femur)
        bone = scenario.bone
        self.notes = (*self._map.notes, *(one.told() for one in (bone.rate, bone.undrained) if one is not None))

    def at(self, mesh: Mesh, points: np.ndarray, elements: np.ndarray) -> BoneState:
        """Bone at the integration points (k, q, 3) of elements of a mesh (rows), flat: (k q,)."""
        flat = points.reshape(-1, 3)
        density = self._map.at(flat, _spans(mesh, elements, points.shape[1]))
        return degenerated(sound(flat, density), self.degenerations, self.femur)

    def sound_density(self, mesh: Mesh, points: np.ndarray, elements: np.ndarray) -> np.ndarray:
        """(k, q) [g/cm³] as if nothing ailed it."""
        flat = points.reshape(-1, 3)
        return self._sound_map.at(flat, _spans(mesh, elements, points.shape[1])).reshape(points.shape[:2])


def stiffness_of(bone: Bone, state: BoneState, modulus: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Young's modulus [MPa] and Poisson's ratio (k,) of bone as it is strained.

    modulus : (k,) [MPa] what the bone law gives, before the factors of disease and rate.
    """
    modulus = modulus * state.modulus_factor * rate_factor(bone)
    if bone.undrained is None:
        return modulus, np.full(modulus.shape, bone.law.poissons_ratio)
    return bone.undrained.stiffened(modulus, bone.law.poissons_ratio, state.density)


def rate_factor(bone: Bone) -> float:
    """What modulus and strength are of those that their laws give."""
    return 1.0 if bone.rate is None else bone.rate.factor


def with_empty_pores(model: Model, bone: Bone) -> Model:
    """The model without the stiffness of marrow where cement has taken its place; the shear modulus is that of both."""
    if bone.undrained is None:
        return model
    modulus, poisson, inside = model.youngs_modulus.copy(), model.poissons_ratio.copy(), model.penetrated
    modulus[inside] *= (1.0 + bone.law.poissons_ratio) / (1.0 + poisson[inside])
    poisson[inside] = bone.law.poissons_ratio
    return replace(model, youngs_modulus=modulus, poissons_ratio=poisson)


def _refuse_contradictions(bone: Bone) -> None:
    if bone.undrained is not None and bone.anisotropy.directions:
        raise ModelError(
            "Bone with a grain and marrow that cannot flow: the model of undrained bone is isotropic.",
            where="bone.undrained",
            remedy='leave [bone.undrained] away, or set bone.anisotropy.kind = "isotropic"',
        )
    for table, law in (("bone", bone.law), ("bone.strength", bone.strength)):
        own = getattr(law, "strain_rate_per_s", None)
        if bone.rate is not None and own is not None and own != bone.rate.reference_per_s:
            raise ModelError(
                f"This law is already told a rate of strain of {own:g} per second, and [bone.rate] starts from "
                f"{bone.rate.reference_per_s:g}.",
                where=f"{table}.strain_rate_per_s",
                why="the rate would count twice",
                remedy="give both the same value, or leave [bone.rate] away",
            )


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
