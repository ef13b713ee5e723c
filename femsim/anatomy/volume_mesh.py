"""A femur from a volume mesh: the surface of its bone is meshed anew, or its own tetrahedra are kept."""

import functools
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import numpy as np

from femsim.anatomy.femur import DISTAL_CUT, Femur
from femsim.anatomy.frame import on_points
from femsim.anatomy.surface_file import MM_PER, SurfaceFemur
from femsim.errors import GeometryError, MeshError, near
from femsim.mesh.mesh import TURNED, Mesh
from femsim.mesh.surface import Surface, areas, compacted
from femsim.mesh.topology import boundary_faces
from femsim.mesh.volume import VolumeFile
from femsim.registry import parameter

FLAT_END = 4.0  # mm above the lowest point within which a face of the distal end lies
FACES_DOWN = 0.5  # least cosine between a face of the distal end and straight down: a mesh may round the cut's edge
LEAST_END = 0.3  # of the area of a round shaft of a head's diameter × 0.6: less is no end to hold the bone by


@dataclass(frozen=True)
class VolumeMeshFemur(SurfaceFemur):
    """The bone in a tetrahedral mesh (.inp, .feb, .msh, .vtu): its surface, or with keep_elements its very elements."""

    endings: ClassVar[tuple[str, ...]] = (".inp", ".feb", ".msh", ".vtu")

    file: Path = parameter(text="tetrahedral mesh that holds one femur: .inp (Abaqus, CalculiX), .feb, .msh or .vtu")
    bone_sets: tuple[str, ...] = parameter((), text="names of the element sets that are bone; all elements when empty")
    keep_elements: bool = parameter(
        False,
        text="compute on the file's own elements, with nothing put in; mesh.size_mm then does not count and the shaft "
        "is not cut",
    )
    support_set: str | None = parameter(
        None,
        text="with keep_elements: the surface or node set that is held; by default the flat lower end of the shaft",
    )

    def shape(self) -> Femur:
        """The femur in its own frame.

        Raises
        ------
        UsageError, MeshError
            Where the file cannot be read, or has no such sets.
        SurfaceError
            As for a surface.
        GeometryError
            Where its elements are kept and have no end to be held by.
        """
        if not self.keep_elements:
            if self.support_set is not None:
                raise GeometryError(
                    "A support set goes with the file's own elements; here the bone is meshed anew.",
                    where="femur.support_set",
                    remedy="set femur.keep_elements = true, or leave support_set out",
                )
            return super().shape()
        return self._as_meshed()

    def surface(self) -> Surface:
        """The boundary of the bone's elements, as it stands in the file."""
        found = self._read()
        return _boundary(found.nodes, self._bone(found))

    def _read(self) -> VolumeFile:
        return _read_once(self.file, self.file.stat().st_mtime_ns if self.file.is_file() else 0)

    def _bone(self, found: VolumeFile) -> np.ndarray:
        return found.elements[found.elements_of(self.bone_sets, where=str(self.file))]

    def _as_meshed(self) -> Femur:
        opened, found = self.opened(), self._read()
        elements = self._bone(found)
        used, rows = np.unique(elements, return_inverse=True)
        scale = MM_PER.get(self.unit, 1.0)
        nodes = on_points(opened.found.to_femur, found.nodes[used] * scale)
        elements = rows.reshape(elements.shape)
        if opened.found.side == "left":  # mirrored: the elements would be inside out
            elements = elements[:, TURNED[elements.shape[1]]]
        number = np.full(len(found.nodes), -1)
        number[used] = np.arange(len(used))
        faces, _ = boundary_faces(elements[:, :4])
        held = self._held(found, number, faces, nodes, opened.found.landmarks.head_radius)
        mesh = Mesh(nodes, elements, surfaces={"distal": faces[held]})
        surface = compacted(Surface(nodes, faces, np.where(held, DISTAL_CUT, 0)))
        notes = (
            *found.notes,
            *opened.notes,
            f"The file's own {len(elements)} elements are kept; {held.sum()} faces of "
            + (f"{self.support_set!r}" if self.support_set else "the lower end")
            + " are held.",
        )
        frame = "" if self.frame == "unknown" else self.frame
        no_condyles = opened.found.landmarks.anteversion_is_assumed or self.anteversion_deg is not None
        return Femur(
            surface, opened.found.landmarks, opened.found.side, np.linalg.inv(opened.found.to_femur), notes, frame,
            mesh=mesh, knee_height=None if no_condyles else float(nodes[:, 2].min()),
        )  # fmt: skip

    def _held(self, found: VolumeFile, number, faces: np.ndarray, nodes: np.ndarray, radius: float) -> np.ndarray:
        """(f,) bool: boundary faces that are held."""
        if self.support_set is None:
            shell = Surface(nodes, faces)
            corners = nodes[faces]
            normal = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
            down = -normal[:, 2] > FACES_DOWN * np.linalg.norm(normal, axis=1)
            held = down & (corners[:, :, 2].max(axis=1) < nodes[:, 2].min() + FLAT_END)
            if areas(shell)[held].sum() < LEAST_END * np.pi * (0.6 * radius) ** 2:
                raise GeometryError(
                    "The mesh has no flat lower end to hold the bone by.",
                    where=str(self.file),
                    why="the shaft is cut obliquely, or not at all",
                    remedy="name the surface or node set that is held: femur.support_set",
                )
            return held
        if self.support_set in found.surfaces:
            rows = number[found.surfaces[self.support_set]]
            wanted = {tuple(sorted(face)) for face in rows.tolist()}
            held = np.array([tuple(sorted(face)) in wanted for face in faces.tolist()], bool)
        elif self.support_set in found.node_sets:
            chosen = np.zeros(len(nodes), bool)
            mine = number[found.node_sets[self.support_set]]
            chosen[mine[mine >= 0]] = True
            held = chosen[faces].all(axis=1)
        else:
            raise MeshError(
                f"The mesh has no surface or node set {self.support_set!r}. "
                f"{near(self.support_set, [*found.surfaces, *found.node_sets])}",
                where=str(self.file),
            )
        if not held.any():
            raise MeshError(f"No outer face of the bone lies in {self.support_set!r}.", where=str(self.file))
        return held


@functools.lru_cache(maxsize=1)
def _read_once(path: Path, _written_at: int) -> VolumeFile:
    """The file is asked for its surface and then for its elements."""
    from femsim.mesh.volume_file import read_volume

    return read_volume(path)


def _boundary(nodes: np.ndarray, elements: np.ndarray) -> Surface:
    faces, _ = boundary_faces(elements[:, :4])
    return compacted(Surface(nodes, faces))


def femur_file(path: Path, **more) -> SurfaceFemur:
    """The femur in a surface or volume file, by the file's ending."""
    from femsim.mesh.volume_file import is_volume_file

    kind = VolumeMeshFemur if is_volume_file(path) else SurfaceFemur
    return kind(file=path, **more)
