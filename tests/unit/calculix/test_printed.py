"""Reading what CalculiX 2.20 prints."""

import numpy as np
import pytest

from femsim.calculix.printed import read_printed
from femsim.errors import StoreError

# As CalculiX 2.20 prints two nodes and one C3D4.
TEXT = """
 displacements (vx,vy,vz) for set NALL and time  0.1000000E+01

         1  0.000000E+00  1.095817E-01 -2.216262E-01
         2 -4.671182E-01  1.032966-101 -2.196218E-01

 forces (fx,fy,fz) for set FIXED and time  0.1000000E+01

         2  7.207888E+01 -6.619489E+00  1.775494E+03

 total force (fx,fy,fz) for set FIXED and time  0.1000000E+01

        7.207888E+01 -6.619489E+00  1.775494E+03

 stresses (elem, integ.pnt.,sxx,syy,szz,sxy,sxz,syz) for set EALL and time  0.1000000E+01

         1   1  1.000000E+00  2.000000E+00  3.000000E+00  4.000000E+00  6.000000E+00  5.000000E+00

 strains (elem, integ.pnt.,exx,eyy,ezz,exy,exz,eyz) for set EALL and time  0.1000000E+01

         1   1  1.000000E+00  2.000000E+00  3.000000E+00  4.000000E+00  6.000000E+00  5.000000E+00

 internal energy (element, energy) for set EALL and time  0.1000000E+01

         1  6.211848E+02

 total internal energy for set EALL and time  0.1000000E+01

        6.211848E+02
"""


def read(tmp_path, text):
    (tmp_path / "a.dat").write_text(text)
    return read_printed(tmp_path / "a.dat", 2, 1, 1)


def test_every_number_finds_its_place(tmp_path):
    found = read(tmp_path, TEXT)
    assert found.displacement[1].tolist() == [-0.4671182, 1.032966e-101, -0.2196218]
    assert (found.fixed.tolist(), found.reactions.tolist()) == ([1], [[72.07888, -6.619489, 1775.494]])
    assert np.array_equal(found.stress[0, 0], [1, 2, 3, 4, 5, 6])  # XX YY ZZ XY YZ XZ
    assert found.energy == 621.1848


def test_of_several_steps_the_first_is_read(tmp_path):
    assert read(tmp_path, TEXT + TEXT.replace("6.211848E+02", "7.000000E+02")).energy == 621.1848


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: text.replace("         2 -4.67", "         1 -4.67"),
        lambda text: text[: text.index(" stresses")],
        lambda text: text.replace("1.775494E+03", "*************"),
        lambda text: text.replace("1.775494E+03", "NaN"),
        lambda text: text.replace("         1   1", "         9   1"),
        lambda text: "",
    ],
)
def test_a_damaged_file_is_refused(tmp_path, damage):
    with pytest.raises(StoreError, match="cannot be read"):
        read(tmp_path, damage(TEXT))
