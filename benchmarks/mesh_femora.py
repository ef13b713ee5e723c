"""Meshes every femur at hand with caps of several sizes and prints the table of docs/adr/001 as markdown.

    python benchmarks/mesh_femora.py [--all] [femur …]

Real femora come from the folder in FEMSIM_SHARED_DATA, or ../shared/data beside the project; without it only the
parametric femur is meshed. --all runs every size (2, 3, 4, 5 mm) with caps of the natural diameter and 2 mm more and
less; without it the natural cap at 3 mm.
"""

import os
import sys
import time
from pathlib import Path

from femsim.anatomy import FEMURS
from femsim.errors import FemsimError
from femsim.implants import ResurfacingCap
from femsim.implants.twin import twin_mesh
from femsim.mesh.quality import quality_of
from femsim.mesh.surface import enclosed_volume

FILES = {
    "LibHip m4": "femur_libhip/raw_m4_rfemur_mm.stl",
    "LibHip m3": "femur_libhip/raw_m3_rfemur_mm.stl",
    "gfxmorph": "femur_gfxmorph/femur.stl",
    "Comodo": "femur_comodo/femur.stl",
}
COLUMNS = (
    "femur",
    "cap mm",
    "size mm",
    "shape s",
    "mesh s",
    "cuts",
    "tetrahedra",
    "min SICN",
    "SICN 1 %",
    "bone volume",
)


def femora():
    """(name, FEMURS choice) of the parametric femur and of every shared file that is there."""
    yield "parametric", FEMURS["parametric"]()
    root = Path(__file__).parents[1]
    folder = Path(os.environ.get("FEMSIM_SHARED_DATA") or root.parent / "shared" / "data")
    if not folder.is_dir():
        print(f"No real femora in {folder}; set FEMSIM_SHARED_DATA.", file=sys.stderr)
        return
    for name, file in FILES.items():
        yield name, FEMURS["surface"](file=folder / file)


def row(name, femur, seconds, change, size) -> list[str]:
    """One line of the table; "cuts" counts the attempts."""
    diameter = 2 * femur.landmarks.head_radius + change
    given = [name, f"{diameter:.1f}", f"{size:g}", f"{seconds:.1f}"]
    steps: list[str] = []
    started = time.perf_counter()
    try:
        twin = twin_mesh(
            femur,
            ResurfacingCap(head_diameter_mm=diameter, custom_size=True),
            size_mm=size,
            order=1,
            progress=steps.append,
        )
    except FemsimError as error:
        return [*given, type(error).__name__, "", error.what, "", "", ""]
    elapsed = time.perf_counter() - started
    cuts = sum(step.startswith("cutting") for step in steps)
    operated, intact = quality_of(twin.operated), quality_of(twin.intact)
    count = operated.n_elements + intact.n_elements - twin.n_kept
    change = sum(intact.volume_mm3.values()) / enclosed_volume(femur.surface) - 1
    return [
        *given,
        f"{elapsed:.1f}",
        f"{cuts}",
        f"{count:,}".replace(",", " "),
        f"{min(operated.min_sicn, intact.min_sicn):.3f}",
        f"{min(operated.sicn_p1, intact.sicn_p1):.3f}",
        f"{100 * change:+.2f} %",
    ]


def main(arguments: list[str]) -> None:
    everything = "--all" in arguments
    wanted = [name for name in arguments if not name.startswith("--")]
    print("| " + " | ".join(COLUMNS) + " |\n|" + "---|" * len(COLUMNS))
    for name, choice in femora():
        if wanted and name not in wanted:
            continue
        started = time.perf_counter()
        femur = choice.shape()
        seconds = time.perf_counter() - started
        for size in (2.0, 3.0, 4.0, 5.0) if everything else (3.0,):
            for change in (-2.0, 0.0, 2.0) if everything else (0.0,):
                print("| " + " | ".join(row(name, femur, seconds, change, size)) + " |", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
