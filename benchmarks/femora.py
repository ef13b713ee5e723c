"""Every femur of a folder from its file to the meshes of a walking scenario: seconds, quality, fidelity, landmarks.

    python benchmarks/femora.py ../shared/data [--out docs/femora.md]

Times are of one process on as many cores as it is granted, without the mesh cache.
"""

import argparse
import os
import platform
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from femsim.anatomy import FEMURS
from femsim.anatomy.femur import DISTAL_CUT
from femsim.errors import FemsimError
from femsim.implants import IMPLANTS
from femsim.implants.twin import twin_mesh
from femsim.kernel_cache import granted_cores
from femsim.mesh.clip import cut_flat
from femsim.mesh.closest import closest_points
from femsim.mesh.files import read_surface
from femsim.mesh.quality import quality_of
from femsim.mesh.repair import repaired
from femsim.mesh.surface import Surface, centroids, compacted, enclosed_volume, transformed
from femsim.mesh.topology import boundary_faces

FEMORA = {
    "LibHip m4": "femur_libhip/raw_m4_rfemur_mm.stl",
    "LibHip m3": "femur_libhip/raw_m3_rfemur_mm.stl",
    "gfxmorph": "femur_gfxmorph/femur.stl",
    "Comodo": "femur_comodo/femur.stl",
}
SIZE_MM = 3.0  # the default of a scenario
GOALS = (
    "geometry and meshes below 60 s, min SICN ≥ 0.1, 1st percentile ≥ 0.3, volume within 1.5 %, distance ≤ 0.25 mm RMS"
)

TITLE = """\
# Real femora, from file to meshes

Each surface of the shared folder goes through what a walking scenario does with it, in the default mesh size, with no
manual step and no mesh cache. What is mended, and how sure the landmarks are: [surfaces](femur_surfaces.md).
"""
MEANING = """\
*geometry*: reading, mending, landmarks, cut. *meshes*: both twins (with a cap), TET10. *min SICN*, *p1*: smallest and
first percentile of the signed inverse condition number of all elements of both meshes (1 regular, 0 flat). *volume*:
bone of the intact mesh against the file above the same cut. *distance*: nodes and face centres of the intact mesh's
outside to the file as it came.

A real femur, measured (`femsim femur measure`), and below it the parametric femur fitted to it (`femsim femur fit`,
then `measure` on the scenario that it wrote), measured by the same definitions:

![LibHip m4, measured](pictures/femur_measure_m4.png)

![The parametric femur fitted to LibHip m4, measured](pictures/femur_measure_fit_m4.png)
"""


@dataclass(frozen=True)
class Row:
    """One femur with one implant."""

    femur: str
    implant: str
    side: str
    radius: float
    angle: float
    offset: float
    anteversion: str
    seconds_geometry: float
    seconds_mesh: float
    n_elements: int
    min_sicn: float
    sicn_p1: float
    volume_change: float
    distance: float

    def cells(self) -> list[str]:
        """The row as text."""
        return [
            self.femur, self.implant, self.side, f"{self.radius:.2f}", f"{self.angle:.1f}", f"{self.offset:.1f}",
            self.anteversion, f"{self.seconds_geometry:.1f}", f"{self.seconds_mesh:.1f}", f"{self.n_elements}",
            f"{self.min_sicn:.2f}", f"{self.sicn_p1:.2f}", f"{100 * self.volume_change:+.2f}", f"{self.distance:.2f}",
        ]  # fmt: skip


HEAD = (
    "femur", "implant", "side", "head radius [mm]", "neck–shaft angle [°]", "offset [mm]", "anteversion [°]",
    "geometry [s]", "meshes [s]", "tetrahedra", "min SICN", "SICN p1", "volume [%]", "distance RMS [mm]",
)  # fmt: skip


def measured(name: str, path: Path, implant: str) -> Row:
    """One femur meshed with an implant, and the same file compared with what came out."""
    start = time.perf_counter()
    femur = FEMURS["surface"](file=path).shape()
    shaped = time.perf_counter()
    twin = twin_mesh(femur, IMPLANTS[implant](), size_mm=SIZE_MM, order=2)
    meshed = time.perf_counter()
    quality = [quality_of(mesh) for mesh in {id(mesh): mesh for mesh in (twin.operated, twin.intact)}.values()]
    volume, distance = fidelity(femur, twin.intact, path)
    marks = femur.landmarks
    version = f"{marks.anteversion_deg:.1f}" + (" (assumed)" if marks.anteversion_is_assumed else "")
    return Row(
        name, implant.replace("_", " "), femur.side, marks.head_radius, marks.neck_shaft_angle_deg, marks.offset_mm,
        version, shaped - start, meshed - shaped, twin.operated.n_elements,
        min(q.min_sicn for q in quality), min(q.sicn_p1 for q in quality), volume, distance,
    )  # fmt: skip


def fidelity(femur, mesh, path: Path) -> tuple[float, float]:
    """Volume of the meshed bone over the file's between the same cut, less 1; RMS distance of its outside to the file.

    The file is compared as it is, before any repair.
    """

    given = transformed(read_surface(path), np.linalg.inv(femur.to_source))
    faces, _ = boundary_faces(mesh.elements[:, :4])
    shell = compacted(Surface(mesh.nodes, faces))
    low = float(femur.surface.points[femur.surface.triangles[femur.surface.labels == DISTAL_CUT]][..., 2].mean())
    whole = repaired(given)[0]
    kept = cut_flat(whole, (0.0, 0.0, low), (0.0, 0.0, 1.0), label=DISTAL_CUT, lid_size=2.0)
    places = np.concatenate([shell.points, centroids(shell)])
    above = places[places[:, 2] > low + 1.0]  # the cut itself is not in the file
    away = closest_points(given, above).distance
    return enclosed_volume(shell) / enclosed_volume(kept) - 1.0, float(np.sqrt((away**2).mean()))


def main() -> None:
    """Measure all, print the table, write it where asked."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--only")
    arguments = parser.parse_args()
    rows = []
    for name, file in FEMORA.items():
        if arguments.only and arguments.only not in name:
            continue
        for implant in ("intact", "resurfacing_cap"):
            try:
                rows.append(measured(name, arguments.data / file, implant).cells())
            except FemsimError as error:
                rows.append([name, implant, str(error), *[""] * (len(HEAD) - 3)])
            print(*rows[-1], sep=" | ", flush=True)
    lines = ["| " + " | ".join(row) + " |" for row in (HEAD, ["---"] * len(HEAD), *rows)]
    where = f"{platform.machine()}, {granted_cores()} cores, {time.strftime('%Y-%m-%d')}"
    command = f"`python {' '.join(sys.argv[:2])} --out docs/femora.md`, {where}."
    text = "\n".join([TITLE, f"Goals: {GOALS}.", "", *lines, "", command, "", MEANING])
    if arguments.out:
        arguments.out.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    os.environ.setdefault("FEMSIM_MESH_CACHE", "off")
    main()
