"""What is exported: one model, with one stiffness per element and nodal forces, as every other program can take it."""

from dataclasses import dataclass

import numpy as np

from femsim.arrays import freeze, frozen
from femsim.fem.constraints import held_directions
from femsim.fem.springs import Springs
from femsim.mesh.mesh import Mesh


@dataclass(frozen=True)
class Results:
    """femsim's answer to the exported frames.

    displacement : (f, n, 3) [mm]
    stress : (f, e, 6) [MPa] mean over the volume of each element; XX YY ZZ XY YZ XZ.
    energy_density : (f, e) [MPa = N·mm/mm³] mean over the volume of each element.
    """

    displacement: np.ndarray
    stress: np.ndarray
    energy_density: np.ndarray

    def __post_init__(self):
        freeze(
            self,
            displacement=frozen(self.displacement, np.float64, (None, None, 3)),
            stress=frozen(self.stress, np.float64, (len(self.displacement), None, 6)),
            energy_density=frozen(self.energy_density, np.float64, (len(self.displacement), None)),
        )


@dataclass(frozen=True)
class ExportedModel:
    """A linear elastic model with nodal forces in one or more frames.

    title : one line that says what it is, in ASCII.
    materials : (m, 2) Young's modulus [MPa] and Poisson's ratio of each material.
    material_of : (e,) row of `materials`.
    held : (n, 3) bool, directions that do not move; node numbers (k,) stand for all three.
    loaded : (l,) nodes that carry a force in some frame.
    forces : (f, l, 3) [N]
    frames : (f,) their numbers in the history; instants : (f,) when they are, in `instant_unit`.
    remarks : sentences that belong into the head of a file, in ASCII.
    results : of the very same frames, where there are any.
    springs : that hold sliding interfaces across their normals; None where nothing slides.
    """

    title: str
    mesh: Mesh
    materials: np.ndarray
    material_of: np.ndarray
    held: np.ndarray
    loaded: np.ndarray
    forces: np.ndarray
    frames: np.ndarray
    instants: np.ndarray
    instant_unit: str
    remarks: tuple[str, ...] = ()
    results: Results | None = None
    springs: Springs | None = None

    def __post_init__(self):
        n_frames = len(self.frames)
        freeze(
            self,
            materials=frozen(self.materials, np.float64, (None, 2)),
            material_of=frozen(self.material_of, np.int64, (self.mesh.n_elements,)),
            held=frozen(held_directions(self.mesh, self.held), bool, (self.mesh.n_nodes, 3)),
            loaded=frozen(self.loaded, np.int64, (None,)),
            forces=frozen(self.forces, np.float64, (n_frames, len(self.loaded), 3)),
            frames=frozen(self.frames, np.int64, (n_frames,)),
            instants=frozen(self.instants, np.float64, (n_frames,)),
            remarks=tuple(self.remarks),
        )

    @property
    def held_nodes(self) -> np.ndarray:
        """(k,) nodes held in some direction."""
        return np.flatnonzero(self.held.any(axis=1))

    @property
    def youngs_modulus(self) -> np.ndarray:
        """(e,) [MPa]"""
        return self.materials[self.material_of, 0]

    @property
    def poissons_ratio(self) -> np.ndarray:
        """(e,)"""
        return self.materials[self.material_of, 1]

    def nodal_forces(self, row: int) -> np.ndarray:
        """(n, 3) [N] of the row-th exported frame, on every node."""
        forces = np.zeros((self.mesh.n_nodes, 3))
        forces[self.loaded] = self.forces[row]
        return forces

    def label(self, row: int) -> str:
        """The row-th frame in words: 'frame 3, 18 % gait cycle'."""
        return f"frame {self.frames[row]}, {self.instants[row]:g} {self.instant_unit}"
