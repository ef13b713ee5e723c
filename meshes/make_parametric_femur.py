"""Writes parametric_femur.stl: the parametric femur at its defaults, as a surface file like one from a scanner.

python meshes/make_parametric_femur.py
"""

from pathlib import Path

import numpy as np

from femsim.anatomy import FEMURS


def main() -> None:
    surface = FEMURS["parametric"]().shape().surface
    record = np.zeros(surface.n_triangles, [("normal", "<f4", 3), ("corners", "<f4", (3, 3)), ("spare", "<u2")])
    record["corners"] = surface.points[surface.triangles]
    header = b"femsim parametric femur, mm".ljust(80)
    target = Path(__file__).with_name("parametric_femur.stl")
    target.write_bytes(header + np.uint32(surface.n_triangles).tobytes() + record.tobytes())


if __name__ == "__main__":
    main()
