"""A femur whose making takes no time, and the smallest meshes."""

import pytest

from tests.unit.anatomy.conftest import make_toy_femur


@pytest.fixture(scope="session")
def toy_femur():
    return make_toy_femur(6.0)
