"""Writes parametric_femur.stl: the parametric femur at its defaults, as a surface file like one from a scanner.

python meshes/make_parametric_femur.py
"""

from pathlib import Path

from femsim.anatomy import FEMURS
from femsim.mesh.files import write_stl


def main() -> None:
    target = Path(__file__).with_name("parametric_femur.stl")
    write_stl(target, FEMURS["parametric"]().shape().surface, title="femsim parametric femur, mm")


if __name__ == "__main__":
    main()
