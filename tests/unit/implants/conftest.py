"""One parametric femur and its twin meshes, made once."""

import pytest

from femsim.anatomy import FEMURS
from femsim.implants import ResurfacingCap
from femsim.implants.twin import twin_mesh


@pytest.fixture(scope="session")
def femur():
    return FEMURS["parametric"]().shape()


@pytest.fixture(scope="session")
def twin(femur):
    return twin_mesh(femur, ResurfacingCap(), size_mm=4.0, order=2)
